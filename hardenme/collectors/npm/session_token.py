"""npm's web login and logout: a token that lives for two hours, asked for and given back.

The registry names a page on which the person signs in with 2FA; then it gives a session token. That
token alone lists the account's tokens, organizations and packages.

Source: npm's documentation of `npm login --auth-type=web` and `npm logout`, and its client.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

from hardenme.collectors.npm.client import Npm
from hardenme.collectors.npm.presence import challenged
from hardenme.collectors.npm.web_page import Vigil, WebPage
from hardenme.collectors.transport.handshake import handshake_of
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.facts.npm.endpoints import LOGIN
from hardenme.ground.errors import CredentialError
from hardenme.model.secret import Secret

LIFE = timedelta(hours=2)
"""For how long npm's own registry takes such a token."""
LONGEST_TOKEN = 4096
"""Characters."""
MISSING = frozenset({404, 405, 501})
"""The statuses of a registry that knows no web login."""
REJECTED = 401
"""For want of 2FA, or since the token counts no more."""


def log_in(npm: Npm, shown: Callable[[str], None], vigil: Vigil) -> Secret:
    """Have the person sign in on the registry's page.

    Args:
        npm: the registry, without a token.
        shown: shows the person the page.
        vigil: waits for the person.

    Raises:
        CredentialError: the registry offers no such page, or nothing came of it.
        NoAnswerError: the registry cannot be asked.
    """
    response = npm.session.handshake("/-/v1/login", b"{}")
    if response.status in MISSING:
        raise CredentialError("this registry has no web login")
    if not response.ok:
        raise CredentialError(f"the registry answered {response.status} to the login")
    page = WebPage.of(npm.session, response, LOGIN)
    shown(page.page)
    return vigil.outcome(npm.session, page)


def log_out(npm: Npm) -> str:
    """End the client's own token at the registry; returns why it could not.

    It is empty if the registry ended it, or takes it no more.
    """
    if npm.secret is None:
        return "there is no token"
    path = f"/-/user/token/{quote(npm.secret.reveal(), safe='')}"
    if handshake_of("DELETE", path) is None:
        return "it has a form that no registry is asked with"
    try:
        response = npm.session.handshake(path, method="DELETE")
    except NoAnswerError as error:
        return error.unknown.needed
    if response.ok or response.status in {202, 204}:
        return ""
    if response.status == REJECTED and not challenged(response):
        return ""
    return f"the registry answered {response.status}"
