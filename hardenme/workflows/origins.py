"""Where a value comes from: whether outsiders choose its text, or whether it names their code.

Both are known at three levels. A `Scope` resolves what an expression looks up to its value; what
cannot be resolved is `MAYBE`, and never `NO`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from hardenme.ground.errors import ContentError
from hardenme.workflows.expressions import (
    ANY,
    OPEN,
    PULL,
    Literal,
    Node,
    Path,
    bodies,
    parse,
    walk,
)
from hardenme.workflows.level import Level


@dataclass(frozen=True, slots=True)
class ValueOrigin:
    """Where a value comes from.

    Attributes:
        text: whether it is text that people without write access choose.
        code: whether it names the code of someone's pull request.
        account: whether it is the login of an outsider, under which their repositories are.
        comment: whether it is of a comment or a review, which outsiders write under anyone's pull
            request, and which can name any commit.
        address: whether it names what outsiders hold: a page, an issue, an account.
        asked: whether a command asks for it, whatever event there is, and outsiders wrote it.
    """

    text: Level = Level.NO
    code: Level = Level.NO
    account: Level = Level.NO
    comment: Level = Level.NO
    address: Level = Level.NO
    asked: Level = Level.NO

    def __or__(self, other: ValueOrigin) -> ValueOrigin:
        return ValueOrigin(
            max(self.text, other.text),
            max(self.code, other.code),
            max(self.account, other.account),
            max(self.comment, other.comment),
            max(self.address, other.address),
            max(self.asked, other.asked),
        )

    def at_most(self, level: Level) -> ValueOrigin:
        """The same, no surer than this."""
        return ValueOrigin(
            min(self.text, level),
            min(self.code, level),
            min(self.account, level),
            min(self.comment, level),
            min(self.address, level),
            min(self.asked, level),
        )


OURS = ValueOrigin()
UNFOLLOWED = ValueOrigin(Level.MAYBE, Level.MAYBE, comment=Level.MAYBE)
FOREIGN = ValueOrigin(Level.YES, Level.MAYBE, comment=Level.MAYBE)
WHOLE = ValueOrigin(Level.YES, Level.YES)
LookUp = Callable[[Path], ValueOrigin]
"""From what an expression looks up to where that comes from."""

HEADS = (
    "github.head_ref",
    "github.event.after",
    "github.event.before",
    "github.event.check_run.head_sha",
    "github.event.check_suite.head_branch",
    "github.event.check_suite.head_sha",
    "github.event.issue.pull_request",
    "github.event.pull_request.diff_url",
    "github.event.pull_request.head",
    "github.event.pull_request.merge_commit_sha",
    "github.event.pull_request.patch_url",
    "github.event.sha",
    "github.event.workflow_run.head_sha",
    "github.event.workflow_run.head_branch",
    "github.event.workflow_run.head_commit",
    "github.event.workflow_run.head_repository",
    "github.event.workflow_run.pull_requests",
)
"""What names the code of a pull request, with all that is below it."""
NAMES_CODE = re.compile(
    r"(?:\w+_)?(?:sha|commit_id|tree_id)|ref|\w*branch|full_name"
    r"|(?:clone|git|ssh|svn|archive|tarball|zipball)_url"
)
"""Last parts of a path that name a commit, a branch or a repository."""
BY_COMMENT = ("github.event.comment", "github.event.review")
"""What outsiders also write under the pull requests of others."""
BROUGHT = frozenset(
    {"answer", "changes", "check_run", "check_suite", "comment", "commit", "commits", "discussion"}
    | {"forkee", "head_commit", "issue", "merge_group", "old_answer", "pages", "pull_request"}
    | {"review", "review_comment", "thread", "workflow_run"}
)
"""What an event brings that outsiders fill: someone's text, or commits that were merged."""
BY_MEMBERS = frozenset(
    {"action", "after", "assignee", "base_ref", "before", "branch", "client_payload", "compare"}
    | {"created", "created_at", "deleted", "deployment", "deployment_status", "enterprise"}
    | {"forced", "id", "inputs", "installation", "label", "master_branch", "milestone", "number"}
    | {"organization", "package", "pusher", "pusher_type", "ref", "ref_type", "registry_package"}
    | {"release", "repository", "requested_reviewer", "requested_team", "schedule", "sender", "sha"}
    | {"state", "updated_at", "workflow"}
)
"""Keys of an event that GitHub sets, or people with write access choose. What is in neither list is
not known. Source: GitHub's descriptions of payloads, as in `@octokit/webhooks-schemas` 7.6.1."""
OF_THE_RUN = frozenset(
    {"action", "action_path", "action_ref", "action_repository", "action_status", "actor"}
    | {"actor_id", "api_url", "base_ref", "env", "event_name", "event_path", "graphql_url", "job"}
    | {"job_workflow_sha", "output", "path", "ref", "ref_name", "ref_protected", "ref_type"}
    | {"repository", "repository_id", "repository_owner", "repository_owner_id"}
    | {"repository_visibility", "repositoryurl", "retention_days", "run_attempt", "run_id"}
    | {"run_number", "secret_source", "server_url", "sha", "state", "step_summary", "token"}
    | {"triggering_actor", "workflow", "workflow_ref", "workflow_sha", "workspace"}
)
"""What `github` says of a run, of letters that do nothing in a shell or that members choose.
Source: https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#github-context"""
OF_THE_REPOSITORY = (
    "github.event.pull_request.base",
    "github.event.workflow_run.repository",
    "github.event.issue.labels",
    "github.event.pull_request.labels",
    "github.event.discussion.category",
    "github.event.discussion.labels",
    "github.event.issue.milestone",
    "github.event.pull_request.milestone",
    "github.event.merge_group.base_ref",
    "github.event.merge_group.head_ref",
    "github.event.workflow_run.name",
)
"""What of it people with write access have chosen."""
OWN_ACCOUNTS = (
    "github.event.enterprise",
    "github.event.installation",
    "github.event.organization",
    "github.event.pull_request.base",
    "github.event.repository",
    "github.event.workflow_run.repository",
)
"""Below these, a login is the repository's owner's."""
PEOPLE = frozenset({"actor", "owner", "sender", "triggering_actor", "user"})
ACTORS = frozenset({"github.actor", "github.triggering_actor"})
MADE = re.compile(
    r"(?:node_)?id|number|(?:\w+_)?sha|\w*_?url|\w+_at|timestamp|login|type|state|state_reason"
    r"|draft|merged|mergeable|mergeable_state|locked|active_lock_reason|author_association|comments"
    r"|review_comments|additions|deletions|changed_files|conclusion|status|event|run_number"
    r"|run_attempt|fork|private|visibility|action|site_admin|full_name|distinct|user_view_type"
)
"""Last parts of a path whose values GitHub makes, of letters that do nothing in a shell."""
STATES = re.compile(
    r"\w+_at|timestamp|type|state|state_reason|draft|merged|mergeable|mergeable_state|locked"
    r"|active_lock_reason|author_association|comments|review_comments|additions|deletions"
    r"|changed_files|conclusion|status|event|run_attempt|fork|private|visibility|action|site_admin"
    r"|distinct|user_view_type"
)
"""Those that are times, counts, or one of a few words, and so no part of an address."""
OWNERS_NAMES = frozenset({"repo", "repository", "head_repository", "forkee", "app"})
"""What has a `name` of letters, digits, `.`, `_` and `-`."""
YES_OR_NO = frozenset(
    {"==", "!=", "<", ">", "<=", ">=", "!", "contains", "startswith", "endswith", "hashfiles"}
    | {"success", "failure", "cancelled", "always"}
)
"""Calls that give no text of what they are given."""


