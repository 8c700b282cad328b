"""What the commands of a script install from npm, and whether a lock file decides it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise

from hardenme.exposure.client_settings import changing_lines, sets_unknown
from hardenme.exposure.replacing import replaces_files, works_elsewhere, writes_lock
from hardenme.workflows.scripts import commands, program

LONGEST = 100
"""Characters of a command that are shown."""
DEEPEST = 6
"""Scripts of `package.json` within one another."""


class InstallKind(Enum):
    """How a command installs."""

    LOCKED = auto()
    """What the lock file says, or nothing."""
    FROM_MANIFEST = auto()
    """What the lock file says where it fits `package.json`, else what the ranges admit."""
    NEWEST = auto()
    """What the ranges of `package.json` admit."""
    NAMED = auto()
    """Packages that the command names."""
    UNREAD = auto()
    """It runs something that was not read."""


@dataclass(frozen=True, slots=True)
class Install:
    """A command that installs, or may.

    Attributes:
        text: the command, shortened.
        named: what it names, like `axios@^1.0.0`.
        client: whose lock file decides, by its key in `locks.reading.CLIENTS`; empty for none.
    """

    kind: InstallKind
    text: str
    named: tuple[str, ...] = ()
    client: str = ""


RUNNERS = frozenset({"npx", "pnpx", "bunx"})
CLIENTS = RUNNERS | {"npm", "pnpm", "yarn", "yarnpkg", "bun", "deno", "corepack", "pn"}
LOCK_OF = {
    "npm": "npm",
    "pnpm": "pnpm",
    "pn": "pnpm",
    "yarn": "yarn",
    "yarnpkg": "yarn",
    "bun": "bun",
}
"""By the name of a client, whose lock file it heeds."""
LOCKED = frozenset({"ci", "clean-install", "install-clean", "ic"})
FROZEN = frozenset({"--frozen-lockfile", "--immutable", "--frozen"})
INSTALL = frozenset({"install", "i", "in", "ins", "inst", "isntall", "it", "install-test", "cit"})
ADD = frozenset({"add", "link", "ln", "global"})
UPDATE = frozenset({"update", "up", "upgrade", "udpate", "dedupe", "ddp", "import", "rebuild"})
REMOVE = frozenset({"uninstall", "un", "unlink", "remove", "rm", "r", "prune"})
OF_PNPM = frozenset({"fetch", "deploy"})
"""What pnpm alone installs by; with others it is a script."""
CREATE = frozenset({"create", "init", "innit"})
"""What writes a `package.json`, by a program that is not the one named."""
FETCH = CREATE | {"exec", "x", "dlx"}
STORES = frozenset({"cache", "store"})
INSTALLING = (
    LOCKED | INSTALL | ADD | UPDATE | REMOVE | OF_PNPM | FETCH | {"workspace", "workspaces"}
)
"""What a client may be asked to do that installs."""
RUN = frozenset({"run", "run-script", "rum", "urn"})
"""What is followed by the name of a script."""
SCRIPTS = RUN | {"test", "tst", "t", "start", "stop", "restart"}
SHORT = {"t": "test", "tst": "test"}
QUIET = frozenset(
    """
    access adduser bin bugs cache config c completion deprecate dist-tag doctor docs explain
    fund get help hook info licenses list ll login logout la ls node org outdated owner
    ping pkg prefix profile query repo root sbom search set show team token undeprecate
    unpublish unstar v version versions view whoami why workspaces pm publish pack
    stage stars star trust audit enable disable store
    """.split()  # noqa: SIM905 (words, not a list of strings)
)
"""First words of a client that install nothing."""
PRINTS_PM = (["ls"], ["bin"], ["cache"], ["hash"], ["untrusted"], ["view"], ["whoami"], ["why"])
"""Words after `bun pm` that install nothing and run no script."""
LIFECYCLE = {
    "install": (
        *("preinstall", "install", "postinstall", "prepublish"),
        *("preprepare", "prepare", "postprepare"),
    ),
    "publish": (
        *("prepublishOnly", "prepack", "prepare", "postpack", "publish", "postpublish"),
        *("preversion", "version", "postversion"),
    ),
}
"""Scripts of the project that a client runs by itself."""
RUNS_SCRIPTS = frozenset({"publish", "pack", "version", "stage", "npm"})
"""What runs scripts of the project; `npm` is yarn's word before some of them."""
WITH_VALUE = frozenset(
    """
    --access --auth-type --cache --filter --loglevel --otp --pack-destination --preid
    --provenance-file --publish-branch --registry --tag --userconfig --workspace -w
    """.split()  # noqa: SIM905 (words, not a list of strings)
)
"""Options of those whose value is the next word."""
HARMLESS = frozenset(
    """
    : [ [[ alias apt apt-get awk base64 basename break cat cd chgrp chmod chown cmp column comm
    continue cosign cp curl cut date declare df diff dirname done dpkg du egrep else esac exit
    export expr false fgrep fi file fold for function gawk gh git gpg grep gunzip gzip head
    hostname id jq kill less let ln local ls md5sum mkdir mktemp mv nproc od openssl paste popd
    printenv pushd pwd read readlink readonly realpath return rm rmdir sed seq set sha1sum sha256sum
    sha512sum shasum shift shopt sleep sort split stat sync tail tar tee test touch tr trap true
    type ulimit umask uname uniq unset unzip wait wc wget which whoami xxd xz yq zip zstd } ]] ]
    ava biome c8 esbuild eslint jest mocha nyc oxlint prettier rollup stylelint tap tsc tsup vite
    vitest webpack zizmor actionlint shellcheck
    """.split()  # noqa: SIM905 (words, not a list of strings)
)
"""Programs that install nothing from npm and run no command that is not in the script.

Compilers, linters and test programs are among them: what they run is what was installed. What
a program runs that is not listed is not known, so it counts as not read.
"""
BEGINNINGS = frozenset(
    "if then else elif do while until ! { sudo time env command exec".split()  # noqa: SIM905 (the same)
)
"""Words before a program that change nothing about what it installs."""
LOOPS = frozenset({"for", "select", "case", "function"})
"""What is followed by names, not by a program."""
RUN_OTHERS = frozenset({"bash", "sh", "zsh", "dash", "ksh", "xargs", "eval", "ssh", "parallel"})
"""Programs that run what a later word names."""
MENTIONED = re.compile(r"(?<![\w@/.-])(?:npm|npx|pnpm|pnpx|yarn|bun|bunx|corepack)(?![\w.-])")
"""A client within a word that is not a command: a list of another language, a variable."""
FLAGS = re.compile(r"-[-A-Za-z].*")
SWITCHES = re.compile(
    r"--no-.*|--(?:yes|global|silent|recursive|workspaces|workspace-root|ignore-scripts|force"
    r"|prefer-offline|offline|frozen-lockfile|immutable|production|prod|dev|legacy-peer-deps|parallel"
    r"|foreground-scripts|json|quiet|verbose|if-present|include-workspace-root|non-interactive)"
    r"|-[yrsgdDPfq]"
)
"""Options without a value."""
PATHS = re.compile(r"\.|\.?\.?/.*|.*\.tgz|.*\$.*")
"""What a client packs or publishes from the folder, rather than from npm."""
NO_LOCK = re.compile(
    r"--no-(?:package-lock|lockfile|shrinkwrap)"
    r"|--(?:package-lock|lockfile|shrinkwrap)=(?:false|0|no)"
)
"""Options by which a client does not heed the lock file."""
NOT_PLAIN = re.compile(r"[$*{}]|^/")
"""A variable, or a pattern for several scripts, in place of the name of one."""
WANTED = re.compile(
    r"dependencies|\w+Dependencies|overrides|resolutions|pnpm|scripts|workspaces|.*\$"
)
"""Keys of `package.json` that decide what is installed or run."""
ASSIGNED = re.compile(r"[A-Za-z_]\w*=.*")

