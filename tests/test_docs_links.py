"""No link of the documentation leads nowhere, and each command that it shows is there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from hardenme.cli.main import root

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted({*ROOT.glob("*.md"), *DOCS.rglob("*.md"), ROOT / "checks" / "README.md"})
MARKDOWN = MarkdownIt("commonmark").enable("table")
ELSEWHERE = re.compile(r"[a-z]+:")


@cache
def tokens(path: Path) -> list[Any]:
    return MARKDOWN.parse(path.read_text(encoding="utf-8"))


def links(path: Path) -> Iterator[str]:
    for token in tokens(path):
        for child in token.children or ():
            target = child.attrGet("href") or child.attrGet("src")
            if target and not ELSEWHERE.match(target):
                yield str(target)


@cache
def anchors(path: Path) -> frozenset[str]:
    """The parts of a page, as GitHub names them."""
    found: dict[str, int] = {}
    names = []
    pairs = zip(tokens(path), tokens(path)[1:], strict=False)
    for title in (after.content for before, after in pairs if before.type == "heading_open"):
        name = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        count = found[name] = found.get(name, -1) + 1
        names.append(f"{name}-{count}" if count else name)
    return frozenset(names)


def dead(path: Path) -> Iterator[str]:
    for link in links(path):
        name, _, part = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        if not target.exists() or (part and part not in anchors(target)):
            yield f"{path.relative_to(ROOT)}: {link}"


@pytest.mark.second_tier("parses every page")
def test_every_link_leads_somewhere() -> None:
    assert len(PAGES) > 190
    assert [link for path in PAGES for link in dead(path)] == []


def test_a_dead_link_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Here\n\n[a](#here) [b](#there) [c](nowhere.md) ![d](page.md#here)\n")
    found = [(link, (tmp_path / link.partition("#")[0]).exists()) for link in links(page)]
    assert found == [
        *(("#here", True), ("#there", True), ("nowhere.md", False), ("page.md#here", True)),
    ]
    assert anchors(page) == {"here"}


def commands() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each command that a page shows, with the page."""
    for path in PAGES:
        blocks = [token.content for token in tokens(path) if token.type == "fence"]
        inline = [
            child.content
            for token in tokens(path)
            for child in token.children or ()
            if child.type == "code_inline"
        ]
        for line in (line.strip() for text in (*blocks, *inline) for line in text.splitlines()):
            if line.startswith("hardenme ") and "…" not in line:
                words = shlex.split(line.replace("'", '"'), comments=True)
                ends = [words.index(mark) for mark in ("|", ">", "&&", ";") if mark in words]
                yield str(path.relative_to(ROOT)), tuple(words[1 : min(ends, default=len(words))])


@cache
def program() -> Any:
    return root()


@cache
def wrong(words: tuple[str, ...]) -> str:
    """What of a command is not there; empty where all of it is."""
    command = program()
    for word in words:
        inner = getattr(command, "commands", {})
        if word in inner:
            command = inner[word]
        elif inner and not word.startswith("-"):
            return word
        elif word.startswith("--") and word != "--help":
            options = {
                name
                for parameter in command.params
                for name in (*parameter.opts, *parameter.secondary_opts)
            }
            if word.partition("=")[0] not in options:
                return word
    return ""


@pytest.mark.second_tier("parses every page")
def test_every_command_that_a_page_shows_is_there() -> None:
    shown = list(commands())
    assert len(shown) > 300
    told = {(page, wrong(words)) for page, words in shown if wrong(words)}
    assert {item for item in told if not item[0].startswith("CHANGELOG")} == set()
