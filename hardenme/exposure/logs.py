"""What the log of a job shows: a download, or the commit of an action.

A log without the name shows nothing. `npm ci` and yarn 1 print no names of packages, and pnpm and
bun only those of direct dependencies.

Sources: the runner's `ActionManager.cs` and `JobExtension.cs` (https://github.com/actions/runner);
what npm 11, pnpm 8 to 12, yarn 1 and 4 and bun 1 printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from hardenme.locks.contents import PackageVersion, is_archive
from hardenme.model.exposure import AskedAction, ExposureGrade, ExposureSign
from hardenme.workflows.lock import COMMIT

CONFIRMED, POSSIBLE = ExposureGrade.CONFIRMED, ExposureGrade.POSSIBLE
TIME = re.compile(r"\ufeff?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z ")
"""What GitHub puts before each line."""
COLORS = re.compile(r"\x1b\[[0-9;]{0,20}m")
END_OF_SET_UP = "Complete job name: "
"""The runner's line after which steps print, which can imitate the runner's lines."""
DOWNLOAD = re.compile(
    r"Download action repository '(?P<name>[^'@\s]{1,400})@(?P<ref>[^'\s]{1,400})'"
    r" \(SHA:(?P<commit>[0-9a-f]{40})\)"
)
PACKAGE = re.compile(
    r"(?:##\[group\])?Download immutable action package"
    r" '(?P<name>[^'@\s]{1,400})@(?P<ref>[^'\s]{1,400})'"
)
SOURCE = re.compile(r"Source commit SHA: (?P<commit>[0-9a-f]{40})")
"""The commit of an immutable action, some lines after its name."""
FETCHED = re.compile(r"npm http fetch GET 200 (\S{1,2000})")
"""What npm says of a download."""
COPIED = re.compile(
    r"verbose [\d.]{1,20} Copying \"[^\"]{0,2000}[/\\](?P<folder>npm-[^/\\\"]{1,600})"
    r"-[0-9a-f]{40}(?:-integrity)?[/\\]node_modules[/\\]"
)
"""What yarn 1 says of a file that it takes from its cache."""
RESOLVED = re.compile(r"[^\w]{0,20}YN0085: . \+ (.{1,100000})")
"""Where yarn 2 and later lists what it adds to the lock file."""
ADDED = re.compile(r"\+ (?P<name>@?[^\s@]{1,300})[ @](?P<version>\S{1,200})(?: .*)?")
"""A direct dependency, as pnpm and bun list it when they have installed it."""
BUN_ADDED = re.compile(
    r"installed (?P<name>@?[^\s@]{1,300})@(?P<version>\S{1,200})(?: with binaries:)?"
)
"""A direct dependency, as `bun add` names it."""


def log_signs(
    log: str, asked: Sequence[PackageVersion | AskedAction], job: int
) -> list[ExposureSign]:
    """What the log of a job shows of versions and actions; nothing if it shows none.

    Args:
        job: GitHub's number for it.
    """
    lines = [COLORS.sub("", TIME.sub("", line)) for line in log.splitlines()]
    actions = [one for one in asked if isinstance(one, AskedAction)]
    found = list(_of_actions(lines, actions, job)) if actions else []
    for one in asked:
        if isinstance(one, PackageVersion):
            found += _of_package(lines, one, job)
    return list(dict.fromkeys(found))


def _of_actions(
    lines: Sequence[str], asked: Sequence[AskedAction], job: int
) -> Iterator[ExposureSign]:
    for name, ref, commit in _resolved(lines):
        same = [one for one in asked if one.name == "/".join(name.lower().split("/")[:2])]
        commits = {one.ref for one in same if COMMIT.fullmatch(one.ref)}
        if commit in commits:
            why = f"the log of job {job} shows that the runner downloaded {name}@{ref} at {commit}"
            yield ExposureSign(CONFIRMED, why)
        elif any(one.ref == ref for one in same):
            hint = "not a commit that you named" if commits else "name that commit if it was bad"
            why = f"the log of job {job} shows that {name}@{ref} led to {commit}: {hint}"
            yield ExposureSign(POSSIBLE, why)


def _resolved(lines: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """The actions that the runner downloaded, each with its ref and its commit.

    Only lines of the set-up count. Without its end, it is not known which lines these are.
    """
    end = next((n for n, line in enumerate(lines) if line.startswith(END_OF_SET_UP)), 0)
    package: re.Match[str] | None = None
    for line in lines[:end]:
        if found := DOWNLOAD.fullmatch(line):
            yield found["name"], found["ref"], found["commit"]
        elif found := PACKAGE.fullmatch(line):
            package = found
        elif package is not None and (found := SOURCE.fullmatch(line.strip())):
            yield package["name"], package["ref"], found["commit"]
            package = None


def _of_package(lines: Sequence[str], asked: PackageVersion, job: int) -> Iterator[ExposureSign]:
    for line in lines:
        if asked.version not in line:
            continue
        done = _what_was_done(line.strip(), asked)
        if done:
            why = f"the log of job {job} shows that {asked} was {done}"
            yield ExposureSign(CONFIRMED, why)


def _what_was_done(line: str, asked: PackageVersion) -> str:
    """What a line shows that was done with a version; empty for nothing."""
    if fetched := FETCHED.match(line):
        return "downloaded" if is_archive(fetched[1], asked) else ""
    if copied := COPIED.match(line):
        folder = f"npm-{asked.name.replace('/', '-')}-{asked.version}"
        return "installed" if copied["folder"] == folder else ""
    if listed := RESOLVED.fullmatch(line):
        names = listed[1].split(", ")
        return "resolved" if f"{asked.name}@npm:{asked.version}" in names else ""
    added = ADDED.fullmatch(line) or BUN_ADDED.fullmatch(line)
    same = added and (added["name"], added["version"]) == (asked.name, asked.version)
    return "installed" if same else ""
