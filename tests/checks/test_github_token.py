from __future__ import annotations

from typing import Any

import pytest

from hardenme.facts.github.token import KINDS
from hardenme.model.unknown import NotKnownError
from hardenme.model.verdict import Failed, NotApplicable, Passed
from hardenme_checks.github.token import (
    token_expires,
    token_fine_grained,
    token_not_about_to_expire,
    token_short_lived,
)
from tests.factories.github import token
from tests.factories.given import MISSING, NOW, STRICT, TEAM, ahead


@pytest.mark.parametrize("kind", [*KINDS, "a kind of tomorrow"])
def test_kind(kind: str) -> None:
    narrow = kind in {"fine-grained", "app-user", "installation"}
    verdict = token_fine_grained(token(kind=kind, expires_at=MISSING))
    assert isinstance(verdict, Passed if narrow else Failed)


def test_kind_unknown() -> None:
    for check in (token_fine_grained, token_expires):
        with pytest.raises(NotKnownError):
            check(token(kind=MISSING))
    with pytest.raises(NotKnownError):
        token_not_about_to_expire(token(kind=MISSING), NOW, TEAM)


@pytest.mark.parametrize(
    ("kind", "page"),
    [("classic", "settings/tokens"), ("fine-grained", "settings/personal-access-tokens")],
)
def test_a_personal_token_without_an_end(kind: str, page: str) -> None:
    verdict = token_expires(token(kind=kind, expires_at=None))
    assert isinstance(verdict, Failed)
    assert verdict.fix.page == f"https://github.com/{page}"
    assert isinstance(token_expires(token(kind=kind)), Passed)


@pytest.mark.parametrize("kind", ["oauth", "app-user", "installation"])
def test_an_apps_token_is_given_no_end_by_a_person(kind: str) -> None:
    app = token(kind=kind, expires_at=None)
    assert isinstance(token_expires(app), NotApplicable)
    assert isinstance(token_not_about_to_expire(app, NOW, TEAM), NotApplicable)


@pytest.mark.parametrize(
    ("limits", "days", "kind"),
    [
        (TEAM, 90.9, Passed),
        (TEAM, 91, Failed),
        (STRICT, 30, Passed),
        (STRICT, 31, Failed),
    ],
)
def test_short_life(limits: Any, days: float, kind: type[Any]) -> None:
    assert isinstance(token_short_lived(token(expires_at=ahead(days)), NOW, limits), kind)


@pytest.mark.parametrize(("days", "kind"), [(14, Passed), (13.9, Failed), (0, Failed)])
def test_coming_end(days: float, kind: type[Any]) -> None:
    verdict = token_not_about_to_expire(token(expires_at=ahead(days)), NOW, TEAM)
    assert isinstance(verdict, kind)


def test_no_end() -> None:
    for check in (token_short_lived, token_not_about_to_expire):
        assert isinstance(check(token(expires_at=None), NOW, TEAM), NotApplicable)


def test_end_unknown() -> None:
    endless = token(expires_at=MISSING)
    with pytest.raises(NotKnownError):
        token_expires(endless)
    for check in (token_short_lived, token_not_about_to_expire):
        with pytest.raises(NotKnownError):
            check(endless, NOW, TEAM)
