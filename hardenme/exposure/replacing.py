"""Commands that can put other files into the working folder than those of the run's commit.

What a client installs after them is not what the lock file of that commit names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

LOCKS = re.compile(
    r"(?:^|[/=>'\"\s])(?:package(?:-lock)?\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml"
    r"|pnpm-workspace\.yaml|yarn\.lock|bun\.lockb?|\.npmrc|\.yarnrc(?:\.yml)?)(?![\w.-])"
)
"""Files that decide what a client installs."""
READERS = frozenset(
    """
    : [ [[ test cat cmp cut diff echo egrep fgrep file grep head jq ls md5sum od printf sha1sum
    sha256sum sha512sum shasum stat tail wc git gh for if then while
    """.split()  # noqa: SIM905 (words, not a list of strings)
)
"""Programs that only print what is in a file, as long as nothing leads that into another one."""
PRINTS_GIT = frozenset(
    """
    add archive blame branch cat-file check-ignore check-ref-format commit config count-objects
    describe diff diff-files diff-index diff-tree fetch for-each-ref fsck gc grep hash-object help
    init log ls-files ls-remote ls-tree merge-base name-rev notes prune push reflog remote rev-list
    rev-parse shortlog show show-ref status symbolic-ref tag var verify-commit verify-tag version
    """.split()  # noqa: SIM905 (the same)
)
"""First words of git that leave the files of the working folder as they are."""
PRINTS_GH = {
    "api": None,
    "attestation": frozenset({"verify", "trusted-root"}),
    "auth": None,
    "cache": None,
    "issue": frozenset({"close", "comment", "create", "edit", "list", "view", "reopen"}),
    "label": None,
    "pr": frozenset(
        {"checks", "close", "comment", "create", "diff", "edit", "list", "merge", "ready"}
        | {"review", "status", "view"}
    ),
    "release": frozenset({"create", "delete", "edit", "list", "upload", "view"}),
    "repo": frozenset({"view", "list", "edit"}),
    "run": frozenset({"cancel", "list", "rerun", "view", "watch"}),
    "search": None,
    "secret": None,
    "status": None,
    "variable": None,
    "workflow": None,
}
"""The same of gh: by first word, the second ones; None for all of them."""
SETS_GIT = (
    *("advice.", "branch.", "color.", "commit.gpgsign", "core.autocrlf", "core.eol"),
    *("core.filemode", "core.ignorecase", "core.longpaths", "core.quotepath", "core.symlinks"),
    *("credential.", "extensions.", "fetch.", "gc.", "gpg.", "http.", "init.", "lfs.", "pull."),
    *("push.", "remote.", "safe.", "submodule.", "tag.", "url.", "user."),
)
"""How the settings of git begin that run nothing from the working folder; a hook would."""
UNPACK = frozenset({"tar", "unzip"})
EXPAND = frozenset({"gunzip", "unxz", "unzstd", "uncompress"})
COMPRESS = frozenset({"gzip", "xz", "zstd"})
COPY = frozenset({"cp", "ln", "mv"})
OUTSIDE = ("/", "~", "$", "..", '"$', "'$")
"""How a word begins that leads out of the working folder."""
ELSEWHERE = re.compile(r"[\"']?(?:[/~]|\$\{?(?:HOME|RUNNER_|TMP|TEMP))")
"""A folder that surely is not within the working folder."""
WITHIN = re.compile(r"\$\{\{\s*(?:matrix\.[\w.-]+|github\.workspace)\s*\}\}")
"""Expressions that a workflow leads to its own folders by."""
FOLDER = frozenset({"--prefix", "-C", "--cwd", "--dir"})
"""Options of clients that name the folder they work in."""
WITH_VALUE = frozenset({"-C", "-c", "--git-dir", "--work-tree", "-R", "--repo"})
"""Options of git and gh before the first word, whose value is the next word."""


def replaces_files(command: Sequence[str]) -> bool:
    """Whether a command can bring other files into the working folder.

    Args:
        command: from its program on.
    """
    if not command:
        return False
    name, rest = command[0], command[1:]
    if writes_lock(command):
        return True
    if name == "git":
        first = _first(rest)[:1]
        return bool(first) and (
            first[0] not in PRINTS_GIT or not all(map(_is_set, _settings(rest)))
        )
    if name == "gh":
        return _unknown_to_gh(_first(rest))
    if name in UNPACK:
        return not _unpacks_elsewhere(rest) and not _only_packs(name, rest)
    if name in EXPAND or (name in COMPRESS and _expands(rest)):
        return not any(re.fullmatch(r"-\w*[cltv]\w*|--(?:stdout|list|test)", one) for one in rest)
    if name in {"cd", "pushd"}:
        return any(map(_leads_out, rest))
    if name in COPY:
        given = [word for word in rest if not word.startswith("-")]
        return any(word.startswith(OUTSIDE) for word in given[:-1])
    return False


def works_elsewhere(words: Sequence[str]) -> bool:
    """Whether the options of a client lead it out of the working folder."""
    places = [b for a, b in pairwise(words) if a in FOLDER]
    places += [
        word.partition("=")[2] for word in words if "=" in word and word.partition("=")[0] in FOLDER
    ]
    return any(map(_leads_out, places))


def is_elsewhere(folder: str) -> bool:
    """Whether a `working-directory` may be out of the folder that the commit is in."""
    place = WITHIN.sub("x", folder)
    return place.startswith(("/", "~")) or "${{" in place or ".." in place.split("/")


def _leads_out(place: str) -> bool:
    return bool(ELSEWHERE.match(place))


def writes_lock(command: Sequence[str]) -> bool:
    """Whether a command can change a file that decides what a client installs."""
    if any(LOCKS.search(word) for word in _targets(command)):
        return True
    reads = command[0] in READERS or (command[0] in {"sed", "yq"} and not _in_place(command))
    return not reads and any(map(LOCKS.search, command[1:]))


def _in_place(command: Sequence[str]) -> bool:
    return any(re.match(r"-[A-Za-z]*i|--in-place", word) for word in command)


def _targets(command: Sequence[str]) -> list[str]:
    """The files that a redirect writes."""
    found = [word for word in command if ">" in word]
    return found + [b for a, b in pairwise(command) if a.endswith(">")]


def _first(rest: Sequence[str]) -> tuple[str, ...]:
    """The first two words other than options."""
    found: list[str] = []
    skipped = False
    for word in rest:
        if skipped:
            skipped = False
        elif word in WITH_VALUE and not found:
            skipped = True
        elif not word.startswith("-"):
            found.append(word)
    return tuple(found[:2])


def _settings(rest: Sequence[str]) -> list[str]:
    """The settings that a git command names: by `-c`, and after `config`."""
    found = [b.partition("=")[0] for a, b in pairwise(rest) if a == "-c"]
    if _first(rest)[:1] == ("config",):
        given = rest[list(rest).index("config") + 1 :]
        found += [word for word in given if re.fullmatch(r"[A-Za-z][\w-]*\..+", word)][:1]
    return found


def _is_set(name: str) -> bool:
    return name.lower().startswith(SETS_GIT)


def _expands(rest: Sequence[str]) -> bool:
    return any(re.fullmatch(r"-\w*d\w*|--(?:decompress|uncompress)", one) for one in rest)


def _unknown_to_gh(words: tuple[str, ...]) -> bool:
    if not words:
        return False
    if words[0] not in PRINTS_GH:
        return True
    known = PRINTS_GH[words[0]]
    return known is not None and words[1:] != () and words[1] not in known


def _only_packs(name: str, rest: Sequence[str]) -> bool:
    """Whether tar packs or lists, and unzip lists."""
    flags = [word for word in rest if word.startswith("-")] or list(rest[:1])
    if name == "unzip":
        return any(re.fullmatch(r"-[lptvz]+", word) for word in flags)
    first = "".join(word.lstrip("-") for word in flags if not word.startswith("--"))
    long = {word.partition("=")[0] for word in flags}
    extracts = "x" in first or bool(long & {"--extract", "--get"})
    return not extracts and (
        bool(set("ctru") & set(first)) or bool(long & {"--create", "--list", "--append"})
    )


def _unpacks_elsewhere(rest: Sequence[str]) -> bool:
    """Whether an archive is unpacked outside of the working folder."""
    places = [b for a, b in pairwise(rest) if a in {"-C", "-d", "--directory"}]
    places += [
        word.partition("=")[2] for word in rest if word.startswith(("--directory=", "--one-top"))
    ]
    return bool(places) and all(place.startswith(("/", "~")) for place in places)
