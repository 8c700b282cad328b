from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hardenme.model.given import NeededScopes, Targets
from hardenme.model.severity import Severity
from hardenme.model.unknown import NotKnownError
from hardenme.model.verdict import Failed, Manual, Passed
from hardenme_checks.github.token_rights import (
    READS,
    WEIGHT,
    token_reach_minimal,
    token_read_only,
    token_scopes_minimal,
    token_sees_everything,
)
from tests.factories.github import reach, scopes, sight, token, write_probe
from tests.factories.given import LOST, MISSING, REFUSED, every

CLASSIC = token(kind="classic")


def needed(*names: str) -> NeededScopes:
    return NeededScopes(frozenset(names))


@pytest.mark.parametrize(
    ("granted", "wanted"),
    [
        ((), ()),
        (("read:org",), ("read:org",)),
        (("user:email", "read:user"), ("user",)),
        (("repo",), ("repo", "read:org")),
        (("public_repo",), ("repo",)),
        (("read:org",), ("admin:org",)),
    ],
)
def test_no_scope_too_many(granted: tuple[str, ...], wanted: tuple[str, ...]) -> None:
    assert isinstance(token_scopes_minimal(scopes(*granted), needed(*wanted), CLASSIC), Passed)


@pytest.mark.parametrize(
    ("granted", "wanted", "surplus", "severity"),
    [
        (("repo", "delete_repo"), ("repo",), ["delete_repo"], Severity.CRITICAL),
        (("admin:org",), ("read:org",), ["admin:org"], Severity.CRITICAL),
        (("admin:enterprise", "gist"), (), ["admin:enterprise", "gist"], Severity.CRITICAL),
        (("repo",), ("read:org",), ["repo"], Severity.HIGH),
        (("workflow",), (), ["workflow"], Severity.HIGH),
        (("delete:packages",), (), ["delete:packages"], Severity.HIGH),
        (("codespace",), (), ["codespace"], Severity.HIGH),
        (("admin:org_hook",), ("read:org",), ["admin:org_hook"], Severity.HIGH),
        (("admin:repo_hook",), ("read:repo_hook",), ["admin:repo_hook"], Severity.HIGH),
        (("write:discussion",), (), ["write:discussion"], Severity.MEDIUM),
        (("project",), ("read:project",), ["project"], Severity.MEDIUM),
        (("read:of_tomorrow",), (), ["read:of_tomorrow"], Severity.HIGH),
        (("admin:public_key",), ("read:public_key",), ["admin:public_key"], Severity.HIGH),
        (("write:packages",), (), ["write:packages"], Severity.HIGH),
        (("scope:of_tomorrow",), (), ["scope:of_tomorrow"], Severity.HIGH),
        (("user",), ("read:user", "user:email"), ["user"], Severity.MEDIUM),
        (("gist", "notifications"), (), ["gist", "notifications"], Severity.MEDIUM),
        (("notifications",), (), ["notifications"], Severity.LOW),
        (("read:packages",), (), ["read:packages"], Severity.LOW),
    ],
)
def test_scopes_too_many(
    granted: tuple[str, ...], wanted: tuple[str, ...], surplus: list[str], severity: Severity
) -> None:
    verdict = token_scopes_minimal(scopes(*granted), needed(*wanted), CLASSIC)
    assert isinstance(verdict, Failed)
    assert verdict.seen["surplus"] == surplus
    assert verdict.severity is severity


@pytest.mark.second_tier("takes long")
@given(st.from_regex(r"[a-z]{1,8}(:[a-z_]{1,12})?", fullmatch=True), st.booleans())
def test_a_scope_that_is_not_known_never_weighs_little(name: str, read: bool) -> None:  # noqa: FBT001 (drawn)
    scope = f"read:{name}" if read else name
    assume(scope not in READS | WEIGHT.keys())
    verdict = token_scopes_minimal(scopes(scope, "notifications"), needed(), CLASSIC)
    assert isinstance(verdict, Failed)
    assert verdict.severity is Severity.HIGH
    assert isinstance(token_read_only(CLASSIC, scopes(scope), every()), Failed)


