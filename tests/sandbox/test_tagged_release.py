"""GitHub refuses a release as it does, row by row of `hardenme rehearse`; one change each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from hardenme.model.acceptance import AcceptanceState, ReleaseWay
from hardenme.sandbox.github.world import (
    BranchProtection,
    BypassActor,
    Environment,
    RepositorySecret,
    Rule,
    Ruleset,
)
from tests.attended import AtHand
from tests.moment import NOW
from tests.running import Stage
from tests.sandbox.tagged_release import (
    FILE,
    MINE,
    NAME,
    OF_RUN,
    OWNER,
    RELEASE,
    RUN,
    SESSION,
    Answered,
    Release,
    tagged_release,
)
from tests.worlds.github_runs import CREATION, DISABLED, FOLDER, NO_PULLS

Change = Callable[[Release], object]
ACCEPTED = Answered(NAME, 201)
CALLER = """\
on:
  push:
    tags: ['v*']
jobs:
  call:
    uses: ./.github/workflows/publish.yml
"""
GRANT = "    permissions:\n      contents: read\n      id-token: write\n"
MAKER = """\
on:
  push:
    branches: [main]
permissions:
  contents: write
jobs:
  please:
    runs-on: ubuntu-latest
    steps:
      - uses: googleapis/release-please-action@v4
