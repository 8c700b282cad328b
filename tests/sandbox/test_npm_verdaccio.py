"""What a real registry answers, and how our npm sandbox's shapes differ from it."""

from __future__ import annotations

import urllib.error
from datetime import UTC, datetime
from typing import Any

import pytest

from hardenme.sandbox.npm.scenarios import weak_maintainer
from hardenme.sandbox.npm.server import npm_sandbox
from tests.sandbox.verdaccio import (  # noqa: F401 (verdaccio is a fixture)
    READ_ONLY_RANGE,
    Verdaccio,
    call,
    create_token,
    verdaccio,
)

pytestmark = [pytest.mark.verdaccio, pytest.mark.second_tier("a real registry")]


def test_the_user_is_known(verdaccio: Verdaccio) -> None:  # noqa: F811 (a fixture)
    seen = call(verdaccio.url, "GET", "/-/whoami", token=verdaccio.token)
    assert seen == {"username": verdaccio.user}
    profile = call(verdaccio.url, "GET", "/-/npm/v1/user", token=verdaccio.token)
    assert profile["tfa"] is False
    assert profile["email_verified"] is False


def test_both_tokens_are_listed(verdaccio: Verdaccio) -> None:  # noqa: F811 (a fixture)
    page = call(verdaccio.url, "GET", "/-/npm/v1/tokens", token=verdaccio.token)
    assert [entry["readonly"] for entry in page["objects"]] == [False, True]
    assert [entry["cidr"] for entry in page["objects"]] == [[], [READ_ONLY_RANGE]]
    assert page["urls"] == {"next": ""}
    assert "total" not in page


def test_the_address_range_is_enforced(verdaccio: Verdaccio) -> None:  # noqa: F811 (a fixture)
    target = f"/{verdaccio.package.replace('/', '%2f')}"
    assert call(verdaccio.url, "GET", target, token=verdaccio.read_only)["name"]
    url, cidr = verdaccio.url, ("203.0.113.0/28",)
    elsewhere = create_token(url, verdaccio.token, readonly=True, cidr=cidr)
    try:
        with pytest.raises(urllib.error.HTTPError) as refused:
            call(url, "GET", target, token=elsewhere["token"])
        with refused.value as answer:
            assert answer.code == 403
    finally:
        key = elsewhere["key"]
        call(url, "DELETE", f"/-/npm/v1/tokens/token/{key}", token=verdaccio.token)


def test_the_read_only_token_cannot_publish(verdaccio: Verdaccio) -> None:  # noqa: F811 (a fixture)
    target = f"/{verdaccio.package.replace('/', '%2f')}"
    with pytest.raises(urllib.error.HTTPError) as refused:
        call(verdaccio.url, "PUT", target, token=verdaccio.read_only, data={"name": "x"})
    with refused.value as answer:
        assert answer.code == 403


def test_the_sandbox_has_every_key_of_a_real_packument(
    verdaccio: Verdaccio,  # noqa: F811 (a fixture)
) -> None:
    real = call(verdaccio.url, "GET", f"/{verdaccio.package.replace('/', '%2f')}")
    with npm_sandbox(weak_maintainer(datetime(2026, 11, 24, tzinfo=UTC))) as sandbox:
        ours = call(sandbox.url, "GET", "/@acorn-labs%2fgrater")
    real_release, our_release = real["versions"]["1.0.0"], ours["versions"]["3.4.0"]
    assert real_release["hasInstallScript"] is True
    # `users` and `_attachments` are of CouchDB, `contributors` is verdaccio's own.
    assert _keys(real) - _keys(ours) <= {"users", "_attachments"}
    assert _keys(real_release) - _keys(our_release) <= {"contributors"}
    assert _keys(real_release["dist"]) <= _keys(our_release["dist"])


def _keys(data: dict[str, Any]) -> set[str]:
    return set(data)
