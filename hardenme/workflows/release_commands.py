"""The commands of a script that publish to a registry of npm packages, and with which client."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hardenme.facts.github.release_job import SCRIPT
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
VALUED = frozenset({"--tag", "--access", "--registry", "--otp", "-w", "--workspace", "--filter"})
"""Options that take the next word."""
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
        folder: where an earlier `cd` of the script led; empty for nowhere.
    """

    client: str
    words: tuple[str, ...]
    stages: bool = False
    npm: str = ""
    wrapped: str = ""
    hidden: bool = False
    raised: bool = False
    folder: str = ""

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
    raised, folder = False, ""
    for words in commands(script):
        if program(words[0]) == "cd" and words[1:]:
            folder = words[1]
        raised = raised or _raises(words)
        found = _command(words)
        if found is not None and "--dry-run" not in words and "--help" not in words:
            client, stages, npm = found
            yield ClientCommand(
                client, tuple(words), stages, npm, _wrapper(words), hides, raised, folder
            )


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
    names = [program(word).partition("@")[0] or program(word) for word in words]
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
