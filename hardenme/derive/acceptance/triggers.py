"""T: whether the workflow starts."""

from __future__ import annotations

import re

from hardenme.derive.acceptance import evidence
from hardenme.derive.acceptance.attempt import (
    Attempt,
    Obstacle,
    RowResult,
    Unsettled,
    matches,
)
from hardenme.derive.acceptance.row import PUBLISHER, SECRET, WORKFLOW, CauseRow
from hardenme.derive.ref_pattern import names
from hardenme.derive.ruleset_bypass import ADMIN, ROLE
from hardenme.facts.github.release_job import GITHUB_TOKEN, ReleaseMaker, Trigger
from hardenme.facts.github.ruleset import BypassActor
from hardenme.facts.github.workflow_state import ACTIVE, DELETED, INACTIVE, WorkflowState
from hardenme.model.known import field
from hardenme.model.unknown import NotKnownError, Reason, Unknown

REFUSED_EVENTS = frozenset({"issue_comment", "pull_request_target"})
"""Events of which npm rejects the identity token since 2 October 2026."""
NAMED_EVENTS = frozenset({"push", "release", "workflow_dispatch"})
"""Events of which npm's announcement says that they keep working."""
ANYWAY = frozenset({"workflow_dispatch", "repository_dispatch"})
"""What the run's own token can start."""
DUE = re.compile(
    r"(?:needs|steps)\.[\w-]+\.outputs\.(?:\w*release\w*|published|hasChangesets|has_changesets"
    r"|should[_-]?publish|version_changed|changed)\b.*",
    re.IGNORECASE,
)
"""Conditions that ask whether a release is due."""
REPOSITORY = re.compile(r"github\.repository\s*==\s*'([^']*)'")
OWNER = re.compile(r"github\.repository_owner\s*==\s*'([^']*)'")
EVENT = re.compile(r"github\.event_name\s*(==|!=)\s*'([^']*)'")
TAG = re.compile(r"startsWith\(\s*github\.ref\s*,\s*'refs/tags/([^']*)'\s*\)")
REF = re.compile(r"github\.(ref|ref_name|ref_type)\s*==\s*'([^']*)'")
ALWAYS = re.compile(r"(?:success|always|!\s*cancelled)\(\s*\)|true|!\s*cancelled\(\)")
RELEASED = re.compile(
    r"github\.event\.(?:action\s*==\s*'(?:published|released|created)'|release\.draft\s*==\s*false"
    r"|release\.prerelease\s*==\s*false)|!\s*github\.event\.release\.(?:draft|prerelease)"
)
BLOCKED = "pull_request_target"
"""The event that GitHub's default policy blocks in public repositories."""
BOTS = frozenset({"changesets"})
"""Clients whose releases begin with a pull request of a bot."""
SHOWN = 3
DISABLED = frozenset({"disabled_manually", "disabled_fork"})
"""States in which no event starts a workflow."""
CALLED = " / "
"""The separator between a job that calls a workflow and the job of that workflow."""


def actions_on(attempt: Attempt) -> RowResult:
    """Actions run at all."""
    if attempt.actions.enabled:
        return None
    name = attempt.actions.subject.name
    return Obstacle(f"GitHub Actions are off in {name}", f"Turn on Actions in {name}")


def repository_active(attempt: Attempt) -> RowResult:
    """Someone can push to the repository."""
    if not attempt.repository.archived:
        return None
    name = attempt.repository.subject.name
    return Obstacle(f"{name} is archived", f"Unarchive {name}, or release from another repository")


def not_disabled(attempt: Attempt) -> RowResult:
    """GitHub runs the workflow."""
    file = attempt.workflow.file
    for one in attempt.states.facts:
        if one.file == file and one.state in DISABLED:
            return _disabled(attempt, file)
    known = list(attempt.states)
    found = {one.state for one in known if one.file == file} - {DELETED}
    if found == {ACTIVE}:
        return _called_ones(attempt, known)
    if found == {INACTIVE} and {one.event for one in attempt.triggers} == {"schedule"}:
        return _disabled(attempt, file)
    said = ", ".join(sorted(found)) or "not listed"
    return Unsettled(f"whether GitHub runs {file}, whose state is {said}")


def _disabled(attempt: Attempt, file: str) -> Obstacle:
    name = attempt.repository.full_name
    return Obstacle(f"{file} is disabled in {name}", f"Enable it: gh workflow enable {file}")


def _called_ones(attempt: Attempt, known: list[WorkflowState]) -> RowResult:
    """A job of a called workflow: what GitHub does where that one is disabled is not documented."""
    if CALLED not in attempt.job.name:
        return None
    callable_ = {
        one.file
        for one in attempt.workflows
        if any(trigger.event == "workflow_call" for trigger in one.triggers)
    }
    off = sorted({one.file for one in known if one.file in callable_ and one.state != ACTIVE})
    if not off:
        return None
    return Unsettled(f"whether {attempt.workflow.file} calls {', '.join(off)}, which is disabled")


