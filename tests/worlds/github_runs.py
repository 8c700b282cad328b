"""What starts workflows on a sandbox of GitHub, runs them, and refuses a release as GitHub does.

Statuses, conclusions and messages are those of GitHub's documentation and of public threads, as far
as they are known. It runs no step: a run ends with the id token that npm would be shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal

from ruamel.yaml import YAML

from hardenme.sandbox.github.body import Body
from hardenme.sandbox.github.calls import Answer, PermittedRequest, Route, problem
from hardenme.sandbox.github.permits import BY_INTEGRATION, Permit
from hardenme.sandbox.github.world import Environment, Repository, World
from hardenme.sandbox.http import Reply
from tests.worlds.github_writes.change import Change
from tests.worlds.npm_releases import ISSUER

FOLDER = ".github/workflows/"
HOSTED = frozenset({"ubuntu-latest", "ubuntu-24.04", "windows-latest", "macos-latest"})
CREATION = "Cannot create ref due to creations being restricted."
DISABLED = "Cannot trigger a 'workflow_dispatch' on a disabled workflow"
NO_DISPATCH = "Workflow does not have 'workflow_dispatch' trigger"
NO_PULLS = "GitHub Actions is not permitted to create or approve pull requests."
PINNED = "all actions must be pinned to a full-length commit SHA."
COMMIT = re.compile(r"[0-9a-f]{40}")
IF_REPOSITORY = re.compile(r"github\.repository == '([^']*)'")
SECRET = re.compile(r"secrets\.(\w+)")
Held = bool
Status = Literal["completed", "queued", "waiting"]


@dataclass(slots=True)
class JobRun:
    """A job of a run, at its end or where it waits.

    Attributes:
        file: the workflow that started.
        actor: who started it.
        conclusion: as GitHub's API has it; empty while it is not completed.
        claims: of its id token; None where it may not ask for one.
        secrets: the secrets that its steps name, with those that are there.
        environment: the one that it deploys to.
    """

    file: str
    job: str
    event: str
    ref: str
    actor: str
    status: Status = "completed"
    conclusion: str = "success"
    message: str = ""
    claims: dict[str, str] | None = None
    secrets: dict[str, bool] = field(default_factory=dict)
    environment: str = ""

    def ends(self, conclusion: str, message: str = "") -> JobRun:
        """The same, ended."""
        self.conclusion, self.message, self.claims = conclusion, message, None
        return self

    def waits(self, status: Status) -> JobRun:
        """The same, before it starts."""
        self.status, self.conclusion, self.claims = status, "", None
        return self


@dataclass(frozen=True, slots=True)
class _Job:
    """A job with what its callers hand down."""

    name: str
    found: dict[str, Any]
    file: str
    may_ask: Held


@dataclass(slots=True)
class Workflows:
    """The runs of a world's repositories.

    Attributes:
        own_tokens: values of tokens that belong to runs: what they do starts no run.
        runs: the jobs that ran or wait, the newest last.
    """

    world: World
    own_tokens: set[str] = field(default_factory=set)
    runs: list[JobRun] = field(default_factory=list)

    def routes(self) -> dict[str, tuple[Route, ...]]:
        """The endpoints that start runs, or are used by one."""
        base = "/repos/{owner}/{repo}"
        pushes = Permit(scopes=("repo",), permissions=(("contents:write",),), role="write")
        runs = Permit(scopes=("repo",), permissions=(("actions:write",),), role="write")
        text = {"title": str, "head": str, "base": str}
        changes = (
            Change("POST", f"{base}/git/refs", self.create, pushes, Body({"ref": str, "sha": str})),
            Change(
                "POST",
                f"{base}/actions/workflows/{{workflow_id}}/dispatches",
                self.dispatch,
                runs,
                Body({"ref": str}),
            ),
            Change("POST", f"{base}/pulls", self.propose, pushes, Body(text)),
        )
        return {"POST": tuple(one.route for one in changes)}

    def create(self, call: PermittedRequest, given: dict[str, Any]) -> Answer:
        """`POST …/git/refs`: a tag, which starts what waits for it."""
        repository, ref = call.repository, given["ref"]
        tag = ref.removeprefix("refs/tags/")
        for ruleset in self.world.active_tag_rulesets(repository, tag):
            admins = any(one.actor_type == "RepositoryRole" for one in ruleset.bypass_actors)
            creates = any(rule.type == "creation" for rule in ruleset.rules)
            if creates and not (admins and self._login(call) == repository.owner):
                text = f"Repository rule violations found\n\n{CREATION}\n\n"
                return Reply(422, {"message": text, "status": "422"})
        repository.tags.insert(0, tag)
        if not self._by_run(call):
            self.start(repository, "push", ref, given["sha"], self._login(call))
        return Reply(201, {"ref": ref, "object": {"type": "commit", "sha": given["sha"]}})

    def dispatch(self, call: PermittedRequest, given: dict[str, Any]) -> Answer | None:
        """`POST …/dispatches`: a run by hand, or by another run."""
        repository, file = call.repository, call.names["workflow_id"]
        if FOLDER + file not in repository.files:
            return problem(404, "Not Found")
        if _disabled(repository, file) or repository.actions.enabled == "none":
            return problem(422, DISABLED)
        flow = _parsed(repository.files[FOLDER + file])
        if "workflow_dispatch" not in _triggers(flow):
            return problem(422, NO_DISPATCH)
        ref = f"refs/heads/{given['ref'].removeprefix('refs/heads/')}"
        self._run(repository, repository.files, file, "workflow_dispatch", ref, self._login(call))
        return None

    def propose(self, call: PermittedRequest, given: dict[str, Any]) -> Answer:
        """`POST …/pulls`: the pull request of a version, by a run."""
        allowed = call.repository.actions.can_approve_pull_request_reviews
        if self._by_run(call):
            token = call.caller.token
            if token is not None and not token.grants("pull_requests:write"):
                return problem(403, BY_INTEGRATION)
            if not allowed:
                return problem(403, NO_PULLS)
        return Reply(201, {"number": 1, "title": given["title"]})

    def start(self, repository: Repository, event: str, ref: str, commit: str, actor: str) -> None:
        """Start what an event starts, by the files of its commit."""
        files = repository.files_at(commit)
        if files is None:
            raise LookupError(f"there is no commit {commit}")
        if repository.actions.enabled == "none" or repository.fork:
            return
        for path in sorted(files):
            file = path.removeprefix(FOLDER)
            if path.startswith(FOLDER) and not _disabled(repository, file):
                filters = _triggers(_parsed(files[path])).get(event, False)
                if filters is not False and _admits(filters, ref):
                    self._run(repository, files, file, event, ref, actor)

    def approve(self, job: JobRun, repository: Repository, login: str) -> bool:
        """Have a person let a waiting job go on; whether GitHub takes it."""
        (environment,) = [one for one in repository.environments if one.name == job.environment]
        if login not in environment.reviewers:
            return False
        if environment.prevent_self_review and login == job.actor:
            return False
        job.status, job.conclusion = "completed", "success"
        return True

    def _run(  # noqa: PLR0917 (what a run is of)
        self,
        repository: Repository,
        files: dict[str, bytes],
        file: str,
        event: str,
        ref: str,
        actor: str,
    ) -> None:
        jobs, wrong = [], ""
        try:
            jobs = list(_jobs(files, file, held=None))
        except _InvalidWorkflowError as error:
            wrong = str(error)
        wrong = wrong or next(filter(None, (_refused(repository, one) for one in jobs)), "")
        if wrong:
            run = JobRun(file, "", event, ref, actor)
            self.runs.append(run.ends("startup_failure", wrong))
            return
        for one in jobs:
            run = JobRun(file, one.name, event, ref, actor)
            if one.may_ask:
                run.claims = _claims(repository, one, run)
            self.runs.append(self._judged(repository, one, run))

    def _judged(self, repository: Repository, job: _Job, run: JobRun) -> JobRun:
        """How the job ends, or for what it waits."""
        condition = IF_REPOSITORY.fullmatch(str(job.found.get("if", "")))
        if condition and condition[1] != repository.full_name:
            return run.ends("skipped")
        environment = _environment(repository, job, self.world)
        run.environment = environment.name if environment else ""
        known = {one.name for one in repository.secrets}
        known |= {one.name for one in environment.secrets} if environment else set()
        run.secrets = {name: name in known for name in SECRET.findall(str(job.found))}
        if environment and not _may_deploy(repository, environment, run.ref):
            kind, name = (
                ("Tag", run.ref[10:]) if run.ref[5:9] == "tags" else ("Branch", run.ref[11:])
            )
            return run.ends(
                "failure",
                f'{kind} "{name}" is not allowed to deploy to {environment.name} due to environment'
                " protection rules.",
            )
        if not _hosted(job) and "self-hosted" not in job.found["runs-on"]:
            return run.waits("queued")
        if environment and environment.reviewers:
            claims = run.claims
            run.waits("waiting").claims = claims
        return run

    def _by_run(self, call: PermittedRequest) -> bool:
        token = call.caller.token
        return token is not None and token.value in self.own_tokens

    def _login(self, call: PermittedRequest) -> str:
        user = call.caller.user
        return user.login if user else "github-actions[bot]"


class _InvalidWorkflowError(Exception):
    """The workflow does not start."""


def _parsed(text: bytes) -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return found


def _triggers(flow: dict[str, Any]) -> dict[str, Any]:
    events = flow["on"]
    if isinstance(events, str):
        return {events: None}
    return dict.fromkeys(events) if isinstance(events, list) else dict(events)


def _admits(filters: dict[str, list[str]] | None, ref: str) -> bool:
    """Whether the filters of an event let a ref through."""
    kind, name = ref.removeprefix("refs/").split("/", 1)
    if not filters:
        return True
    patterns = filters.get(kind if kind == "tags" else "branches")
    return patterns is not None and any(fnmatchcase(name, one) for one in patterns)


def _granted(permissions: Any, above: Held | None) -> Held | None:
    """Whether permissions let a job ask for an id token; None where nothing says so."""
    if permissions is None:
        return above
    if isinstance(permissions, str):
        return permissions == "write-all"
    return bool(permissions.get("id-token") == "write")


def _jobs(files: dict[str, bytes], file: str, *, held: Held | None) -> Iterator[_Job]:
    """The jobs of a workflow and of those that it calls, with what each may ask for.

    Args:
        held: what the calling job has; None where no job calls.
    """
    flow = _parsed(files[FOLDER + file])
    whole = _granted(flow.get("permissions"), None)
    for name, found in flow["jobs"].items():
        said = _granted(found.get("permissions"), whole)
        if held is False and said is True:
            raise _InvalidWorkflowError(
                f"The nested job '{name}' is requesting 'id-token: write', but is only allowed"
                " 'id-token: none'."
            )
        may_ask = bool(held) if said is None else said
        if "uses" not in found:
            yield _Job(name, found, file, may_ask)
            continue
        yield from _jobs(files, found["uses"].removeprefix(f"./{FOLDER}"), held=may_ask)


def _refused(repository: Repository, job: _Job) -> str:
    """Why the job's actions keep the run from starting; empty where nothing does."""
    policy, name = repository.actions, repository.full_name
    for step in job.found.get("steps", ()):
        action = step.get("uses")
        if not action:
            continue
        because = ""
        if policy.allowed_actions == "local_only":
            because = f"all actions must be within a repository owned by {repository.owner}."
        elif policy.allowed_actions == "selected" and not (
            (policy.github_owned_allowed and action.startswith("actions/"))
            or any(fnmatchcase(action, one) for one in policy.patterns_allowed)
        ):
            because = "the action does not match what is selected."
        elif policy.sha_pinning_required and not COMMIT.fullmatch(action.partition("@")[2]):
            because = PINNED
        if because:
            return f"The action {action} is not allowed in {name} because {because}"
    return ""


