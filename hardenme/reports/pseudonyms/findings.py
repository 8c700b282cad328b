"""A finding with pseudonyms."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hardenme.model.evidence import Atom, Seen
from hardenme.model.finding import Attested, Errored, Finding, Outcome
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, Manual, NotApplicable, Passed
from hardenme.model.waiver import Waiver
from hardenme.reports.pseudonyms.words import Pseudonyms

LARGEST = 99_999
"""Numbers up to this are kept. A larger number can reveal whose it is, so it is rounded."""
FAULT = re.compile(r"[A-Z][A-Za-z]+(?:Error|Exception|Warning)")
"""What an exception is called."""
REASON = "(not shared)"
"""The replacement for free text that a person wrote."""
Text = Callable[[str], str]
OWN = "local"
"""The provider whose subjects have names of ours, like `npmrc`."""

CHOICES = frozenset({"enforcement", "target", "type"})
"""Keys of a ruleset whose values are words of GitHub's.

Source: docs.github.com/en/rest/repos/rules#create-a-repository-ruleset.
"""
SENDS, PIPE = "echo '{", "}' | "
"""How a command of ours begins that sends a body, and what follows that."""


def learn_finding(one: Finding, names: Pseudonyms) -> None:
    """Its names."""
    learn_subject(one.subject, names)
    learn_subject(one.within, names)
    names.learn(one.label)
    for waiver in (one.waiver, one.lapsed):
        if waiver is not None:
            names.learn(waiver.by)
    if isinstance(one.outcome, Attested):
        names.learn(one.outcome.by)


def finding(one: Finding, names: Pseudonyms) -> Finding:
    """The finding with pseudonyms."""
    text = _telling(one, names)
    return replace(
        one,
        subject=subject(one.subject, names),
        within=subject(one.within, names),
        label=names.label(one.label),
        outcome=_outcome(one.outcome, names, text),
        sources=tuple(_source(atom, text) for atom in one.sources),
        waiver=None if one.waiver is None else waiver(one.waiver, names),
        lapsed=None if one.lapsed is None else waiver(one.lapsed, names),
    )


def _telling(one: Finding, names: Pseudonyms) -> Text:
    """What makes the finding's texts fit: names of several words go before single words do."""
    phrases = {
        phrase: names.name(phrase)
        for phrase in (one.subject.name, one.within.name, one.label)
        if " " in phrase.strip()
    }

    def text(told: str) -> str:
        for phrase, shown in phrases.items():
            told = told.replace(phrase, shown)
        return names.text(told)

    return text


def learn_subject(one: Subject, names: Pseudonyms) -> None:
    """The name of a subject, unless it is a word of ours."""
    if not _ours(one):
        names.learn(one.name)


def subject(one: Subject, names: Pseudonyms) -> Subject:
    """A subject with a pseudonym."""
    shown = names.text if _ours(one) else names.name
    return replace(one, name=shown(one.name))


def _ours(one: Subject) -> bool:
    """Whether its name is a word of ours, like the kind of a token."""
    return one.provider == OWN or (one.provider, one.kind) == ("github", "token")


def _outcome(outcome: Outcome, names: Pseudonyms, text: Text) -> Outcome:
    if isinstance(outcome, Failed):
        return replace(
            outcome,
            message=text(outcome.message),
            seen=_seen(outcome.seen, text),
            fix=fix(outcome.fix, text),
        )
    if isinstance(outcome, Passed | NotApplicable):
        return replace(outcome, message=text(outcome.message), seen=_seen(outcome.seen, text))
    if isinstance(outcome, Manual):
        return Manual(
            question=text(outcome.question),
            page=text(outcome.page),
            fix=None if outcome.fix is None else fix(outcome.fix, text),
        )
    if isinstance(outcome, Unknown):
        return replace(
            outcome,
            needed=text(outcome.needed),
            seen=text(outcome.seen),
            evidence=tuple(_source(atom, text) for atom in outcome.evidence),
            question=None,
        )
    if isinstance(outcome, Attested):
        return replace(outcome, message=text(outcome.message), by=names.name(outcome.by))
    return outcome if FAULT.fullmatch(outcome.error) else Errored(text(outcome.error))


def fix(one: Fix, text: Text) -> Fix:
    """A fix with pseudonyms: its page and its command lead nowhere then."""
    return Fix(
        step=text(one.step),
        page=text(one.page),
        command="\n".join(_command(line, text) for line in one.command.split("\n")),
        needs=text(one.needs),
        undo=text(one.undo),
        wider=None if one.wider is None else fix(one.wider, text),
    )


def _command(line: str, text: Text) -> str:
    """A command; of a body that it sends the values are replaced, so that it stays what it is."""
    if not line.startswith(SENDS):
        return text(line)
    try:
        _, body, _, *_ = shlex.split(line)
        values = json.loads(body)
    except ValueError:
        return text(line)
    return f"echo {shlex.quote(json.dumps(_sent(values, text)))} | {text(line.partition(PIPE)[2])}"


def _sent(value: Any, text: Text) -> Any:
    """The values of a body: its keys, numbers and switches are ours."""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, list):
        return [_sent(one, text) for one in value]
    if isinstance(value, dict):
        return {
            name: one if name in CHOICES and isinstance(one, str) else _sent(one, text)
            for name, one in value.items()
        }
    return rounded(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _source(atom: Atom, text: Text) -> Atom:
    return replace(atom, endpoint=text(atom.endpoint))


def _seen(seen: Seen, text: Text) -> Seen:
    return {text(name): _value(value, text) for name, value in seen.items()}


def _value(value: Any, text: Text) -> Any:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, list | tuple):
        return [_value(item, text) for item in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return rounded(value)
    return value


def rounded(number: int) -> int:
    """The number; of a large one the first digit alone, since the whole of it may be looked up."""
    if abs(number) <= LARGEST:
        return number
    unit = int("1".ljust(len(str(abs(number))), "0"))
    return number // unit * unit


def waiver(one: Waiver, names: Pseudonyms) -> Waiver:
    """A waiver; its reason and where it is talked about are a person's own words."""
    provider, colon, rest = one.subject.partition(":")
    kind, slash, name = rest.partition("/")
    return replace(
        one,
        subject=f"{provider}{colon}{kind}{slash}{names.name(name)}",
        reason=REASON,
        by=names.name(one.by),
        issue=REASON if one.issue else "",
        origin=names.text(one.origin),
    )