def origin(text: str, look_up: LookUp) -> ValueOrigin:
    """Where a string with expressions in it comes from."""
    found = ValueOrigin(code=Level.YES) if PULL.search(text) else OURS
    if OPEN not in text:
        return found
    for body in bodies(text):
        try:
            found |= of_node(parse(body), look_up)
        except ContentError:
            found |= UNFOLLOWED
    return found


def of_node(node: Node, look_up: LookUp) -> ValueOrigin:
    """Where the value of an expression comes from."""
    if isinstance(node, Literal):
        return OURS
    if isinstance(node, Path):
        return look_up(node)
    if node.name in YES_OR_NO:
        return OURS
    # `a && b` is `b`, or an `a` that counts as false: an empty text.
    parts: Iterable[Node] = node.parts[-1:] if node.name == "&&" else node.parts
    found = OURS
    for part in parts:
        found |= of_node(part, look_up)
    return found


def of_event(path: Path) -> ValueOrigin:
    """Where something below `github` comes from."""
    text = _text_of_event(path.parts)
    # A text can name a commit, and the repository has the commits of its forks.
    code = Level.YES if _names_code(path) else min(text, Level.MAYBE)
    code = max(code, Level.MAYBE if _above(path, HEADS) else Level.NO)
    by_comment = _below(path, BY_COMMENT) or _above(path, BY_COMMENT)
    account = _account(path)
    comment = max(text, code) if by_comment else Level.NO
    return ValueOrigin(text, code, account, comment, max(text, code, account, _address(path)))


