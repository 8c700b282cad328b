"""What a command of npm, pnpm, yarn or bun installs, by what its word does.

Sources: https://docs.npmjs.com/cli/v11/commands, https://pnpm.io/pnpm-cli, https://yarnpkg.com/cli,
https://classic.yarnpkg.com/en/docs/cli, https://bun.com/docs/cli/install.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from hardenme.exposure.client_options import (
    ARCHIVE,
    FLAGS,
    FROZEN,
    NO_LOCK,
    NOT_PLAIN,
    PATHS,
    RUNS_OTHERWISE,
    THAWED,
    is_known_option,
    options_of,
    specs,
)
from hardenme.exposure.client_settings import sets_unknown
from hardenme.exposure.install_kind import Install, InstallKind
from hardenme.exposure.known_commands import CLIENTS, ScriptPlace
from hardenme.exposure.known_paths import is_known_folder
from hardenme.exposure.known_programs import TOOLS
from hardenme.workflows.scripts import program

Lookup = Callable[[str], Sequence[str]]
"""From the name of a script of `package.json` to its texts, one for each file that has it."""
FAMILY = {"npm": "npm", "pnpm": "pnpm", "pn": "pnpm", "yarn": "yarn", "yarnpkg": "yarn"} | {
    "bun": "bun",
    "deno": "deno",
    "corepack": "corepack",
}
"""By the name of a client, which one it is, and so whose lock file it heeds."""
WANTED = re.compile(
    r"dependencies|\w+Dependencies|overrides|resolutions|pnpm|scripts|workspaces|.*\$"
)
"""Keys of `package.json` that decide what is installed or run."""
OF_COREPACK = frozenset({"pnpm", "pnpx", "yarn", "yarnpkg"})
"""The clients that `corepack enable` brings where none is named."""
PRINTS_PM = (["ls"], ["bin"], ["cache"], ["hash"], ["untrusted"], ["view"], ["whoami"], ["why"])
"""Words after `bun pm` that install nothing and run no script."""
LIFECYCLE = {
    "install": (
        *("pnpm:devPreinstall", "preinstall", "install", "postinstall", "prepublish"),
        *("preprepare", "prepare", "postprepare"),
    ),
    "publish": (
        *("prepublishOnly", "prepack", "prepare", "postpack", "publish", "postpublish"),
        *("preversion", "version", "postversion"),
    ),
}
"""Scripts of the project that a client runs by itself."""


@dataclass(frozen=True, slots=True)
class ClientCall:
    """What a client is asked to do.

    Attributes:
        client: its family.
        verb: the word that says it; empty for none.
        after: the words after that.
        text: the command, shortened.
        lookup: finds the scripts of the project.
        place: where it runs.
        follow: what a script of the project installs.
    """

    client: str
    verb: str
    after: tuple[str, ...]
    text: str
    lookup: Lookup
    place: ScriptPlace
    follow: Callable[[str], Iterator[Install]]

    @property
    def rest(self) -> list[str]:
        """The words other than options."""
        return [word for word in self.after if not FLAGS.fullmatch(word)]

    @property
    def frozen(self) -> bool:
        """Whether the lock file has to fit, by an option that the client has."""
        known = FROZEN.get(self.client, frozenset())
        given = [word for word in self.after if word.partition("=")[0] in known | THAWED]
        return bool(given) and all(word.removesuffix("=true") in known for word in given)

    def unread(self) -> Install:
        """It as something that was not read."""
        return Install(InstallKind.UNREAD, self.text)

    def scripts(self, names: Sequence[str], words: Sequence[str] = ()) -> Iterator[Install]:
        """What scripts of the project install.

        Args:
            words: what a client puts behind a script.
        """
        more = "".join(f' "{word}"' if "$" in word else f" {shlex.quote(word)}" for word in words)
        for name in names:
            for text in self.lookup(name):
                yield from self.follow(text + more)


def locked(call: ClientCall) -> Iterator[Install]:
    """What the lock file says, where it has to fit."""
    yield Install(InstallKind.LOCKED, call.text, client=call.client)
    yield from _install_scripts(call)


def _install_scripts(call: ClientCall) -> Iterator[Install]:
    known = all(map(is_known_option, options_of(call.after)))
    if not known or any(NOT_PLAIN.search(word) for word in call.rest):
        yield call.unread()
    yield from call.scripts(LIFECYCLE["install"])


def installs_all(call: ClientCall) -> Iterator[Install]:
    """All packages of the project, or those that are named."""
    if call.frozen and not call.rest:
        yield from locked(call)
        return
    kind = InstallKind.NAMED if call.rest else InstallKind.FROM_MANIFEST
    yield Install(kind, call.text, tuple(call.rest), call.client)
    if any(map(NO_LOCK.fullmatch, call.after)):
        yield Install(InstallKind.NEWEST, call.text)
    if not call.rest and {"-g", "--global"} & set(call.after):
        # The folder itself, with what its ranges admit.
        yield call.unread()
    yield from _install_scripts(call)


def install_and_test(call: ClientCall) -> Iterator[Install]:
    """The same, and the project's tests."""
    yield from installs_all(call)
    yield from call.scripts(_with_hooks("test"))


