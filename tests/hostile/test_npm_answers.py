"""Registries that refuse, challenge, limit, or answer with something else: each says what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from hardenme.engine.settle import exit_code
from hardenme.ground.exit_code import Exit
from hardenme.model.report import Report
from hardenme.model.unknown import Reason, Unknown
from hardenme.sandbox.http import Fault, Reply, Request
from hardenme.sandbox.npm.released import StagedVersion
from hardenme.sandbox.npm.world import TokenKind, World
from tests.hostile.publishing import (
    ENDPOINTS,
    FAMILIES,
    ORGANIZATION,
    PACKAGE,
    TARGET,
    Edit,
    answer,
    audited,
    page,
    publisher,
    whole,
)
from tests.hostile.sweeping import failed, nothing_worse, unknown
from tests.running import QUICK, Stage

pytestmark = [
    pytest.mark.second_tier("whole runs over hostile answers", one_of=10),
    pytest.mark.sampled(3),
]

CHALLENGE = answer(
    401,
    {
        "authUrl": "https://www.acme.example/auth/cli/1",
        "doneUrl": "https://www.acme.example/-/v1/done?authId=1",
    },
    www_authenticate="OTP",
)
SPARE = {
    "/-/team/hazel-grove/release/user",
    "/-/team/hazel-grove/release/package",
    "/-/package/@hazel-grove%2Flantern/visibility",
    "/-/v1/search",
}
"""Nothing rests on these alone here: owners need no team, the package has its provenance, and few
people download it."""


@pytest.fixture(scope="module")
def running() -> Iterator[Stage]:
    with publisher() as found:
        yield found


def broken(running: Stage, *faults: Fault, target: str = "me", **how: Any) -> Report:
    """The report of a run in which these answers are broken, on a stage that others use too."""
    running.npm.faults[:] = faults
    try:
        return running.audit(target, select_=FAMILIES, **how)
    finally:
        running.npm.faults.clear()


def reasons(report: Report) -> set[Reason]:
    return {one.outcome.reason for one in report.findings if isinstance(one.outcome, Unknown)}


def words(report: Report) -> str:
    """All that the unknowns of a report say."""
    outcomes = [one.outcome for one in report.findings if isinstance(one.outcome, Unknown)]
    return "\n".join(f"{one.needed}; {one.seen}" for one in outcomes)


def test_the_account_is_asked_for_all_of_these(running: Stage) -> None:
    before = len(running.npm.requests)
    report = broken(running)
    asked = {request.path for request in running.npm.requests[before:]}
    assert asked >= set(ENDPOINTS)
    rest = asked - set(ENDPOINTS) - {"/-/v1/done"}
    rest = {path for path in rest if "developers" not in path and not path.endswith("/status")}
    assert rest == {"/-/org/hazel/package"}
    assert failed(report) == set()
    assert unknown(report) == set()


@pytest.mark.sampled(5)
@pytest.mark.parametrize("path", ENDPOINTS)
def test_a_one_time_password_is_asked_of_nobody(running: Stage, path: str) -> None:
    """Each endpoint may want one; only trusted publishers are worth a person's time."""
    before = len(running.npm.requests)
    person, running.person = running.person, None
    try:
        report = broken(running, Fault(re.escape(path), edit=CHALLENGE))
    finally:
        running.person = person
    assert nothing_worse(whole(), report) or path in SPARE
    assert Reason.NEEDS_PRESENCE in reasons(report) or path in SPARE
    assert Reason.REJECTED not in reasons(report)
    asked = running.npm.requests[before:]
    assert not [one for one in asked if one.path == "/-/v1/done" or "npm-otp" in one.headers]


@pytest.mark.sampled(5)
@pytest.mark.parametrize("path", ENDPOINTS)
def test_a_page_for_people_is_no_answer(running: Stage, path: str) -> None:
    report = broken(running, Fault(re.escape(path), edit=page(200)))
    lost = nothing_worse(whole(), report)
    assert lost or path in SPARE
    assert "<html>" not in words(report)