def _address(path: Path) -> Level:
    """Whether something below `github` names what outsiders hold: its number and page do, too."""
    below = path.parts[2:] if path.parts[1:2] == ("event",) else ()
    own = _below(path, OF_THE_REPOSITORY) or not below or STATES.fullmatch(path.parts[-1])
    return Level.NO if own or below[0] not in {*BROUGHT, "number", "sender"} else Level.YES


def _names_code(path: Path) -> bool:
    """Whether something below `github` names the code of an outsider."""
    if _below(path, HEADS):
        return True
    brought = path.parts[1:2] == ("event",) and path.parts[2:3] and path.parts[2] in BROUGHT
    own = _below(path, OF_THE_REPOSITORY)
    return bool(brought) and not own and bool(NAMES_CODE.fullmatch(path.parts[-1]))


def _account(path: Path) -> Level:
    """Whether something below `github` is the login or the page of whom an event is of."""
    page = path.parts[-1] == "html_url" and path.parts[-2] in PEOPLE
    own = _below(path, OWN_ACCOUNTS) or not (path.parts[-1] == "login" or page)
    return Level.YES if not own or str(path) in ACTORS else Level.NO


def looked_up(text: str) -> set[Path]:
    """What the expressions of a string look up; what is not understood is left out."""
    found: set[Path] = set()
    for body in bodies(text):
        try:
            found |= {node for node in walk(parse(body)) if isinstance(node, Path)}
        except ContentError:
            continue
    return found


def _text_of_event(parts: tuple[str, ...]) -> Level:
    if parts[1:] == ("head_ref",) or len(parts) == 1 or ANY in parts[1:2]:
        return Level.YES
    if parts[1] != "event":
        return Level.NO if parts[1] in OF_THE_RUN else Level.MAYBE
    below = parts[2:]
    if not below or below[0] == ANY:
        return Level.YES
    if below[0] in BY_MEMBERS or _below(Path(parts), OF_THE_REPOSITORY):
        return Level.NO
    if below[0] not in BROUGHT:
        return Level.MAYBE
    last = below[-1]
    if len(below) > 1 and MADE.fullmatch(last):
        return Level.NO
    if last == "name" and below[-2:-1] and below[-2] in OWNERS_NAMES:
        return Level.NO
    return Level.YES


def _below(path: Path, known: Iterable[str]) -> bool:
    """Whether a path is one of these, or below one, parts that are chosen at run time included."""
    for name in known:
        wanted = name.split(".")
        if len(path.parts) >= len(wanted) and all(
            part in {word, ANY} for part, word in zip(path.parts, wanted, strict=False)
        ):
            return True
    return False


def _above(path: Path, known: Iterable[str]) -> bool:
    """Whether a path is a whole of which one of these is a part."""
    return any(tuple(name.split(".")[: len(path.parts)]) == path.parts for name in known)
