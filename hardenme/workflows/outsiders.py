"""What the contexts hold where someone without write access has started a run.

Each `Start` is an event and its type, and who acted last. The values of such a run are as an
outsider would like them best: their text is whatever they choose.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from hardenme.facts.github.workflow import OUTSIDER_EVENTS
from hardenme.workflows.evaluation import (
    ADDRESSES,
    AUTHOR,
    BOTS,
    EITHER,
    FORK,
    FREE,
    FULL_NAME,
    HOLDER,
    ID,
    KEPT,
    LOGIN,
    NULL,
    OUTSIDER,
    OWN,
    OWNER,
    UNSEEN,
    Anything,
    HeldName,
    Names,
    PartialObject,
    Value,
    of,
)
from hardenme.workflows.level import Level
from hardenme.workflows.payloads import (
    BY_DEFAULT,
    KEYS,
    KNOWN,
    keys_of,
    keys_of_others,
)

ASSOCIATIONS = ("NONE", "FIRST_TIMER", "FIRST_TIME_CONTRIBUTOR", "CONTRIBUTOR", "MANNEQUIN")
"""Associations of people who need not have write access. Someone whose pull request was merged
once is a `CONTRIBUTOR`.
Source: https://docs.github.com/en/graphql/reference/enums#commentauthorassociation"""
BY_ROLE = frozenset(
    {"unlabeled", "unassigned", "milestoned", "demilestoned", "pinned", "unpinned", "locked"}
    | {"unlocked", "transferred", "deleted", "untyped"}
)
"""What only people with a role do to an issue."""
BY_TEMPLATE = frozenset({"labeled", "assigned", "typed"})
"""What an issue's template can do to it as anyone opens it; whether that starts a workflow in
their name, GitHub's documentation does not say."""
OF_PULLS = frozenset({"pull_request_target", "pull_request_review", "pull_request_review_comment"})
"""Events of a pull request."""
REVIEWS = OF_PULLS - {"pull_request_target"}
FORK_RUNS = ("pull_request", "pull_request_review", "pull_request_review_comment")
"""Events for which a fork's pull request brings its own workflow files.
Source: https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows"""
SURE_FORK = frozenset({"opened", "reopened", "synchronize"})
"""Types of a pull request that its repository has to exist for: of one that was deleted since, the
payload has null."""
STATES = ("success", "failure", "cancelled", "skipped")
PERHAPS = Value(((None, Level.YES), (Anything(), Level.MAYBE)))
"""A key that the event has with other types only, like `label`. No guard depends on its absence,
since GitHub adds such keys to more types without notice."""


@dataclass(frozen=True, slots=True)
class Start:
    """An event by which an outsider starts a workflow.

    Attributes:
        kind: the event's type; empty if it has none.
        bot: a bot acted last, made to by the outsider.
        code: it brings code of theirs: a pull request, or a run of one.
        level: how surely it is possible.
        before: for `workflow_run`, the events of the run before that it may be of.
        owner: the repository's owner in lower case; empty if that is not known.
    """

    event: str
    kind: str = ""
    bot: bool = False
    code: bool = True
    level: Level = Level.YES
    before: tuple[str, ...] = ()
    owner: str = ""


def starts_of(
    event: str, settings: Any = None, before: Iterable[str] | None = None, owner: str = ""
) -> tuple[Start, ...]:
    """How outsiders can start a workflow by an event.

    Args:
        event: its name.
        before: for `workflow_run`, the events of the workflows that it follows; None if they are
            not known.
        owner: the repository's owner.
    """
    found = []
    for kind in _kinds(event, settings):
        if event == "issues" and kind in BY_ROLE:
            continue
        level = Level.MAYBE if event == "issues" and kind in BY_TEMPLATE else Level.YES
        for bot in (False, True):
            for code, runs in _sources(event, before):
                found.append(Start(event, kind, bot, code, level, runs, owner.lower()))
    return tuple(found)


