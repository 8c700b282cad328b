"""A workflow file that was parsed: its events, permissions and jobs, each in a known form.

Anything else is refused: GitHub would refuse it too, or means something by it that is
not known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hardenme.facts.github.workflow import ALL, OUTSIDER_EVENTS
from hardenme.ground.errors import ContentError
from hardenme.workflows.outsiders import Start, starts_of
from hardenme.workflows.yaml import lines_of, load

CALLED = "workflow_call"
PARALLEL = "parallel"
"""The key of a step that is a group: its steps run at the same time.
Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax"""
CACHE_MODE = "cache-mode"
CACHE_MODES = frozenset({"read", "write", "write-only", "none"})
COMPUTED_MODE = "computed"
"""A mode that an expression decides."""
LEVELS = frozenset({"read", "write", "none"})


@dataclass(frozen=True, slots=True)
class WorkflowSource:
    """A workflow file.

    Attributes:
        file: its name, like `ci.yml`.
        name: the workflow's own name; the file's path where it has none.
        events: what starts it, with the settings of each.
        writes: scopes that the workflow gives to all jobs to write; None if it does not say.
        env: its variables.
        cache_mode: what its jobs may do with caches, where they do not say; empty for the default.
        defaults: settings of all scripts, where neither jobs nor steps say otherwise.
        jobs: by their keys.
        lines: of its own keys.
        job_lines: of the jobs' keys.
    """

    file: str
    name: str
    events: dict[str, Any]
    writes: tuple[str, ...] | None
    env: Any
    cache_mode: str = ""
    defaults: Any = None
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    job_lines: Mapping[str, int] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Its path in the repository."""
        return f".github/workflows/{self.file}"

    def outside(
        self, others: Mapping[str, WorkflowSource | None], owner: str = ""
    ) -> tuple[Start, ...]:
        """How outsiders can start it with the repository's rights.

        A fork brings its own workflow files, and with them whatever trigger it likes.

        Args:
            others: the repository's workflow files by name; None for one that was not read.
        """
        found: list[Start] = []
        for event, settings in self.events.items():
            if event in OUTSIDER_EVENTS:
                before = _before(settings, others) if event == "workflow_run" else None
                found.extend(starts_of(event, settings, before, owner))
        return tuple(found)

    def releases(self) -> tuple[str, ...]:
        """The events by which a release starts it."""
        found = []
        if "release" in self.events:
            found.append("release")
        push = self.events.get("push")
        if isinstance(push, dict) and {"tags", "tags-ignore"} & push.keys():
            found.append("push of tags")
        return tuple(found)


KEYS = frozenset(
    {"on", "jobs", "permissions", "env", "defaults", CACHE_MODE, "if", "uses", "run", "with"}
    | {"secrets", "steps", "needs", "strategy", "container", "services", "outputs", "shell", "id"}
    | {"working-directory", "environment", "runs-on", PARALLEL}
)
"""Keys of workflows, jobs and steps on which verdicts depend."""


def source(file: str, text: str) -> WorkflowSource:
    """Parse a file.

    Raises:
        StoredError: it is not YAML, or no workflow, that is understood.
    """
    data = load(text)
    if not isinstance(data, dict):
        raise ContentError("it is not a workflow")
    _spelled(data)
    jobs = data.get("jobs")
    if not isinstance(jobs, dict) or not jobs or "on" not in data:
        raise ContentError('the file lacks "on" or "jobs"')
    name = data.get("name")
    return WorkflowSource(
        file,
        name if isinstance(name, str) and name else f".github/workflows/{file}",
        _events(data["on"]),
        permissions(data),
        data.get("env"),
        cache_mode(data),
        data.get("defaults"),
        {key: _job(job) for key, job in jobs.items()},
        lines_of(data),
        lines_of(jobs),
    )


