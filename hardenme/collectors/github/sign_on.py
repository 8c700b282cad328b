"""Links to an organization's single sign-on, as GitHub sends them with a refusal.

Such a link is personal and works for an hour: opening it authorizes the token in the name of
the person who asked. So it stays in memory, to be shown on that person's terminal; reports, the
journal and other files name the organization alone.

Source: GitHub's "Authenticating to the REST API", the header `X-GitHub-SSO`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

SSO = "x-github-sso"
URL = re.compile(r"required;\s*url=([\x21-\x7e]{1,900})")
PAGE = re.compile(r"/(?:orgs|enterprises)/([A-Za-z0-9][A-Za-z0-9_-]{0,99})/sso")


class SignOn:
    """The links that came, by the name of the organization or the enterprise."""

    def __init__(self) -> None:
        self.links: dict[str, str] = {}

    def notice(self, headers: Mapping[str, str], web: str) -> None:
        """Keep the link of an answer, if it has one that leads to the host in use.

        Args:
            headers: the answer's, names in lower case.
            web: the address of the host's pages.
        """
        url, name = _link(headers), organization(headers)
        if not name:
            return
        here, there = urlsplit(web), urlsplit(url)
        if (here.scheme, here.netloc) == (there.scheme, there.netloc):
            self.links[name] = url


def asked(headers: Mapping[str, str]) -> bool:
    """Whether an answer asks for single sign-on first."""
    return headers.get(SSO, "").startswith("required")


def organization(headers: Mapping[str, str]) -> str:
    """Whose single sign-on an answer asks for, by its link; empty if it is not shown."""
    try:
        page = PAGE.fullmatch(urlsplit(_link(headers)).path)
    except ValueError:
        return ""
    return page[1] if page else ""


def _link(headers: Mapping[str, str]) -> str:
    found = URL.fullmatch(headers.get(SSO, "").strip())
    return found[1] if found else ""