def started(attempt: Attempt) -> RowResult:
    """The file has an event that starts it."""
    if attempt.triggers:
        return None
    file = attempt.workflow.file
    return Obstacle(
        f"{file} is only called by other workflows, so nothing starts it",
        f"Name the workflow that calls {file} in the trusted publisher",
    )


def tag_matches(attempt: Attempt) -> RowResult:
    """The next tag starts the workflow, if only tags do."""
    pushes = [one for one in attempt.triggers if one.event == "push"]
    if len(pushes) < len(attempt.triggers) or not all(_tags_alone(one) for one in pushes):
        return None
    newest = attempt.tags.newest
    if not newest:
        return Unsettled("a tag to hold against the filter of on.push.tags: there is none yet")
    if any(matches(one.tags, tag) for one in pushes for tag in newest):
        return None
    wanted = ", ".join(pattern for one in pushes for pattern in one.tags)
    shown = ", ".join(newest[:SHOWN])
    return Obstacle(
        f"on.push.tags asks for {wanted}, and the newest tags are {shown}",
        f"Change on.push.tags in {attempt.workflow.file} to match the tags of your releases",
    )


def _tags_alone(trigger: Trigger) -> bool:
    return bool(trigger.tags) and not trigger.branches


def made_by_a_person(attempt: Attempt) -> RowResult:
    """What starts the workflow is not made by the run's own token."""
    listened = {one.event for one in attempt.triggers}
    if listened & ANYWAY or not listened & {"release", "push", "create"}:
        return None
    if any(one.event == "push" and not one.tags for one in attempt.triggers):
        return None
    makers = [
        (one.file, maker)
        for one in attempt.workflows
        for maker in one.makers
        if one.file != attempt.workflow.file
    ]
    silent = [(file, maker) for file, maker in makers if maker.token == GITHUB_TOKEN]
    if not silent:
        return _unclear(makers)
    if evidence.verified(attempt):
        return None
    if len(silent) < len(makers):
        return Unsettled(f"which of {_shown(makers)} makes the release that starts the workflow")
    file, maker = silent[0]
    return Obstacle(
        f"{maker.by} in {file} makes the release with GITHUB_TOKEN, which starts no other workflow",
        f"Give {maker.by} in {file} the token of an app, or start the release by workflow_dispatch",
    )


def _unclear(makers: list[tuple[str, ReleaseMaker]]) -> RowResult:
    computed = [one for one in makers if "${{" in one[1].token]
    return Unsettled(f"whose token {_shown(computed)} uses") if computed else None


def _shown(makers: list[tuple[str, ReleaseMaker]]) -> str:
    return ", ".join(f"{maker.by} in {file}" for file, maker in makers[:SHOWN])


def tag_creatable(attempt: Attempt) -> RowResult:
    """Who releases may create the tag."""
    if any(one.event in ANYWAY or _on_branches(one) for one in attempt.triggers):
        return None
    creating = [one for one in attempt.tag_rulesets.rulesets if _binds(attempt, one)]
    if not creating:
        return None
    for ruleset in creating:
        actors = field(ruleset, "actors")
        if isinstance(actors, Unknown):
            if evidence.tag_passed(attempt):
                continue
            needed = f"the bypass list of the tag ruleset {ruleset.number}, which admins see"
            raise NotKnownError(Unknown(Reason.NOT_VISIBLE, needed))
        if not actors:
            return Obstacle(
                f"tag ruleset {ruleset.number} lets no one create such a tag",
                'Move "Restrict creations" to a ruleset of its own, and add who creates the'
                " release tags to its bypass list",
            )
        if not _own_bypass(attempt, actors) and not evidence.tag_passed(attempt):
            return Unsettled(
                f"whether who creates the tag is in the bypass list of tag ruleset {ruleset.number}"
            )
    return None


def _own_bypass(attempt: Attempt, actors: tuple[BypassActor, ...]) -> bool:
    """Whether the account itself can create the tag, and no bot does so."""
    admins = any(field(one, "kind") == ROLE and field(one, "number") == ADMIN for one in actors)
    bots = any(one.makers for one in attempt.workflows)
    return admins and bool(attempt.repository.viewer_is_admin) and not bots


def _on_branches(trigger: Trigger) -> bool:
    return trigger.event == "push" and not trigger.tags


def _binds(attempt: Attempt, ruleset: object) -> bool:
    """Whether an active ruleset restricts who creates tags like the newest ones."""
    enforcement, rules = (field(ruleset, name) for name in ("enforcement", "rules"))  # type: ignore[arg-type]
    for value in (enforcement, rules):
        if isinstance(value, Unknown):
            raise NotKnownError(value)
    if enforcement != "active" or "creation" not in rules:
        return False
    newest = attempt.tags.newest
    if not newest:
        return True
    include, exclude = ruleset.include, ruleset.exclude  # type: ignore[attr-defined]
    return any(
        any(names(one, f"refs/tags/{tag}", at_most=True) for one in include)
        and not any(names(one, f"refs/tags/{tag}", at_most=False) for one in exclude)
        for tag in newest[:1]
    )


