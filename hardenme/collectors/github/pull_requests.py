"""Reads what the merge commits of pull requests were made of, as far as GitHub shows it.

A run of a pull request checks out the commit that GitHub makes of its head and its base. The run's
record names the head alone. GitHub shows the newest such commit until the pull
request is merged, and where the base was at each time.

Sources: https://docs.github.com/en/graphql/reference/objects#pullrequest,
https://docs.github.com/en/rest/repos/repos#list-repository-activities
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from hardenme.collectors.github.asking import fetch, unanswered, why_not_whole
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.object_query import objects_in_parts
from hardenme.collectors.reading import Item, all_known
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.facts.github.changes import HEADS, RepositoryChange
from hardenme.facts.github.endpoints import COMPARISON
from hardenme.facts.github.workflow import CONTENTS
from hardenme.ground import clock
from hardenme.model.permission import any_of, classic, fine_grained
from hardenme.model.unknown import Reason, Unknown

PULL_REQUESTS = any_of(classic("repo"), fine_grained("pull_requests:read"))
NOWHERE = "0" * 40
"""The commit of a branch that is not there."""
MOST = 10
"""Pull requests of one commit that are looked at."""
PERIODS = (("month", 30), ("quarter", 90), ("year", 365))
MOVED = "BASE_REF_CHANGED_EVENT, AUTOMATIC_BASE_CHANGE_SUCCEEDED_EVENT"
FIELDS = f"""... on Commit {{ oid associatedPullRequests(first: {MOST}) {{ totalCount nodes {{
  createdAt baseRefName baseRef {{ target {{ oid }} }} headRefOid baseRepository {{ nameWithOwner }}
  potentialMergeCommit {{ oid committedDate parents(first: 3) {{ nodes {{ oid }} }} }}
  timelineItems(itemTypes: [{MOVED}], first: 1) {{ nodes {{ __typename }} }}
}} }} }}"""


@dataclass(frozen=True, slots=True)
class MergeCommit:
    """The commit that GitHub made of a pull request's head and its base.

    Attributes:
        made: when.
        parents: the base and the head.
    """

    commit: str
    made: datetime
    parents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request that has a commit.

    Attributes:
        created: when it was opened.
        base: the branch that it is for.
        tip: the commit that the branch is at today; `NOWHERE` if it is gone.
        moved: whether it was for another branch once.
        merge: its newest merge commit; None if GitHub shows none.
    """

    created: datetime
    base: str
    tip: str
    moved: bool
    merge: MergeCommit | None


@dataclass(frozen=True, slots=True)
class BranchPush:
    """A change of a branch, by GitHub's clock.

    Attributes:
        kind: what GitHub calls it, such as `push` or `force_push`.
        before: the commit that the branch was at.
        after: the commit that it is at from then on.
    """

    at: datetime
    kind: str
    before: str
    after: str


def pull_requests(
    github: GitHub, name: str, commits: Sequence[str]
) -> dict[str, tuple[PullRequest, ...] | Unknown]:
    """The pull requests of each commit, or why they are not known.

    Args:
        name: of the repository, with its owner.
        commits: each once.
    """
    found: dict[str, tuple[PullRequest, ...] | Unknown] = {}
    try:
        for part, graph in objects_in_parts(github, "PullRequests", name, commits, FIELDS):
            repository = Item(graph.data, graph.response.endpoint).item("repository")
            if not graph.response.ok or not repository.data:
                rest = commits[len(found) :]
                return found | dict.fromkeys(rest, unanswered(github, graph, PULL_REQUESTS))
            for index, commit in enumerate(part):
                listed = _of_commit(repository.item(f"o{index}"), name, commit)
                refused = isinstance(listed, Unknown) and graph.errors
                found[commit] = unanswered(github, graph, PULL_REQUESTS) if refused else listed
    except NoAnswerError as error:
        return found | dict.fromkeys(commits[len(found) :], error.unknown)
    return found


