"""A workflow file of GitHub Actions: what it says, and what zizmor finds in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from hardenme.facts.github.branch_names import BranchStart
from hardenme.facts.github.repository import RepositoryFact
from hardenme.model.fact import key
from hardenme.model.permission import any_of, classic, fine_grained

CONTENTS = any_of(classic("repo"), fine_grained("contents:read"))
SOURCE = "POST /graphql repository.object (.github/workflows)"
GATES = (
    *("isEmpty", "defaultBranchRef/name", "headTree/__typename"),
    *("workflowFiles/entries/name", "workflowFiles/__typename"),
)
"""What shows whether there are workflow files, and which."""
SHOWN = ("headTree", "object", "defaultBranchRef", "isEmpty")
"""What shows that the files are visible, or that there are none."""
ALL = "*"
"""Every scope, where a file gives `write-all`; every secret, where it passes all of them on."""

OUTSIDER_EVENTS = frozenset(
    {"pull_request_target", "workflow_run", "issues", "issue_comment", "discussion"}
    | {"discussion_comment", "pull_request_review", "pull_request_review_comment"}
    | {"fork", "watch", "gollum", "check_run", "check_suite", "status"}
)
"""Events that people without write access can cause, and that run with the repository's own rights.
Anyone may be able to edit a wiki, and apps report on the commits of forks. `pull_request` is not
one of them: from a fork it gets neither secrets nor a token that can write."""
BY_ANYONE = OUTSIDER_EVENTS | {"pull_request"}
"""Events that people without write access can cause."""

RESTORES_NOTHING = frozenset({"none", "write-only"})
"""What `cache-mode` says where no cache is restored.
Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax"""

LOCAL = "local"
OWN = "own"
GITHUB = "github"
OTHER = "other"
"""Where a step comes from: the repository itself, another one of the same owner, GitHub's own
(`actions`, `github`), or anyone else."""


@dataclass(frozen=True, slots=True)
class Use:
    """An action, a reusable workflow or an image that a job takes from somewhere.

    Attributes:
        reference: as it is written, like `actions/checkout@v4`.
        origin: `local`, `own`, `github` or `other`.
        pinned: it names what cannot change: a whole commit id, a digest, or the repository itself.
        image: it is the image that the job runs in, not a step.
        pin: its name in a lock file of actions, `OWNER/NAME@REF`. Empty for what no lock covers:
            images, calls of reusable workflows, and the dependencies of the repository's own
            actions.
    """

    reference: str
    origin: str
    pinned: bool
    image: bool = False
    pin: str = ""


@dataclass(frozen=True, slots=True)
class LineRange:
    """Where something is in a file.

    Attributes:
        what: a key, like `permissions`, or what a job or a workflow names of itself.
        line: where it begins, counted from 1.
        end: its last line.
    """

    what: str
    line: int
    end: int


@dataclass(frozen=True, slots=True)
class Job:
    """A job, as far as verdicts need it.

    Attributes:
        name: its key; `caller / job` where it is in a reusable workflow of the repository.
        called: it is in another file, which this one calls.
        uses: what it takes from somewhere.
        writes: scopes of its token that write, `*` for all; None if neither the job nor the
            workflow says, so that the repository's setting holds.
        secrets: names of the secrets that it is given, `*` for all, without `GITHUB_TOKEN`.
        opens: events by which people without write access start it.
        unsure: further events by which they may, past a condition that could not be followed.
        fetches: where it fetches or runs the code of a pull request, in a few words each.
        refused: checkouts that name such code, of a version that refuses to fetch it.
        raced: where it fetches such code after someone with write access asked for it, which
            may have changed since they looked.
        doubts: where it may run such code, which cannot be followed.
        agents: AI agents in it.
        obeys: those of them that people without write access can start.
        caches: where it restores a cache.
        may_restore: actions of which it is not known whether they do.
        cache_mode: what it may do with caches: `read`, `write`, `write-only`, `none`, `computed`
            where an expression decides, or empty for GitHub's default.
        publishes: what it publishes with.
        loose: commands that fetch a program and run it, whichever version there is.
        opaque: what it uses that could hold any of this and was not read: actions in the repository
            itself, and reusable workflows elsewhere.
        line: where it begins in the workflow's file; where another file is called, if it is there.
        places: where in the file its keys and what it names are.
    """

    name: str
    called: bool
    uses: tuple[Use, ...]
    writes: tuple[str, ...] | None
    secrets: tuple[str, ...]
    opens: tuple[str, ...]
    unsure: tuple[str, ...]
    fetches: tuple[str, ...]
    refused: tuple[str, ...]
    raced: tuple[str, ...]
    doubts: tuple[str, ...]
    agents: tuple[str, ...]
    obeys: tuple[str, ...]
    caches: tuple[str, ...]
    may_restore: tuple[str, ...]
    cache_mode: str
    publishes: tuple[str, ...]
    loose: tuple[str, ...]
    opaque: tuple[str, ...]
    line: int = field(compare=False)
    places: tuple[LineRange, ...] = field(compare=False)

    def line_of(self, what: str) -> int:
        """The line of what it names; its own, where that is not in the file."""
        return next((place.line for place in self.places if place.what == what), self.line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow(RepositoryFact):
    """What a workflow file says (subject `github:workflow/OWNER/REPO/FILE`).

    Attributes:
        blob: git's digest of the file, known also if the file is not understood.
        events: what starts it.
        outside: those by which people without write access start it with the repository's rights.
        releases: those by which a release starts it.
        starts: the branches of which a push starts its jobs that publish.
        writes: scopes that the workflow gives to all of its jobs to write; None if it says nothing
            of permissions.
        places: where its keys and the steps of `injections` are in the file.
        jobs: its jobs, and those of the repository's reusable workflows that it calls.
        injections: steps whose script holds text that people without write access choose.
        opaque: which of these its jobs use without being read; unknown if there is any, so that a
            verdict which it could change needs it.
        unfollowed_code: the same of where outside code may run.
        unfollowed_guards: the same of conditions that keep people out, or let them in.
        unfollowed_text: the same of steps into which outside text may get.
        unfollowed_caches: the same of actions that may restore a cache.
    """

    requirement = CONTENTS
    gates = GATES
    source = SOURCE
    noun = "workflow"

    blob: str = key("oid")
    events: tuple[str, ...] = key("text", "isBinary", "isTruncated", *SHOWN)
    outside: tuple[str, ...] = key("text")
    releases: tuple[str, ...] = key("text")
    starts: tuple[BranchStart, ...] = key("text", "type", "entries", *SHOWN)
    writes: tuple[str, ...] | None = key("text")
    places: tuple[LineRange, ...] = key("text")
    jobs: tuple[Job, ...] = key("text", "type", "entries", *SHOWN)
    injections: tuple[str, ...] = key("text")
    opaque: tuple[str, ...] = key("text")
    unfollowed_code: tuple[str, ...] = key("text")
    unfollowed_guards: tuple[str, ...] = key("text")
    unfollowed_text: tuple[str, ...] = key("text")
    unfollowed_caches: tuple[str, ...] = key("text")

    def place_for_fix(self, what: str) -> LineRange | None:
        """Where something is in the file; None where that is not known."""
        places = () if "places" in self.unknown_fields() else self.places
        return next((place for place in places if place.what == what), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowLock(RepositoryFact):
    """What `actions.lock` lists for a workflow file (subject `github:workflow/OWNER/REPO/FILE`).

    Attributes:
        onboarded: the lock names the workflow.
        pins: the actions of the workflow for which it has a commit, as `OWNER/NAME@REF`.
        open_ends: what these use in turn, without a commit in the lock.
    """

    requirement = CONTENTS
    gates = GATES
    source = SOURCE
    noun = "workflow"

    onboarded: bool = key("text", "type", "entries", *SHOWN)
    pins: tuple[str, ...] = key("text", "isBinary", "isTruncated", *SHOWN)
    open_ends: tuple[str, ...] = key("text")


@dataclass(frozen=True, slots=True)
class ScanFinding:
    """One finding of zizmor.

    Attributes:
        rule: zizmor's name of it.
        severity: in zizmor's words, like `High`.
        confidence: the same.
        line: where in the file.
    """

    rule: str
    severity: str
    confidence: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowScan(RepositoryFact):
    """What zizmor finds in a workflow file (subject `github:workflow/OWNER/REPO/FILE`).

    Attributes:
        findings: those of the rules that decide a check, whatever the file asks to be spared.
    """

    requirement = CONTENTS
    gates = GATES
    source = SOURCE
    noun = "workflow"

    findings: tuple[ScanFinding, ...] = key("text", *SHOWN)

    def lines_for_fix(self, *rules: str) -> list[int]:
        """The same lines for the fix of what is known otherwise; none if nothing was found out.

        A file that zizmor refuses fails by our own reading.
        """
        return [] if "findings" in self.unknown_fields() else self.lines(*rules)

    def lines(self, *rules: str, severity: tuple[str, ...] = ("High", "Medium")) -> list[int]:
        """The lines with findings of these rules and severities, in order."""
        return sorted(
            {
                finding.line
                for finding in self.findings
                if finding.rule in rules and finding.severity in severity
            }
        )
