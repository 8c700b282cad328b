"""Commands that can put other files into the working folder than those of the run's commit.

What a client installs after them is not what the lock file of that commit names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from hardenme.exposure.known_paths import DECIDING, is_known_folder

LOCKS = re.compile(rf"(?i)(?<![\w.-])(?:{DECIDING})(?![\w-]|\.\w)")
"""Files that decide what a client installs."""
READERS = frozenset(
    """
    : [ [[ test node cat cmp cut diff echo egrep fgrep file grep head jq ls md5sum od printf sha1sum
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
MAY_MOVE = frozenset({("pr", "close"), ("pr", "merge")})
"""Of them, those with an option that checks the default branch out."""
MOVES = re.compile(r"-\w*d\w*|--delete-branch(?:=.*)?")
QUIET_GIT = frozenset(
    """
    add branch check-ignore check-ref-format commit describe for-each-ref ls-files ls-tree
    merge-base name-rev rev-list rev-parse show-ref status symbolic-ref tag
    """.split()  # noqa: SIM905 (the same)
)
"""Of them, those of which no option runs a program or writes a file."""
SETS_GIT = re.compile(
    r"(?i)(?:advice|color|user|safe|fetch|gc|pull|push)\.[\w.-]+|commit\.gpgsign|gpg\.format"
    r"|tag\.(?:gpgsign|sort|forcesignannotated)|init\.defaultbranch"
    r"|core\.(?:autocrlf|eol|filemode|ignorecase|longpaths|quotepath|symlinks|abbrev|compression)"
    r"|http\.(?:.*\.)?(?:extraheader|postbuffer|version|lowspeed\w+|sslverify)"
    r"|url\..*\.(?:push)?insteadof|remote\.[\w-]+\.(?:url|pushurl|fetch|prune)"
    r"|branch\.[\w./-]+\.(?:remote|merge|rebase)"
)
"""Settings of git that run nothing."""
GIT_OPTIONS = re.compile(
    r"-[aACdDfFhHiIlmnpqrsStuUvwxzZ0-9]+|--|-m.*|-b"
    r"|--(?:abbrev(?:-ref)?|add|all|allow-empty(?:-message)?|always|amend|annotate|annotated|author"
    r"|branch|branches|cached|cc|cleanup|contains|count|date|decorate|delete|depth|deepen|diff-filter"
    r"|dirty|dry-run|exclude-standard|exact-match|exit-code|file|first-parent|fixup|follow|follow-tags"
    r"|force|force-with-lease|force-if-includes|format|full-name|get|get-all|get-regexp|get-url"
    r"|global|graph|grep|heads|ignore-(?:all-space|space-change|cr-at-eol|blank-lines|missing)"
    r"|intent-to-add|invert-grep|is-ancestor|is-inside-work-tree|is-shallow-repository|jobs|list|local"
    r"|long|ls-files|match|max-count|merged|message|mirror|modified|name-only|name-status|no-abbrev"
    r"|no-color|no-edit|no-ext-diff|no-gpg-sign|no-merged|no-merges|no-pager|no-patch|no-renames"
    r"|no-tags|no-verify|no-walk|numstat|oneline|others|patch|points-at|porcelain|pretty|progress"
    r"|prune|prune-tags|push-option|quiet|raw|recurse-submodules=no|refmap|refs|remote(?:s)?|replace-all"
    r"|reverse|set-upstream(?:-to)?|shallow-since|short|show-current|show-toplevel|show-prefix|sign"
    r"|signoff|since|sort|staged|stat|shortstat|stage|symbolic|system|tags|track|unified|unset"
    r"|unset-all|unshallow|until|update|update-head-ok|upstream|verbose|verify|version|word-diff)"
    r"(?:=.*)?"
)
"""Options of git that run nothing and write no file by name."""
UNPACK = frozenset({"tar", "unzip"})
EXPAND = frozenset({"gunzip", "unxz", "unzstd", "uncompress"})
COMPRESS = frozenset({"gzip", "xz", "zstd"})
COPY = frozenset({"cp", "ln", "mv"})
OUTSIDE = ("/", "~", "$", "..", '"$', "'$")
"""How a word begins that leads out of the working folder."""
TEMPORARY = re.compile(r"(?:/tmp|/var/tmp|\$\{?RUNNER_TEMP\}?)(?:/[\w.@+-]+)*/?")
"""Folders of the machine in which no program looks for others."""
WITH_VALUE = frozenset({"-C", "-c", "--git-dir", "--work-tree", "-R", "--repo"})
"""Options of git and gh before the first word, whose value is the next word."""


def replaces_files(command: Sequence[str], folders: frozenset[str]) -> bool:
    """Whether a command can bring other files into the working folder.

    Args:
        command: from its program on.
        folders: names of the folders that have packages.
    """
    if not command:
        return False
    name, rest = command[0], command[1:]
    if writes_lock(command):
        return True
    if name == "git":
        return not (_is_known_git(rest) and _is_in_commit(rest, folders))
    if name == "gh":
        words = _first(rest)
        moves = words in MAY_MOVE and any(map(MOVES.fullmatch, rest))
        return moves or _unknown_to_gh(words)
    if name in UNPACK:
        return not _unpacks_elsewhere(rest) and not _only_packs(name, rest)
    if name in EXPAND or (name in COMPRESS and _expands(rest)):
        return not any(re.fullmatch(r"-\w*[cltv]\w*|--(?:stdout|list|test)", one) for one in rest)
    if name in COPY:
        given = [word for word in rest if not word.startswith("-")]
        return any(word.startswith(OUTSIDE) for word in given[:-1])
    return False


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


def _settings(rest: Sequence[str]) -> list[tuple[str, str]]:
    """The settings that a git command names, with their values: by `-c`, and after `config`."""
    pairs = [b.partition("=") for a, b in pairwise(rest) if a == "-c"]
    found = [(name, value) for name, _, value in pairs]
    if _first(rest)[:1] == ("config",):
        given = [w for w in rest[list(rest).index("config") + 1 :] if not w.startswith("-")]
        reads = {"get", "list", "unset"} & set(given[:1]) or any(
            re.match(r"--(?:get|unset|list)|-l", word) for word in rest
        )
        given = given[1:] if given[:1] in (["set"], ["get"], ["unset"], ["list"]) else given
        if given and not reads:
            found.append((given[0], given[1] if given[1:] else ""))
    return found


def _is_known_git(rest: Sequence[str]) -> bool:
    """Whether git runs nothing that its words name, and leaves files as they are."""
    first = _first(rest)[:1]
    if not first:
        return all(map(GIT_OPTIONS.fullmatch, rest))
    named = _settings(rest)
    values = [value for _name, value in named if value.startswith("!")]
    options = [word for word in rest if word.startswith("-") and word not in WITH_VALUE]
    return (
        first[0] in PRINTS_GIT
        and not values
        and all(SETS_GIT.fullmatch(name) or _is_helper(name, value) for name, value in named)
        and all(map(GIT_OPTIONS.fullmatch, options))
        and not any("::" in word.partition(" ")[0] for word in rest)
    )


def _is_in_commit(rest: Sequence[str], folders: frozenset[str]) -> bool:
    """Whether git takes its settings from a folder of the commit, and writes none to a file."""
    pairs = list(pairwise(rest))
    places = [value for option, value in pairs if option == "-C"]
    first = _first(rest)[:1]
    files = [b for a, b in pairs if first == ("config",) and a in {"-f", "--file"}]
    files += [word for word in rest if first == ("config",) and word.startswith("--file=")]
    return (
        not {"--git-dir", "--work-tree"} & set(rest)
        and not files
        and all(is_known_folder(one, folders) for one in places)
    )


def _is_helper(name: str, value: str) -> bool:
    """Whether a setting names one of git's own stores of credentials."""
    helper = re.fullmatch(r"(?i)credential\.(?:.*\.)?helper", name) is not None
    return helper and value in {"", "cache", "store", "osxkeychain", "manager"}


def _expands(rest: Sequence[str]) -> bool:
    return any(re.fullmatch(r"-\w*d\w*|--(?:decompress|uncompress)", one) for one in rest)


def takes_any(command: Sequence[str]) -> bool:
    """Whether no option of a command of git or gh runs a program or writes a file."""
    words = _first(command[1:])
    quiet = command[0] == "git" and words[:1] in {(word,) for word in QUIET_GIT}
    return quiet or (command[0] == "gh" and words[:1] != () and words not in MAY_MOVE)


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
    return bool(places) and all(map(TEMPORARY.fullmatch, places))