def _of_commit(item: Item, name: str, commit: str) -> tuple[PullRequest, ...] | Unknown:
    listed = item.item("associatedPullRequests")
    total = listed.number("totalCount")
    if item.text("oid") != commit or not listed.lists("nodes"):
        return item.absent("associatedPullRequests")
    nodes = list(listed.items("nodes"))
    if total != len(nodes):
        return Unknown(Reason.INCOMPLETE, f"at most {MOST} pull requests with {commit[:12]}")
    found: list[PullRequest] = []
    for node in nodes:
        place: Any = node.item("baseRepository").text("nameWithOwner")
        if isinstance(place, str) and place.lower() != name.lower():
            # A fork's own pull request. Its runs are the fork's.
            continue
        one = _pull_request(node, commit)
        if isinstance(one, Unknown):
            return one
        found.append(one)
    return tuple(found)


def _pull_request(node: Item, commit: str) -> PullRequest | Unknown:
    created: Any = node.moment("createdAt")
    base: Any = node.text("baseRefName")
    head: Any = node.text("headRefOid")
    place: Any = node.item("baseRepository").text("nameWithOwner")
    missing = all_known((created, base, head, place))
    if missing is not None:
        return missing
    if "potentialMergeCommit" not in node or not node.item("timelineItems").lists("nodes"):
        return node.absent("potentialMergeCommit")
    if "baseRef" not in node:
        return node.absent("baseRef")
    there = node.item("baseRef").item("target").text("oid")
    tip = there if node.has_value("baseRef") else NOWHERE
    if isinstance(tip, Unknown):
        return tip
    moved = any(True for _ in node.item("timelineItems").items("nodes"))
    merge: Any = None
    if node.has_value("potentialMergeCommit") and head == commit:
        merge = _merge_commit(node.item("potentialMergeCommit"))
    return merge if isinstance(merge, Unknown) else PullRequest(created, base, tip, moved, merge)


def _merge_commit(item: Item) -> MergeCommit | Unknown:
    commit: Any = item.text("oid")
    made: Any = item.moment("committedDate")
    parents: list[Any] = [one.text("oid") for one in item.item("parents").items("nodes")]
    missing = all_known((commit, made, *parents))
    return missing or MergeCommit(commit, made, tuple(parents))


def pushes_to(
    github: GitHub, name: str, branch: str, since: datetime
) -> tuple[BranchPush, ...] | Unknown:
    """The changes of a branch from before a time until today, the oldest first."""
    ago = clock.now() - since + timedelta(days=1)
    period = next((word for word, days in PERIODS if ago <= timedelta(days=days)), "")
    ref = f"{HEADS}{branch}"
    asked = f"ref={ref}" + (f"&time_period={period}" if period else "")
    listing = github.pages(
        RepositoryChange.endpoint.asking(asked).at(name), counted=RepositoryChange.endpoint.counted
    )
    missing = why_not_whole(listing, CONTENTS, github.kind)
    if missing is not None:
        return missing
    found: list[BranchPush] = []
    for data in listing.items:
        item = Item(data, RepositoryChange.source)
        parts: list[Any] = [item.text(key) for key in ("ref", "activity_type", "before", "after")]
        at: Any = item.moment("timestamp")
        missing = all_known((at, *parts))
        if missing is not None:
            return missing
        if parts[0] == ref:
            found.append(BranchPush(at, parts[1], parts[2], parts[3]))
    # The newest comes first, of those of one second as well.
    found.reverse()
    found.sort(key=lambda one: one.at)
    if any(one.after != other.before for one, other in pairwise(found)):
        return Unknown(Reason.INCOMPLETE, f"each push to {branch}, one after the other")
    return tuple(found)


def merge_base(github: GitHub, name: str, base: str, head: str) -> str | Unknown:
    """The commit that two commits have in common."""
    path = COMPARISON.asking("per_page=1").at(name, basehead=f"{base}...{head}")
    found = fetch(github, path, CONTENTS)
    return found if isinstance(found, Unknown) else found[1].item("merge_base_commit").text("sha")
