"""What each word of npm, pnpm, yarn and bun does.

Sources: https://docs.npmjs.com/cli/v11/commands, https://pnpm.io/pnpm-cli, https://yarnpkg.com/cli,
https://classic.yarnpkg.com/en/docs/cli, https://bun.com/docs/cli/install.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from hardenme.exposure.client_calls import (
    ClientCall,
    adds,
    creates,
    enables,
    fetches,
    in_order,
    install_and_test,
    installs_all,
    locked,
    locked_and_test,
    newest,
    publishes,
    quiet,
    runs,
    runs_script,
    tests,
)
from hardenme.exposure.client_options import (
    NOT_PLAIN,
    SWITCHES,
    first_words,
    is_known_option,
    options_of,
    up_to_dashes,
)
from hardenme.exposure.install_kind import Install
from hardenme.exposure.known_programs import TOOLS
from hardenme.workflows.shell import may_be_option


def _of_workspaces(call: ClientCall) -> Iterator[Install]:
    """What yarn does in one workspace, or in many."""
    words = call.rest
    if call.verb == "workspaces" and words[:1] == ["focus"]:
        yield from in_order(replace(call, after=()))
    elif call.verb == "workspaces" and words[:1] == ["run"]:
        yield from runs(replace(call, verb="run", after=tuple(words[1:])))
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
        (PRINTS, quiet),
        ("ci clean-install install-clean ic isntall-clean", locked),
        ("install i in ins inst insta instal isnt isnta isntal isntall add", installs_all),
        ("install-test it", install_and_test),
        ("install-ci-test cit clean-install-test sit", locked_and_test),
        ("uninstall un unlink remove rm r prune", in_order),
        ("update up upgrade udpate dedupe ddp rebuild rb", newest),
        ("link ln", adds),
        ("exec x", fetches),
        ("init create innit", creates),
        ("run run-script rum urn", runs),
        ("test tst t start stop restart", tests),
        ("publish pack version stage diff", publishes),
    ),
    "pnpm": _table(
        (PRINTS, quiet),
        ("store", quiet),
        ("ci clean-install", locked),
        ("install i", installs_all),
        ("install-test it", install_and_test),
        ("add link ln", adds),
        ("uninstall un unlink remove rm prune fetch deploy", in_order),
        ("update up upgrade dedupe import rebuild rb", newest),
        ("exec dlx", fetches),
        ("create init", creates),
        ("run run-script", runs),
        ("test tst t start stop restart", tests),
        ("publish pack version", publishes),
    ),
    "yarn": _table(
        ("audit bin cache config c help info licenses list login logout outdated owner", quiet),
        ("tag team versions why explain", quiet),
        ("install", installs_all),
        ("add link global", adds),
        ("unlink remove", in_order),
        ("up upgrade upgrade-interactive dedupe import rebuild", newest),
        ("exec dlx", fetches),
        ("create init", creates),
        ("run", runs),
        ("test start stop restart", tests),
        ("publish pack version npm stage", publishes),
        ("workspace workspaces", _of_workspaces),
    ),
    "bun": _table(
        ("pm outdated audit info why --version", quiet),
        ("ci", locked),
        ("install i", installs_all),
        ("add a link", adds),
        ("unlink remove rm", in_order),
        ("update", newest),
        ("x", fetches),
        ("create c init", creates),
        ("run", runs),
        ("publish", publishes),
    ),
    "corepack": _table(("enable disable", enables), ("cache", quiet)),
    "deno": {},
}
"""What each word of a client does. A word that is not here is a script, or was not read."""
ADD_NAMES = frozenset({adds, fetches, installs_all, creates})
"""After these come names of packages."""
RUN_NAMES = frozenset({runs, tests})


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
            if does is not None and does not in {*RUN_NAMES, quiet, publishes}:
                yield from does(this)
            named = named or does in ADD_NAMES
        elif not named or does is not None or call.lookup(verb):
            switches = filter(SWITCHES.fullmatch, words[:place])
            yield from _verb(replace(this, after=(*switches, *this.after)), does)
        if not all(map(is_known_option, options_of(words[:place]))):
            yield call.unread()
    if not places:
        yield from _verb(call, installs_all if call.client == "yarn" else None)


def _verb(call: ClientCall, does: Verb | None) -> Iterator[Install]:
    if does is not quiet and any(map(may_be_option, up_to_dashes(call.after))):
        yield call.unread()
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
        yield from runs_script(call, call.verb, call.after)
