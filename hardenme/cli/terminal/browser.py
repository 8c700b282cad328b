"""Opens a page in the browser, which gets none of this process's tokens."""

from __future__ import annotations

import os
import re
import webbrowser

from hardenme.model.secret import redact

NAME = re.compile(r"HARDENME_|TOKEN|PASSW|SECRET|CREDENTIAL|API_?KEY|PRIVATE_?KEY", re.IGNORECASE)
"""How variables are called that hold a secret, such as an address that messages go to, or may."""


def open_page(page: str) -> bool:
    """Open a page; returns whether a browser was found.

    A browser outlives the run, and so would the variables that it inherits.
    """
    hidden = {
        name: value
        for name, value in os.environ.items()
        if NAME.search(name) or redact(value) != value
    }
    for name in hidden:
        del os.environ[name]
    try:
        return webbrowser.open(page)
    finally:
        os.environ.update(hidden)
