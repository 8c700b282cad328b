"""How a workflow file releases to npm: what starts it, and what each publishing job runs."""

from __future__ import annotations

from dataclasses import dataclass

from hardenme.facts.github.repository import RepositoryFact
from hardenme.facts.github.workflow import CONTENTS, GATES, SHOWN, SOURCE
from hardenme.model.fact import key

COMPUTED = "${{"
"""Begins what GitHub computes when the workflow runs."""
BUNDLED = "bundled"
"""The npm that comes with Node."""
SCRIPT = "script"
"""A client that is hidden in a script or an action."""
EVERY = "*"
"""Means all workspaces."""
GITHUB_TOKEN = "GITHUB_TOKEN"  # noqa: S105 (a word)
"""The token of the run itself: what it creates starts no other workflow."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """An event that starts a workflow.

    Attributes:
        event: GitHub's name for it.
        branches: patterns of `branches`; a pattern of `branches-ignore` begins with `!`.
        tags: the same of tags.
        types: the activity types; empty for the default ones.
    """

    event: str
    branches: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReleaseMaker:
    """A step that creates a release or a tag, which may start another workflow.

    Attributes:
        by: the action or command.
        token: whose token it uses: `GITHUB_TOKEN`, the name of a secret, or an expression.
    """

    by: str
    token: str


@dataclass(frozen=True, slots=True)
class PublishCommand:
    """A command or an action that publishes to a registry.

    Attributes:
        client: `npm`, `pnpm`, `yarn`, `yarn classic`, `bun`, the name of a release tool, or
            `script` where it is hidden.
        text: what the file says, shortened.
        stages: it stages the version, which then waits for an approval.
        npm: the version of npm that runs it, as written: `bundled`, `11`, `latest`.
        node: the version of Node, as written; empty for the runner's own.
        doubts: what may have installed other versions, and was not read.
        registry: the registry that it names; empty for none.
        secrets: the secrets that it can take for a token.
        tag: the dist-tag that it names; empty for none.
        provenance: `on`, `off`, or empty for the client's default.
        flags: the flags of the command, without their values.
        wrapped: what runs it in another environment, such as `docker run`; empty for nothing.
        hidden_failure: a refusal does not fail the run.
        folder: the folder that it runs in; empty for the root. What is not followed has a `$`.
        packed: the folder or archive that it names in place of that folder; empty for none.
        members: the workspaces that it names, as written, `*` for all; empty for the folder itself.
        raises_version: an earlier command of the job, or the tool, sets the version.
        moves_tag: the job runs `npm dist-tag add`.
    """

    client: str
    text: str
    stages: bool = False
    npm: str = BUNDLED
    node: str = ""
    doubts: tuple[str, ...] = ()
    registry: str = ""
    secrets: tuple[str, ...] = ()
    tag: str = ""
    provenance: str = ""
    flags: tuple[str, ...] = ()
    wrapped: str = ""
    hidden_failure: bool = False
    folder: str = ""
    packed: str = ""
    members: tuple[str, ...] = ()
    raises_version: bool = False
    moves_tag: bool = False


@dataclass(frozen=True, slots=True)
class ReleaseJob:
    """A job that publishes to a registry of npm packages.

    Attributes:
        name: its key; `caller / job` for one in a reusable workflow of the repository.
        identity: for each job from this file's down to the one that publishes, whether it grants
            `id-token: write`. None if neither it nor its file sets permissions.
        environment: the environment of the job that publishes; empty for none.
        runner: its labels; empty if they are computed elsewhere.
        container: the image that its steps run in; empty for none.
        conditions: every `if` on the way to the command.
        actions: the actions that it uses, as written.
        passes_secrets: the calling job passes secrets to it; True for a job of this file.
        commands: what it publishes with.
    """

    name: str
    identity: tuple[bool | None, ...] = ()
    environment: str = ""
    runner: tuple[str, ...] = ()
    container: str = ""
    conditions: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    passes_secrets: bool = True
    commands: tuple[PublishCommand, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseWorkflow(RepositoryFact):
    """How a workflow file releases (subject `github:workflow/OWNER/REPO/FILE`).

    Attributes:
        file: its name.
        blob: git's digest of the file.
        triggers: what starts it.
        jobs: those that publish, with those of reusable workflows of the repository.
        makers: what creates releases or tags in it.
        unfollowed: what its jobs use of the repository or elsewhere without its being read.
    """

    requirement = CONTENTS
    gates = GATES
    source = SOURCE
    noun = "workflow"

    file: str = key("name")
    blob: str = key("oid")
    triggers: tuple[Trigger, ...] = key("text", "isBinary", "isTruncated", *SHOWN)
    jobs: tuple[ReleaseJob, ...] = key("text", "type", "entries", *SHOWN)
    makers: tuple[ReleaseMaker, ...] = key("text")
    unfollowed: tuple[str, ...] = key("text")
