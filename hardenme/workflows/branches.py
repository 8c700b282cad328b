"""Which branches an `if` keeps out where the push of a branch has started a run.

A condition is turned into names, as `on.push.branches` has them. GitHub compares texts without
regard to case, so that `github.ref == 'refs/heads/main'` is true for a branch `MAIN` too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from hardenme.facts.github.branch_names import DEFAULT, BranchNames
from hardenme.workflows.conditions import ALWAYS, listed, tree
from hardenme.workflows.expressions import FunctionCall, Literal, Node, Path, walk

HEADS = "refs/heads/"
PUSH, CREATE, RUN = "push", "create", "workflow_run"
REFS: dict[str, dict[str, str]] = {
    PUSH: {"github.ref": HEADS, "github.event.ref": HEADS, "github.ref_name": ""},
    CREATE: {"github.ref": HEADS, "github.event.ref": "", "github.ref_name": ""},
    RUN: {"github.event.workflow_run.head_branch": ""},
}
"""What names the branch, by the event, with the text before its name there."""
EMPTY = frozenset({"github.base_ref", "github.head_ref"})
"""What is empty but in a pull request."""
KIND = "github.ref_type"
ABOUT_REFS = ("github.ref", "github.event.ref")
PASSED_ON = frozenset({"steps", "needs", "env", "inputs", "jobs"})
"""What may hold anything, a branch's name too."""
OUTCOMES = frozenset({"result", "outcome", "conclusion"})
"""What of a step or a job says how it ended."""
OWN_DEFAULT = "github.event.repository.default_branch"
SIGNS = re.compile(r"[*?+!\[\]\\~]")
EVERY = "**"
MOST_NAMES = 40
"""Lists of names that a condition may come to, and patterns in each."""


@dataclass(frozen=True, slots=True)
class Region:
    """The branches for which a condition can be true.

    Attributes:
        names: what their names have to be among, each of them; none for any name.
        exact: it is true for each of them; else it can be.
        sure: it can be true for each of them; else that is not known.
    """

    names: tuple[BranchNames, ...] = ()
    exact: bool = False
    sure: bool = True

    @property
    def empty(self) -> bool:
        """Whether it is true for no branch."""
        return any(not item.patterns for item in self.names)

    def __and__(self, other: Region) -> Region:
        names = tuple(dict.fromkeys((*self.names, *other.names)))
        if len(names) > MOST_NAMES:
            return Region(names[:MOST_NAMES], sure=False)
        return Region(names, self.exact and other.exact, self.sure and other.sure)

    def __or__(self, other: Region) -> Region:
        for one, another in ((self, other), (other, self)):
            if one.empty or (not another.names and another.sure):
                return another
        joined = [_either(*pair) for pair in product(self.names, other.names)]
        names = tuple(dict.fromkeys(item for item in joined if item is not None))
        sure = self.sure and other.sure and None not in joined
        if len(names) > MOST_NAMES or any(len(item.patterns) > MOST_NAMES for item in names):
            return UNSURE
        return Region(names, self.exact and other.exact and sure, sure)

    def __invert__(self) -> Region:
        if not self.exact:
            return MAY if self.sure else UNSURE
        if self.empty:
            return HOLDS
        found = NEVER
        for item in self.names:
            found |= _but(item)
        return found


HOLDS = Region(exact=True)
NEVER = Region((BranchNames((), any_case=True),), exact=True)
MAY = Region()
"""Whether it is true, something else than the branch decides."""
UNSURE = Region(sure=False)


def region(conditions: Iterable[Any], event: str) -> Region:
    """The branches for which all of these `if`s can be true, after an event."""
    found = HOLDS
    for condition in conditions:
        node = tree(condition)
        # What is not understood keeps no one out.
        found &= HOLDS if node is None else _of(node, event)
    return found


def literal(name: str) -> str:
    """The pattern that fits one name."""
    return SIGNS.sub(r"\\\g<0>", name)


def _only(*patterns: str) -> Region:
    return Region((BranchNames(patterns, any_case=True),), exact=True)


def _either(one: BranchNames, other: BranchNames) -> BranchNames | None:
    """The names of either list; None if no list of patterns says that."""
    if one == other:
        return one
    for first, last in ((one, other), (other, one)):
        if first.any_case and last.any_case and not any(p.startswith("!") for p in last.patterns):
            return BranchNames((*first.patterns, *last.patterns), any_case=True)
    return None


def _but(names: BranchNames) -> Region:
    """All other names."""
    first, *rest = names.patterns
    if first == EVERY and all(pattern.startswith("!") for pattern in rest):
        return _only(*(pattern[1:] for pattern in rest))
    if not any(pattern.startswith("!") for pattern in names.patterns):
        return _only(EVERY, *(f"!{pattern}" for pattern in names.patterns))
    return UNSURE


