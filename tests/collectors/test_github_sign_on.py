"""Links to single sign-on are taken from the host in use, and from no other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.collectors.github.sign_on import SSO, SignOn, asked, organization
from hardenme.sandbox.http import Reply
from tests.collectors.scripted import github

WEB = "https://github.example"
LINK = f"{WEB}/orgs/acorn/sso?authorization_request=CANARYrequest"


def noticed(header: str, web: str = WEB) -> dict[str, str]:
    found = SignOn()
    found.notice({SSO: header}, web)
    return found.links


def test_a_link_of_the_host_in_use() -> None:
    assert noticed(f"required; url={LINK}") == {"acorn": LINK}
    of_enterprise = LINK.replace("orgs", "enterprises")
    assert noticed(f"required; url={of_enterprise}") == {"acorn": of_enterprise}


@pytest.mark.parametrize(
    "header",
    [
        "",
        "required",
        "required; url=",
        "required; url=https://evil.example/orgs/acorn/sso?authorization_request=x",
        "required; url=https://github.example.evil.example/orgs/acorn/sso",
        "required; url=https://github.example@evil.example/orgs/acorn/sso",
        "required; url=https://user@github.example/orgs/acorn/sso",
        "required; url=https://github.example:8443/orgs/acorn/sso",
        "required; url=http://github.example/orgs/acorn/sso",
        "required; url=//github.example/orgs/acorn/sso",
        "required; url=/orgs/acorn/sso",
        "required; url=javascript:alert(1)//github.example/orgs/acorn/sso",
        "required; url=https://[/orgs/acorn/sso",
        "required; url=https://github.example/logout",
        "required; url=https://github.example/orgs/acorn/sso/../../../evil",
        "required; url=https://github.example/orgs/a%0ab/sso",
        "required; url=https://github.example/orgs/acorn/sso?x=\x1b[2J",
        "required; url=https://github.example/orgs/acorn/sso?x=" + "x" * 1000,
        f"partial-results; url={LINK}",
        f"required; url={LINK} and more",
    ],
)
def test_no_other_link_is_taken(header: str) -> None:
    assert noticed(header) == {}


@given(st.text(max_size=60))
def test_any_header_is_read(text: str) -> None:
    for header in (text, f"required; url={text}", f"required; url={WEB}/orgs/{text}/sso"):
        for link in noticed(header).values():
            assert link.startswith(f"{WEB}/")
            assert link.isprintable()
        organization({SSO: header})
        asked({SSO: header})


@pytest.mark.parametrize("how", ["get", "pages", "graphql"])
def test_a_client_keeps_the_link_however_it_came(how: str) -> None:
    with github({}) as (client, server):
        link = f"{server.url}/orgs/acorn/sso?authorization_request=CANARYrequest"
        server.handler = lambda _: Reply(403, {}, {"X-GitHub-SSO": f"required; url={link}"})
        if how == "graphql":
            client.graphql("query Q { viewer { login } }", {})
        elif how == "pages":
            client.pages("/orgs/acorn/hooks", counted=False)
        else:
            client.get("/orgs/acorn/hooks")
        assert client.sign_on.links == {"acorn": link}
        assert "CANARYrequest" not in repr(client.sign_on)
