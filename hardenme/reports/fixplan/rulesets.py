"""Several rulesets of one place as one: rules add up, and GitHub keeps no two of one name."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from hardenme.model.commands import RULES_NOT_OFFERED
from hardenme.model.finding import Finding
from hardenme.model.verdict import Fix
from hardenme.reports.calls import BODY, ProgramCall, plain_calls

POST = ("-X", "POST")
PARAMETERS = "parameters"
IN_ORGANIZATION = re.compile(r" orgs/([^/ ]+)/rulesets ")


def place_of(fix: Fix) -> str:
    """Where a fix adds a ruleset, and for what; empty where it does something else.

    Rulesets for the same branches or tags of the same place can be one.
    """
    call = _call(fix)
    body = _body(call)
    if call is None or body is None:
        return ""
    return json.dumps([call.words, body["target"], body["conditions"]], sort_keys=True)


def without_rulesets(findings: Iterable[tuple[Finding, Fix]]) -> frozenset[str]:
    """The owners, in lower case, whose plan is known to have no rules: GitHub Free."""
    return frozenset(
        finding.within.name.partition("/")[0].lower()
        for finding, fix in findings
        if fix.step.startswith(RULES_NOT_OFFERED)
    )


def organization_of(fix: Fix) -> str:
    """The organization to which a fix adds a ruleset, in lower case; empty for any other fix."""
    place = IN_ORGANIZATION.search(fix.command)
    return place[1].lower() if place else ""


def merged(fixes: Iterable[Fix]) -> Fix:
    """One fix in place of several that share a place; the first one tells how it is undone.

    What asks for more counts: of numbers the larger, of switches the one that is on.
    """
    every = list(fixes)
    calls = [(call, body) for fix in every if (call := _call(fix)) and (body := _body(call))]
    rules: dict[str, dict[str, Any]] = {}
    for _, body in calls:
        for rule in body["rules"]:
            known = rules.setdefault(rule["type"], {"type": rule["type"]})
            if PARAMETERS in rule:
                known[PARAMETERS] = _stricter(known.get(PARAMETERS, {}), rule[PARAMETERS])
    call, first = calls[0]
    kinds = ", ".join(rules).replace("_", " ")
    name = f"{str(first['name']).partition(':')[0]}: {kinds}"
    whole = {**first, "name": name, "rules": list(rules.values())}
    command = f"echo {shlex.quote(json.dumps(whole))} | {shlex.join(call.words)}"
    return replace(together(every), command=command)


def together(fixes: Iterable[Fix]) -> Fix:
    """One fix that says the steps of several, and is else the first one."""
    every = list(fixes)
    steps = dict.fromkeys(fix.step.rstrip(".") for fix in every)
    return replace(every[0], step=". ".join(_list(steps)))


def _list(steps: Iterable[str]) -> Iterator[str]:
    """The steps as sentences: what they begin with alike stands once."""
    begun = ""
    for step in steps:
        head, colon, rest = step.partition(": ")
        yield f"{rest[:1].upper()}{rest[1:]}" if colon and head == begun else step
        begun = head if colon else ""


def _stricter(known: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(known)
    for name, value in new.items():
        old = found.get(name, value)
        comparable = isinstance(value, bool | int) and isinstance(old, bool | int)
        found[name] = max(old, value) if comparable else value
    return found


def _call(fix: Fix) -> ProgramCall | None:
    """The one call that adds a ruleset."""
    calls = plain_calls(fix.command) if "/rulesets --input -" in fix.command else ()
    if len(calls) != 1 or not calls[0].body or calls[0].words[-len(BODY) :] != BODY:
        return None
    return calls[0] if {*POST} <= {*calls[0].words} else None


def _body(call: ProgramCall | None) -> dict[str, Any] | None:
    """What the call sends; None where it is not the ruleset that is expected."""
    if call is None:
        return None
    try:
        body = json.loads(call.body)
        rules = body["rules"]
        whole = all(isinstance(rule["type"], str) for rule in rules)
        return body if whole and {"name", "target", "conditions"} <= body.keys() else None
    except (ValueError, LookupError, TypeError):
        return None
