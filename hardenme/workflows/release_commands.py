"""The commands of a script that publish to a registry of npm packages, and with which client."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hardenme.facts.github.release_job import EVERY, SCRIPT
from hardenme.facts.npm.workspaces import UNCLEAR, joined
from hardenme.workflows.script_folders import placed_commands
from hardenme.workflows.scripts import Words, commands, program, published

LONGEST = 120
"""Characters of a command that are kept."""
CLIENTS = frozenset({"npm", "pnpm", "yarn", "bun"})
RUNNERS = frozenset({"npx", "bunx", "pnpx"})
TOOLS: dict[tuple[str, ...], str] = {
    ("changeset", "publish"): "changesets",
    ("lerna", "publish"): "lerna",
    ("nx", "release"): "nx",
    ("release-it",): "release-it",
    ("semantic-release",): "semantic-release",
}
"""Release tools by their commands."""
RAISING = frozenset({"lerna", "nx", "release-it", "semantic-release"})
"""Tools that set the version in the same run."""
ELSEWHERE = frozenset({"run", "run-script", "exec", "dlx", "install", "ci", "add", "i", "view"})
"""First words of a client's command that is not its own publish."""
WRAPPERS = frozenset({"docker", "podman", "sudo", "env", "su", "runuser", "chroot", "ssh"})
"""Programs in which a command sees other variables."""
PASSES_ON = frozenset({"-E", "--preserve-env"})
"""Options of sudo that keep the variables."""
HIDES = re.compile(r"\|\|\s*(?:true|:|echo\b|exit\s+0)|(?:^|\n)[^\S\n]*set \+e\b")
GLOBAL = frozenset({"-g", "--global", "--location=global"})
INSTALLS = frozenset({"install", "i", "add"})
VALUED = frozenset(
    {"--access", "--auth-type", "--cache", "--cwd", "--dir", "--filter", "--filter-prod"}
    | {"--globalconfig", "--gzip-level", "--include", "--loglevel", "--message", "--new-version"}
    | {"--otp", "--prefix", "--provenance-file", "--publish-branch", "--registry", "--scope"}
    | {"--tag", "--userconfig", "--workspace", "-C", "-F", "-w"}
)
"""Options that take the next word."""
FOLDERS = {"npm": (), "pnpm": ("--dir", "-C"), "yarn": ("--cwd",), "bun": ("--cwd",)}
"""Options by which a client runs in another folder."""
NAMED = {"npm": ("--workspace", "-w"), "pnpm": ("--filter", "--filter-prod", "-F")}
"""Options by which a client publishes single workspaces."""
WHOLE = {
    "npm": frozenset({"--workspaces", "--ws", "-ws"}),
    "pnpm": frozenset({"--recursive", "-r", "recursive", "multi"}),
}
"""Words by which it publishes all of them."""
FED = frozenset({"find", "parallel", "xargs"})
"""Programs that give a command further words."""
HOW = frozenset(
    {"--interlaced", "--no-private", "--parallel", "--topological", "--topological-dev"}
    | {"--verbose"}
)
"""Options of `yarn workspaces foreach` that say how, and not for which workspaces."""
REDIRECTED = re.compile(r"\d*[<>]|#")
AT_VERSION = re.compile(r"npm@(?P<version>\S+)")


@dataclass(frozen=True, slots=True)
class ClientCommand:
    """A command of a script that publishes.

    Attributes:
        client: as `PublishCommand` names it.
        words: of the command.
        stages: it is `stage publish`.
        npm: the version of npm that it names itself; empty for none.
        wrapped: what runs it in another environment; empty for nothing.
        hidden: the script continues if it fails.
        raised: an earlier command of the script sets the version.
        folder: the folder that it runs in, by earlier commands of the script.
        packed: the folder or archive that it names; empty for none.
        members: the workspaces that it names, `*` for all.
    """

    client: str
    words: tuple[str, ...]
    stages: bool = False
    npm: str = ""
    wrapped: str = ""
    hidden: bool = False
    raised: bool = False
    folder: str = ""
    packed: str = ""
    members: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The command, shortened."""
        return " ".join(self.words)[:LONGEST]

    @property
    def flags(self) -> tuple[str, ...]:
        """Its flags, without their values."""
        return tuple(word.partition("=")[0] for word in self.words if word.startswith("--"))

    def value(self, flag: str) -> str:
        """What a flag is given; empty for nothing."""
        for place, word in enumerate(self.words):
            if word.startswith(f"{flag}="):
                return word.partition("=")[2]
            if word == flag:
                following = self.words[place + 1 : place + 2]
                return next((one for one in following if not one.startswith("-")), "true")
        return ""


def publish_commands(script: str) -> Iterator[ClientCommand]:
    """The commands of a script that publish, in order."""
    hides = bool(HIDES.search(script))
    raised = False
    for words, folder in placed_commands(script):
        raised = raised or _raises(words)
        found = _command(words)
        if found is not None and "--dry-run" not in words and "--help" not in words:
            client, stages, npm = found
            yield ClientCommand(
                client=client,
                words=tuple(words),
                stages=stages,
                npm=npm,
                wrapped=_wrapper(words),
                hidden=hides,
                raised=raised,
                **_what(words, folder),
            )


def _what(words: Words, folder: str) -> dict[str, Any]:
    """The folder of a command, and what it names to publish."""
    clients = [place for place, word in enumerate(words) if _bare(word) in CLIENTS]
    if not clients:
        return {"folder": folder}
    client, rest = _bare(words[clients[0]]), list(words[clients[0] + 1 :])
    end = next((place for place, word in enumerate(rest) if REDIRECTED.match(word)), len(rest))
    rest = rest[:end]
    for option in FOLDERS[client]:
        for value in _values(rest, option):
            folder = joined(folder, value)
    moved = client == "npm" and any(_values(rest, option) for option in ("--prefix", "-C"))
    verbs = [word for word in _verbs(rest) if word not in {"true", "false"}]
    named = verbs[verbs.index("publish") + 1 :] if "publish" in verbs else []
    fed = program(words[0]) in FED or len(named) > 1 or moved
    packed = UNCLEAR if fed else next(iter(named), "")
    return {"folder": folder, "packed": packed, "members": _members(client, rest)}


def _members(client: str, rest: Sequence[str]) -> tuple[str, ...]:
    """The workspaces that a client's command names."""
    if client == "yarn":
        return _of_yarn(rest)
    named = [value for option in NAMED.get(client, ()) for value in _values(rest, option)]
    every = (EVERY,) if WHOLE.get(client, frozenset()) & set(rest) else ()
    return tuple(named) or every