def locked_and_test(call: ClientCall) -> Iterator[Install]:
    """What the lock file says, and the project's tests."""
    yield from locked(call)
    yield from call.scripts(_with_hooks("test"))


def in_order(call: ClientCall) -> Iterator[Install]:
    """What stays is brought in order."""
    yield Install(InstallKind.FROM_MANIFEST, call.text, client=call.client)
    yield from _install_scripts(call)


def newest(call: ClientCall) -> Iterator[Install]:
    """What the ranges admit, whatever the lock file says."""
    yield Install(InstallKind.NEWEST, call.text)
    yield from _install_scripts(call)


def adds(call: ClientCall) -> Iterator[Install]:
    """Packages that are named."""
    yield _named(call.text, call.rest, call.after)


def fetches(call: ClientCall) -> Iterator[Install]:
    """A program of a package that is named."""
    yield from program_installs(call.text, call.rest, call.after)


def creates(call: ClientCall) -> Iterator[Install]:
    """A package that makes a project, which it runs."""
    yield _named(call.text, call.rest, call.after)
    yield call.unread()


def runs(call: ClientCall) -> Iterator[Install]:
    """What a client runs by name: a script of `package.json`, or a program of a package.

    Before the name may be values of options, and after it arguments of the script.
    """
    yield from _around_scripts(call)
    rest = call.rest
    at = next((number for number, word in enumerate(rest) if call.lookup(word)), len(rest))
    unsure = any(NOT_PLAIN.search(word) for word in rest[: at + 1])
    # Where no script has the name, npm runs nothing; the others run a program of a package.
    program_of = call.client != "npm" and at == len(rest) > 0 and rest[0] not in TOOLS.split()
    if unsure or program_of:
        yield call.unread()
    if at < len(rest):
        behind = list(call.after[call.after.index(rest[at]) + 1 :])
        yield from runs_script(call, rest[at], behind)


def _around_scripts(call: ClientCall) -> Iterator[Install]:
    """What options change of how scripts run. One that npm does not know changes nothing."""
    named = {word.partition("=")[0].lower().replace("_", "-") for word in options_of(call.after)}
    if named & RUNS_OTHERWISE:
        yield call.unread()


def runs_script(call: ClientCall, name: str, behind: Sequence[str]) -> Iterator[Install]:
    """A script with the words that the client puts behind it, and what runs around it."""
    words = list(behind)
    if call.client == "npm":
        split = words.index("--") if "--" in words else len(words)
        words = [*specs(words[:split], paths=True), *words[split:]]
    words = [word for n, word in enumerate(words) if word != "--" or "--" in words[:n]]
    before, _, after = _with_hooks(name)
    yield from call.scripts((name,), words)
    yield from call.scripts((before, after))


