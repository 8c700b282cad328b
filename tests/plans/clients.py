"""What npm, gh and git have against a command line, by their own parsers; no host answers them."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

NPM, NODE, SH = shutil.which("npm"), shutil.which("node"), shutil.which("sh")
READER = Path(__file__).with_name("npm_lines.js")
NOWHERE = "http://127.0.0.1:9"
"""Where nothing listens."""
CLOSED = {
    "NPM_CONFIG_REGISTRY": NOWHERE,
    "NPM_CONFIG_FETCH_RETRIES": "0",
    "NPM_CONFIG_LOGS_MAX": "0",
    "NPM_CONFIG_UPDATE_NOTIFIER": "false",
    "NPM_CONFIG_OTP": "000000",
    "HTTPS_PROXY": NOWHERE,
    "GH_TOKEN": "none",
    "GH_PROMPT_DISABLED": "1",
}
MISREAD = re.compile(
    r"^(?:unknown (?:command|shorthand|flag)|accepts |requires |[Uu]sage:|git: '|invalid argument)",
    re.MULTILINE,
)
"""What gh and git print first where they do not understand a line."""
PARTS = frozenset({"&&", "||", "|", ";"})
"""What ends one command of a line."""
INTO = re.compile(r"[<>]+&?")
LONGEST = 120.0


def parts(line: str) -> Iterator[list[str]]:
    """The commands of a line, each by its words, without what leads it to files.

    Raises:
        ValueError: a quotation has no end.
    """
    reader = shlex.shlex(line, posix=True, punctuation_chars=True)
    reader.whitespace_split = True
    words: list[str] = []
    into = False
    for word in reader:
        if word in PARTS:
            yield words
            words = []
        elif INTO.fullmatch(word):
            into = True
        elif into:
            into = False
        else:
            words.append(word)
    yield words


def misread(lines: Sequence[str], folder: Path) -> dict[str, str]:
    """What the clients have against some of these lines.

    Args:
        lines: as they are printed.
        folder: an empty one, where they run.
    """
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder), **CLOSED}
    found = dict(_of_shell(lines, environ))
    commands = [(line, words) for line in lines if line not in found for words in parts(line)]
    found |= _of_npm(
        [(line, words[1:]) for line, words in commands if words[:1] == ["npm"]], environ, folder
    )
    for line, words in commands:
        if words[:1] in (["gh"], ["git"]):
            done = _ran(words, environ, folder)
            if MISREAD.search(done):
                found[line] = done
    return found


def _of_shell(lines: Iterable[str], environ: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What a shell has against lines that it does not run."""
    assert SH is not None
    script = "\n".join(lines)
    done = _ran([SH, "-n", "-c", script], environ)
    if not done:
        return
    for line in lines:
        if said := _ran([SH, "-n", "-c", line], environ):
            yield line, said


def _of_npm(
    lines: Sequence[tuple[str, list[str]]], environ: dict[str, str], folder: Path
) -> dict[str, str]:
    if not lines:
        return {}
    assert NPM is not None
    assert NODE is not None
    answer = folder / "found.json"
    root = Path(NPM).resolve().parents[1]
    subprocess.run(  # noqa: S603 (the npm of this machine)
        [NODE, str(READER), str(root)],
        input=json.dumps([words for _, words in lines]),
        env={**environ, "FOUND": str(answer)},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=True,
    )
    said = json.loads(answer.read_text())
    return {line: why for (line, _), why in zip(lines, said, strict=True) if why}


def _ran(words: Sequence[str], environ: dict[str, str], folder: Path | None = None) -> str:
    done = subprocess.run(  # noqa: S603 (nothing answers it)
        list(words),
        cwd=folder,
        env=environ,
        input="",
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    return done.stderr if done.returncode else ""