@pytest.mark.sampled(5)
@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (answer(402, {"error": "Payment required"}), Reason.NOT_PERMITTED),
        (answer(403, {"message": "Insufficient permissions"}), Reason.NOT_PERMITTED),
        (page(502), Reason.UNREACHABLE),
        (page(429), Reason.RATE_LIMITED),
        (CHALLENGE, Reason.NEEDS_PRESENCE),
    ],
    ids=["402", "403", "502", "429", "challenge"],
)
@pytest.mark.parametrize("target", ["me", TARGET, ORGANIZATION])
def test_everything_is_refused_but_the_name(
    running: Stage, target: str, edit: Edit, reason: Reason
) -> None:
    """An unpaid account gets 402 for what is private; limits may come from whoever stands before.

    A page of a limit is no answer of the registry, and counts all the same.
    """
    report = broken(running, Fault("/(?!-/whoami).*", edit=edit), target=target)
    nothing_worse(whole(target), report)
    judged = {one.code for one in report.findings if one.result in {"passed", "failed", "attested"}}
    assert judged == set()
    assert reason in reasons(report)
    assert exit_code(report) is Exit.UNKNOWN


def elsewhere(world: World) -> None:
    """The account may be used from one office alone, and the registry sees another address."""
    world.client_address = "198.51.100.7"
    for user in world.users:
        user.cidr_whitelist = ("203.0.113.0/28",)


@pytest.mark.parametrize("target", ["me", TARGET, ORGANIZATION])
def test_an_address_that_the_token_does_not_admit(target: str) -> None:
    report = audited(target=target, change=elsewhere)
    lost = nothing_worse(whole(target), report)
    assert {"PUB101"} <= unknown(report)
    assert "PUB101" in lost
    assert "to run from an address that the token admits" in words(report)
    # The token is no worse for it: nobody is told to make another one.
    assert Reason.REJECTED not in reasons(report)


def test_what_is_public_is_judged_without_the_account() -> None:
    report = audited(target=TARGET, change=elsewhere)
    passed = {one.code for one in report.findings if one.result == "passed"}
    assert passed >= {"NPP107", "NPP108", "NPP113", "NPP114", "REL101", "REL104", "REL109"}


LIMITED = {
    "at once": ({}, 0.0, 1),
    "for long": ({"retry-after": "3600"}, 0.5, 1),
    "for a moment": ({"retry-after": "1"}, 3.0, 2),
    "until a date": ({"retry-after": "Tue, 24 Nov 2099 12:00:00 GMT"}, 0.5, 1),
}


@pytest.mark.parametrize("how", LIMITED)
def test_a_limit_is_waited_out_as_far_as_patience_goes(running: Stage, how: str) -> None:
    headers, patience, tries = LIMITED[how]
    limited = answer(429, {"message": "Too Many Requests - Rate limit exceeded."}, **headers)
    before = len(running.npm.requests)
    fault = Fault("/-/stage", edit=limited, times=1)
    patient = replace(QUICK, patience=patience, retries=1)
    report = broken(running, fault, target=TARGET, bounds=patient)
    asked = [one for one in running.npm.requests[before:] if one.path == "/-/stage"]
    assert len(asked) == tries
    lost = nothing_worse(whole(TARGET), report)
    assert lost == set() if tries > 1 else "NPP112" in lost
    if tries == 1:
        assert unknown(report, Reason.RATE_LIMITED) == lost


def hidden(world: World) -> None:
    """The package is private, and the account that asks is no collaborator."""
    world.packages[0].private = True
    world.packages[0].collaborators.clear()
    world.packages[0].collaborators["rowan"] = "write"


def test_a_private_package_is_not_told_from_one_that_is_not_there() -> None:
    for change, target in ((hidden, TARGET), (lambda _world: None, "npm:@hazel-grove/no-such")):
        report = audited(target=target, change=change)
        judged = [one for one in report.findings if one.result not in {"unknown", "manual"}]
        assert judged == []
        assert Reason.NOT_VISIBLE in reasons(report)
        assert "the right name, and a token that can see it" in words(report)
        assert exit_code(report) is Exit.NOTHING_MATCHED


@pytest.mark.parametrize("scope", ["somebody-else", "hazel", "constructor"])
def test_a_scope_that_the_account_is_not_in(running: Stage, scope: str) -> None:
    report = broken(running, target=f"npm:@{scope}")
    results = {one.code: one.result for one in report.findings}
    assert set(results.values()) <= {"unknown", "manual"}, results
    assert results["NPO102"] == results["PUB101"] == "unknown"
    assert exit_code(report) is Exit.NOTHING_MATCHED