Lookup = Callable[[str], Sequence[str]]
"""From the name of a script of `package.json` to its texts, one for each file that has it."""


def installs(script: str, lookup: Lookup, depth: int = 0) -> Iterator[Install]:
    """The commands of a script that install, those of `package.json`'s scripts included.

    A command that is not known to install nothing is one that was not read.
    """
    if depth > DEEPEST:
        yield Install(InstallKind.UNREAD, "scripts that call each other")
        return
    for line in changing_lines(script):
        yield Install(InstallKind.UNREAD, line[:LONGEST])
    for words in commands(script):
        yield from _command([word for word in words if word not in {"(", ")"}], lookup, depth)


def _command(words: Sequence[str], lookup: Lookup, depth: int) -> Iterator[Install]:
    text = " ".join(words)[:LONGEST]
    names = [program(word).removesuffix(".cmd").removesuffix(".exe") for word in words]
    place = next((n for n, name in enumerate(names) if name in CLIENTS), None)
    if place is None:
        if not _is_harmless(words) or replaces_files(_from_program(words)):
            yield Install(InstallKind.UNREAD, text)
        return
    after = list(words[place + 1 :])
    if writes_lock(words[place:]) or works_elsewhere(after):
        yield Install(InstallKind.UNREAD, text)
    given = [word for word in after if not FLAGS.fullmatch(word)]
    if not _is_harmless(words[:place]):
        # What it is may hand the client on to something else, in another place.
        yield Install(InstallKind.UNREAD, text)
    if any("$" in word for word in given[:1]):
        yield Install(InstallKind.UNREAD, text)
    elif names[place] in RUNNERS:
        yield from _program_of(text, given[:1], after)
    else:
        yield from _client(names[place], after, text, lookup, depth)