def _disabled(repository: Repository, file: str) -> bool:
    return repository.workflow_states.get(file, "active") != "active"


def _hosted(job: _Job) -> bool:
    """Whether it runs on a runner of GitHub's that is there."""
    label = job.found["runs-on"]
    return isinstance(label, str) and label in HOSTED


def _environment(repository: Repository, job: _Job, world: World) -> Environment | None:
    """The environment of a job; one that is not there is created, without rules."""
    named = job.found.get("environment")
    name = named["name"] if isinstance(named, dict) else named
    if not name:
        return None
    for one in repository.environments:
        if one.name.lower() == name.lower():
            return one
    made = Environment(900, name, world.now, world.now)
    repository.environments.append(made)
    return made


def _may_deploy(repository: Repository, environment: Environment, ref: str) -> bool:
    kind, name = ref.removeprefix("refs/").split("/", 1)
    if environment.branch_policy == "protected":
        return kind == "heads" and repository.protection_of(name) is not None
    if environment.branch_policy == "custom":
        own = "tag" if kind == "tags" else "branch"
        return any(one == own and fnmatchcase(name, text) for one, text in environment.policies)
    return True


def _claims(repository: Repository, job: _Job, run: JobRun) -> dict[str, str]:
    """What the id token of a job says, as far as npm reads it."""
    whole = f"{repository.full_name}/{FOLDER}"
    named = job.found.get("environment")
    environment = named["name"] if isinstance(named, dict) else named
    claims = {
        "iss": ISSUER,
        "repository": repository.full_name,
        "repository_visibility": repository.visibility,
        "workflow_ref": f"{whole}{run.file}@{run.ref}",
        "job_workflow_ref": f"{whole}{job.file}@{run.ref}",
        "ref": run.ref,
        "event_name": run.event,
        "runner_environment": "github-hosted" if _hosted(job) else "self-hosted",
    }
    return claims | ({"environment": environment} if environment else {})
