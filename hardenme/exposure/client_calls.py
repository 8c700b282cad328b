"""What the words of npm, pnpm, yarn and bun do: a table of each one's words.

Sources: https://docs.npmjs.com/cli/v11/commands, https://pnpm.io/pnpm-cli, https://yarnpkg.com/cli,
https://classic.yarnpkg.com/en/docs/cli, https://bun.com/docs/cli/install.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from hardenme.exposure.client_options import (
    ARCHIVE,
    FLAGS,
    FROZEN,
    NO_LOCK,
    NOT_PLAIN,
    PATHS,
    SWITCHES,
    first_words,
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
        """Whether the lock file has to fit."""
        given = {word for word in self.after if not word.endswith(("=false", "=0"))}
        return bool(FROZEN & {word.partition("=")[0] for word in given})

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


def _locked(call: ClientCall) -> Iterator[Install]:
    yield Install(InstallKind.LOCKED, call.text, client=call.client)
    yield from _install_scripts(call)


def _install_scripts(call: ClientCall) -> Iterator[Install]:
    known = all(map(is_known_option, options_of(call.after)))
    if not known or any(NOT_PLAIN.search(word) for word in call.rest):
        yield call.unread()
    yield from call.scripts(LIFECYCLE["install"])


def _install(call: ClientCall) -> Iterator[Install]:
    if call.frozen and not call.rest:
        yield from _locked(call)
        return
    kind = InstallKind.NAMED if call.rest else InstallKind.FROM_MANIFEST
    yield Install(kind, call.text, tuple(call.rest), call.client)
    if any(map(NO_LOCK.fullmatch, call.after)):
        yield Install(InstallKind.NEWEST, call.text)
    if not call.rest and {"-g", "--global"} & set(call.after):
        # The folder itself, with what its ranges admit.
        yield call.unread()
    yield from _install_scripts(call)


def _install_and_test(call: ClientCall) -> Iterator[Install]:
    yield from _install(call)
    yield from call.scripts(_with_hooks("test"))


def _locked_and_test(call: ClientCall) -> Iterator[Install]:
    yield from _locked(call)
    yield from call.scripts(_with_hooks("test"))


def _in_order(call: ClientCall) -> Iterator[Install]:
    """What stays is brought in order."""
    yield Install(InstallKind.FROM_MANIFEST, call.text, client=call.client)
    yield from _install_scripts(call)


def _newest(call: ClientCall) -> Iterator[Install]:
    yield Install(InstallKind.NEWEST, call.text)
    yield from _install_scripts(call)


def _adds(call: ClientCall) -> Iterator[Install]:
    yield _named(call.text, call.rest, call.after)


def _fetches(call: ClientCall) -> Iterator[Install]:
    yield from program_installs(call.text, call.rest, call.after)


def _creates(call: ClientCall) -> Iterator[Install]:
    yield _named(call.text, call.rest, call.after)
    yield call.unread()


def _runs(call: ClientCall) -> Iterator[Install]:
    """What a client runs by name: a script of `package.json`, or a program of a package.

    Before the name may be values of options, and after it arguments of the script.
    """
    rest = call.rest
    at = next((number for number, word in enumerate(rest) if call.lookup(word)), len(rest))
    unsure = any(NOT_PLAIN.search(word) for word in rest[: at + 1])
    # Where no script has the name, npm runs nothing; the others run a program of a package.
    program_of = call.client != "npm" and at == len(rest) > 0 and rest[0] not in TOOLS.split()
    if unsure or program_of:
        yield call.unread()
    if at < len(rest):
        behind = list(call.after[call.after.index(rest[at]) + 1 :])
        yield from _script(call, rest[at], behind)


def _script(call: ClientCall, name: str, behind: Sequence[str]) -> Iterator[Install]:
    """A script with the words that the client puts behind it, and what runs around it."""
    words = list(behind)
    if call.client == "npm":
        split = words.index("--") if "--" in words else len(words)
        words = [*specs(words[:split], paths=True), *words[split:]]
    words = [word for n, word in enumerate(words) if word != "--" or "--" in words[:n]]
    before, _, after = _with_hooks(name)
    yield from call.scripts((name,), words)
    yield from call.scripts((before, after))


def _test(call: ClientCall) -> Iterator[Install]:
    name = {"t": "test", "tst": "test"}.get(call.verb, call.verb)
    started = call.client == "npm" and name in {"start", "restart"}
    if not call.lookup(name) and (call.client != "npm" or started):
        # npm runs server.js in place of `start`, the others a program of a package.
        yield call.unread()
    if name == "restart":
        yield from call.scripts((*_with_hooks("stop"), *_with_hooks("start")))
    yield from _script(call, name, call.after)


def _publishes(call: ClientCall) -> Iterator[Install]:
    words = call.after[1:] if call.verb in {"stage", "npm"} else call.after
    packed = list(specs(words))
    if packed and call.verb != "version":
        yield _named(call.text, packed, call.after)
    folders = [word for word in specs(words, paths=True) if PATHS.fullmatch(word)]
    if any(not _is_packed(one, call.place) for one in folders) and call.verb != "version":
        yield call.unread()
    yield from call.scripts(LIFECYCLE["publish"])


def _is_packed(word: str, place: ScriptPlace) -> bool:
    """Whether a path is an archive, of which no script runs, or a folder of the commit."""
    return ARCHIVE.fullmatch(word) is not None or is_known_folder(word, place.folders)


def _quiet(call: ClientCall) -> Iterator[Install]:
    """What prints, or changes what is on a server."""
    fixes = call.verb == "audit" and ("fix" in call.rest or "--fix" in call.after)
    if fixes:
        yield Install(InstallKind.NEWEST, call.text)
    elif call.verb in {"cache", "store"} and call.rest[:1] == ["add"]:
        yield _named(call.text, call.rest, call.after)
    elif (call.verb == "pm" and call.rest[:1] not in PRINTS_PM) or _sets_versions(call):
        yield call.unread()


def _of_workspaces(call: ClientCall) -> Iterator[Install]:
    """What yarn does in one workspace, or in many."""
    words = call.rest
    if call.verb == "workspaces" and words[:1] == ["focus"]:
        yield from _in_order(replace(call, after=()))
    elif call.verb == "workspaces" and words[:1] == ["run"]:
        yield from _runs(replace(call, verb="run", after=tuple(words[1:])))
    elif words[1:]:
        after = call.after[call.after.index(words[1]) :]
        yield from client_installs(replace(call, verb="", after=after))
    elif words not in (["list"], ["info"], []):
        yield call.unread()


Verb = Callable[[ClientCall], Iterator[Install]]


def _table(*rows: tuple[str, Verb]) -> dict[str, Verb]:
    return {word: does for words, does in rows for word in words.split()}


PRINTS = """
    access adduser bin bugs cache completion config c deprecate dist-tag docs fund get help hook
    info licenses list login logout ls org outdated owner ping pkg prefix profile query repo
    root sbom search set show stars star team token trust unpublish unstar v version versions
    view whoami why audit la ll explain doctor undeprecate
