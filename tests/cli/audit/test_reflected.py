"""A server that sends a token back, in its answers, headers and redirects, in every form."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from urllib.parse import quote

import pytest

from hardenme.sandbox.http import Reply, Request
from tests.cli.conftest import Accounts


def coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "base64": lambda token: coded(f"x-access-token:{token}"),
    "base64url, shifted": lambda token: base64.urlsafe_b64encode(f"ab{token}?".encode()).decode(),
    "base64 in base64": lambda token: base64.b64encode(
        base64.b64encode(f":{token}".encode())
    ).decode(),
    "hex": lambda token: token.encode().hex(),
    "reversed": lambda token: token[::-1],
    "percent-encoded": lambda token: "".join(f"%{ord(char):02x}" for char in token),
    "escaped": lambda token: quote(token).replace("C", "\\u0043"),
    "split": lambda token: f"{token[:7]}\u00ad{token[7:9]}\u200b{token[9:12]}\n{token[12:]}",
    "coloured": lambda token: f"{token[:7]}\x1b[31m{token[7:]}",
}


def presented(request: Request) -> str:
    """The token that a request came with."""
    return request.headers.get("authorization", " ").split()[-1]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_no_form_of_it_shows_anywhere(weak: Accounts, form: Callable[[str], str]) -> None:
    def within(request: Request, reply: Reply) -> Reply:
        said = form(presented(request))
        for item in reply.data if isinstance(reply.data, list) else [reply.data]:
            if isinstance(item, dict):
                item.update(name=said, title=said, email=said, company=said, login=said)
        reply.headers |= {"x-oauth-scopes": f"repo, {json.dumps(said)[1:-1]}"}
        return reply

    def refused(request: Request, _: Reply) -> Reply:
        said = form(presented(request))
        told = json.dumps(said)[1:-1]
        return Reply(403, {"message": said, "documentation_url": said}, {"x-github-sso": told})

    def moved(request: Request, _: Reply) -> Reply:
        return Reply(302, {"message": "Moved"}, {"Location": f"/{quote(form(presented(request)))}"})

    def broken(request: Request, _: Reply) -> Reply:
        return Reply(200, body=form(presented(request)).encode("utf-8", "surrogatepass"))

    weak.github.fault("/user", edit=within)
    weak.github.fault("/user/keys.*", edit=within)
    weak.github.fault("/user/emails.*", edit=refused)
    weak.github.fault("/user/gpg_keys.*", edit=moved)
    weak.npm.fault("/-/npm/v1/user", edit=broken)
    weak.npm.fault("/-/npm/v1/tokens.*", edit=refused)
    # With the cache and the log: what a run prints and every file that it writes is searched.
    ran = weak.command(
        *("--debug", "check", "--no-local", *weak.urls, "--select", "GHA,GHT,NPA,NPT"),
        *("-f", "json"),
        **weak.tokens,
    )
    assert ran.code in {1, 3, 4}
    assert json.loads(ran.out)["findings"]
    assert "[redacted]" in ran.out + ran.err