def permissions(holder: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The scopes that a workflow's or a job's `permissions` let write; None if there are none.

    Raises:
        StoredError: they are of no form that is known.
    """
    if "permissions" not in holder:
        return None
    given = holder["permissions"]
    if given == "write-all":
        return (ALL,)
    if given == "read-all":
        return ()
    if not isinstance(given, dict) or not all(level in LEVELS for level in given.values()):
        raise ContentError("its permissions have an unknown format")
    return tuple(sorted(name.lower() for name, level in given.items() if level == "write"))


def cache_mode(holder: Mapping[str, Any]) -> str:
    """What a workflow or a job lets be done with caches; empty if it does not say.

    Raises:
        StoredError: it is of no form that is known.
    """
    given = holder.get(CACHE_MODE, "")
    if isinstance(given, str) and "${{" in given:
        return COMPUTED_MODE
    if given != "" and given not in CACHE_MODES:
        raise ContentError(f"its `{CACHE_MODE}` has an unknown format")
    return str(given)


def steps_of(job: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A job's steps as they are written; none if it calls a reusable workflow."""
    found: list[dict[str, Any]] = job.get("steps") or []
    return found


def text_of(holder: Mapping[str, Any], key: str) -> str:
    """A string of a mapping; empty if there is none."""
    value = holder.get(key)
    return value if isinstance(value, str) else ""


def default_of_scripts(job: Mapping[str, Any], defaults: Any, key: str) -> str:
    """What `defaults.run` of a job, or else of its workflow, sets; empty if neither does.

    Args:
        job: its keys.
        defaults: the workflow's own.
        key: `shell` or `working-directory`.
    """
    for holder in (job.get("defaults"), defaults):
        run = holder.get("run") if isinstance(holder, dict) else None
        if isinstance(run, dict) and key in run:
            return text_of(run, key)
    return ""


def inputs_of(step: Mapping[str, Any]) -> dict[str, str]:
    """A step's `with`, keys in lower case."""
    given = step.get("with")
    if not isinstance(given, dict):
        return {}
    return {name.lower(): value for name, value in given.items() if isinstance(value, str)}


def _events(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        return {value.lower(): None}
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return {item.lower(): None for item in value}
    if isinstance(value, dict):
        return {name.lower(): settings for name, settings in value.items()}
    raise ContentError("its events have an unknown format")


def _job(job: Any) -> dict[str, Any]:
    if not isinstance(job, dict):
        raise ContentError("a job has an unknown format")
    if ("steps" in job) is ("uses" in job):
        raise ContentError("a job needs either steps or a called workflow")
    if job.get("steps") is not None:
        checked_steps(job["steps"])
    _checked(job)
    permissions(job)
    cache_mode(job)
    return job


def checked_steps(given: Any) -> list[dict[str, Any]]:
    """A list of steps, groups of parallel ones included.

    Raises:
        StoredError: one of them has an unknown format.
    """
    if not (isinstance(given, list) and all(isinstance(step, dict) for step in given)):
        raise ContentError("the steps of a job have an unknown format")
    for step in given:
        _checked(step)
        if PARALLEL in step:
            if {"uses", "run"} & step.keys():
                raise ContentError("a group of steps has an unknown format")
            checked_steps(step[PARALLEL])
    return given


def _checked(holder: Mapping[str, Any]) -> None:
    """Refuse a job or a step of which a key is of another form than GitHub takes."""
    _spelled(holder)
    for key in ("uses", "run"):
        if key in holder and not isinstance(holder[key], str):
            raise ContentError(f"`{key}` has an unknown format")
    if isinstance(holder.get("with"), str) or isinstance(holder.get("env"), list):
        raise ContentError("`with` or `env` has an unknown format")


def _before(settings: Any, others: Mapping[str, WorkflowSource | None]) -> set[str] | None:
    """The events of the workflows that a `workflow_run` follows; None if one is not known."""
    named = settings.get("workflows") if isinstance(settings, dict) else None
    named = [named] if isinstance(named, str) else named
    if not isinstance(named, list) or None in others.values():
        return None
    found: set[str] = set()
    for name in named:
        known = [other for other in others.values() if other and name in {other.name, other.path}]
        if not known:
            return None
        found.update(*(other.events for other in known))
    return found


def _spelled(holder: Mapping[str, Any]) -> None:
    """Refuse a key that is one of GitHub's in other letters: what that means is not known."""
    odd = [key for key in holder if key != key.lower() and key.lower() in KEYS]
    if odd:
        raise ContentError(f"`{odd[0].lower()}` is written in other letters")
