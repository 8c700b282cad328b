"""Each row of the table: one change is refused with its cause, an unread fact leaves it unknown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from hardenme.derive.acceptance.attempt import Attempt
from hardenme.derive.acceptance.row import CauseRow
from hardenme.derive.acceptance.table import ROWS, judged
from hardenme.facts.github.release_job import Trigger
from hardenme.facts.npm.provenance import UNVERIFIABLE
from hardenme.model.acceptance import AcceptanceState, ReleaseWay
from hardenme.model.way import Way
from tests.factories.acceptance import (
    MAKER,
    TOKEN,
    actions,
    attempt,
    command,
    hand_attempt,
    job,
    manifest,
    of_file,
    release_workflow,
    token_attempt,
)
from tests.factories.github import repository
from tests.factories.github_files import npmrc, updates
from tests.factories.github_repository import (
    administrators,
    environment,
    guards,
    workflow_secret,
)
from tests.factories.github_tags import newest_tags, tag_ruleset, tag_rulesets
from tests.factories.github_workflow import job as whole_job
from tests.factories.github_workflow import lock, use, workflow_state
from tests.factories.github_workflow import workflow as whole
from tests.factories.given import LOST, MISSING, REFUSED, ago, ahead, every
from tests.factories.npm import newest_release, npm_token, npm_two_factor
from tests.factories.npm_organization import past_release, release_history
from tests.factories.npm_paths import collaborators, setting, trusted_publisher
from tests.factories.npm_proof import release_provenance
from tests.factories.npm_publishing import named_repository, staged_version

Base = Callable[..., Attempt]
Parts = dict[str, Any]


def seen(made: Attempt) -> ReleaseWay:
    """What all rows say of an attempt."""
    return judged(made, key="key", name="name")


def rows(made: ReleaseWay) -> set[str]:
    """The rows that are not known."""
    return {row for one in made.unread for row in one.rows}


def at(*triggers: Trigger, **fields: Any) -> Parts:
    """A workflow that these start."""
    flow = release_workflow(triggers=triggers, **fields)
    return {"workflow": flow, "workflows": every(flow)}


def of_job(**fields: Any) -> Parts:
    return {"job": job(**fields)}


def of_command(**fields: Any) -> Parts:
    return {"command": command(**fields)}


def publisher(**fields: Any) -> Parts:
    made = trusted_publisher(**{"environment": None, "may_publish": True, **fields})
    return {"publisher": made, "publishers": every(made)}


def tokens(**fields: Any) -> Parts:
    return {"tokens": every(npm_token(**{**TOKEN, **fields}))}


BRANCH = Trigger("push", branches=("main",))
DISPATCH = Trigger("workflow_dispatch")
ENVIRONMENT = {
    **of_job(environment="release"),
    **publisher(environment="release"),
    "environments": every(environment()),
}
ADMITTED = {**ENVIRONMENT, "guards": every(guards())}
PUSHED_ALONE = {**ENVIRONMENT, "guards": every(guards(reviewers=1))}
SELF_HOSTED = of_job(runner=("self-hosted", "linux"))
ACTION = ("changesets/action@v1",)
STAGED = {**publisher(may_publish=False, may_stage=True), **of_command(stages=True, npm="11")}
NEVER_USED = release_history(
    past_release("1.3.0", ago(30)), past_release("1.4.0", ago(5), trusted_publisher="")
)
UNPROVEN: Parts = {"history": NEVER_USED, "provenance": release_provenance(outcome=UNVERIFIABLE)}
IDENTITY = {
    "job": job(identity=(True,), environment=""),
    "publishers": every(trusted_publisher(environment=None)),
}

COMPLETE = of_file(lock("actions/checkout@v7"), "release.yml")
LOCKED = every(of_file(lock("actions/setup-node@v7"), "release.yml"))
USES = every(
    of_file(whole(whole_job(uses=(use(pin="actions/checkout@v7"),))), "release.yml"),
)
CALLING_DISABLED: Parts = {
    **of_job(name="call / publish"),
    "states": every(workflow_state(), workflow_state("disabled_manually", file="publish.yml")),
    "workflows": every(
        release_workflow(),
        release_workflow(file="publish.yml", triggers=(Trigger("workflow_call"),)),
    ),
}


@dataclass(frozen=True)
class Cause:
    """A change that a row refuses.

    Attributes:
        row: its number.
        change: what differs from the world that is accepted.
        unread: what stands in place of what the row reads; empty where the row reads only what
            every file shows.
        base: the world.
        before: what the world needs to be about the row.
    """

    row: str
    change: Parts
    unread: Parts = field(default_factory=dict)
    base: Base = attempt
    before: Parts = field(default_factory=dict)


CAUSES = (
    Cause("T1", {"actions": actions(enabled=False)}, {"actions": REFUSED}),
    Cause("T2", {"repository": repository(archived=True)}, {"repository": REFUSED}),
    Cause(
        "T3",
        {"states": every(workflow_state("disabled_manually"))},
        {"states": every(missing=REFUSED)},
    ),
    Cause("T3", {"states": every(workflow_state("disabled_fork"))}, {"states": every()}),
    Cause(
        "T3",
        {"states": every(workflow_state("disabled_manually"))},
        {"states": every(workflow_state(MISSING))},
        base=token_attempt,
    ),
    Cause(
        "T3",
        {**at(Trigger("schedule")), "states": every(workflow_state("disabled_inactivity"))},
        {"states": every(workflow_state("deleted"))},
        before=at(Trigger("schedule")),
        base=token_attempt,
    ),
    Cause("T4", at(Trigger("workflow_call")), {"workflow": MISSING}),
    Cause("T5", {"tags": newest_tags("lib@1.0.0")}, {"tags": REFUSED}),
    Cause(
        "T6",
        {
            **at(Trigger("release")),
            "workflows": every(release_workflow(file="please.yml", makers=(MAKER,))),
            "provenance": release_provenance(outcome=UNVERIFIABLE),
        },
        {"workflows": every(missing=LOST)},
        before=at(Trigger("release")),
    ),
    Cause("T7", {"tag_rulesets": tag_rulesets(tag_ruleset())}, {"tag_rulesets": REFUSED}),
    Cause("T10", at(Trigger("pull_request_target")), {"workflow": MISSING}),
    Cause("T10", at(Trigger("issue_comment"))),
    Cause(
        "T11",
        of_job(conditions=("github.repository == 'hazel/old-name'",)),
        of_job(conditions=("vars.RELEASE == 'yes'",)),
        before=of_job(conditions=("github.repository == 'hazel/catkin'",)),
    ),
    Cause(
        "J1",
        of_job(actions=ACTION),
        {"selected": REFUSED, **of_job(actions=ACTION)},
        before={"actions": actions(allowed="selected")},
    ),
    Cause("J1", {"actions": actions(allowed="local_only")}, {"actions": actions(allowed=MISSING)}),
    Cause("J2", {"actions": actions(pinned=True)}, {"actions": actions(pinned=MISSING)}),
    Cause("J3", of_job(identity=(False,)), {"job": MISSING}),
    Cause("J3", of_job(identity=(None,))),
    Cause("J4", of_job(identity=(None, True)), before=of_job(identity=(True, True))),
    Cause("J5", of_job(identity=(True, False)), before=of_job(identity=(True, None))),
    Cause(
        "J6",
        {"guards": every(guards(patterns=("branch main",)))},
        {"guards": every()},
        before=ADMITTED,
    ),
    Cause("J6", {"guards": every(guards(branches="protected", patterns=()))}, before=ADMITTED),
    Cause("J6", at(DISPATCH), before=ADMITTED),
    Cause(
        "J7",
        {"administrators": administrators(1), "guards": every(guards(reviewers=1))},
        {"administrators": REFUSED, "guards": every(guards(reviewers=1))},
        before=ADMITTED,
    ),
    Cause("J10", of_job(runner=("ubuntu-20.04",)), of_job(runner=("${{ matrix.os }}",))),
    Cause("CL1", of_command(node="22"), of_command(node="lts/*")),
    Cause("CL1", of_command(node="24.3"), of_command(node="${{ matrix.node }}")),
    Cause("CL1", of_command(npm="12.0.0"), of_command(doubts=("volta-cli/action@v4",))),
    Cause(
        "CL2",
        of_command(stages=True, npm="11.12.1"),
        of_command(stages=True, node="24.8"),
        before=STAGED,
    ),
    Cause(
        "CL3",
        of_command(npm="latest", node="22.14"),
        of_command(npm="latest", node="lts/*"),
        before=of_command(npm="latest", node="22"),
    ),
    Cause(
        "CL4",
        of_command(npm="latest", node="24", flags=("--no-git-checks",)),
        of_command(npm=">=11.5.1", node="24", flags=("--no-git-checks",)),
        before=of_command(npm="11", flags=("--no-git-checks",)),
    ),
    Cause("CL5", of_command(client="yarn classic"), of_command(client="pnpm")),
    Cause("CL5", of_command(client="bun"), of_command(client="yarn")),
    Cause(
        "CL6",
        {"manifest": manifest(to_registry="https://npm.pkg.github.com")},
        {"manifest": manifest(to_registry=MISSING)},
    ),
    Cause(
        "CL6",
        of_command(registry="https://packages.hazel.example/"),
        {"npmrc": REFUSED},
    ),
    Cause(
        "E2",
        {"publisher": MISSING, "publishers": every()},
        {"publisher": MISSING, "publishers": every(missing=REFUSED)},
    ),
    Cause("E3", publisher(repository="Hazel/catkin"), {"repository": REFUSED}),
    Cause("E3", {"named": named_repository("gone", "")}, publisher(repository=MISSING)),
    Cause(
        "E4",
        {
            **publisher(repository="hazel/old"),
            "named": named_repository("renamed", "hazel/catkin", named="hazel/old"),
        },
        {**publisher(repository="hazel/old"), "named": REFUSED, "repository": REFUSED},
    ),
    Cause("E5", publisher(workflow="release.yaml"), {"workflows": every(missing=LOST)}),
    Cause("E6", at(Trigger("workflow_call")), {"workflow": MISSING}),
    Cause(
        "E8",
        publisher(environment="npm"),
        {**publisher(environment="npm"), **of_job(environment="${{ inputs.env }}")},
    ),
    Cause("P1", publisher(may_publish=False), publisher(may_publish=MISSING, may_stage=MISSING)),
    Cause("P2", IDENTITY, {**IDENTITY, "publishers": every(missing=REFUSED)}, base=token_attempt),
    Cause("P3", {"manifest": manifest(repository="acme/old")}, {"manifest": REFUSED}),
    Cause("P3", {"manifest": manifest(repository="https://github.com/Hazel/Catkin")}),
    Cause("P3", {"manifest": manifest(repository="https://github.com/hazel/catkin/issues")}),
    Cause("P3", {"manifest": manifest(repository="https://github.com/hazel/catkin-fork/tree/a")}),
    Cause("P3", {"manifest": manifest(repository="")}, {"manifest": manifest(repository=MISSING)}),
    Cause("P4", SELF_HOSTED, of_job(runner=("buildjet-4vcpu",))),
    Cause(
        "P5",
        {"repository": repository(visibility="private"), **of_command(provenance="on")},
        {"repository": repository(visibility=MISSING), **of_command(provenance="on")},
        before={"repository": repository(visibility="private")},
    ),
    Cause(
        "P9",
        {"manifest": manifest(provenance="on")},
        {"manifest": REFUSED},
        base=token_attempt,
    ),
    Cause("V1", {"manifest": manifest(private=True)}, {"manifest": manifest(private=MISSING)}),
    Cause("V2", {"manifest": manifest(version="1.3.0")}, {"history": REFUSED}),
    Cause(
        "V2",
        {"history": release_history(past_release("1.4.0", ago(5)), removed={"1.5.0": ago(3)})},
        {"history": release_history(removed=MISSING)},
    ),
    Cause(
        "V3",
        {"staged": every(staged_version(version="1.5.0"))},
        {"staged": every(missing=REFUSED)},
        before=STAGED,
    ),
    Cause("V4", {"manifest": manifest(version="2.0.0-rc.1")}, {"history": REFUSED}),
    Cause("V5", {"manifest": manifest(version="0.9.1")}, {"history": REFUSED}),
    Cause("V6", of_command(tag="v1"), {"manifest": REFUSED}),
    Cause(
        "V7",
        {"manifest": manifest(name="catkin", access="restricted")},
        {"manifest": manifest(name="catkin", access=MISSING)},
        before={"package": "catkin", "manifest": manifest(name="catkin")},
    ),
    Cause(
        "V8",
        {"manifest": manifest(extensions=True), **of_command(npm="latest")},
        {"manifest": manifest(extensions=MISSING)},
    ),
    Cause("K1", {"secrets": every()}, {"secrets": every(missing=LOST)}, base=token_attempt),
    Cause(
        "K1",
        {"secrets": every(workflow_secret("NPM_TOKEN", kept_by="environment"))},
        base=token_attempt,
    ),
    Cause("K1", of_job(passes_secrets=False, identity=(False,)), base=token_attempt),
    Cause("K2", tokens(expires_at=ago(1)), {"tokens": every(missing=REFUSED)}, token_attempt),
    Cause("K2", tokens(revoked=True), tokens(revoked=MISSING), token_attempt),
    Cause("K3", tokens(package_write=False), tokens(package_write=MISSING), token_attempt),
    Cause("K4", tokens(bypass=False), tokens(bypass=MISSING), token_attempt),
    Cause("K5", {"access": setting()}, {"access": MISSING}, token_attempt),
    Cause(
        "K6",
        tokens(publish_policy="stage_only", bypass=True),
        tokens(publish_policy=MISSING),
        token_attempt,
    ),
    Cause("K7", tokens(cidr=("192.0.2.0/24",)), tokens(cidr=MISSING), token_attempt),
    Cause(
        "K8",
        {"newest": newest_release(trusted_publisher=False, publisher="burdock")},
        {"newest": REFUSED},
        token_attempt,
    ),
    Cause(
        "ST1",
        {"collaborators": collaborators("hazel"), "factor": npm_two_factor(mode="off")},
        {"collaborators": REFUSED},
        before=STAGED,
    ),
    Cause(
        "H1", {"collaborators": collaborators("rowan")}, {"collaborators": REFUSED}, hand_attempt
    ),
    Cause("H2", {"factor": npm_two_factor(mode="off")}, {"factor": REFUSED}, hand_attempt),
    Cause(
        "H3",
        {"manifest": manifest(provenance="on")},
        {"manifest": manifest(provenance=MISSING)},
        hand_attempt,
    ),
)
QUESTIONS: tuple[tuple[str, Base, Parts], ...] = (
    ("T3", attempt, {"states": every(workflow_state("disabled_inactivity"))}),
    ("T3", attempt, {"states": every(workflow_state("disabled_manually", file="ci.yml"))}),
    ("T3", attempt, {"states": every(workflow_state(path="dynamic/release.yml"))}),
    ("T3", attempt, {"states": every(workflow_state(), missing=LOST)}),
    ("T3", attempt, CALLING_DISABLED),
    ("T9", token_attempt, at(Trigger("pull_request_target"))),
    ("J11", attempt, {"locks": LOCKED, "files": USES}),
    ("J11", attempt, {"locks": every(replace(COMPLETE, open_ends=("burdock/inner@v1",)))}),
    ("J11", attempt, {"locks": every()}),
    ("J11", attempt, {"locks": every(COMPLETE), "files": every(missing=LOST)}),
    ("T10", attempt, at(Trigger("workflow_run"))),
    ("T13", token_attempt, {**at(BRANCH), "updates": updates()}),
    ("J8", attempt, {**ENVIRONMENT, "repository": repository(visibility="private")}),
    ("J12", attempt, of_command(wrapped="docker run")),
    ("CL6", attempt, {"npmrc": npmrc(), "provenance": REFUSED}),
    ("E1", attempt, {"publisher": REFUSED}),
    ("E7", attempt, UNPROVEN),
    ("E8", attempt, {**publisher(environment="Release"), **of_job(environment="release")}),
    ("E9", attempt, {**ENVIRONMENT, **publisher(), "released_blob": "b" * 40}),
    ("E10", attempt, {**SELF_HOSTED, "released_blob": "", **of_command(provenance="off")}),
    ("E17", attempt, publisher(provider="gitlab", repository="")),
    ("P1", attempt, {**publisher(may_stage=False), **of_command(stages=True)}),
    *(
        ("P3", attempt, {"manifest": manifest(repository=form.format("hazel/catkin"))})
        for form in (
            "https://github.com/{}/tree/main/packages/a",
            "git://github.com/{}.git",
            "git+ssh://git@github.com/{}.git",
            "git@github.com:{}.git",
            "http://github.com/{}",
            "https://www.github.com/{}",
            "https://github.com/{}/",
            "https://github.com/{}.git#main",
        )
    ),
    ("P8", attempt, {**of_command(provenance="off"), "manifest": manifest(repository="")}),
    ("K10", token_attempt, {"now": replace(attempt().now, time=ahead(365))}),
)
NOTES: tuple[tuple[str, Base, Parts], ...] = (
    ("invisible", attempt, of_command(hidden_failure=True)),
    ("22.14", attempt, of_command(node="20.19", npm="11")),
    ("ignored", attempt, {"manifest": manifest(provenance="off")}),
    ("dist-tag", attempt, of_command(moves_tag=True)),
    ("pkgRoot", attempt, of_command(client="semantic-release")),
    ("packageRoot", attempt, of_command(client="nx")),
    ("raise the version", attempt, {"manifest": manifest(version="1.4.0")}),
    ("keeps those of its caller", attempt, of_job(identity=(True, None))),
    ("approves the staged version", attempt, STAGED),
)
COVERED: tuple[tuple[str, Base, Parts], ...] = (
    ("T12", attempt, {"repository": repository(full_name="burdock/catkin")}),
    (
        "J9",
        token_attempt,
        {"secrets": every(workflow_secret("NPM_TOKEN", kept_by="environment"))},
    ),
    ("CL8", attempt, publisher(provider="azure", repository="")),
    ("P6", attempt, {"repository": REFUSED}),
    ("ST2", attempt, {**STAGED, "staged": every(staged_version(version="1.5.0"))}),
    ("ST5", attempt, {**publisher(may_publish=False), **of_command(client="semantic-release")}),
)
"""For each row that others decide: a world in which it refuses the release."""
MATTERING: dict[str, tuple[Base, Parts]] = {
    "T8": (attempt, of_command(client="changesets")),
    "CL7": (attempt, of_command(npm="11")),
    "K9": (token_attempt, of_command(flags=("--access",), secrets=("NPM_TOKEN",))),
    "ST3": (attempt, STAGED),
}
"""For each row that is not always named: a world in which it may matter."""


def causes() -> Any:
    """Each cause, named by its row."""
    return [pytest.param(cause, id=f"{cause.row}-{n}") for n, cause in enumerate(CAUSES)]


@pytest.mark.parametrize("cause", causes())
def test_one_change_is_refused_with_its_row(cause: Cause) -> None:
    before = seen(cause.base(**cause.before))
    assert before.accepted, before
    after = seen(cause.base(**{**cause.before, **cause.change}))
    assert after.verdict is AcceptanceState.REFUSED
    rows = {one.row for one in after.refused}
    assert cause.row in rows, after
    found = next(one for one in after.refused if one.row == cause.row)
    assert found.repair[:1].isupper()
    assert not found.cause.endswith(".")


@pytest.mark.parametrize("cause", [one for one in causes() if one.values[0].unread])
def test_what_is_not_read_leaves_it_unknown(cause: Cause) -> None:
    made = seen(cause.base(**{**cause.before, **cause.unread}))
    assert cause.row in rows(made), made
    assert not made.accepted


@pytest.mark.parametrize(("row", "base", "change"), QUESTIONS)
def test_what_is_contested_is_a_question(row: str, base: Base, change: Parts) -> None:
    made = seen(base(**change))
    assert made.verdict is AcceptanceState.UNKNOWN, made
    assert row in rows(made)


@pytest.mark.parametrize(("words", "base", "change"), NOTES)
def test_what_decides_nothing_is_a_note(words: str, base: Base, change: Parts) -> None:
    made = seen(base(**change))
    assert made.accepted, made
    assert any(words in note for note in made.notes), made.notes


OUTSIDE = {"E14", "E15", "N1", "N2", "N3", "N4", "P10", "V10"}
"""Rows that no way meets which a run shows: they are about packages that are not there, about other
packages, or about a fault that is mended."""


def test_every_row_is_judged_covered_named_or_outside() -> None:
    numbers = [row.number for row in ROWS]
    assert len(numbers) == len(set(numbers)) == 99
    judged_ones = {row.number for row in ROWS if row.judge is not None}
    for row in ROWS:
        answers = [row.judge is not None or bool(row.unseen), bool(row.covered), bool(row.outside)]
        assert answers.count(True) == 1, row.number
        assert set(row.covered) <= judged_ones, row.number
        assert not row.outside or row.outside.endswith("."), row.number
    assert {row.number for row in ROWS if row.outside} == OUTSIDE


def test_every_covered_row_has_a_world() -> None:
    assert {row.number for row in ROWS if row.covered} == {number for number, _, _ in COVERED}


@pytest.mark.parametrize(("number", "base", "change"), COVERED)
def test_a_row_that_others_decide_leaves_no_way_accepted(
    number: str, base: Base, change: Parts
) -> None:
    made = seen(base(**change))
    (row,) = (one for one in ROWS if one.number == number)
    assert not made.accepted
    assert set(row.covered) & (rows(made) | {one.row for one in made.refused})


@pytest.mark.parametrize("row", [row for row in ROWS if row.unseen], ids=lambda row: row.number)
def test_an_accepted_way_names_what_was_not_looked_at(row: CauseRow) -> None:
    usual = next(
        (base, change)
        for way, base, change in (
            (Way.PUBLISHER, attempt, {}),
            (Way.SECRET, token_attempt, {}),
            (Way.PERSON, hand_attempt, {}),
        )
        if way in row.ways
    )
    base, change = MATTERING.get(row.number, usual)
    made = seen(base(**change))
    assert made.accepted, made
    assert row.number in {one.row for one in made.unseen}


@pytest.mark.parametrize("row", [row for row in ROWS if row.unseen], ids=lambda row: row.number)
def test_what_is_not_known_to_be_harmless_is_named(row: CauseRow) -> None:
    for base in (attempt, token_attempt, hand_attempt):
        made = base(command=REFUSED, workflows=every(missing=REFUSED))
        assert bool(row.unlooked(made)) is (made.way in row.ways)


def test_a_complete_lock_file_of_actions_holds() -> None:
    assert seen(attempt(locks=every(COMPLETE), files=USES)).accepted
    more = every(of_file(whole(whole_job(uses=(use(pin="burdock/x@v1"),))), "release.yml"))
    assert rows(seen(attempt(locks=every(COMPLETE), files=more))) == {"J11"}


def test_every_judged_row_has_a_case() -> None:
    noted = {"J13", "CL9", "P7", "P11", "ST4"}
    tested = {cause.row for cause in CAUSES} | {row for row, _, _ in QUESTIONS} | noted
    assert {row.number for row in ROWS if row.judge is not None} <= tested


def test_a_refusal_counts_more_than_all_that_is_unread() -> None:
    made = seen(attempt(**of_job(identity=(False,)), manifest=REFUSED, actions=REFUSED))
    assert made.verdict is AcceptanceState.REFUSED
    assert not made.unread
