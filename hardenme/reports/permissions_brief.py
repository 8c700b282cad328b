"""The smallest token of each provider in a few lines: the link that makes it, and what is next."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from hardenme.model.grant import PROVIDERS
from hardenme.model.least import ALL, PUBLIC, SELECTED, LeastToken, Permissions
from hardenme.reports.columns import width_of, wrap
from hardenme.reports.sheet import BOLD, Sheet
from hardenme.reports.style import Style

LINES = 20
"""So many lines there are at most: tokens that find no place among them are counted."""
MOST = 3
"""Tokens that are shown at most, and names that a line has."""
INDENT = "   "
KINDS = {
    "fine-grained": "fine-grained token, read-only",
    "installation": "GitHub App, read-only",
    "classic": "classic token, which reaches all that you can reach",
    "oauth": "gh's token, which reaches all that you can reach",
    "session": "session of two hours, with all that your account can do",
    "granular": "granular token, read-only",
}
WIDE = frozenset({"classic", "oauth"})
"""Kinds that are shown only where a provider has no other that answers anything."""
CHOICES = {
    ALL: "choose All repositories",
    SELECTED: "choose Only select repositories, and there {names}",
    PUBLIC: "choose Public repositories",
}
FULL = "All rights, kinds of token, and what stays unknown:"


def render(permissions: Permissions, style: Style, everything: str) -> str:
    """The smallest tokens as at most 20 terminal lines, as far as these are wide enough.

    Args:
        permissions: of what is shown.
        everything: the command that shows all of it.
    """
    text = ""
    for most in range(MOST, 0, -1):
        text = _rendered(permissions, style, everything, most)
        if len(text.splitlines()) <= LINES:
            break
    return text


def _rendered(permissions: Permissions, style: Style, everything: str, most: int) -> str:
    """The same with so many tokens at most."""
    sheet = Sheet(style)
    heading = f"The smallest token that works for {sheet.names(permissions.targets, MOST)}"
    if len(permissions.targets) > 1 and width_of(heading) > sheet.width:
        heading = f"The smallest token that works for {len(permissions.targets)} targets"
    sheet.say(heading, BOLD)
    tokens = _chosen(permissions)
    for token in tokens[:most]:
        sheet.add("")
        _token(sheet, token)
    if more := tokens[most:]:
        owners = sheet.names([token.owner or "your own account" for token in more], MOST)
        sheet.say(f"{len(more)} more: for {owners}.")
    sheet.add("")
    for line in _rest(permissions, tokens):
        sheet.say(line)
    everything = sheet.value(everything)
    if width_of(f"{FULL} {everything}") <= sheet.width:
        sheet.add(f"{FULL} {everything}")
    else:
        # No command is wrapped: it is copied as a line.
        sheet.say(FULL)
        sheet.add(INDENT + everything)
    return sheet.text()


def _chosen(permissions: Permissions) -> list[LeastToken]:
    """The safest token of each provider and owner that answers something."""
    chosen: dict[tuple[str, str], LeastToken] = {}
    for token in permissions.tokens:
        other = any(provider == token.provider for provider, _ in chosen)
        if token.answered and not (other and token.kind in WIDE):
            chosen.setdefault((token.provider, token.owner), token)
    firsts = {token.provider: token for token in reversed(chosen.values())}
    # No provider is left out for another owner of the first.
    return sorted(chosen.values(), key=lambda token: token is not firsts[token.provider])


def _token(sheet: Sheet, token: LeastToken) -> None:
    owner = f", {sheet.name(token.owner)}" if token.owner else ""
    answers = f"{len(token.answered)} of {_checks(len(token.checks))}"
    sheet.say(f"{PROVIDERS[token.provider]}{owner}: {KINDS[token.kind]} ({answers})")
    page = token.link or (token.page if token.kind != "session" else "")
    if page and token.kind != "oauth":
        names = sheet.names(token.repositories, MOST)
        rights = "" if token.link else ", set the rights that --full lists"
        fine = token.kind == "fine-grained"
        chosen = f", and {CHOICES[token.reach].format(names=names)}" if fine else ""
        what = f"Create it here{rights}{chosen}"
        room = max(sheet.width - len(INDENT), 12)
        sheet.add(*(INDENT + line for line in wrap(f"{what}:", room)))
        sheet.add(f"{INDENT}{sheet.link(sheet.value(page))}")
    sheet.add(f"{INDENT}{sheet.value(_next(token))}")


def _next(token: LeastToken) -> str:
    """The command that comes next."""
    if token.kind == "session":
        return f"Sign in: {token.store or token.command}"
    if token.store:
        return f"Store it: {token.store}"
    if token.kind == "installation":
        check = _check(token, "--app-id", "ID", "--app-key", "FILE")
        return f"Create a private key there, install the app: {check}"
    return f"Run: {token.command or _check(token, '--use-gh')}"


def _check(token: LeastToken, *options: str) -> str:
    targets = () if token.targets == ("me",) else token.targets
    return shlex.join(["hardenme", "check", *targets, *options])


def _rest(permissions: Permissions, tokens: list[LeastToken]) -> Iterator[str]:
    """What else the checks take, in numbers."""
    if not permissions.checks:
        yield "None of the selected checks concerns that."
        return
    for provider in dict.fromkeys(token.provider for token in permissions.tokens):
        if all(token.provider != provider for token in tokens):
            yield f"No token of {PROVIDERS[provider]} answers any of these checks."
    if permissions.free:
        needs = "needs" if len(permissions.free) == 1 else "need"
        yield f"{_checks(len(permissions.free))} {needs} no token."


def _checks(number: int) -> str:
    return "1 check" if number == 1 else f"{number} checks"