@pytest.mark.parametrize("profile", ["tfa-false", "refused", "honest"])
def test_a_granular_token_is_not_believed_about_the_second_factor(profile: str) -> None:
    def change(world: World) -> None:
        world.granular_profile = profile  # type: ignore[assignment]  # one of its words

    with publisher(change) as running:
        world = running.npm.world  # type: ignore[attr-defined]  # the sandbox has it
        running.npm_token = world.token("hazel", TokenKind.READ)
        report = running.audit("me", select_=FAMILIES)
    nothing_worse(whole(), report)
    assert {"NPA101", "NPA102", "NPT101", "PUB101"} <= unknown(report, Reason.NOT_PERMITTED)
    assert failed(report) == set()


def test_the_lists_stay_on_the_registry(running: Stage) -> None:
    """A link to the next page is followed where it stays; the token goes nowhere else."""

    def lead_away(where: str) -> Fault:
        def edit(_request: Request, reply: Reply) -> Reply:
            if isinstance(reply.data, dict) and "urls" in reply.data:
                reply.data["urls"] = {"next": where}
            else:
                reply.headers["link"] = f'<{where}>; rel="next"'
            return reply

        return Fault("/-/npm/v1/tokens|/-/stage|/-/org/hazel-grove/team|.*/trust", edit=edit)

    with publisher() as stranger:
        for where in (
            f"{stranger.npm.url}/-/npm/v1/tokens?page=1",
            "https://registry.acme.example/-/npm/v1/tokens?page=1",
            "//registry.acme.example/",
            "https://hazel:secret@127.0.0.1/",
            "file:///etc/passwd",
        ):
            report = broken(running, lead_away(where))
            lost = nothing_worse(whole(), report)
            assert lost >= {"NPT110", "NPO103", "NPP101", "PUB101"}
            assert "the link to the next page leaves the registry" in words(report)
        assert stranger.npm.requests == []


def test_a_challenge_that_leads_elsewhere_is_shown_to_nobody(running: Stage) -> None:
    with publisher() as stranger:
        for pages in (
            {"authUrl": f"{stranger.npm.url}/auth", "doneUrl": f"{running.npm.url}/-/v1/done"},
            {"authUrl": f"{running.npm.url}/auth", "doneUrl": f"{stranger.npm.url}/-/v1/done"},
            {"authUrl": "javascript:alert(1)", "doneUrl": "javascript:alert(1)"},
            {"authUrl": 7},
        ):
            edit = answer(401, pages, www_authenticate="OTP")
            shown = len(running.person.pages)  # type: ignore[union-attr]  # the tests' own
            report = broken(running, Fault(".*/trust", edit=edit), target=TARGET)
            assert nothing_worse(whole(TARGET), report) >= {"NPP101", "PUB101"}
            assert len(running.person.pages) == shown  # type: ignore[union-attr]
            assert Reason.NEEDS_PRESENCE in reasons(report)
        assert stranger.npm.requests == []


def test_staged_versions_that_are_counted_anew_between_pages_are_not_all_of_them() -> None:
    """As many came as the last page counts; the first one counted more."""

    def queue(world: World) -> None:
        world.staged[:] = [
            StagedVersion(f"{number:08}", PACKAGE, f"3.{number}.0", world.now, "hazel")
            for number in range(120)
        ]

    def counted(request: Request, reply: Reply) -> Reply:
        first = request.query.get("page") == "0"
        return Reply(200, reply.data | {"total": 121 if first else 120}, reply.headers)

    with publisher(queue) as running:
        steady = running.audit(TARGET, select_=("NPP112",))
        running.npm.faults.append(Fault("/-/stage", edit=counted))
        shifted = running.audit(TARGET, select_=("NPP112",))
    for report, lost in ((steady, False), (shifted, True)):
        said = [one.outcome for one in report.findings if one.code == "NPP112"]
        why = [one.reason for one in said if isinstance(one, Unknown)]
        assert why == ([Reason.INCOMPLETE] if lost else [])
        assert len(said) - len(why) == 120