def test_a_needed_scope_weighs_nothing_and_one_that_is_not_needed_its_own() -> None:
    """An `admin:org` that some check needs is no surplus; else it is the worst there is."""
    held = scopes("admin:org")
    assert isinstance(token_scopes_minimal(held, needed("admin:org"), CLASSIC), Passed)
    verdict = token_scopes_minimal(held, needed("read:org"), CLASSIC)
    assert isinstance(verdict, Failed)
    assert verdict.severity is Severity.CRITICAL


def test_scopes_unknown() -> None:
    with pytest.raises(NotKnownError):
        token_scopes_minimal(scopes(granted=MISSING), needed(), CLASSIC)


@pytest.mark.parametrize("kind", ["classic", "oauth"])
@pytest.mark.parametrize(
    ("granted", "verdict"),
    [
        ((), Passed),
        (("read:org", "user:email"), Passed),
        (("read:org", "repo"), Failed),
        (("notifications",), Failed),
        (("scope:of_tomorrow",), Failed),
    ],
)
def test_scopes_prove_whether_it_writes(
    kind: str, granted: tuple[str, ...], verdict: type[Any]
) -> None:
    found = token_read_only(token(kind=kind), scopes(*granted), every(missing=LOST))
    assert isinstance(found, verdict)


def test_scopes_that_were_not_read() -> None:
    assert token_read_only(CLASSIC, REFUSED, every()) is REFUSED
    with pytest.raises(NotKnownError):
        token_read_only(CLASSIC, scopes(granted=MISSING), every())
    with pytest.raises(NotKnownError):
        token_read_only(token(kind=MISSING), scopes(), every())


@pytest.mark.parametrize("kind", ["fine-grained", "app-user", "installation"])
@pytest.mark.parametrize(
    ("probes", "verdict"),
    [
        (every(), Manual),
        (every(missing=LOST), Manual),
        (every(write_probe()), Manual),
        (every(write_probe(merge_settings_shown=MISSING)), Manual),
        (every(write_probe(merge_settings_shown=True)), Failed),
        (every(write_probe(creation_cap_shown=True)), Failed),
        (every(write_probe(merge_settings_shown=MISSING, creation_cap_shown=True)), Failed),
        (every(write_probe(merge_settings_shown=True), missing=LOST), Failed),
    ],
)
def test_what_a_reading_token_is_not_shown(kind: str, probes: Any, verdict: type[Any]) -> None:
    assert isinstance(token_read_only(token(kind=kind), REFUSED, probes), verdict)


def test_reach() -> None:
    targets = Targets(frozenset({"hazel"}), frozenset({"acorn-labs/oak"}))
    inside = reach("Hazel/secret", "acorn-labs/oak")
    assert isinstance(token_reach_minimal(inside, targets, token()), Passed)
    verdict = token_reach_minimal(reach("hazel/a", "acorn-labs/elm"), targets, token())
    assert isinstance(verdict, Failed)
    assert verdict.message == "reaches 1 private repository outside the targets"
    assert verdict.seen["outside_the_targets"] == ["acorn-labs/elm"]
    verdict = token_reach_minimal(reach("x/a", "x/b"), targets, token())
    assert isinstance(verdict, Failed)
    assert "2 private repositories" in verdict.message
    with pytest.raises(NotKnownError):
        token_reach_minimal(reach(private_repositories=MISSING), targets, token())


def test_sight() -> None:
    assert isinstance(token_sees_everything(sight(), token()), Passed)
    verdict = token_sees_everything(sight(visible=5), token())
    assert isinstance(verdict, Failed)
    assert verdict.message == "3 of 8 own repositories are not visible"
    hidden = sight(sso_hidden=("7", "8"), owned=MISSING)
    verdict = token_sees_everything(hidden, token())
    assert isinstance(verdict, Failed)
    assert verdict.message == "single sign-on hides 2 organizations"


@pytest.mark.parametrize("name", ["visible", "owned", "sso_hidden"])
def test_sight_unknown(name: str) -> None:
    with pytest.raises(NotKnownError):
        token_sees_everything(sight(**{name: MISSING}), token())