def tests(call: ClientCall) -> Iterator[Install]:
    """A script of the project that has a command of its own."""
    yield from _around_scripts(call)
    name = {"t": "test", "tst": "test"}.get(call.verb, call.verb)
    started = call.client == "npm" and name in {"start", "restart"}
    if not call.lookup(name) and (call.client != "npm" or started):
        # npm runs server.js in place of `start`, the others a program of a package.
        yield call.unread()
    if name == "restart":
        yield from call.scripts((*_with_hooks("stop"), *_with_hooks("start")))
    yield from runs_script(call, name, call.after)


def publishes(call: ClientCall) -> Iterator[Install]:
    """What runs when the project is packed or published."""
    words = call.after[1:] if call.verb in {"stage", "npm"} else call.after
    options = (word.partition("=")[0] for word in options_of(words))
    if not all(map(is_known_option, options)):
        yield call.unread()
    packed = list(specs(words))
    if packed and call.verb != "version":
        yield _named(call.text, packed, call.after)
    folders = [word for word in specs(words, paths=True) if PATHS.fullmatch(word)]
    if any(not _is_packed(one, call.place) for one in folders) and call.verb != "version":
        yield call.unread()
    yield from call.scripts(LIFECYCLE["publish"])


def enables(call: ClientCall) -> Iterator[Install]:
    """What `corepack enable` puts in front of the clients that the machine has.

    Its npm is not the one that came with Node.js.
    """
    if not set(call.rest) <= OF_COREPACK:
        yield call.unread()


def _is_packed(word: str, place: ScriptPlace) -> bool:
    """Whether a path is an archive, of which no script runs, or a folder of the commit."""
    return ARCHIVE.fullmatch(word) is not None or is_known_folder(word, place.folders)


def quiet(call: ClientCall) -> Iterator[Install]:
    """What prints, or changes what is on a server."""
    fixes = call.verb == "audit" and ("fix" in call.rest or "--fix" in call.after)
    chosen = call.verb in {"audit", "cache", "store"} and any("$" in word for word in call.rest[:1])
    if fixes or chosen:
        yield Install(InstallKind.NEWEST, call.text)
    elif call.verb in {"cache", "store"} and call.rest[:1] == ["add"]:
        yield _named(call.text, call.rest, call.after)
    elif (call.verb == "pm" and call.rest[:1] not in PRINTS_PM) or _sets_versions(call):
        yield call.unread()


def program_installs(text: str, named: Sequence[str], after: Sequence[str]) -> Iterator[Install]:
    """A program of a package that a command fetches where it is not there, and runs."""
    yield _named(text, named, after)
    plain = not any(map(str.isspace, "".join(after)))
    known = bool(set(TOOLS.split()) & set(named[:1])) and plain
    if not known or any(program(word) in CLIENTS for word in after):
        yield Install(InstallKind.UNREAD, text)


def _named(text: str, named: Sequence[str], after: Sequence[str]) -> Install:
    """What a command names; `-p NAME` and `--package=NAME` name some, too."""
    more = [word.partition("=")[2] for word in after if word.startswith("--package=")]
    more += [b for a, b in pairwise(after) if a in {"-p", "--package"}]
    return Install(InstallKind.NAMED, text, tuple(dict.fromkeys([*named, *more])))


def _with_hooks(script: str) -> tuple[str, str, str]:
    """A script, with those that a client runs before and after it."""
    return f"pre{script}", script, f"post{script}"


def _sets_versions(call: ClientCall) -> bool:
    """Whether a command changes which packages are wanted, or whether the lock file counts."""
    verb, rest = call.verb, call.rest
    if verb == "pkg":
        known = rest[:1] in (["get"], ["set"], ["delete"])
        return not known or (rest[0] != "get" and any(map(WANTED.match, rest[1:])))
    if verb in {"config", "c"}:
        reads = rest[:1] in ([], ["get"], ["list"], ["ls"])
        return not reads and (rest[0] != "set" or sets_unknown(rest[1:]))
    return verb == "set" and sets_unknown(rest)