def _kinds(event: str, settings: Any) -> tuple[str, ...]:
    given = settings.get("types") if isinstance(settings, Mapping) else None
    named = [given] if isinstance(given, str) else given
    if isinstance(named, list) and named and all(isinstance(item, str) for item in named):
        return tuple(dict.fromkeys(item.lower() for item in named))
    return BY_DEFAULT.get(event) or tuple(KEYS.get(event, {"": ""}))


def _sources(event: str, before: Iterable[str] | None) -> list[tuple[bool, tuple[str, ...]]]:
    """Whether a run uses an outsider's code, and the events of the previous run."""
    if event == "workflow_run":
        known = OUTSIDER_EVENTS if before is None else OUTSIDER_EVENTS & set(before)
        own = tuple(sorted(known - OF_PULLS))
        forks = tuple(sorted({*FORK_RUNS, *(known & OF_PULLS)}))
        return [(True, forks), (False, own)] if own else [(True, forks)]
    if event in REVIEWS or event == "issue_comment":
        # They may speak under a pull request of their own, or under anyone else's.
        return [(True, ()), (False, ())]
    return [(True, ())]


@lru_cache(maxsize=2048)
def contexts(start: Start) -> Mapping[str, Value]:
    """What the contexts hold after such a start, by their names."""
    return {
        "github": of(_github(start)),
        "needs": of(PartialObject({}, of(_NEEDED))),
        "steps": of(PartialObject({}, of(_RUN))),
        "vars": KEPT,
        "secrets": KEPT,
        "env": UNSEEN,
        "inputs": UNSEEN,
        "jobs": UNSEEN,
    }


@lru_cache(maxsize=64)
def of_anyone(event: str) -> Mapping[str, Value]:
    """What the contexts hold after an event, anyone who caused it; empty for what they may hold."""
    keys = [keys_of(event, kind) or KNOWN for kind in KEYS.get(event, {"": ""})]
    absent = dict.fromkeys(KNOWN.difference(*keys), NULL)
    # Only the comments of a pull request are of one whose code could be fetched.
    pull = of(PartialObject({"pull_request": of(PartialObject({}))}))
    brought = {"issue": pull} if event == "issue_comment" else {}
    known = {
        "event_name": of(event),
        "event": of(PartialObject(absent | brought)),
        "ref": REF,
        "ref_type": BRANCH,
    }
    return {"github": of(PartialObject(known))}


def names(known: Mapping[str, Value]) -> Names:
    """Look-up in contexts; those that are missing here describe the job, and keep no one out."""
    return lambda name: known.get(name, FREE)


ENDED = of(*STATES)
REF, BRANCH = of(HeldName(OWN, "ref", ("refs/heads/", "refs/pull/"))), of("branch")
"""Events of outsiders are of a branch or a pull request, and never of a tag."""
_NEEDED = PartialObject({"result": ENDED, "outputs": UNSEEN}, UNSEEN)
_RUN = PartialObject({"outcome": ENDED, "conclusion": ENDED, "outputs": UNSEEN}, UNSEEN)


def _github(start: Start) -> PartialObject:
    who = BOTS if start.bot else OUTSIDER
    login, number = of(HeldName(who, LOGIN)), of(HeldName(who, ID))
    of_pull = start.event in OF_PULLS
    return PartialObject(
        {
            "event": of(_event(start)),
            "event_name": of(start.event),
            "actor": login,
            "actor_id": number,
            "triggering_actor": login,
            "repository": of(HeldName(OWN, FULL_NAME)),
            "repository_id": of(HeldName(OWN, ID)),
            "repository_owner": of(HeldName(OWNER, LOGIN)),
            "repository_owner_id": of(HeldName(OWNER, ID)),
            "head_ref": FREE if of_pull else of(""),
            "base_ref": FREE if of_pull else of(""),
            "ref": REF,
            "ref_type": BRANCH,
        }
    )