def _from_program(words: Sequence[str]) -> Sequence[str]:
    """A command from its program on, without what comes before."""
    for place, word in enumerate(words):
        if not (word in BEGINNINGS or ASSIGNED.fullmatch(word) or FLAGS.fullmatch(word)):
            return words[place:]
    return ()


def _is_harmless(words: Sequence[str]) -> bool:
    """Whether a command is known to install nothing, and to run nothing that was not read."""
    command = _from_program(words)
    if MENTIONED.search(" ".join(words)) or RUN_OTHERS & set(map(program, words)):
        return False
    return not command or command[0] in LOOPS or command[0] in HARMLESS


def _program_of(text: str, named: Sequence[str], after: Sequence[str]) -> Iterator[Install]:
    """A program of a package that a command fetches where it is not there, and runs."""
    yield _named(text, named, after)
    if not HARMLESS & set(named[:1]) or any(map(MENTIONED.search, after)):
        yield Install(InstallKind.UNREAD, text)


def _named(text: str, named: Sequence[str], after: Sequence[str]) -> Install:
    """What a command names; `-p NAME` and `--package=NAME` name some, too."""
    more = [word.partition("=")[2] for word in after if word.startswith("--package=")]
    more += [b for a, b in pairwise(after) if a in {"-p", "--package"}]
    return Install(InstallKind.NAMED, text, tuple(dict.fromkeys([*named, *more])))


def _client(
    client: str,
    words: Sequence[str],
    text: str,
    lookup: Lookup,
    depth: int,
) -> Iterator[Install]:
    """What a command of a client installs.

    A word after an option may be its value, or what the client is to do: both are followed.
    """
    places = list(_first_words(words))
    named = False
    for number, place in enumerate(places, 1):
        verb, after = words[place], words[place + 1 :]
        if number < len(places):
            if verb in INSTALLING:
                yield from _verb(client, verb, after, text, lookup, depth)
            named = named or verb in ADD | FETCH | INSTALL
        elif not named or verb in INSTALLING | SCRIPTS or lookup(verb):
            yield from _verb(client, verb, after, text, lookup, depth)
    if not places:
        yield from _verb(client, "", words, text, lookup, depth)


def _first_words(words: Sequence[str]) -> Iterator[int]:
    """The places of the words that may be what a client is to do, the surest last."""
    for place, word in enumerate(words):
        if FLAGS.fullmatch(word):
            continue
        yield place
        before = words[place - 1] if place else ""
        if not FLAGS.fullmatch(before) or "=" in before or SWITCHES.fullmatch(before):
            return