def _of_yarn(rest: Sequence[str]) -> tuple[str, ...]:
    if rest[:1] == ["workspace"]:
        return tuple(rest[1:2])
    if rest[:2] != ["workspaces", "foreach"]:
        return ()
    before = rest[2 : rest.index("npm")] if "npm" in rest else rest[2:]
    short = {letter for word in before if re.fullmatch(r"-\w+", word) for letter in word[1:]}
    chosen = {word for word in before if word.startswith("--")} - HOW
    every = ("A" in short or "--all" in chosen) and chosen <= {"--all"} and short <= set("Apitv")
    return (EVERY,) if every else (UNCLEAR,)


def _values(words: Sequence[str], option: str) -> list[str]:
    """What an option is given, each time that it is named."""
    following = [words[at + 1] for at, word in enumerate(words[:-1]) if word == option]
    joint = [word.partition("=")[2] for word in words if word.startswith(f"{option}=")]
    return [*following, *joint]


def installed_npm(script: str) -> str:
    """The version of npm that a script installs last; empty for none."""
    found = ""
    for words in commands(script):
        names = [program(word) for word in words]
        if "npm" in names and INSTALLS & set(names) and GLOBAL & set(words):
            for word in words:
                at = AT_VERSION.fullmatch(word)
                if at is not None:
                    found = at["version"]
                elif word == "npm" and words.index(word) != names.index("npm"):
                    found = "latest"
            later = words[names.index("npm") + 1 :]
            found = "latest" if not found and "npm" in later else found
        if names[:1] == ["corepack"] and any(word.startswith("npm@") for word in words):
            found = next(word[4:] for word in words if word.startswith("npm@"))
    return found


def moves_tag(script: str) -> bool:
    """Whether a script moves a dist-tag."""
    return any(
        {"npm", "dist-tag"} <= set(words) and {"add", "set"} & set(words)
        for words in commands(script)
    )


def _command(words: Words) -> tuple[str, bool, str] | None:
    """The client, whether it stages, and the version of npm that it names."""
    names = [_bare(word) for word in words]
    for signs, tool in TOOLS.items():
        if _after(names, signs):
            return tool, False, ""
    for place, name in enumerate(names):
        if name not in CLIENTS:
            continue
        rest = _verbs(words[place + 1 :])
        said = AT_VERSION.fullmatch(words[place])
        version = said["version"] if said else ""
        own = _own(name, rest)
        if own is not None:
            return (*own, version)
    return (SCRIPT, False, "") if any(published(" ".join(words))) and _of_npm(words) else None


def _bare(word: str) -> str:
    """The program that a word names, without its version."""
    return program(word).partition("@")[0] or program(word)


def _own(client: str, rest: Sequence[str]) -> tuple[str, bool] | None:
    """The client's own publish command; None if it is another one."""
    if client == "yarn":
        if _after(rest, ("npm", "publish")):
            return "yarn", False
        return ("yarn classic", False) if rest[:1] == ["publish"] else None
    if not rest or (rest[0] in ELSEWHERE and client == "npm"):
        return None
    if _after(rest[:3], ("stage", "publish")):
        return client, True
    return (client, False) if "publish" in rest[:2] and rest[0] not in ELSEWHERE else None


def _verbs(words: Sequence[str]) -> list[str]:
    """The words of a command without its options and their values."""
    found, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word.startswith("-"):
            skip = word in VALUED
        else:
            found.append(word)
    return found


def _of_npm(words: Words) -> bool:
    """Whether the hidden command is a script of `package.json`."""
    return bool((CLIENTS | RUNNERS) & {program(word) for word in words})


def _after(names: Sequence[str], signs: Sequence[str]) -> bool:
    """Whether these words occur in this order."""
    position = 0
    for name in names:
        if position < len(signs) and name == signs[position]:
            position += 1
    return position == len(signs)


def _raises(words: Words) -> bool:
    """Whether a command sets a version."""
    names = {program(word) for word in words}
    return "version" in names and bool({*CLIENTS, "changeset", "lerna", "standard-version"} & names)


def _wrapper(words: Words) -> str:
    """What runs a command in another environment."""
    first = program(words[0])
    if first not in WRAPPERS or (first == "sudo" and PASSES_ON & set(words)):
        return ""
    if first == "env" and not {"-i", "-", "--ignore-environment"} & set(words):
        return ""
    return " ".join(words[:2]) if first in {"docker", "podman", "env"} else first