def event_accepted(attempt: Attempt) -> RowResult:
    """The registry takes the identity token of the event."""
    events = {one.event for one in attempt.triggers}
    if events & NAMED_EVENTS:
        return None
    if events and events <= REFUSED_EVENTS:
        return Obstacle(
            f"npm rejects identity tokens of {' and '.join(sorted(events))}",
            f"Start {attempt.workflow.file} by push, release or workflow_dispatch",
        )
    return Unsettled(f"whether npm takes identity tokens of {', '.join(sorted(events))}")


def conditions_hold(attempt: Attempt) -> RowResult:
    """Every `if` on the way to the publishing step is true for a release."""
    for condition in attempt.job.conditions:
        bare = re.sub(r"^\s*\$\{\{(.*)\}\}\s*$", r"\1", condition, flags=re.DOTALL).strip()
        for part in bare.split("&&"):
            alternatives = [one.strip().strip("()").strip() for one in part.split("||")]
            said = [_one(attempt, one, whole) for one, whole in _paired(alternatives, part)]
            if True in said:
                continue
            if None in said:
                return Unsettled(f"whether this is true when you release: if: {condition}")
            return Obstacle(
                f"the job {attempt.job.name} is skipped: {part.strip()} is not true in"
                f" {attempt.repository.full_name}",
                f"Correct that condition in {attempt.workflow.file}",
            )
    return None


def _paired(alternatives: list[str], part: str) -> list[tuple[str, str]]:
    return [(one, part.strip() if len(alternatives) == 1 else one) for one in alternatives]


def _one(attempt: Attempt, bare: str, whole: str) -> bool | None:
    """Whether a condition is true for some release; None if that is not understood."""
    events = {one.event for one in attempt.triggers}
    for text in (whole, bare):
        if ALWAYS.fullmatch(text) or DUE.fullmatch(text) or RELEASED.fullmatch(text):
            return True
        found = REPOSITORY.fullmatch(text)
        if found:
            return bool(found[1].lower() == attempt.repository.full_name.lower())
        found = OWNER.fullmatch(text)
        if found:
            owner = attempt.repository.full_name.partition("/")[0]
            return bool(found[1].lower() == owner.lower())
        found = EVENT.fullmatch(text)
        if found:
            others = events - {found[2]}
            return found[2] in events if found[1] == "==" else bool(others)
        if TAG.fullmatch(text):
            return True if events & {"push", "release", "workflow_dispatch"} else None
        found = REF.fullmatch(text)
        if found:
            return _of_ref(attempt, found[1], found[2])
    return None


def _of_ref(attempt: Attempt, name: str, value: str) -> bool | None:
    default = attempt.repository.default_branch
    branch = value.removeprefix("refs/heads/") if name == "ref" else value
    if name == "ref_type":
        return True if value in {"tag", "branch"} else None
    return True if branch == default else None


def started_by_a_person(attempt: Attempt) -> RowResult:
    """The run is not started by Dependabot, which gets no secrets."""
    merges = any(one.event in {"push", "workflow_run"} and not one.tags for one in attempt.triggers)
    if not merges or not any("dependabot" in one for one in attempt.updates.settings):
        return None
    return Unsettled(
        "who merges Dependabot's pull requests: a run that Dependabot starts gets no secrets"
    )


def by_bot(attempt: Attempt) -> bool:
    """A pull request or a release that a bot makes comes first."""
    return attempt.command.client in BOTS or any(one.makers for one in attempt.workflows)


def default_policy(attempt: Attempt) -> RowResult:
    """GitHub's default policy lets the event start the workflow."""
    events = {one.event for one in attempt.triggers}
    if not events or not events <= {BLOCKED} or not attempt.public:
        return None
    return Unsettled(f"an Actions policy that allows {BLOCKED}, which GitHub blocks by default")


ROWS = (
    CauseRow("T1", "GitHub Actions are on", WORKFLOW, actions_on),
    CauseRow("T2", "The repository is not archived", WORKFLOW, repository_active),
    CauseRow("T3", "The workflow is not disabled", WORKFLOW, not_disabled),
    CauseRow("T4", "An event starts the workflow file", WORKFLOW, started),
    CauseRow("T5", "The next tag matches the filter of the event", WORKFLOW, tag_matches),
    CauseRow("T6", "The run's own token does not make the release", WORKFLOW, made_by_a_person),
    CauseRow("T7", "Who releases may create the tag", WORKFLOW, tag_creatable),
    CauseRow(
        "T8",
        "The bot may open its version pull request",
        WORKFLOW,
        unseen="whether a bot may open the pull request of the next version",
        matters=by_bot,
    ),
    CauseRow(
        "T9",
        "No Actions policy blocks the event or the person",
        WORKFLOW,
        default_policy,
        unseen="Actions policies of the repository and those above it",
    ),
    CauseRow("T10", "npm takes the identity token of the event", PUBLISHER, event_accepted),
    CauseRow("T11", "Every condition on the way is true", WORKFLOW, conditions_hold),
    CauseRow(
        "T12",
        "The run is not a fork's",
        PUBLISHER,
        covered=("E3",),
    ),
    CauseRow("T13", "Dependabot does not start the run", SECRET, started_by_a_person),
)
