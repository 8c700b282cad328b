"""The page of each check, and the index of all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from docs.making.failing import simplest
from docs.making.families import FAMILIES
from docs.making.incidents import incidents
from docs.making.placeholders import shown, subject_of
from docs.making.plainly import explained, way
from docs.making.reading import reads, tokens, unknown
from docs.making.standards import supported
from docs.making.thresholds import by_profile, thresholds
from hardenme.engine.catalogue import catalogue
from hardenme.model.check import Check
from hardenme.model.profile import PROFILES
from hardenme.model.verdict import Fix, Manual
from hardenme.reports.printed import PRINTED
from hardenme.rights.described import described, target_of

CODE = re.compile(r"\b[A-Z]{3}\d{3}\b")
HEAD = """\
{count} checks, by what they look at, each with the problem that it finds. Its page says what is
required, why it matters, what to click, and which rights it needs. `hardenme explain CODE` shows
it in the terminal, and `hardenme list --format json` prints it as data.
[Incidents](../incidents.md) lists the attacks that each would have shown."""
MADE = "<!-- made by docs/make.py from the catalogue: change the check, not this page -->"
AFTER = re.compile(r"\. Then: |; then: |; (?=[A-Z])")
"""What parts the steps of a fix."""
LINE = re.compile(r"#L[0-9]+$")


@cache
def by_code() -> dict[str, Check]:
    """Every check by its code."""
    return {check.code: check for check in catalogue()}


def check_pages() -> dict[Path, str]:
    """Every page below `docs/checks`, by its path from there."""
    pages = {Path(f"{check.code}.md"): page(check) for check in catalogue()}
    return {Path("index.md"): index(), **pages}


def page(check: Check) -> str:
    """The page of a check."""
    facts = PRINTED.write(described(check))
    parts = [
        MADE,
        f"# {check.title}",
        _head(check),
        f"Required: {check.summary}",
        *explained(" ".join(check.texts.values())),
        *(["## Look for", _linked(look, check.code)] if (look := check.texts["look"]) else []),
        "## Why",
        _linked(check.texts["why"], check.code),
        "## Fix",
        _linked(check.texts["fix"], check.code),
        *_closing(check),
    ]
    if check.texts["limits"]:
        parts += ["## Limits", _linked(check.texts["limits"], check.code)]
    parts += _thresholds(check)
    parts += ["## What decides it", reads(facts), "## The least token", tokens(facts)]
    parts += ["## When it is unknown", unknown(facts)]
    parts += _standards(check)
    parts += _incidents(check)
    parts += ["## See also", _also(check)]
    return shown("\n\n".join(parts)) + "\n"


def index() -> str:
    """All checks, family by family."""
    lines = [
        MADE,
        "# All checks",
        HEAD.format(count=len(catalogue())),
    ]
    for letters, family in FAMILIES.items():
        lines += [f"## {letters}: {family.title}", "| check | severity | |\n|---|---|---|"]
        rows = [item for item in catalogue() if item.family == letters]
        lines[-1] += "".join(
            f"\n| [{item.code}]({item.code}.md) {item.slug} | {item.severity} | {item.title} |"
            for item in rows
        )
    return "\n\n".join(lines) + "\n"


def anchor(letters: str) -> str:
    """The part of the index that has a family, as GitHub and Sphinx name it."""
    title = f"{letters}: {FAMILIES[letters].title}".lower()
    return re.sub(r"[^\w\- ]", "", title).replace(" ", "-")


def _head(check: Check) -> str:
    family = FAMILIES[check.family].title
    profiles = ", ".join(sorted(check.profiles)) or "all"
    return (
        f"`{check.code}` · `{check.slug}` · severity **{check.severity}** ·"
        f" [{family}](index.md#{anchor(check.family)}) · profiles: {profiles} · since"
        f" {check.since}"
    )


def _linked(text: str, own: str) -> str:
    """A text with each code that it names as a link; not within code, and not to its own page."""
    pieces = re.split(r"(`[^`]*`)", text)
    return "".join(piece if piece.startswith("`") else _codes(piece, own) for piece in pieces)


def _codes(text: str, own: str) -> str:
    def link(found: re.Match[str]) -> str:
        code = found[0]
        return code if code == own or code not in by_code() else f"[{code}]({code}.md)"

    return CODE.sub(link, text)


def _closing(check: Check) -> Iterator[str]:
    """The steps that close a failure, or that answer a question."""
    verdict, subject = simplest(check), subject_of(check.subject_fact)
    asked = verdict.page if isinstance(verdict, Manual) else ""
    if isinstance(verdict, Manual):
        yield "No API shows it, so hardenme asks you to look:"
        yield f"> {_inert(verdict.question)}"
    yield "### Step by step"
    steps = list(_steps(verdict.fix, asked))
    if asked:
        steps.append(
            f"Record what you saw: `hardenme attest {check.code} {subject}`. It counts for 90 days,"
            " or the time of `--days`."
        )
    steps.append(f"Look again: `{_again(check)}`.")
    yield "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))
    if verdict.fix:
        yield from _around(verdict.fix)


def _steps(fix: Fix | None, asked: str) -> Iterator[str]:
    # The page of a check is about any file, so it names no line.
    address = LINE.sub("", fix.page if fix else asked)
    if address:
        yield " ".join((f"Open <{address}>.", *way(address)))
    if fix is None:
        yield "Check whether that is the case. If not, change it there."
        return
    steps = [_inert(step[0].upper() + step[1:].rstrip(".")) for step in AFTER.split(fix.step)]
    if fix.command and not fix.page:
        steps[-1] += f":\n\n   ```sh\n   {fix.command}\n   ```\n"
    yield from (step if step.endswith("\n") else f"{step}." for step in steps)


def _around(fix: Fix) -> Iterator[str]:
    if fix.command and fix.page:
        yield f"Or run this command instead of the page:\n\n```sh\n{fix.command}\n```"
    rows = [("what you need", fix.needs), ("how to undo it", fix.undo)]
    if fix.wider:
        rows.append(("for all repositories at once", f"{fix.wider.step}: <{fix.wider.page}>"))
    lines = "".join(f"\n| {name} | {_inert(text)} |" for name, text in rows if text)
    yield f"| | |\n|---|---|{lines}"
    yield "Words in capitals are yours to fill in. hardenme prints the steps and runs none of them."


def _inert(text: str) -> str:
    """A text of the program in which Markdown takes no character for its own."""
    return re.sub(r"([*_|])", r"\\\1", text)


def _again(check: Check) -> str:
    facts = PRINTED.write(described(check))
    words = ["hardenme", "check", target_of(check), "--select", check.code]
    if facts["depth"] != "fast":
        words += ["--depth", facts["depth"]]
    if any(item["presence"] for item in facts["reads"]):
        words.append("--interactive")
    return " ".join([*words, *facts["opt_in"]])


def _thresholds(check: Check) -> Iterator[str]:
    found = thresholds(check)
    if not found:
        return
    profiles = list(PROFILES)
    rows = [
        f"| threshold | what it bounds | counts | {' | '.join(profiles)} |",
        "|---" * (len(profiles) + 3) + "|",
    ]
    for one in found:
        values = " | ".join(f"{value:,}" for value in by_profile(one).values())
        rows.append(f"| `{one.name}` | {_linked(one.what, check.code)} | {one.unit} | {values} |")
    yield "## Thresholds"
    yield "\n".join(rows)
    yield ("[Where these numbers come from, and how to set others](../configuration.md#profiles).")


def _standards(check: Check) -> Iterator[str]:
    rows = supported(check.code)
    if rows:
        yield "## Standards"
        yield "\n".join(rows)


def _incidents(check: Check) -> Iterator[str]:
    lines = list(_told_of(check.code))
    if lines:
        yield "## Incidents that it would have shown"
        yield "\n".join(lines)


def _told_of(code: str) -> Iterable[str]:
    for item in incidents():
        when = "before it" if code in item.before else "with its first releases"
        if code in (*item.before, *item.during):
            told = f"- **{item.name}**, {item.when:%B %Y}, {when}. {item.what}"
            yield f"{told} [Source]({item.source})"


def _also(check: Check) -> str:
    named = CODE.findall(" ".join(check.texts.values()))
    codes = [code for code in dict.fromkeys(named) if code in by_code() and code != check.code]
    lines = [f"- [{code}]({code}.md): {by_code()[code].title}" for code in codes]
    lines += [f"- [{title}](../{address})" for address, title in FAMILIES[check.family].guides]
    title = FAMILIES[check.family].title
    lines.append(f"- [All checks of this kind: {title}](index.md#{anchor(check.family)})")
    return "\n".join(lines)
