"""What the scripts of a job download and run without a pinned version."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from hardenme.workflows.scripts import commands, first, program

PIPED = re.compile(
    r"\b(curl|wget)\b[^\n|;&]{0,999}\|\s*(?:sudo\s+)?(?:env\s+)?(?:(?:ba|z|da)?sh|node|python3?)\b"
    r"|\b(?:ba|z|da)?sh\s+(?:-\w+\s+)*[\"']?(?:\$\(|<\(|`)\s*(curl|wget)\b"
    r"|(?i:\b(irm|iwr|invoke-restmethod|invoke-webrequest)\b[^\n|;]{0,999}\|\s*(?:iex|invoke-expression)\b)"
)
RUNNERS = (
    ("npx",),
    ("npm", "exec"),
    ("pnpm", "dlx"),
    ("pnpx",),
    ("yarn", "dlx"),
    ("bunx",),
    ("uvx",),
    ("pipx", "run"),
    ("uv", "tool", "run"),
    ("go", "install"),
    ("go", "run"),
)
"""Commands that run, or make a program of, the one package that they name."""
INSTALLERS = (
    ("npm", "install"),
    ("npm", "i"),
    ("npm", "add"),
    ("pnpm", "add"),
    ("yarn", "add"),
    ("bun", "add"),
    ("pip", "install"),
    ("pip3", "install"),
    ("pipx", "install"),
    ("uv", "tool", "install"),
    ("gem", "install"),
    ("cargo", "install"),
)
"""Commands that install all packages that they name."""
CONTAINERS = (("docker", "run"), ("podman", "run"))
FETCHERS = RUNNERS + INSTALLERS + CONTAINERS
LOCKED = frozenset({("npx",), ("npm", "exec"), ("go", "install"), ("go", "run")})
"""Those that take what a lock file of the folder holds, where no version is named."""
FETCHED_ANYHOW = frozenset({"-y", "--yes", "--package", "-p"})
"""With these npx fetches what is not installed."""
VERSION = frozenset({"--version", "-v", "--vers"})
"""Options that give gem and cargo a version."""
TAKES_A_VALUE = frozenset(
    """
    -r --requirement -c --constraint -e --editable -t --target -i --index-url --extra-index-url
    --python --prefix -C --dir --cwd -w --workspace --filter --registry --omit --path --root
    --features --bindir --platform --name --volume --env --workdir --user -u --publish --network
    --net --entrypoint --mount --env-file --label -l --memory -m --hostname --add-host --cpus
    """.split()  # noqa: SIM905 (words, not a list of strings)
)
"""Options with a word behind them that is not a package and no image."""
OF_A_CONTAINER = frozenset({"-v", "-p", "-h"})
"""The same of containers alone."""
EXACT = re.compile(r"v?\d+\.\d+\.\d+[\w.+-]*|==\d+(?:\.\d+)*\w*|[0-9a-fA-F]{40}")
"""A version with three parts, whichever `==` names, or a commit."""
DIGEST = re.compile(r"@sha256:[0-9a-fA-F]{64}")
HERE = re.compile(
    r"(?:\.|/|~|file:).*|.*\.(?:whl|tgz|tar\.gz|gem|go)|(?!git\+)[\w.*-]+/[\w.*/-]*\*.*"
)
"""Packages in the folder."""
CHECKED = re.compile(r"\b(?:sha\d+sum|shasum|gpg|cosign|minisign|slsa-verifier)\b")
TAGGED = re.compile(r"(?:-t|--tag)[ =][\"']?([\w./:-]+)")
"""The names of images that a job builds itself."""
KEEPS = frozenset({"-o", "--output", "--output-document", ">"})
SHELLS = frozenset({"bash", "sh", "zsh", "dash", "source", ".", "python", "python3", "node"})


def unpinned(scripts: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The commands of a job's scripts that fetch a program and run it, whichever version there is.

    Args:
        scripts: of its steps, in order.

    Yields:
        The number of the script, counted from 0, and the command.
    """
    for number, script in enumerate(scripts):
        for found in PIPED.finditer(script):
            yield number, f"{next(filter(None, found.groups()))} into a shell"
    kept: set[str] = set()
    checked = any(map(CHECKED.search, scripts))
    built = set(chain.from_iterable(map(TAGGED.findall, scripts)))
    for number, words in (
        (number, words) for number, script in enumerate(scripts) for words in commands(script)
    ):
        names = [program(word) for word in words]
        start = first(names, FETCHERS)
        if start in CONTAINERS:
            image = next(_named(words[names.index("run") + 1 :], OF_A_CONTAINER), "")
            if image and not DIGEST.search(image) and image not in built:
                yield number, f"{' '.join(start)} {image}"
        elif start is not None:
            behind = words[names.index(start[-1]) + 1 :]
            yield from ((number, package) for package in _packages(start, behind))
        if {"curl", "wget"} & set(names):
            kept |= set(_kept(names, words))
        elif kept and not checked:
            ran = sorted(_run(words, names) & kept)
            yield from ((number, f"{name}, which was fetched") for name in ran)


def _packages(start: tuple[str, ...], after: Sequence[str]) -> Iterator[str]:
    """The packages of a command that can be of any version."""
    versioned = any(word.partition("=")[0] in VERSION for word in after) and start[0] in {
        "gem",
        "cargo",
    }
    surely = start not in LOCKED or bool(FETCHED_ANYHOW & set(after))
    for package in _named(after, VERSION if start[0] in {"gem", "cargo"} else frozenset()):
        at = max(package.rfind("@"), package.rfind("#"))
        version = package[at + 1 :] if at > 0 else "".join(package.partition("==")[1:])
        if not (versioned or HERE.fullmatch(package) or EXACT.fullmatch(version)) and (
            version or surely
        ):
            yield f"{' '.join(start)} {package}"
        if start in RUNNERS:
            return


def _named(after: Sequence[str], more: frozenset[str]) -> Iterator[str]:
    """What a command names: neither an option nor the value of one."""
    skip = False
    for word in after:
        if skip or word.startswith("-"):
            skip = not skip and word in TAKES_A_VALUE | more
        elif word not in {">", "2>", "<"}:
            yield word


def _kept(names: Sequence[str], words: Sequence[str]) -> Iterator[str]:
    """The names of the files that curl or wget write."""
    for word, behind in zip(words, [*words[1:], ""], strict=True):
        if word in KEEPS or (word == "-O" and "wget" in names):
            yield program(behind)
        elif "curl" in names and re.fullmatch(r"-\w*O\w*|--remote-name", word):
            yield from (program(address) for address in words if "://" in address)


def _run(words: Sequence[str], names: Sequence[str]) -> set[str]:
    """The files that a command runs, by their names."""
    if words[0].startswith(("./", "/")):
        return {names[0]}
    at = next((index for index, name in enumerate(names) if name in SHELLS), None)
    return set() if at is None else set(names[at + 1 :])
