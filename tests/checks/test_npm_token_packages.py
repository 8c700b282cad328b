from __future__ import annotations

import pytest

from hardenme.model.unknown import NotKnownError
from hardenme.model.verdict import Failed, NotApplicable, Passed
from hardenme_checks.npm.token_rights import npm_token_scope_owned
from tests.factories.given import LOST, MISSING, NOW, ago, every
from tests.factories.npm import PACKAGE, npm_token, package_grant

WRITE = {"package_write": True}


@pytest.mark.parametrize(
    ("fields", "writes"), [(WRITE, True), ({}, True), ({}, False)], ids=["write", "read", "read"]
)
def test_a_token_for_a_package_that_the_account_has_passes(
    fields: dict[str, object], writes: object
) -> None:
    grants = every(package_grant("other"), package_grant(writes=writes))
    verdict = npm_token_scope_owned(npm_token(**fields), grants, NOW)
    assert isinstance(verdict, Passed)
    assert verdict.seen == {"scopes": [PACKAGE]}


@pytest.mark.parametrize(
    ("fields", "grants", "verb"),
    [
        (WRITE, every(), "write"),
        (WRITE, every(package_grant(writes=False)), "write"),
        ({}, every(package_grant("other")), "read"),
    ],
)
def test_a_token_for_a_package_that_is_gone_fails(
    fields: dict[str, object], grants: object, verb: str
) -> None:
    verdict = npm_token_scope_owned(npm_token(**fields), grants, NOW)
    assert isinstance(verdict, Failed)
    assert verdict.message == f"names 1 package that the account can no longer {verb}"
    assert verdict.seen == {"scopes": [PACKAGE], "gone": [PACKAGE]}


def test_a_token_that_names_no_package_is_not_compared() -> None:
    token = npm_token(packages=frozenset(), scopes=frozenset({"@x"}))
    verdict = npm_token_scope_owned(token, every(missing=LOST), NOW)
    assert isinstance(verdict, NotApplicable)


@pytest.mark.parametrize("end", [{"expires_at": ago(1)}, {"revoked": True}])
def test_a_token_that_has_ended_may_name_what_it_likes(end: dict[str, object]) -> None:
    verdict = npm_token_scope_owned(npm_token(**end), every(missing=LOST), NOW)
    assert isinstance(verdict, NotApplicable)


@pytest.mark.parametrize("grants", [every(missing=LOST), every(package_grant(), missing=LOST)])
def test_a_list_of_packages_that_is_not_whole_decides_nothing(grants: object) -> None:
    with pytest.raises(NotKnownError):
        npm_token_scope_owned(npm_token(), grants, NOW)


@pytest.mark.parametrize(
    ("token", "grant"),
    [
        (npm_token(packages=MISSING), package_grant()),
        (npm_token(package_write=MISSING), package_grant()),
        (npm_token(**WRITE), package_grant(writes=MISSING)),
        (npm_token(expires_at=MISSING), package_grant()),
    ],
)
def test_what_a_comparison_lacks_is_not_guessed(token: object, grant: object) -> None:
    with pytest.raises(NotKnownError):
        npm_token_scope_owned(token, every(grant), NOW)


def test_a_right_to_another_package_that_is_not_told_does_not_matter() -> None:
    grants = every(package_grant("other", writes=MISSING), package_grant())
    assert isinstance(npm_token_scope_owned(npm_token(**WRITE), grants, NOW), Passed)
