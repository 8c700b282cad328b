"""Reads whether `gh` keeps tokens in its file; the tokens themselves are not kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.local.answering import of_text
from hardenme.collectors.local.workstation import Workstation
from hardenme.collectors.protocol import Collector
from hardenme.facts.local.gh import GhHosts
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject

TOKEN_KEY = re.compile(
    r"""(?<![\w-])["']?oauth_token["']?[ \t]*:\s*(?!["']{2}|null\b|~|\#)["']?[A-Za-z0-9_]{8}"""
)
"""The key with a value, in block or flow style, on the same line or the next."""
TOKEN = re.compile(r"\b(?:gh[pousr]_|github_pat_)[A-Za-z0-9_]{10}")
COMMENT = re.compile(r"^[ \t]*#.*$", re.MULTILINE)


def hosts(station: Workstation, _: Subject, __: FactStore) -> Iterator[Answer[Any]]:
    """The lines of `hosts.yml` with a token."""
    yield of_text(
        GhHosts, station, "gh", _file(station), lambda text: {"token_lines": _lines(text)}
    )


def _file(station: Workstation) -> Path:
    named = station.variable("GH_CONFIG_DIR")
    if named:
        return station.cwd / named / "hosts.yml"
    if station.variable("XDG_CONFIG_HOME") or not station.windows:
        return station.config / "gh" / "hosts.yml"
    return station.folder("APPDATA", "AppData", "Roaming") / "GitHub CLI" / "hosts.yml"


def _lines(text: str) -> tuple[int, ...]:
    text = COMMENT.sub("", text)
    found = {
        text.count("\n", 0, match.start()) + 1
        for pattern in (TOKEN_KEY, TOKEN)
        for match in pattern.finditer(text)
    }
    return tuple(sorted(found))


COLLECTORS = (Collector("gh hosts", (GhHosts,), hosts),)
