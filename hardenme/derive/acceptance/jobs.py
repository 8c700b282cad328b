"""J: whether the publishing job starts, and with which rights."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from hardenme.derive.acceptance.attempt import (
    Attempt,
    Note,
    Obstacle,
    RowResult,
    Unsettled,
    known,
)
from hardenme.derive.acceptance.row import PUBLISHER, SECRET, WORKFLOW, CauseRow
from hardenme.facts.github.environments import (
    EVERY_BRANCH,
    NAMED,
    PROTECTED,
    Environment,
    EnvironmentGuards,
)
from hardenme.facts.github.release_job import Trigger
from hardenme.model.unknown import NotKnownError, Reason, Unknown

COMMIT = re.compile(r"[0-9a-fA-F]{40}")
RETIRED = frozenset(
    {"ubuntu-16.04", "ubuntu-18.04", "ubuntu-20.04", "windows-2016", "windows-2019"}
    | {"macos-10.15", "macos-11", "macos-12", "macos-13"}
)
"""Images of runners that GitHub has removed."""
GITHUB_OWNERS = frozenset({"actions", "github"})
LOCK = "actions.lock"
DEEP = "run with --depth deep"


def actions_allowed(attempt: Attempt) -> RowResult:
    """Every action of the job is allowed."""
    if attempt.actions.allowed == "all":
        return None
    owner = attempt.repository.full_name.partition("/")[0].lower()
    for reference in attempt.job.actions:
        name = reference.partition("@")[0].lower()
        who = name.partition("/")[0]
        if reference.startswith(("./", "docker://")) or who == owner:
            continue
        if attempt.actions.allowed == "local_only":
            return _not_allowed(reference, attempt)
        selected = attempt.selected
        if who in GITHUB_OWNERS and selected.github_owned:
            continue
        verdict = _by_patterns(reference.lower(), selected.patterns)
        if verdict is False or (verdict is None and not selected.verified):
            return _not_allowed(reference, attempt)
        if verdict is None:
            return Unsettled(f"whether GitHub verified the creator of {reference}")
    return None


def _by_patterns(reference: str, patterns: tuple[str, ...]) -> bool | None:
    """Whether patterns let an action in or take it out; None if none matches it."""
    found: bool | None = None
    for pattern in patterns:
        bare = pattern.removeprefix("!").lower()
        bare = bare if "@" in bare or bare.endswith("*") else f"{bare}@*"
        if fnmatchcase(reference, bare):
            if pattern.startswith("!"):
                return False
            found = True
    return found


def _not_allowed(reference: str, attempt: Attempt) -> Obstacle:
    return Obstacle(
        f"the action {reference} is not allowed in {attempt.repository.full_name}",
        f"Allow {reference.partition('@')[0]} in the Actions settings, or replace it",
    )


def actions_pinned(attempt: Attempt) -> RowResult:
    """Actions are pinned where the repository demands it."""
    if not attempt.actions.pinned:
        return None
    outside = [one for one in attempt.job.actions if not one.startswith(("./", "docker://"))]
    loose = [one for one in outside if not COMMIT.fullmatch(one.partition("@")[2])]
    if loose:
        return Obstacle(
            f"{loose[0]} is not pinned to a full commit SHA, which the repository requires",
            f"Pin {loose[0].partition('@')[0]} to a commit SHA in {attempt.workflow.file}",
        )
    inner = [one for one in outside if one.partition("/")[0].lower() not in GITHUB_OWNERS]
    if inner:
        return Unsettled(f"whether {inner[0]} uses pinned actions itself")
    return None


def identity_granted(attempt: Attempt) -> RowResult:
    """The job may request the identity token."""
    chain = attempt.job.identity
    if len(chain) > 1 or chain[0]:
        return None
    return Obstacle(
        f"the job {attempt.job.name} of {attempt.workflow.file} lacks id-token: write",
        f'Add "id-token: write" to the permissions of {attempt.job.name}',
    )


def caller_grants(attempt: Attempt) -> RowResult:
    """The calling job grants what the called one asks for."""
    chain = attempt.job.identity
    held = bool(chain[0])
    for asked in chain[1:]:
        if not held and asked is not False:
            caller = attempt.job.name.rpartition(" / ")[0]
            return Obstacle(
                f"the job {caller} does not grant id-token: write to the workflow that it calls",
                f'Add "id-token: write" to the permissions of {caller}',
            )
        held = held if asked is None else asked
    return None


def callee_keeps(attempt: Attempt) -> RowResult:
    """The called workflow does not drop the right."""
    chain = attempt.job.identity
    if len(chain) > 1 and False in chain[1:]:
        return Obstacle(
            f"{attempt.job.name} has permissions without id-token: write",
            f'Add "id-token: write" to the permissions of {attempt.job.name}',
        )
    if len(chain) > 1 and None in chain[1:]:
        return Note(f"{attempt.job.name} has no permissions: it keeps those of its caller")
    return None


def environment_admits(attempt: Attempt) -> RowResult:
    """The environment admits the branch or tag of the run."""
    environment = _environment(attempt)
    if environment is None or not environment.limited:
        return None
    guards = _guards(attempt, environment)
    if guards.branches == EVERY_BRANCH:
        return None
    admitted = [_admits(attempt, guards, one) for one in attempt.triggers]
    if True in admitted:
        return None
    name = environment.name
    if None in admitted or not admitted:
        return Unsettled(f"whether {name} admits the branch or tag of the release")
    allowed = "protected branches" if guards.branches == PROTECTED else ", ".join(guards.patterns)
    return Obstacle(
        f"the environment {name} admits {allowed or 'nothing'}, and"
        f" {attempt.workflow.file} runs on {_events(attempt)}",
        f"Add the tags or branches of your releases to the environment {name}",
    )


def _events(attempt: Attempt) -> str:
    said = ["tags" if one.event == "release" or one.tags else one.event for one in attempt.triggers]
    return " and ".join(dict.fromkeys(said))


def _environment(attempt: Attempt) -> Environment | None:
    """The environment of the job; None if there is none, or a new one is created bare."""
    name = known(attempt.job.environment, "the environment of the job")
    if not name:
        return None
    for environment in attempt.environments:
        if environment.name.casefold() == name.casefold():
            return environment
    return None


def _guards(attempt: Attempt, environment: Environment) -> EnvironmentGuards:
    for guards in attempt.guards.facts:
        if guards.subject == environment.subject:
            return guards
    needed = f"the rules of the environment {environment.name}: {DEEP}"
    raise NotKnownError(Unknown(Reason.NOT_ASKED, needed))


def _admits(attempt: Attempt, guards: EnvironmentGuards, trigger: Trigger) -> bool | None:
    """Whether an environment admits the runs of a trigger; None if that is not known."""
    on_tag = trigger.event == "release" or (trigger.event == "push" and bool(trigger.tags))
    if guards.branches == PROTECTED:
        return False if on_tag and not trigger.branches else None
    if guards.branches != NAMED:
        return None
    kind = "tag " if on_tag else "branch "
    patterns = [one.removeprefix(kind) for one in guards.patterns if one.startswith(kind)]
    if not on_tag:
        names = [attempt.repository.default_branch or ""]
    else:
        names = [one for one in attempt.tags.newest if not trigger.tags or _takes(attempt, one)]
    if not patterns:
        return False
    found = {any(fnmatchcase(name, pattern) for pattern in patterns) for name in names if name}
    return found.pop() if len(found) == 1 else None


def _takes(attempt: Attempt, tag: str) -> bool:
    return any(one.tags and attempt.admits_tag(one, tag) for one in attempt.triggers)


def someone_approves(attempt: Attempt) -> RowResult:
    """Someone can approve the deployment."""
    environment = _environment(attempt)
    if environment is None or not environment.reviewed:
        return None
    guards = _guards(attempt, environment)
    name = environment.name
    if guards.reviewers == 0:
        return Unsettled(f"who approves deployments to {name}: no reviewer of it is left")
    if guards.reviewers > 1 or not guards.prevents_self_review:
        return None
    if attempt.administrators.writers == 1:
        bypass = " (only by an administrator's bypass)" if guards.shows_bypass else ""
        return Obstacle(
            f"the only reviewer of {name} is the only person who can start the run, and no one can"
            f" approve their own deployment{bypass}",
            f"Add a second reviewer to the environment {name}",
        )
    return Note(f"someone other than the only reviewer of {name} has to start the run")


def plan_has_environments(attempt: Attempt) -> RowResult:
    """The plan of a private repository has environments."""
    if not attempt.job.environment or attempt.public:
        return None
    return Unsettled("whether the plan of this private repository has environments")


def runner_there(attempt: Attempt) -> RowResult:
    """The label of the runner exists."""
    labels = attempt.job.runner
    gone = [label for label in labels if label.lower() in RETIRED]
    if gone:
        return Obstacle(
            f"the runner image {gone[0]} no longer exists",
            f"Use ubuntu-latest for {attempt.job.name} in {attempt.workflow.file}",
        )
    _known_runner(attempt)
    return None


def _known_runner(attempt: Attempt) -> bool:
    return attempt.hosted


def lock_complete(attempt: Attempt) -> RowResult:
    """Where the lock file of actions names the workflow, it has a commit for each action."""
    place, file = attempt.workflow.subject, attempt.workflow.file
    lock = next((one for one in attempt.locks if one.subject == place), None)
    if lock is None:
        return Unsettled(f"what {LOCK} lists for {file}")
    if not lock.onboarded:
        return None
    whole = next((one for one in attempt.files if one.subject == place), None)
    if whole is None:
        return Unsettled(f"every action of {file}, to compare it with {LOCK}")
    uses = {use.pin for job in whole.jobs for use in job.uses if use.pin and not job.called}
    missing = sorted(uses - set(lock.pins) | set(lock.open_ends))
    if not missing:
        return None
    return Unsettled(f"whether GitHub starts {file}: {LOCK} has no commit for {missing[0]}")


def environment_reaches_npm(attempt: Attempt) -> RowResult:
    """The variables of the run reach npm."""
    wrapped = attempt.command.wrapped
    if not wrapped:
        return None
    return Unsettled(f"whether the variables of the run reach npm in {wrapped}")


def failure_shows(attempt: Attempt) -> RowResult:
    """A refusal fails the run."""
    if not attempt.command.hidden_failure:
        return None
    return Note(f"a refusal would stay invisible: {attempt.job.name} ignores failures")


ROWS = (
    CauseRow("J1", "Every action is allowed", WORKFLOW, actions_allowed),
    CauseRow("J2", "Every action is pinned where that is required", WORKFLOW, actions_pinned),
    CauseRow("J3", "The job grants id-token: write", PUBLISHER, identity_granted),
    CauseRow("J4", "The calling job grants id-token: write", PUBLISHER, caller_grants),
    CauseRow("J5", "The called workflow keeps id-token: write", PUBLISHER, callee_keeps),
    CauseRow("J6", "The environment admits the branch or tag", WORKFLOW, environment_admits),
    CauseRow("J7", "Someone can approve the deployment", WORKFLOW, someone_approves),
    CauseRow(
        "J8", "The plan of a private repository has environments", WORKFLOW, plan_has_environments
    ),
    CauseRow(
        "J9",
        "The environment that holds the secret exists",
        SECRET,
        covered=("K1",),
    ),
    CauseRow("J10", "The runner exists", WORKFLOW, runner_there),
    CauseRow("J11", "The lock file of actions is complete", WORKFLOW, lock_complete),
    CauseRow("J12", "The variables of the run reach npm", WORKFLOW, environment_reaches_npm),
    CauseRow("J13", "A refusal fails the run", WORKFLOW, failure_shows),
)