def _event(start: Start) -> PartialObject:
    who = BOTS if start.bot else OUTSIDER
    known = keys_of(start.event, start.kind)
    members = {
        "action": of(start.kind) if start.kind else NULL,
        "sender": of(_user(who)),
        "repository": of(_repository(OWN, start)),
        **{key: of(record) for key, record in _brought(start).items()},
    }
    if known is None:
        return PartialObject(members)
    absent = dict.fromkeys(KNOWN - known, NULL)
    perhaps = dict.fromkeys(keys_of_others(start.event, start.kind), PERHAPS)
    return PartialObject({**members, **absent, **perhaps})


def _brought(start: Start) -> dict[str, PartialObject]:
    """The objects of an event of which an outsider is the author."""
    written = PartialObject({"user": of(_user(AUTHOR)), "author_association": of(*ASSOCIATIONS)})
    if start.event in {"issue_comment", "discussion_comment"}:
        pull = PartialObject({**written.members, "pull_request": of(PartialObject({}))})
        own = {"issue": pull} if start.code and start.event == "issue_comment" else {}
        return {"comment": written, **own}
    if start.event in {"issues", "discussion"}:
        return {start.event.removesuffix("s"): written}
    if start.event in OF_PULLS:
        found = {"pull_request": _pull(start, written)} if start.code else {}
        key = {"pull_request_review": "review", "pull_request_review_comment": "comment"}
        return found | ({key[start.event]: written} if start.event in key else {})
    if start.event == "workflow_run":
        return {"workflow_run": _run(start)}
    return {"forkee": _repository(FORK, start)} if start.event == "fork" else {}


def _pull(start: Start, written: PartialObject) -> PartialObject:
    fork = of(_repository(FORK, start))
    gone = NULL if start.event in REVIEWS or start.kind not in SURE_FORK else Value(())
    head = {
        "repo": Value((*fork.options, *gone.options)),
        "user": of(_user(HOLDER)),
        "label": of(HeldName(FORK, "label", never=_owned(start, ":"))),
    }
    own = {"base": of(PartialObject({"repo": of(_repository(OWN, start))}))}
    merged = {} if start.event in REVIEWS else _UNMERGED
    return PartialObject({**written.members, "head": of(PartialObject(head)), **own, **merged})


_UNMERGED = {"merged": of(False), "merged_at": NULL, "merged_by": NULL}  # noqa: FBT003 (an option)
"""Who merges has write access, and has seen what they merge."""


def _run(start: Start) -> PartialObject:
    who = BOTS if start.bot else OUTSIDER
    # The schema has an object there; what GitHub sends for a deleted fork is not documented.
    fork = Value(((_repository(FORK, start), Level.YES), (None, Level.MAYBE)))
    return PartialObject(
        {
            "event": of(*start.before),
            "actor": of(_user(who)),
            "triggering_actor": of(_user(who)),
            "head_repository": fork if start.code else of(_repository(OWN, start)),
            "repository": of(_repository(OWN, start)),
        }
    )


def _user(holder: str) -> PartialObject:
    return PartialObject(
        {key: of(HeldName(holder, key)) for key in (LOGIN, ID, "node_id", *ADDRESSES)}
    )


def _repository(holder: str, start: Start) -> PartialObject:
    keys = {key: of(HeldName(holder, key)) for key in (ID, "node_id", *ADDRESSES)}
    fork = holder == FORK
    full = HeldName(holder, FULL_NAME, never=_owned(start, "/") if fork else "")
    owner = _user(HOLDER if fork else OWNER)
    return PartialObject(
        {**keys, FULL_NAME: of(full), "owner": of(owner), "fork": of(True) if fork else EITHER}  # noqa: FBT003 (an option)
    )


def _owned(start: Start, sign: str) -> str:
    """The prefix of the names of the owner's repositories."""
    return f"{start.owner}{sign}" if start.owner else ""
