"""What a check reads, what token that takes, and when it cannot be known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

KINDS = {
    "fine-grained": "fine-grained GitHub token",
    "installation": "GitHub App",
    "classic": "classic GitHub token",
    "session": "npm session (`hardenme auth login npm`, two hours)",
    "granular": "granular npm token",
}
"""The kinds of token, in the order of the page; an OAuth app's is as a classic one."""
FREE = {
    "local": "No token: it reads only this machine.",
    "npm": "No token: the registry shows it to everyone.",
    "github": "Any token, or none for what is public.",
}

GITHUB = (
    "Your token lacks a right of the table above: `hardenme auth status` shows which.",
    "GitHub answers 404: it does not exist, or is not visible to this token.",
    "An organization's single sign-on blocks the token: authorize it there.",
)
"""What keeps an answer of GitHub's back."""


def reads(facts: dict[str, Any]) -> str:
    """Each answer that is read, where it comes from, and what it takes."""
    lines = ["| answer | asked of | it takes |", "|---|---|---|"]
    for item in sorted(facts["reads"], key=lambda item: not item["needed"]):
        what = item["what"].rstrip(".")
        if not item["needed"]:
            what += " (it can do without)"
        lines.append(f"| {what} | {_code(item['source'])} | {_requirement(item['requires'])} |")
    return "\n".join(lines)


def _code(source: str) -> str:
    return f"`{source}`".replace("|", "\\|")


def _requirement(alternatives: list[list[dict[str, str]]]) -> str:
    """What reads it; a role is what the account must be."""
    if not alternatives:
        return "no right"
    return " or ".join(" and ".join(map(_right, option)) for option in alternatives)


def _right(item: dict[str, str]) -> str:
    if item["scheme"] == "role":
        return f"the role {item['name']}"
    if item["scheme"] == "npm" and ":" not in item["name"]:
        return f"an npm {item['name']}"
    return f"`{item['name']}`"


def tokens(facts: dict[str, Any]) -> str:
    """The least token of each kind."""
    useful = [item for item in facts["tokens"] if item["kind"] in KINDS]
    providers = {item["provider"] for item in facts["reads"]}
    asked = [item for item in useful if item["needed"] or item["more"] or item["unread"]]
    if not asked:
        provider = next((name for name in ("github", "npm") if name in providers), "local")
        return FREE[provider]
    lines = ["| token | must have | shows more with | the account must be |", "|---|---|---|---|"]
    lines += [
        _row(item) for item in sorted(asked, key=lambda item: list(KINDS).index(item["kind"]))
    ]
    command = f"hardenme permissions --for {facts['target']} --select {facts['code']}"
    if facts["depth"] != "fast":
        command += f" --depth {facts['depth']}"
    return "\n".join(lines) + f"\n\n`{command}` prints a link that creates such a token."


def _row(token: dict[str, Any]) -> str:
    blind = [item["why"] for item in token["unread"] if item["whole"]]
    held = _names(token["needed"]) or ("nothing" if not blind else f"not enough: {blind[0]}")
    more = _names(token["more"]) or "-"
    roles = ", ".join(token["roles"]) or "any account that can see it"
    return f"| {KINDS[token['kind']]} | {held} | {more} | {roles} |"


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" if ":" in name or name.islower() else name for name in names)


def unknown(facts: dict[str, Any]) -> str:
    """When it is not known, and what it takes to know."""
    lines = "\n".join(f"- {line}" for line in _unknown(facts))
    return (
        f"{lines}\n\nUnknown is never a pass: the run then ends with exit code 3."
        " [What each reason means](../unknown.md)"
    )


def _unknown(facts: dict[str, Any]) -> Iterator[str]:
    yield from _left_out(facts)
    must = [item for item in facts["reads"] if item["needed"] and item["requires"]]
    providers = {item["provider"] for item in facts["reads"]}
    if any(item["provider"] == "github" for item in must):
        yield from GITHUB
    roles = sorted({role for item in facts["tokens"] for role in item["roles"]})
    if roles:
        yield f"The account is not {' or '.join(roles)}: ask someone who is."
    if any(item["provider"] == "npm" for item in must):
        yield "There is no npm session, or it expired: run `hardenme auth login npm`."
    if {"github", "npm"} <= providers:
        yield "The package's repository is not visible to your GitHub token, or not on github.com."
    if "local" in providers:
        yield "A file cannot be read, or has an unknown form."
    if providers - {"local", "attested"}:
        yield "An answer was missing or not understood, or a limit was reached: run again later."


def _left_out(facts: dict[str, Any]) -> Iterator[str]:
    """What a run does not ask unless it is told to, and what a person has to say."""
    for option in facts["opt_in"]:
        yield f"It is left out without `{option}`."
    if facts["depth"] != "fast":
        yield f"It runs only with `--depth {facts['depth']}` or deeper."
    if facts["asks_a_person"]:
        yield (
            "If no API shows it, it is a question to you, neither passed nor unknown, until you"
            f" answer with `hardenme attest {facts['code']}`."
        )
    if any(item["presence"] for item in facts["reads"]):
        yield (
            "npm shows it only after a one-time password: run with `--interactive`. Later"
            " runs use that answer for eight days."
        )
