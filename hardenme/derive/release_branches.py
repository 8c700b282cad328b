"""Whether every branch of which a push starts what publishes is guarded, whatever its name.

Anyone who can push picks a name among those that a workflow lets in, and makes the branch where
there is none. A rule that asks for a pull request does not stop that: it holds from the second push
on. So where a branch exists, pushes to it have to be stopped, and where none does, its creation.

Source: https://github.com/alphagov/govuk-frontend/issues/7077 (a branch with new commits is created
under a ruleset that requires pull requests); "Restrict creations" and "Restrict updates" in
GitHub's "Available rules for rulesets".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from hardenme.derive.branch_guards import CREATION, LOST, PUSH, RULES, BranchGuard, guard
from hardenme.derive.ref_search import EVERYTHING, Cover, allowed, find_uncovered_name, matches
from hardenme.derive.ruleset_bypass import writers
from hardenme.facts.github.branch_names import (
    DEFAULT,
    Branches,
    BranchNames,
    BranchRulesets,
    BranchStart,
    ReleaseBranchRules,
)
from hardenme.facts.github.environments import ProtectedPatterns
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.workflow import Workflow
from hardenme.ground.errors import ContentError
from hardenme.model.fact import Every
from hardenme.model.known import field
from hardenme.model.maybe import all_of, any_of, first_unknown
from hardenme.model.unknown import Reason, Unknown

ANY_NAME = "**"
USUAL = ("next", "alpha", "release/next")
"""Names for examples."""
TOO_MANY = Unknown(
    Reason.INCOMPLETE,
    "fewer or simpler branch patterns, in rules and in workflow filters",
    "there are too many patterns to check every name",
)


@dataclass(frozen=True, slots=True)
class _Exposed:
    """A branch that is not guarded: its name, whether it exists, and what it starts where."""

    name: str
    exists: bool
    file: str
    any_case: bool
    line: int = 0


@dataclass(frozen=True, slots=True)
class _Start:
    """A start with the file that it is of; the default branch is named."""

    file: str
    names: tuple[BranchNames, ...]
    certain: bool
    line: int = 0


@dataclass(frozen=True, slots=True)
class _Rules:
    """The guards of a repository, and what is known about its branches."""

    guards: dict[str, BranchGuard]
    default: str
    listed: frozenset[str]
    whole: Any

    def judge(self, start: _Start) -> Any:
        """True if every branch that starts it is guarded, or one that is not, or unknown."""
        parts = [self._existing(start, name) for name in sorted(self.listed)]
        try:
            parts.append(self._others(start))
        except ContentError:
            parts.append(TOO_MANY)
        exposed = next((part for part in parts if isinstance(part, _Exposed)), None)
        if exposed is None:
            return all_of(parts)
        return exposed if start.certain else _unfollowed(start.file)

    def _existing(self, start: _Start, name: str) -> Any:
        """Of a branch that exists: its updates are stopped, and it cannot be made anew."""
        if name == self.default or not matches(start.names, name, at_most=True):
            return True
        push, creation, deletion = (self.guards[kind].stops(name) for kind in RULES)
        safe = all_of((push, any_of((creation, deletion))))
        if safe is not False:
            return safe
        if not matches(start.names, name, at_most=False):
            return LOST
        return self._shown(start, name, exists=True)

    def _others(self, start: _Start) -> Any:
        """Of the names of no branch that is known: no one can create one."""
        apart = self.listed | {self.default}
        creation, push = self.guards[CREATION], self.guards[PUSH]
        needed = [creation] if self.whole is True else [creation, push]
        if all(_none(start.names, guard.sure, apart) for guard in needed):
            return True
        # Where a branch may be there or not, what is stopped in neither case is exposed.
        guard = creation if self.whole is True else creation | push
        name = next(self._examples(start, guard, apart), None)
        if name is not None:
            return self._shown(start, name, exists=False)
        unsure = first_unknown((self.whole,)) or guard.why
        return unsure or (LOST if self.whole is True else _listed(len(self.listed)))

    def _examples(self, start: _Start, guard: BranchGuard, apart: frozenset[str]) -> Iterator[str]:
        """Names that start it and that nothing can guard, the readable ones first."""
        if EVERYTHING in guard.perhaps:
            return
        for name in _readable(start.names):
            fits = name not in apart and allowed(name)
            if fits and matches(start.names, name, at_most=False) and guard.lacks(name):
                yield name
        found = find_uncovered_name(start.names, guard.perhaps, frozenset(), at_most=True)
        if found in apart:
            found = find_uncovered_name(start.names, guard.perhaps, apart, at_most=True)
        if found is not None:
            yield found

    def _shown(self, start: _Start, name: str, *, exists: bool) -> _Exposed:
        exactly = tuple(replace(item, any_case=False) for item in start.names)
        any_case = not matches(exactly, name, at_most=True)
        return _Exposed(name, exists, start.file, any_case, start.line)


def release_branch_rules(
    repository: Repository,
    workflows: Every[Workflow],
    branches: Branches | Unknown,
    rulesets: BranchRulesets | Unknown,
    classic: ProtectedPatterns | Unknown,
) -> ReleaseBranchRules:
    """The rules of all active rulesets and of classic protection, for each name that counts."""
    default: Any = field(repository, "default_branch")
    default = "" if default is None else default
    found: Any = rulesets if isinstance(rulesets, Unknown) else field(rulesets, "rulesets")
    active = [] if isinstance(found, Unknown) else [s for s in found if s.enforcement == "active"]
    started = [] if isinstance(default, Unknown) else list(_starts(workflows, default))
    missing = first_unknown((default, *_unread(workflows)))
    judged: list[Any] = []
    if started:
        names, whole = _known_branches(branches, default)
        guards = {kind: guard(kind, active, found, classic) for kind in RULES}
        rules = _Rules(guards, default, names, whole)
        judged = [rules.judge(start) for start in started]
    exposed = next((item for item in judged if isinstance(item, _Exposed)), None)
    guarded = False if exposed else all_of((*judged, *([missing] if missing else ())))
    shown = exposed or _Exposed("", exists=False, file="", any_case=False)
    return ReleaseBranchRules(
        **repository.placed(repository.subject),
        full_name=field(repository, "full_name"),
        in_organization=field(repository, "in_organization"),
        archived=field(repository, "archived"),
        files=missing if missing and not started else _once(start.file for start in started),
        names=missing if missing and not started else _patterns(started, default),
        guarded=guarded,
        exposed=first_unknown((guarded,)) or shown.name,
        exists=shown.exists,
        started=shown.file,
        line=shown.line,
        any_case=shown.any_case,
        writers_bypass=any(
            writers(item, pushing=True) is True
            and Cover(item.include, item.exclude).takes(shown.name, at_most=False)
            for item in active
        ),
        waiting=0 if isinstance(found, Unknown) else len(found) - len(active),
    )


def _unread(workflows: Every[Workflow]) -> Iterator[Any]:
    """Why the triggers of some workflow are not known."""
    yield workflows.missing
    for workflow in workflows.facts:
        yield field(workflow, "starts")


def _starts(workflows: Every[Workflow], default: str) -> Iterator[_Start]:
    """What a push to a branch other than the default one starts."""
    for workflow in workflows.facts:
        starts: Any = field(workflow, "starts")
        for start in () if isinstance(starts, Unknown) else starts:
            names = tuple(_named(start, default))
            named = _Start(workflow.label, names, start.certain, start.line)
            if not _none_but(named.names, default):
                yield named


def _named(start: BranchStart, default: str) -> Iterator[BranchNames]:
    """The names of a start, the default branch by its own."""
    escaped = re.sub(r"[^\w/.-]", r"\\\g<0>", default)
    for item in start.names:
        stands = {DEFAULT: escaped, f"!{DEFAULT}": f"!{escaped}"}
        yield replace(item, patterns=tuple(stands.get(one, one) for one in item.patterns))


def _none_but(names: tuple[BranchNames, ...], default: str) -> bool:
    """Whether filters let in the default branch at most."""
    try:
        return find_uncovered_name(names, (), frozenset({default}), at_most=False) is None
    except ContentError:
        return False


def _none(names: tuple[BranchNames, ...], covers: tuple[Cover, ...], apart: frozenset[str]) -> bool:
    """Whether rules are for each name that filters could let in."""
    found = find_uncovered_name(names, covers, frozenset(), at_most=False)
    return found is None or (
        found in apart and find_uncovered_name(names, covers, apart, at_most=False) is None
    )


def _known_branches(branches: Branches | Unknown, default: str) -> tuple[frozenset[str], Any]:
    """The branches that were listed, and whether these are all."""
    names: Any = branches if isinstance(branches, Unknown) else field(branches, "names")
    if isinstance(names, Unknown):
        return frozenset(), names
    whole: Any = field(branches, "whole")  # type: ignore[arg-type]  # known as names are
    if whole is True and default not in names:
        # A list without the default branch is not all that there is.
        return frozenset(names), False
    return frozenset(names), whole


def _readable(names: tuple[BranchNames, ...]) -> Iterator[str]:
    """Names for an example, of which some may be let in."""
    for item in names:
        for pattern in item.patterns:
            if not pattern.startswith("!"):
                filled = re.sub(r"\*+", "next", re.sub(r"\[(.)[^\]]*\]", r"\1", pattern))
                bare = re.sub(r"\\(.)", r"\1", re.sub(r"(?<!\\)[+?]", "", filled))
                yield from (bare, bare.upper()) if item.any_case else (bare,)
    yield from USUAL


def _patterns(started: Iterable[_Start], default: str) -> tuple[str, ...]:
    """The patterns that let names in, as the files have them, without the default branch."""
    found: list[str] = []
    for start in started:
        own = [one for item in start.names for one in item.patterns if not one.startswith("!")]
        narrow = [one for one in own if one not in {ANY_NAME, default}]
        found += narrow or [ANY_NAME]
    return _once(found)


def _listed(shown: int) -> Unknown:
    return Unknown(
        Reason.INCOMPLETE,
        f"at most {shown} branches, or rules against pushes to release branches and their creation",
        "not all branches are listed",
    )


def _unfollowed(file: str) -> Unknown:
    return Unknown(
        Reason.NOT_ASKED,
        f"a look at {file}: a condition or action that was not read decides which branches publish",
        "something that was not read decides whether the workflow publishes",
    )


def _once(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
