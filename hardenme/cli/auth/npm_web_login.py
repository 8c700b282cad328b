"""npm's web login at a terminal."""

from __future__ import annotations

from typing import TextIO

from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.page import PageForPerson
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.npm.session_token import LONGEST_TOKEN, log_in
from hardenme.collectors.npm.web_page import Vigil
from hardenme.facts.npm.site import REGISTRY
from hardenme.model.secret import Secret

WHY = (
    "Sign in on this page with 2FA. The session lasts for two hours. npm shows your"
    " tokens, organizations and packages only to a session:"
)
ELSEWHERE = "Sign in on this page; the registry gives a token for it:"


def npm_session(console: Console, stdin: TextIO, registry: str, ca_file: str) -> Secret:
    """Have the person sign in, and wait for it.

    Args:
        console: where the page is shown.
        stdin: where Enter opens it.
        registry: the registry's address.
        ca_file: certificate authorities in place of the usual ones; empty for these.

    Raises:
        CredentialError: the registry offers no such page, or nothing came of it.
        NoAnswerError: the registry cannot be asked.
    """
    page = PageForPerson(console, stdin)
    vigil = Vigil(page.idle, LONGEST_TOKEN)
    npm = Npm.connect(registry, None, ca_file=ca_file)
    why = WHY if npm.session.base == REGISTRY else ELSEWHERE
    return log_in(npm, lambda address: page.show(why, address), vigil)