def _of(node: Node, event: str) -> Region:
    if isinstance(node, Literal):
        return HOLDS if node.value else NEVER
    if isinstance(node, Path):
        if str(node) in REFS[event]:
            return HOLDS
        return NEVER if str(node) in EMPTY and event != RUN else _unless_about(node)
    if node.name == "!":
        return ~_of(node.parts[0], event)
    if node.name in {"&&", "||"}:
        first, *rest = (_of(part, event) for part in node.parts)
        for part in rest:
            first = first & part if node.name == "&&" else first | part
        return first
    if node.name == "==":
        return _equal(node.parts, event)
    if node.name == "!=":
        return ~_equal(node.parts, event)
    if node.name in TESTS:
        return _tested(node, event)
    return MAY if node.name in ALWAYS else _unless_about(node)


def _unless_about(node: Node) -> Region:
    """What something else decides, where it does not speak of branches."""
    for part in walk(node):
        if not isinstance(part, Path):
            continue
        handed_on = part.parts[0] in PASSED_ON and part.parts[-1] not in OUTCOMES
        if handed_on or str(part).startswith(ABOUT_REFS) or "head_branch" in part.parts:
            return UNSURE
    return MAY


def _equal(sides: tuple[Node, ...], event: str) -> Region:
    for looked_up, value in (sides, sides[::-1]):
        found = _answered(looked_up, value, event)
        if found is None and isinstance(looked_up, Path):
            found = _looked_up(str(looked_up), value, event)
        if found is not None:
            return found
    return _unless_about(FunctionCall("==", sides))


def _answered(node: Node, value: Node, event: str) -> Region | None:
    """The meaning of a yes or no to a question; None if it is not a question."""
    if not (isinstance(node, FunctionCall) and node.name in BOOLEAN and isinstance(value, Literal)):
        return None
    if not isinstance(value.value, bool):
        return None
    return _of(node, event) if value.value else ~_of(node, event)


def _looked_up(name: str, value: Node, event: str) -> Region | None:
    """What it comes to that a name equals a value; None if that is not seen."""
    said = value.value if isinstance(value, Literal) else None
    refs = REFS[event]
    if name in refs and not isinstance(said, str):
        return _only(DEFAULT) if _is_default(value, refs[name]) else None
    if not isinstance(said, str):
        return None
    if name in refs:
        return _same(said, refs[name])
    known = {"github.event_name": event}
    if event != RUN:
        known |= {KIND: "branch", **dict.fromkeys(EMPTY, "")}
    if name in known:
        return HOLDS if said.lower() == known[name] else NEVER
    return None


def _is_default(value: Node, lead: str) -> bool:
    """Whether a value is the default branch, with the text before its name."""
    if isinstance(value, Path):
        return not lead and str(value) == OWN_DEFAULT
    return (
        isinstance(value, FunctionCall)
        and value.name == "format"
        and value.parts == (Literal(lead + "{0}"), Path(tuple(OWN_DEFAULT.split("."))))
    )


def _same(said: str, lead: str) -> Region:
    if not said.lower().startswith(lead):
        return NEVER
    return _only(literal(said[len(lead) :])) if said[len(lead) :] else NEVER


def _begins(said: str, lead: str) -> Region:
    if lead.startswith(said.lower()):
        return HOLDS
    if not said.lower().startswith(lead):
        return NEVER
    return _only(literal(said[len(lead) :]) + EVERY)


def _stops(said: str, lead: str) -> Region:
    return _only(EVERY + literal(said), *map(literal, _ends(said, lead))) if said else HOLDS


def _holds(said: str, lead: str) -> Region:
    if said.lower() in lead:
        return HOLDS
    return _only(
        EVERY + literal(said) + EVERY, *(literal(end) + EVERY for end in _ends(said, lead))
    )


def _ends(said: str, lead: str) -> Iterator[str]:
    """The rest of a text that the name has to match, if it starts before the name."""
    for size in range(1, len(said)):
        if lead.endswith(said[:size].lower()):
            yield said[size:]


TESTS: dict[str, Callable[[str, str], Region]] = {
    "startswith": _begins,
    "endswith": _stops,
    "contains": _holds,
}
BOOLEAN = frozenset({*TESTS, "==", "!=", "!", "always", "success"})
"""What gives true or false, and nothing else."""


def _tested(node: FunctionCall, event: str) -> Region:
    """What a function says of the branch, where it speaks of the branch alone."""
    if len(node.parts) != 2:  # noqa: PLR2004 (where, and what)
        return UNSURE
    where, what = node.parts
    refs = REFS[event]
    if str(where) in refs and isinstance(where, Path):
        if isinstance(what, Literal) and isinstance(what.value, str):
            return TESTS[node.name](what.value, refs[str(where)])
    elif node.name == "contains" and isinstance(what, Path) and str(what) in refs:
        found = NEVER
        if (given := listed(where)) is not None:
            for name in given:
                found |= _same(name, refs[str(what)])
            return found
    return _unless_about(node)
