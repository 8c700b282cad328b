"""How the repository of a trusted publisher guards it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hardenme.derive.publishing import steps
from hardenme.derive.publishing.criterion import Criterion, listed
from hardenme.derive.publishing.workflow import judge
from hardenme.facts.github.branch import EffectiveBranchRules
from hardenme.facts.github.environments import (
    Environment,
    EnvironmentGuards,
    EnvironmentSelection,
)
from hardenme.facts.github.files import WorkflowOwners
from hardenme.facts.github.named import GONE, OWNER_GONE, RENAMED, THERE, NamedRepository
from hardenme.facts.github.release_place import publishing_environment, publishing_file
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.workflow import Workflow
from hardenme.facts.npm.paths import PublisherRoute
from hardenme.facts.npm.publishing import GITHUB, TrustedPublisher
from hardenme.model.commands import second_environment
from hardenme.model.fact import Every
from hardenme.model.known import field
from hardenme.model.maybe import first_unknown
from hardenme.model.publishing import ClosingStep
from hardenme.model.unknown import Reason, Unknown


@dataclass(frozen=True, slots=True)
class _Home:
    """The repository of a trusted publisher, as far as it is known.

    Attributes:
        name: `owner/name`; empty if the publisher's own is none or not known.
        missing: why nothing is known of it; None if it is known.
        repository: what it is; None if that is not known.
        workflows: its workflow files.
        guards: what guards these, as far as it was asked one at a time.
        selections: what may deploy to them.
    """

    name: str
    missing: Unknown | None
    repository: Repository | None
    workflows: Every[Workflow]
    environments: Every[Environment]
    guards: Every[EnvironmentGuards]
    selections: Every[EnvironmentSelection]


def publisher_route(  # noqa: PLR0913 (what guards a workflow)
    publisher: TrustedPublisher,
    *,
    repository: Repository | Unknown,
    workflows: Every[Workflow] | Unknown,
    environments: Every[Environment] | Unknown,
    guards: Every[EnvironmentGuards] | Unknown,
    selections: Every[EnvironmentSelection] | Unknown,
    rules: EffectiveBranchRules | Unknown,
    owners: WorkflowOwners | Unknown,
    named: NamedRepository | Unknown,
) -> PublisherRoute:
    """Combines what is known about a trusted publisher, its workflow and its environment."""
    home = _home(
        publisher,
        repository,
        listed(workflows),
        listed(environments),
        listed(guards),
        listed(selections),
    )
    name = field(publisher, "package")
    guarded = Criterion(f"whether the trusted publishers of {name} are guarded")
    sound = Criterion(f"whether the release workflow of {name} is sound")
    environment = _environment(publisher, home)
    alone = _guard(publisher, home, environment, guarded)
    reached = _sound(publisher, home, sound)
    may_publish = field(publisher, "may_publish")
    return PublisherRoute(
        **publisher.placed(),
        package=name,
        publisher=publisher,
        works=_works(publisher, home, environment, named),
        guarded=guarded.value(),
        unguarded=tuple(guarded.against),
        sound=sound.value(),
        unsound=tuple(sound.against),
        exposed=may_publish is True and reached,
        remarks=tuple(_remarks(home, environment, rules, owners)),
        steps=_steps(publisher, home, named, alone=alone, unsound=sound.against),
    )


def _home(  # noqa: PLR0913, PLR0917 (what is known about a repository)
    publisher: TrustedPublisher,
    repository: Repository | Unknown,
    workflows: Every[Workflow],
    environments: Every[Environment],
    guards: Every[EnvironmentGuards],
    selections: Every[EnvironmentSelection],
) -> _Home:
    """The repository; data about another one is not used for it."""
    provider, name = field(publisher, "provider"), field(publisher, "repository")
    missing: Unknown | None = next(
        (item for item in (provider, name, repository) if isinstance(item, Unknown)), None
    )
    if not isinstance(provider, Unknown) and provider != GITHUB:
        missing = Unknown(Reason.NOT_ASKED, f"a look at {provider}, which hardenme does not read")
    named = name if isinstance(name, str) and provider == GITHUB else ""
    if missing is None and isinstance(repository, Repository):
        if repository.subject.name.lower() == named.lower():
            return _Home(named, None, repository, workflows, environments, guards, selections)
        missing = Unknown(Reason.NOT_ASKED, f"a look at the repository {named or 'it names'}")
    nothing: Every[Any] = Every((), missing)
    return _Home(named, missing, None, nothing, nothing, nothing, nothing)


def _environment(publisher: TrustedPublisher, home: _Home) -> Environment | Unknown | None:
    """The environment that the publisher names; None if there surely is none."""
    name = field(publisher, "environment")
    if isinstance(name, Unknown) or name is None:
        return name
    for environment in home.environments.facts:
        found = field(environment, "name")
        if isinstance(found, str) and found.casefold() == name.casefold():
            return environment
    unnamed = (field(item, "name") for item in home.environments.facts)
    unknown = first_unknown(unnamed)
    return home.environments.missing or unknown


def _works(
    publisher: TrustedPublisher,
    home: _Home,
    environment: Environment | Unknown | None,
    named: NamedRepository | Unknown,
) -> Any:
    """Whether a run can publish by it: False if a part surely is missing, else what is unread.

    npm compares the names: a repository that was renamed is another one for it.
    """
    state = named if isinstance(named, Unknown) else field(named, "state")
    if home.name and isinstance(state, str) and state != THERE:
        return False
    if home.repository is None:
        return home.missing or Unknown(Reason.NOT_ASKED, f"a look at {home.name}")
    file, bound = field(publisher, "workflow"), field(publisher, "environment")
    there = [one.subject.name.rpartition("/")[2] for one in home.workflows.facts]
    has_file: Any = file if isinstance(file, Unknown) else bool(there)
    if isinstance(file, str) and file:
        has_file = file in there
    if has_file is False:
        has_file = home.workflows.missing or False
    full, archived = field(home.repository, "full_name"), field(home.repository, "archived")
    parts = (
        full if isinstance(full, Unknown) else full.lower() == home.name.lower(),
        archived if isinstance(archived, Unknown) else not archived,
        has_file,
        environment if isinstance(environment, Unknown) else bound is None or bool(environment),
    )
    return False if False in parts else first_unknown(parts) or True


def _guard(
    publisher: TrustedPublisher,
    home: _Home,
    environment: Environment | Unknown | None,
    leg: Criterion,
) -> bool:
    """Put into `leg` what leaves the publisher unguarded; whether it has to be set up anew."""
    name = home.name or "the project"
    file, bound = field(publisher, "workflow"), field(publisher, "environment")
    leg.demand(file, f"no workflow is named: any workflow of {name} may publish")
    leg.demand(bound, f"it is bound to no environment: any branch of {name} may use it")
    if isinstance(bound, str) and environment is None:
        leg.against.append(
            f"{name} has no environment {bound}: the first run that names it creates it unprotected"
        )
    elif isinstance(bound, str) and isinstance(environment, Unknown):
        leg.unread.append(environment)
    before = len(leg.against)
    if home.repository is None:
        leg.unread.extend([home.missing] if home.missing else [])
    else:
        full = field(home.repository, "full_name")
        same = full if isinstance(full, Unknown) else full.lower() == home.name.lower()
        leg.demand(same, f"{home.name} was renamed, so anyone can take the old name")
    may_publish = field(publisher, "may_publish")
    if isinstance(may_publish, Unknown):
        leg.unread.append(may_publish)
    elif may_publish:
        _reviewed(environment, home, leg)
    return len(leg.against) > before or file == "" or bound is None


def _reviewed(environment: Environment | Unknown | None, home: _Home, leg: Criterion) -> None:
    """A publisher that needs no one on npm needs someone on GitHub who lets its runs go on."""
    if environment is None:
        leg.against.append("it publishes without approval")
    elif isinstance(environment, Unknown):
        leg.unread.append(environment)
    else:
        name, reviewed = field(environment, "name"), _is_reviewed(environment, home)
        leg.demand(reviewed, f"it publishes without approval of the run in {name}")
        if reviewed is not False:
            own = f"it publishes directly, and the person who starts a run in {name} can approve it"
            leg.demand(_no_self_review(environment, home), own)


def _guards(environment: Environment, home: _Home) -> EnvironmentGuards | None:
    """What guards an environment, where it was asked about alone."""
    same = (item for item in home.guards.facts if item.subject == environment.subject)
    return next(same, None)


def _is_reviewed(environment: Environment, home: _Home) -> Any:
    """Whether someone approves: the rule is there and names a user or a team."""
    told, guards = field(environment, "reviewed"), _guards(environment, home)
    if told is False:
        return False
    if guards is None:
        return home.guards.missing or Unknown(Reason.NOT_ASKED, "the reviewers of an environment")
    reviewers: Any = field(guards, "reviewers")
    return reviewers if isinstance(reviewers, Unknown) else reviewers > 0


def _no_self_review(environment: Environment, home: _Home) -> Any:
    told, guards = field(environment, "prevents_self_review"), _guards(environment, home)
    if not isinstance(told, Unknown) or guards is None:
        return told
    return field(guards, "prevents_self_review")


def _sound(publisher: TrustedPublisher, home: _Home, leg: Criterion) -> bool:
    """Add problems of the workflow to `leg`; returns whether outsiders reach what it builds."""
    file = field(publisher, "workflow")
    if isinstance(file, Unknown):
        leg.unread.append(file)
        return False
    if file == "":
        leg.against.append("no workflow is named, so each workflow of the repository counts")
        return False
    if home.missing is not None:
        leg.unread.append(home.missing)
        return False
    for workflow in home.workflows.facts:
        if workflow.label == file:
            return judge(workflow, leg)
    if home.workflows.missing is not None:
        leg.unread.append(home.workflows.missing)
    else:
        leg.against.append(absent(file, home))
    return False


def absent(file: str, home: _Home) -> str:
    """The finding that a workflow that a publisher names is not there."""
    return f"{file} is not on the default branch of {home.name}"


def _remarks(
    home: _Home,
    environment: Environment | Unknown | None,
    rules: EffectiveBranchRules | Unknown,
    owners: WorkflowOwners | Unknown,
) -> list[str]:
    """Who else can run or change the workflow, as far as it is known."""
    if home.repository is None:
        return []
    found: list[str] = []
    if isinstance(environment, Environment):
        found.extend(_ways_past(environment, home))
    if isinstance(rules, EffectiveBranchRules) and rules.subject == home.repository.subject:
        if field(rules, "pull_request") is False:
            found.append("anyone with write access can change the workflow without a pull request")
        elif field(rules, "approvals") == 0:
            found.append("a change of the workflow needs no approval")
    if (
        isinstance(owners, WorkflowOwners)
        and owners.subject == home.repository.subject
        and (field(owners, "path") is None or _known_and_there(owners, "unowned"))
    ):
        found.append("the workflows have no code owner")
    return found


def _known_and_there(owners: WorkflowOwners, name: str) -> bool:
    """Whether a list is known, and holds something."""
    found = field(owners, name)
    return not isinstance(found, Unknown) and bool(found)


def _ways_past(environment: Environment, home: _Home) -> Iterator[str]:
    """What leads past the rules of an environment, as far as it is known."""
    name, guards = field(environment, "name"), _guards(environment, home)
    selections = (one for one in home.selections.facts if one.subject == environment.subject)
    open_to = next((field(one, "open_to") for one in selections), "")
    if field(environment, "limited") is False:
        yield f"every branch and tag may deploy to {name}"
    elif isinstance(open_to, str) and open_to:
        yield f"{open_to} may deploy to {name}"
    if guards is not None and guards.shows_bypass:
        yield f"administrators can bypass the rules of {name} (can_admins_bypass)"


def _steps(
    publisher: TrustedPublisher,
    home: _Home,
    standing: NamedRepository | Unknown,
    *,
    alone: bool,
    unsound: list[str],
) -> tuple[ClosingStep, ...]:
    """What makes it the intended path: only staging, in an environment, from a sound workflow."""
    closes = (path_key(publisher),)
    bound, file = field(publisher, "environment"), _text(field(publisher, "workflow"))
    package = _text(field(publisher, "package"))
    ending = _ending(home, standing) if alone else ""
    if ending:
        return (steps.untrust(publisher, package, closes, ending),)
    where = _present_name(home, standing)
    provider = field(publisher, "provider")
    likely = publishing_environment(home.environments.facts) or steps.ENVIRONMENT
    target = bound if isinstance(bound, str) else likely
    if alone and isinstance(bound, str) and file and provider == GITHUB and where == home.name:
        # Only what it may do would differ, and npm takes no second one of the same claims.
        target = second_environment(bound)
    made: list[ClosingStep] = []
    named = isinstance(bound, str) or alone
    if named and home.repository is not None and home.environments.missing is None:
        names = {_text(field(item, "name")).casefold() for item in home.environments.facts}
        if target.casefold() not in names:
            made.append(steps.environment(home.repository, where, target, closes))
    if alone:
        made.append(
            steps.trust(
                publisher,
                package,
                repository=where,
                file=file or publishing_file(home.workflows.facts),
                environment=target,
                closes=closes,
                unread=home.environments.missing is not None,
            )
            if provider == GITHUB
            else steps.trust_elsewhere(publisher, package, _text(provider), closes)
        )
        ended = steps.RENAMED.format(home.name)
        if where == home.name:
            ended = steps.replaced(publisher, f"{file} of {where}" * bool(file), target)
        made.append(steps.untrust(publisher, package, closes, ended))
    if unsound and file and home.repository is not None:
        made.append(
            steps.add_workflow(home.repository, where, file, target, closes)
            if absent(file, home) in unsound
            else steps.repair(home.repository, where, file, unsound, closes)
        )
    return steps.in_order(made)


def _ending(home: _Home, standing: NamedRepository | Unknown) -> str:
    """Why a publisher is removed with nothing in its place, as a step; empty if it is not.

    Anyone who takes the name of a repository that is gone could publish by the new one, too.
    """
    state = standing if isinstance(standing, Unknown) else field(standing, "state")
    if state in {GONE, OWNER_GONE}:
        return steps.ABSENT.format(home.name)
    unseen = home.missing is not None and home.missing.reason is Reason.NOT_VISIBLE
    return steps.UNSEEN if unseen and state != RENAMED else ""


def _present_name(home: _Home, standing: NamedRepository | Unknown) -> str:
    """What the repository is called today, as far as it is known."""
    current = ""
    if not isinstance(standing, Unknown) and field(standing, "state") == RENAMED:
        current = _text(field(standing, "current"))
    full = "" if home.repository is None else _text(field(home.repository, "full_name"))
    found = current or full
    return home.name if found.casefold() == home.name.casefold() else found or home.name


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def path_key(publisher: TrustedPublisher) -> str:
    """The key of a publisher's path: its id, or what its subject is called."""
    name = _text(field(publisher, "publisher_id"))
    return f"publisher/{name or publisher.subject.name}"
