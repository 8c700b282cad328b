"""What files set is followed as far as they are trusted, and all of it is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.engine.adjusting import Adjusting, owner_of
from hardenme.engine.catalogue import select
from hardenme.model.adjustment import Adjustment
from hardenme.model.profile import PROFILES
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.threshold import Stricter
from hardenme.model.thresholds import THRESHOLDS

LOW, HIGH, CRITICAL = Severity.LOW, Severity.HIGH, Severity.CRITICAL
CHECKS = select(["GHA"])
TEAM = PROFILES["team"].limits


def own(**parts: object) -> Adjustment:
    return Adjustment("config.toml", True, **parts)  # type: ignore[arg-type]  # noqa: FBT003


def folder(**parts: object) -> Adjustment:
    return Adjustment("hardenme.toml", False, **parts)  # type: ignore[arg-type]  # noqa: FBT003


def notes(*adjustments: Adjustment, profile: str = "team", fitting: str = "") -> list[str]:
    return list(Adjusting(adjustments).notes(CHECKS, profile, fitting))


@pytest.mark.parametrize(
    ("adjustments", "judged", "weighs"),
    [
        ((), HIGH, HIGH),
        ((own(severities={"GHA103": LOW}),), HIGH, LOW),
        ((folder(severities={"GHA103": LOW}),), HIGH, HIGH),
        ((folder(severities={"GHA103": CRITICAL}),), HIGH, CRITICAL),
        ((own(severities={"GHA103": LOW}), folder(severities={"GHA103": HIGH})), HIGH, LOW),
        ((own(severities={"GHA103": HIGH}), folder(severities={"GHA103": LOW})), LOW, HIGH),
        ((own(severities={"GHA101": LOW}),), HIGH, HIGH),
    ],
)
def test_a_folder_raises_what_the_user_does_not_set(
    adjustments: tuple[Adjustment, ...], judged: Severity, weighs: Severity
) -> None:
    assert Adjusting(adjustments).severity("GHA103", judged) is weighs


@pytest.mark.parametrize(
    ("adjustments", "days", "bits"),
    [
        ((), 180, 3072),
        ((own(thresholds={"key-unused-days": 400, "rsa-bits": 2048}),), 400, 2048),
        ((folder(thresholds={"key-unused-days": 400, "rsa-bits": 2048}),), 180, 3072),
        ((folder(thresholds={"key-unused-days": 90, "rsa-bits": 4096}),), 90, 4096),
        (
            (
                own(thresholds={"key-unused-days": 120}),
                folder(thresholds={"key-unused-days": 90, "rsa-bits": 4096}),
            ),
            120,
            4096,
        ),
    ],
)
def test_a_folder_tightens_what_the_user_does_not_set(
    adjustments: tuple[Adjustment, ...], days: int, bits: int
) -> None:
    limits = Adjusting(adjustments).limits(TEAM)
    assert (limits.key_unused_days, limits.rsa_bits) == (days, bits)


@given(
    st.dictionaries(st.sampled_from(sorted(THRESHOLDS)), st.integers(1, 4000)),
    st.sampled_from(sorted(PROFILES)),
)
def test_no_folder_loosens_any_threshold(wished: dict[str, int], profile: str) -> None:
    base = PROFILES[profile].limits
    limits = Adjusting((folder(thresholds=wished),)).limits(base)
    for item in THRESHOLDS.values():
        held, value = getattr(base, item.attribute), getattr(limits, item.attribute)
        if item.stricter is Stricter.LESS:
            assert value <= held
        elif item.stricter is Stricter.MORE:
            assert value >= held
        else:
            assert value == held


OWNERS = {
    "*": {"approvals": 1, "rsa-bits": 2048},
    "acme-*": {"approvals": 2},
    "acme-web*": {"approvals": 3},
    "Acme-Web": {"approvals": 4},
    "@acme*": {"approvals": 5},
}


@pytest.mark.parametrize(
    ("owner", "approvals"),
    [
        ("", 6),
        ("other", 1),
        ("acme", 1),
        ("ACME-x", 2),
        ("acme-web2", 3),
        ("acme-web", 4),
        ("@acme", 5),
    ],
)
def test_the_most_specific_pattern_counts_for_each_threshold(owner: str, approvals: int) -> None:
    for owners in (OWNERS, dict(reversed(OWNERS.items()))):
        adjusting = Adjusting(
            (own(thresholds={"approvals": 6}, owners=owners), folder(owners={"*": {"rsa-bits": 9}}))
        )
        limits = adjusting.limits(TEAM, owner)
        assert limits.approvals == approvals
        assert limits.rsa_bits == (2048 if owner else TEAM.rsa_bits)


@pytest.mark.parametrize(
    ("subject", "owner"),
    [
        ("github:org/Acme", "Acme"),
        ("github:user/mallow", "mallow"),
        ("github:repo/acme/web", "acme"),
        ("npm:org/acme", "@acme"),
        ("npm:package/@acme/web", "@acme"),
        ("npm:package/web", ""),
        ("github:token/9f", ""),
        ("local:workstation/here", ""),
    ],
)
def test_an_owner_is_a_login_or_a_scope(subject: str, owner: str) -> None:
    assert owner_of(Subject.parse(subject)) == owner


@pytest.mark.parametrize(
    ("wished", "fitting", "found"),
    [
        ("strict", "solo", ("strict", False)),
        ("solo", "org", ("org", True)),
        ("org", "org", ("org", True)),
        ("", "team", ("team", True)),
    ],
)
def test_a_folder_may_ask_for_a_stricter_profile_alone(
    wished: str, fitting: str, found: tuple[str, bool]
) -> None:
    assert Adjusting((folder(profile=wished),)).profile(fitting) == found


def test_what_is_followed_and_what_is_not_are_told_apart() -> None:
    wishes = folder(
        severities={"GHA101": LOW, "GHA103": CRITICAL, "NPA101": LOW},
        thresholds={"key-unused-days": 400, "rsa-bits": 4096},
        profile="solo",
    )
    assert notes(wishes, profile="org", fitting="org") == [
        (
            "hardenme.toml asks for the profile solo, and is not followed: org fits what was seen,"
            " and asks for more"
        ),
        "hardenme.toml sets severities: GHA103 critical (usually medium)",
        (
            "hardenme.toml asks for severities that would let more pass, and is not followed:"
            " GHA101 low (usually critical)"
        ),
        "hardenme.toml sets thresholds: rsa-bits 4096 (usually 3072)",
        (
            "hardenme.toml asks for thresholds that would let more pass, and is not followed:"
            " key-unused-days 400 (usually 180)"
        ),
    ]


def test_what_the_user_sets_is_told_and_what_changes_nothing_is_not() -> None:
    assert notes(own(severities={"GHA101": LOW}, thresholds={"rsa-bits": 3072})) == [
        "config.toml sets severities: GHA101 low (usually critical)"
    ]
    assert notes(folder(profile="team"), profile="team", fitting="team") == []


def test_a_long_list_is_cut_with_a_count() -> None:
    many = {check.code: Severity.INFO for check in select(["GH"])}
    (line,) = Adjusting((own(severities=many),)).notes(select(["GH"]), "team", "")
    assert re_more(line) > 50


def re_more(line: str) -> int:
    """How many a sentence leaves out."""
    return int(line.rpartition(" and ")[2].partition(" more")[0])
