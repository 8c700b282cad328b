"""A page for a person at the terminal: shown, and opened in the browser on request."""

from __future__ import annotations

import select
import sys
from collections.abc import Callable
from typing import TextIO

from hardenme.cli.terminal.browser import open_page
from hardenme.cli.terminal.console import Console


class PageForPerson:
    """Shows an address, and opens it when the person presses Enter.

    Args:
        console: where it is shown.
        stdin: where Enter is pressed.
        browse: opens a page in a browser.
    """

    def __init__(
        self,
        console: Console,
        stdin: TextIO,
        browse: Callable[[str], object] = open_page,
    ) -> None:
        self._console = console
        self._stdin = stdin
        self._browse = browse
        self._page = ""
        self._offers = self._has_windows()

    def show(self, why: str, page: str) -> None:
        """Show why the person should open a page, and the page."""
        self._page = page
        self._console.draw("")
        self._console.say(why)
        # On a line of its own, so that it can be clicked.
        self._console.put("", f"  {page}", "")
        how = "press Enter to open it in your browser" if self._offers else "open it on any device"
        self._console.say(f"{how}; Ctrl-C stops")

    def idle(self) -> None:
        """Open the page if the person pressed Enter meanwhile."""
        if self._offers and self._page and self._pressed():
            self._browse(self._page)

    def done(self) -> None:
        """Open it no more."""
        self._page = ""

    def _pressed(self) -> bool:
        """Whether a line came; where that cannot be known without waiting, none did."""
        try:
            ready, _, _ = select.select([self._stdin], [], [], 0)
        except (OSError, ValueError):
            self._offers = False
            return False
        if not ready:
            return False
        # At the end of the input it would look pressed for ever.
        self._offers = self._stdin.readline() != ""
        return self._offers

    def _has_windows(self) -> bool:
        """Whether a browser opens in a window of its own, and not in the terminal."""
        environ = self._console.environ
        shown = bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
        return shown or sys.platform in {"darwin", "win32"}
