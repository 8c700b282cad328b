"""The options of npm, pnpm, yarn and bun, and the words between them.

An option counts as not read if it is not listed here, nor among the settings that change nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from hardenme.exposure.client_settings import is_harmless

FOLDER = frozenset({"--prefix", "-C", "--cwd", "--dir"})
"""Options that name the folder a client works in."""
FLAGS = re.compile(r"-[-A-Za-z].*")
SWITCHES = re.compile(
    r"--(?:global|silent|recursive|workspaces|workspace-root|force|offline|frozen-lockfile"
    r"|immutable|frozen|prod|parallel|stream|quiet|verbose|include-workspace-root|non-interactive"
    r"|save-(?:dev|peer|optional|prod|text-lockfile)|save|dev|inline-builds|immutable-cache|all"
    r"|check-cache|topological(?:-dev)?|interlaced|dry-run|version|help|ignore-engines|aggregate-output"
    r"|ignore-optional|ignore-platform|check-files|pure-lockfile|prefer-frozen-lockfile|fix|bun)"
    r"|--no-(?:frozen-lockfile|optional|progress|interactive|bail|sort|git-checks|save|cache)"
    r"|-[BDEFOPRSTWAdfghipqrstvwy]{1,3}"
)
"""Options without a value that change no version."""
WITH_VALUE = frozenset(
    """
    --access --auth-type --cache --concurrency --filter --include --jobs --loglevel --omit --only
    --message --network-timeout --otp --pack-destination --preid --provenance-file --publish-branch
    --registry --reporter --tag --workspace --workspace-concurrency -F -j -m -w
    """.split()  # noqa: SIM905 (words, not a list of strings)
)
"""Options of those whose value is the next word."""
FROZEN = {
    "pnpm": frozenset({"--frozen-lockfile"}),
    "yarn": frozenset({"--frozen-lockfile", "--immutable"}),
    "bun": frozenset({"--frozen-lockfile"}),
}
"""By client, the options by which its lock file has to fit. npm has none, but `npm ci`."""
THAWED = frozenset({"--no-frozen-lockfile", "--no-immutable"})
"""Options that take the others back."""
NO_LOCK = re.compile(
    r"--no-(?:package-lock|lockfile|shrinkwrap)"
    r"|--(?:package-lock|lockfile|shrinkwrap)=(?:false|0|no)"
)
"""Options by which a client surely does not heed the lock file."""
RUNS_OTHERWISE = frozenset(
    {"--script-shell", "--shell", "--node-options", "--userconfig", "--globalconfig", "--preload"}
    | {"--scripts-prepend-node-path", "--config", "--require", "--import", "--shell-emulator"}
)
"""Options by which a client runs a script by another program, or with other code or settings."""
PATHS = re.compile(r"\.|\.?\.?/.*|.*\.tgz|.*\$.*")
"""What a client packs or publishes from the folder, rather than from npm."""
ARCHIVE = re.compile(r".*\.tgz")
NOT_PLAIN = re.compile(r"[$*{}]|^/|__")
"""A variable, or a pattern for several scripts, in place of the name of one."""


def options_of(words: Sequence[str]) -> list[str]:
    """The words that are options."""
    return [word for word in words if FLAGS.fullmatch(word)]


def up_to_dashes(words: Sequence[str]) -> Sequence[str]:
    """The words among which a client looks for options: those before `--`."""
    return words[: words.index("--")] if "--" in words else words


def is_known_option(word: str) -> bool:
    """Whether an option of a client changes no version; a folder's is judged elsewhere."""
    if "$" in word or "`" in word:
        # What is filled in may be further options.
        return False
    if SWITCHES.fullmatch(word) or word.partition("=")[0] in WITH_VALUE | FOLDER:
        return True
    name, _, value = word.removeprefix("--").partition("=")
    if word.startswith("--no-"):
        name, value = name.removeprefix("no-"), "false"
    return word.startswith("--") and is_harmless(name, value or "true")


def specs(words: Sequence[str], *, paths: bool = False) -> Iterator[str]:
    """The words other than options and their values.

    Args:
        paths: paths as well as packages.
    """
    for before, word in pairwise(("", *words)):
        value = before in WITH_VALUE
        if not (FLAGS.fullmatch(word) or value or (PATHS.fullmatch(word) and not paths)):
            yield word


def first_words(words: Sequence[str]) -> Iterator[int]:
    """The places of the words that may be what a client is to do, the surest last."""
    for place, word in enumerate(words):
        if FLAGS.fullmatch(word):
            continue
        yield place
        before = words[place - 1] if place else ""
        switch = SWITCHES.fullmatch(before) and before not in WITH_VALUE
        if not FLAGS.fullmatch(before) or "=" in before or switch:
            return