def _verb(  # noqa: C901, PLR0912, PLR0913, PLR0917 (the words of four clients)
    client: str,
    verb: str,
    after: Sequence[str],
    text: str,
    lookup: Lookup,
    depth: int,
) -> Iterator[Install]:
    rest = [word for word in after if not FLAGS.fullmatch(word)]
    frozen = bool(FROZEN & {word.partition("=")[0] for word in after})
    yarn = client.startswith("yarn")
    if client == "deno" or "$" in verb or (client == "corepack" and verb not in QUIET):
        yield Install(InstallKind.UNREAD, text)
    elif verb in {"workspace", "workspaces"} and yarn:
        yield from _of_workspaces(client, verb, after, text, lookup, depth)
    elif verb in LOCKED or (verb in INSTALL | {""} and frozen and not rest):
        yield Install(InstallKind.LOCKED, text, client=LOCK_OF[client])
        yield from _scripts(LIFECYCLE["install"], lookup, depth)
    elif verb in INSTALL or (verb == "" and yarn):
        kind = InstallKind.NAMED if rest else InstallKind.FROM_MANIFEST
        yield Install(kind, text, tuple(rest), LOCK_OF[client])
        if any(map(NO_LOCK.fullmatch, after)):
            yield Install(InstallKind.NEWEST, text)
        yield from _scripts(LIFECYCLE["install"], lookup, depth)
    elif verb in REMOVE or (verb in OF_PNPM and client in {"pnpm", "pn"}):
        # What stays is brought in order.
        yield Install(InstallKind.FROM_MANIFEST, text, client=LOCK_OF[client])
        yield from _scripts(LIFECYCLE["install"], lookup, depth)
    elif verb in CREATE:
        yield _named(text, rest, after)
        yield Install(InstallKind.UNREAD, text)
    elif verb in FETCH:
        yield from _program_of(text, rest, after)
    elif verb in ADD or (verb in STORES and rest[:1] == ["add"]):
        yield _named(text, rest, after)
    elif verb in UPDATE or (verb == "audit" and ("fix" in rest or "--fix" in after)):
        yield Install(InstallKind.NEWEST, text)
    elif verb in RUN:
        yield from _run(client, rest, text, lookup, depth)
    elif verb in SCRIPTS:
        named = SHORT.get(verb, verb)
        if named == "start" and not lookup(named):
            # It runs server.js.
            yield Install(InstallKind.UNREAD, text)
        yield from _scripts(_with_hooks(named), lookup, depth)
    elif verb in RUNS_SCRIPTS | {"diff"}:
        packed = list(_specs(after))[int(verb in {"stage", "npm"}) :]
        if packed and verb != "version":
            yield _named(text, packed, after)
        yield from _scripts(LIFECYCLE["publish"], lookup, depth)
    elif (
        verb == "explore"
        or (verb in {"set", "plugin", "node"} and yarn)
        or (verb == "pm" and rest[:1] not in PRINTS_PM)
        or _sets_versions(verb, rest)
    ):
        yield Install(InstallKind.UNREAD, text)
    elif verb and verb not in QUIET:
        texts = lookup(verb)
        harmless = client not in {"npm", "bun"} and verb in HARMLESS
        if client == "npm" or not (texts or harmless):
            # bun installs what a file imports, and pnpm and yarn run a program of a package.
            yield Install(InstallKind.UNREAD, text)
        yield from _scripts(_with_hooks(verb), lookup, depth)


def _run(
    client: str, rest: Sequence[str], text: str, lookup: Lookup, depth: int
) -> Iterator[Install]:
    """What a client runs by name: a script of `package.json`, or a program of a package.

    Before the name may be values of options, and after it arguments of the script.
    """
    place = next((number for number, word in enumerate(rest) if lookup(word)), len(rest))
    unsure = any(NOT_PLAIN.search(word) for word in rest[: place + 1])
    # Where no script has the name, npm runs nothing; the others run a program of a package.
    program_of = client != "npm" and place == len(rest) > 0 and rest[0] not in HARMLESS
    if unsure or program_of:
        yield Install(InstallKind.UNREAD, text)
    yield from _scripts([one for name in rest for one in _with_hooks(name)], lookup, depth)


def _with_hooks(script: str) -> tuple[str, ...]:
    """A script, with those that a client runs before and after it."""
    return f"pre{script}", script, f"post{script}"


def _of_workspaces(  # noqa: PLR0913, PLR0917 (the parts of a command)
    client: str, verb: str, after: Sequence[str], text: str, lookup: Lookup, depth: int
) -> Iterator[Install]:
    """What yarn does in one workspace, or in many."""
    words = [word for word in after if not FLAGS.fullmatch(word)]
    if verb == "workspaces" and words[:1] == ["focus"]:
        yield Install(InstallKind.FROM_MANIFEST, text, client=LOCK_OF[client])
        yield from _scripts(LIFECYCLE["install"], lookup, depth)
    elif verb == "workspaces" and words[:1] == ["run"]:
        yield from _verb(client, "run", words[1:], text, lookup, depth)
    elif words[1:]:
        yield from _client(client, list(after[after.index(words[1]) :]), text, lookup, depth)
    elif words not in (["list"], ["info"], []):
        yield Install(InstallKind.UNREAD, text)


def _specs(words: Sequence[str]) -> Iterator[str]:
    """The words that may be packages: no options, their values or paths."""
    for before, word in pairwise(("", *words)):
        if not (FLAGS.fullmatch(word) or before in WITH_VALUE or PATHS.fullmatch(word)):
            yield word


def _sets_versions(verb: str, rest: Sequence[str]) -> bool:
    """Whether a command changes which packages are wanted, or whether the lock file counts."""
    if verb == "pkg":
        return rest[:1] != ["get"] and any(map(WANTED.match, rest[1:]))
    if verb in {"config", "c"}:
        return rest[:1] == ["set"] and sets_unknown(rest[1:])
    return verb == "set" and sets_unknown(rest)


def _scripts(names: Sequence[str], lookup: Lookup, depth: int) -> Iterator[Install]:
    for name in names:
        for text in lookup(name):
            yield from installs(text, lookup, depth + 1)