"""
CALLED = RELEASE.replace("  push:\n    tags: ['v*']\n", "  workflow_call:\n")


def edit(old: str, new: str) -> Change:
    return lambda found: found.edit(old, new)


def both(*changes: Change) -> Change:
    return lambda found: [change(found) for change in changes]


def of(name: str, *, value: object) -> Change:
    """Another value of the repository."""
    return lambda found: setattr(found.repository, name, value)


def actions(**values: object) -> Change:
    def change(found: Release) -> None:
        for name, value in values.items():
            setattr(found.repository.actions, name, value)

    return change


def release(**values: object) -> Change:
    def change(found: Release) -> None:
        for name, value in values.items():
            setattr(found, name, value)

    return change


def bound(**claims: str) -> Change:
    return lambda found: found.claims(**claims)


def disabled(found: Release) -> None:
    found.repository.workflow_states[FILE] = "disabled_manually"


def dispatched(found: Release) -> None:
    found.edit("  push:\n    tags: ['v*']\n", "  workflow_dispatch:\n")
    found.event = "workflow_dispatch"


def old_commit(old: str, new: str) -> Change:
    """A tag at an earlier commit, of which the file was another one."""

    def change(found: Release) -> None:
        found.commit = "c" * 40
        files = dict(found.repository.files)
        files[FOLDER + FILE] = RELEASE.replace(old, new, 1).encode()
        found.repository.past[found.commit] = files

    return change


def restricted(*bypass: BypassActor) -> Change:
    def change(found: Release) -> None:
        made = Ruleset(1, "tags", found.repository.full_name, NOW, NOW, target="tag")
        made.include, made.rules = ["refs/tags/v*"], [Rule("creation")]
        made.bypass_actors += bypass
        found.repository.rulesets.append(made)

    return change


def deploys(**values: object) -> Change:
    """The job and the publisher name an environment, which is so."""

    def change(found: Release) -> None:
        made = Environment(801, "npm", NOW, NOW)
        for name, value in values.items():
            setattr(made, name, value)
        found.repository.environments.append(made)
        found.edit("    steps:", "    environment: npm\n    steps:")
        found.claims(environment="npm")

    return change


def called(caller: str = CALLER + GRANT, callee: str = CALLED, *, names: str = FILE) -> Change:
    """The release workflow calls another one, which publishes."""

    def change(found: Release) -> None:
        found.file(caller)
        found.file(callee, "publish.yml")
        found.claims(file=names)

    return change


def renamed(found: Release) -> None:
    found.repository.name, found.repository.former_names = "library", [f"{OWNER}/{NAME}"]


def moved_file(found: Release) -> None:
    text = found.repository.files.pop(FOLDER + FILE).decode()
    found.file(text, "publish.yml")


def private(found: Release) -> None:
    found.repository.visibility = "private"


TAG_ON_MAIN = 'Tag "v1.1.0" is not allowed to deploy to npm due to environment protection rules.'
MAIN_ON_TAG = 'Branch "main" is not allowed to deploy to npm due to environment protection rules.'
NESTED = "is requesting 'id-token: write', but is only allowed 'id-token: none'."
NO_RUN, NO_TOKEN = Answered(RUN, "none"), Answered(RUN, "no id token")
OWN_READ = "permissions:\n  contents: read\njobs:"
ENVIRONMENT = "    environment: npm\n    steps:"
RESTRICTED = actions(allowed_actions="selected")
THIRD = edit("actions/checkout@v7", "changesets/action@v1")


@dataclass(frozen=True, slots=True)
class Row:
    """A cause: what is changed, and what answers."""

    name: str
    change: Change
    answer: Answered

    def __str__(self) -> str:
        return self.name


def startup(text: str) -> Answered:
    return Answered(RUN, "startup_failure", text)


def exchange(status: int) -> Answered:
    return Answered("exchange", status)


ROWS = (
    Row("T1", actions(enabled="none"), NO_RUN),
    Row("T2", of("archived", value=True), Answered("refs", 403, "so is read-only.")),
    Row("T3", disabled, NO_RUN),
    Row("T3 dispatch", both(dispatched, disabled), Answered("dispatches", 422, DISABLED)),
    Row("T4 event", old_commit("  push:\n    tags: ['v*']", "  workflow_dispatch:"), NO_RUN),
    Row("T4 rights", old_commit("      id-token: write\n", ""), NO_TOKEN),
    Row("T5", edit("'v*'", "'lib@*'"), NO_RUN),
    Row("T6", both(release(by=OF_RUN), lambda found: found.file(MAKER, "please.yml")), NO_RUN),
    Row("T7", restricted(), Answered("refs", 422, CREATION)),
    Row("T8", release(by=OF_RUN, event="pulls"), Answered("pulls", 403, NO_PULLS)),
    Row(
        "T8 rights",
        both(
            release(by=OF_RUN, event="pulls"),
            lambda found: found.github.world.tokens[1].permissions.pop("pull_requests"),
        ),
        Answered("pulls", 403, "Resource not accessible by integration"),
    ),
    *(
        Row(
            f"T10 {event}",
            both(edit("  push:\n    tags: ['v*']", f"  {event}:"), release(event=event)),
            exchange(401),
        )
        for event in ("issue_comment", "pull_request_target")
    ),
    Row(
        "T11",
        edit("    runs-on:", "    if: github.repository == 'hazel/old'\n    runs-on:"),
        Answered(RUN, "skipped"),
    ),
    Row("T12", of("fork", value=True), NO_RUN),
    Row(
        "E3 of a fork",
        both(of("owner", value="rowan"), of("collaborators", value={OWNER: "admin"})),
        exchange(404),
    ),
    Row("J1 selected", both(RESTRICTED, THIRD), startup("The action changesets/action@v1 is not")),
    Row("J1 own", actions(allowed_actions="local_only"), startup("is not allowed in hazel/lib")),
    Row(
        "J2",
        actions(sha_pinning_required=True),
        startup("all actions must be pinned to a full-length commit SHA."),
    ),
    Row("J3 job", edit("      id-token: write\n", ""), NO_TOKEN),
    Row("J3 read-all", edit(GRANT, "    permissions: read-all\n"), NO_TOKEN),
    Row("J4", called(CALLER), startup(NESTED)),
    Row(
        "J5",
        called(callee=CALLED.replace("      id-token: write\n", "")),
        NO_TOKEN,
    ),
    Row(
        "J6 branches",
        deploys(branch_policy="custom", policies=[("branch", "main")]),
        Answered(RUN, "failure", TAG_ON_MAIN),
    ),
    Row("J6 protected", deploys(branch_policy="protected"), Answered(RUN, "failure", TAG_ON_MAIN)),
    Row(
        "J6 tags",
        both(deploys(branch_policy="custom", policies=[("tag", "v*")]), dispatched),
        Answered(RUN, "failure", MAIN_ON_TAG),
    ),
    Row(
        "J7",
        deploys(reviewers=[OWNER], prevent_self_review=True),
        Answered(RUN, "waiting"),
    ),
    Row("J10", edit("ubuntu-latest", "ubuntu-20.04"), Answered(RUN, "queued")),
    Row("E3", bound(repository="Hazel/lib"), exchange(404)),
    Row("E4", renamed, exchange(404)),
    Row("E5", moved_file, exchange(404)),
    Row("E6", called(names="publish.yml"), exchange(404)),
    Row("E8", bound(environment="npm"), exchange(404)),
    Row(
        "E8 earlier job",
        both(
            bound(environment="npm"),
            edit("jobs:\n", f"jobs:\n  gate:\n    runs-on: ubuntu-latest\n{ENVIRONMENT} []\n"),
        ),
        exchange(404),
    ),
    Row("P4", edit("ubuntu-latest", "[self-hosted]"), Answered(NAME, 422, "self-hosted")),
    Row(
        "P5",
        both(private, edit("npm publish", "npm publish --provenance")),
        Answered(NAME, 422, 'repository visibility: "private"'),
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_one_change_is_refused(row: Row) -> None:
    with tagged_release() as found:
        row.change(found)
        said = found.go()
        assert (said.by, said.answer) == (row.answer.by, row.answer.answer), said
        assert row.answer.text in said.text
        assert [one.version for one in found.package.versions] == ["1.0.0"]


ADMINISTRATORS = BypassActor("RepositoryRole", 5)
TAKEN = {
    "as it is": both(),
    "T3 another workflow": of("workflow_states", value={"ci.yml": "disabled_manually"}),
    "T6 dispatch": both(dispatched, release(by=OF_RUN)),
    "T7 bypass": restricted(ADMINISTRATORS),
    "T11 present name": edit(
        "    runs-on:", "    if: github.repository == 'hazel/lib'\n    runs-on:"
    ),
    "J1 own": RESTRICTED,
    "J2 pinned": both(
        actions(sha_pinning_required=True),
        edit("actions/checkout@v7", f"actions/checkout@{'a' * 40}"),
        edit("actions/setup-node@v7", f"actions/setup-node@{'b' * 40}"),
    ),
    "J3 workflow": both(
        edit("permissions:\n  contents: read", "permissions: write-all"), edit(GRANT, "")
    ),
    "J5 no block": called(callee=CALLED.replace(GRANT, "").replace(OWN_READ, "jobs:")),
    "J6 tags": deploys(branch_policy="custom", policies=[("tag", "v*")]),
    "J6 protected": both(
        deploys(branch_policy="protected"),
        dispatched,
        lambda found: found.repository.protection.append(BranchProtection("main")),
    ),
    "E6 caller": called(),
    "P4 without provenance": both(
        edit("ubuntu-latest", "[self-hosted]"),
        edit("npm publish", "npm publish --no-provenance"),
        release(provenance=False),
    ),
    "P5 without provenance": both(private, release(provenance=False)),
}


@pytest.mark.parametrize("name", TAKEN)
def test_what_nothing_refuses_is_released(name: str) -> None:
    with tagged_release() as found:
        TAKEN[name](found)
        assert found.go() == ACCEPTED
        assert [one.version for one in found.package.versions] == ["1.0.0", "1.1.0"]


NOT_JUDGED = {
    # The next tag is expected at the head of the default branch.
    *("T4 event", "T4 rights"),
    # Nothing is released, and nothing is refused.
    *("T8", "T8 rights"),
    # A new fork has published nothing.
    "T12",
}


def ways(found: Release) -> ReleaseWay:
    """What hardenme says of the release by the publisher."""
    stage = Stage(found.github, found.npm, MINE, SESSION, person=AtHand())
    targets = "npm:lib", f"github:{found.repository.full_name}"
    report = stage.audit(*targets, select_=("PUB101", "PUB104"))
    assert report.publishing is not None
    (paths,) = report.publishing.packages
    (way,) = [one for one in paths.releases if one.key.startswith("publisher/")]
    return way


@pytest.mark.second_tier("an audit each", one_of=8)
@pytest.mark.parametrize("row", [one for one in ROWS if one.name not in NOT_JUDGED], ids=str)
def test_hardenme_names_the_cause_before(row: Row) -> None:
    with tagged_release() as found:
        row.change(found)
        said = ways(found)
        assert said.verdict is AcceptanceState.REFUSED, said
        assert row.name.split()[0] in {one.row for one in said.refused}


@pytest.mark.second_tier("an audit each", one_of=8)
@pytest.mark.parametrize("name", TAKEN)
def test_hardenme_refuses_nothing_that_is_released(name: str) -> None:
    with tagged_release() as found:
        TAKEN[name](found)
        assert ways(found).verdict is not AcceptanceState.REFUSED


def test_a_run_waits_for_a_reviewer_who_is_someone_else() -> None:
    """J7: who started it cannot approve it, if the environment prevents that."""
    with tagged_release() as found:
        deploys(reviewers=[OWNER, "rowan"], prevent_self_review=True)(found)
        assert found.go() == Answered(RUN, "waiting")
        (job,) = found.workflows.runs
        assert not found.workflows.approve(job, found.repository, OWNER)
        assert not found.workflows.approve(job, found.repository, "someone")
        assert found.workflows.approve(job, found.repository, "rowan")
        assert found.publish(job) == ACCEPTED


def test_an_environment_that_is_not_there_is_created_without_secrets() -> None:
    """J9: a secret of an environment is there for the jobs that name it alone."""
    with tagged_release() as found:
        secret = RepositorySecret("NPM_TOKEN", NOW - timedelta(days=9), NOW)
        found.repository.environments.append(Environment(801, "npm", NOW, NOW, secrets=[secret]))
        found.edit("npm publish", "NODE_AUTH_TOKEN=${{ secrets.NPM_TOKEN }} npm publish")
        found.go()
        assert found.workflows.runs[-1].secrets == {"NPM_TOKEN": False}
        found.edit("    steps:", "    environment: npm\n    steps:")
        found.commit = found.repository.head("main")
        found.go()
        assert found.workflows.runs[-1].secrets == {"NPM_TOKEN": True}
        found.edit("environment: npm", "environment: release")
        found.go()
        assert found.workflows.runs[-1].secrets == {"NPM_TOKEN": False}
        assert [one.name for one in found.repository.environments] == ["npm", "release"]
        assert not found.repository.environments[1].reviewers