"""
VERBS: dict[str, dict[str, Verb]] = {
    "npm": _table(
        (PRINTS, _quiet),
        ("ci clean-install install-clean ic isntall-clean", _locked),
        ("install i in ins inst insta instal isnt isnta isntal isntall add", _install),
        ("install-test it", _install_and_test),
        ("install-ci-test cit clean-install-test sit", _locked_and_test),
        ("uninstall un unlink remove rm r prune", _in_order),
        ("update up upgrade udpate dedupe ddp rebuild rb", _newest),
        ("link ln", _adds),
        ("exec x", _fetches),
        ("init create innit", _creates),
        ("run run-script rum urn", _runs),
        ("test tst t start stop restart", _test),
        ("publish pack version stage diff", _publishes),
    ),
    "pnpm": _table(
        (PRINTS, _quiet),
        ("store", _quiet),
        ("ci clean-install", _locked),
        ("install i", _install),
        ("install-test it", _install_and_test),
        ("add link ln", _adds),
        ("uninstall un unlink remove rm prune fetch deploy", _in_order),
        ("update up upgrade dedupe import rebuild rb", _newest),
        ("exec dlx", _fetches),
        ("create init", _creates),
        ("run run-script", _runs),
        ("test tst t start stop restart", _test),
        ("publish pack version", _publishes),
    ),
    "yarn": _table(
        ("audit bin cache config c help info licenses list login logout outdated owner", _quiet),
        ("tag team versions why explain", _quiet),
        ("install", _install),
        ("add link global", _adds),
        ("unlink remove", _in_order),
        ("up upgrade upgrade-interactive dedupe import rebuild", _newest),
        ("exec dlx", _fetches),
        ("create init", _creates),
        ("run", _runs),
        ("test start stop restart", _test),
        ("publish pack version npm stage", _publishes),
        ("workspace workspaces", _of_workspaces),
    ),
    "bun": _table(
        ("pm outdated audit info why --version", _quiet),
        ("ci", _locked),
        ("install i", _install),
        ("add a link", _adds),
        ("unlink remove rm", _in_order),
        ("update", _newest),
        ("x", _fetches),
        ("create c init", _creates),
        ("run", _runs),
        ("publish", _publishes),
    ),
    "corepack": _table(("enable disable cache", _quiet)),
    "deno": {},
}
"""What each word of a client does. A word that is not here is a script, or was not read."""
ADD_NAMES = frozenset({_adds, _fetches, _install, _creates})
"""After these come names of packages."""
RUN_NAMES = frozenset({_runs, _test})


def client_installs(call: ClientCall) -> Iterator[Install]:
    """What a command of a client installs.

    A word after an option may be its value, or what the client is to do: both are followed.
    """
    words, verbs = call.after, VERBS[call.client]
    places = list(first_words(words))
    named = False
    for number, place in enumerate(places, 1):
        verb = words[place]
        does = verbs.get(verb)
        this = replace(call, verb=verb, after=words[place + 1 :])
        if number < len(places):
            if does is not None and does not in {*RUN_NAMES, _quiet, _publishes}:
                yield from does(this)
            named = named or does in ADD_NAMES
        elif not named or does is not None or call.lookup(verb):
            switches = filter(SWITCHES.fullmatch, words[:place])
            yield from _verb(replace(this, after=(*switches, *this.after)), does)
        if not all(map(is_known_option, options_of(words[:place]))):
            yield call.unread()
    if not places:
        yield from _verb(call, _install if call.client == "yarn" else None)


def _verb(call: ClientCall, does: Verb | None) -> Iterator[Install]:
    if does is not None:
        yield from does(call)
    elif call.verb == "" and call.client not in {"yarn", "deno"}:
        # It prints its help or its version.
        return
    else:
        texts = call.lookup(call.verb) if call.client in {"pnpm", "yarn", "bun"} else ()
        tool = call.client in {"pnpm", "yarn"} and call.verb in TOOLS.split()
        if not (texts or tool) or NOT_PLAIN.search(call.verb):
            # pnpm and yarn run a program of a package, and bun installs what a file imports.
            yield call.unread()
        yield from _script(call, call.verb, call.after)


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
