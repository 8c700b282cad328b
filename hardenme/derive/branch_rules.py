"""What guards the default branch, from rulesets and classic protection together.

GitHub applies every source and the strictest rule counts. So each question is answered in three
values: yes as soon as one source that was read says so, no only where both were read and say no,
else unknown for the reason that the missing part gives.
"""

from collections.abc import Iterable
from typing import Any

from hardenme.derive.field import field
from hardenme.facts.github.branch import (
    ActiveRulesets,
    ClassicProtection,
    EffectiveBranchRules,
    RulesetBypass,
)
from hardenme.facts.github.repository import Repository
from hardenme.model.unknown import Unknown

RULESETS = "rulesets"
CLASSIC = "classic protection"

GUARDS = (
    "pull_request",
    "dismisses_stale",
    "last_push_approval",
    "code_owner_review",
    "blocks_force_push",
    "blocks_deletion",
    "signatures",
    "conversations",
    "linear_history",
    "restricts_pushes",
)
"""The fields that are a plain yes or no."""

CORE = ("pull_request", "blocks_force_push")
"""The guards that must bind administrators: whoever gets past one of these puts in code that nobody
looked at, or takes back code that somebody did."""

Source = ActiveRulesets | ClassicProtection | Unknown
Maybe = bool | Unknown


def effective_branch_rules(
    repository: Repository,
    rulesets: ActiveRulesets | Unknown,
    bypass: RulesetBypass | Unknown,
    classic: ClassicProtection | Unknown,
) -> EffectiveBranchRules | Unknown:
    """Both sources together; unknown where neither was read, unless there is nothing to guard.

    A repository that is archived or empty has an answer without its rules: nobody can push to the
    one, and the other has no branch.
    """
    archived, branch = field(repository, "archived"), field(repository, "default_branch")
    exists: Any = branch if isinstance(branch, Unknown) else branch is not None
    idle = archived is True or exists is False
    if isinstance(rulesets, Unknown) and isinstance(classic, Unknown) and not idle:
        return rulesets
    sources = (rulesets, classic)
    approvals = [_of(source, "approvals") for source in sources]
    checks = [_of(source, "status_checks") for source in sources]
    counts = [_of(source, "rules") for source in sources]
    guards: dict[str, Any] = {
        name: _any(_of(source, name) for source in sources) for name in GUARDS
    }
    binding: dict[str, Any] = {
        RULESETS: _not(_of(bypass, "admins_bypass")),
        CLASSIC: _of(classic, "binds_admins"),
    }
    standing: dict[str, Any] = {RULESETS: _positive(counts[0]), CLASSIC: _positive(counts[1])}
    return EffectiveBranchRules(
        subject=repository.subject,
        within=repository.subject,
        label=repository.label,
        web=repository.web,
        full_name=field(repository, "full_name"),
        archived=archived,
        exists=exists,
        branch="" if branch is None else branch,
        rules=_unread(counts) or sum(_known(counts)),
        protected=_any(standing.values()),  # type: ignore[arg-type]  # an unknown may stand for a field
        guarded_by=tuple(name for name, stands in standing.items() if stands is True),
        approvals=_unread(approvals) or max(approvals),
        least_approvals=max(_known(approvals), default=0),
        status_checks=_unread(checks) or _union(checks),
        least_checks=len(_union(_known(checks))),
        binds_admins=_binds(sources, tuple(binding.values())),  # type: ignore[arg-type]  # as above
        exempted_by=tuple(
            name for name, binds in binding.items() if standing[name] is True and binds is False
        ),
        offered=_of(classic, "offered") is not False,
        in_organization=field(repository, "in_organization") is True,
        **guards,
    )


def _binds(sources: tuple[Source, ...], binding: tuple[Maybe, ...]) -> Maybe:
    """Whether administrators are bound to every core guard that stands.

    An administrator must keep each rule that one source holds them to, whatever another source
    lets them skip. So a guard binds them where one source both sets it and binds them; and they
    are bound where this holds for each of the core guards that any source sets. Where no source
    sets one of these, the rules that there are stand in for them. No rule at all binds nobody.
    """
    states = [tuple(_of(source, name) for source in sources) for name in CORE]
    other = tuple(_positive(_of(source, "rules")) for source in sources)
    set_somewhere = _any(_any(state) for state in states)
    by_core = _all(_or(_not(_any(state)), _held(state, binding)) for state in states)
    return _or(
        _all((set_somewhere, by_core)),
        _all((_not(set_somewhere), _held(other, binding))),
    )


def _held(states: tuple[Maybe, ...], binding: tuple[Maybe, ...]) -> Maybe:
    """Whether one source both sets the guard and binds administrators."""
    return _any(_all(pair) for pair in zip(states, binding, strict=True))


def _of(source: Source | RulesetBypass, name: str) -> Any:
    return source if isinstance(source, Unknown) else field(source, name)


def _positive(count: Any) -> Maybe:
    return count if isinstance(count, Unknown) else count > 0


def _not(value: Maybe) -> Maybe:
    return value if isinstance(value, Unknown) else not value


def _or(*values: Maybe) -> Maybe:
    return _any(values)


def _any(values: Iterable[Maybe]) -> Maybe:
    """Yes where one is; else unknown where one is unknown; else no."""
    seen = list(values)
    return True if True in seen else _unread(seen) or False


def _all(values: Iterable[Maybe]) -> Maybe:
    """No where one is; else unknown where one is unknown; else yes."""
    seen = list(values)
    return False if False in seen else _unread(seen) or True


def _unread(values: Iterable[Any]) -> Any:
    """The first that is unknown; None where all are known."""
    return next((value for value in values if isinstance(value, Unknown)), None)


def _known(values: Iterable[Any]) -> list[Any]:
    return [value for value in values if not isinstance(value, Unknown)]


def _union(values: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for names in values for name in names))
