"""Merges several rulesets of one place: rules add up, and names are unique on GitHub."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from hardenme.model.commands import RULES_NOT_OFFERED, TWO_APPROVE, has_no_rules
from hardenme.model.finding import Finding
from hardenme.model.verdict import Fix
from hardenme.reports.calls import BODY, ProgramCall, plain_calls
from hardenme.reports.plain import begun

POST = ("-X", "POST")
PARAMETERS = "parameters"
IN_ORGANIZATION = re.compile(r" orgs/([^/ ]+)/rulesets ")
PLAN_FIRST = f"{RULES_NOT_OFFERED}. Then "
"""How the fix begins that adds rules once the owner's plan has some."""
REPOSITORIES = "repository_name"
"""The condition of a ruleset that is for many repositories."""
APPROVALS = "required_approving_review_count"
NO_SECOND = (
    "Leave the ruleset's bypass list as it is until a second person can push: only {} can, so no"
    " one else can approve. Empty it now only if its rules require no approval"
)
"""What replaces `TWO_APPROVE` where one account alone can push."""
MILD = "no one who works by pull request is locked out"
LOCKS = {
    "required_signatures": "leave this one out until everyone who pushes signs their commits",
    "required_linear_history": "leave this one out where people merge with merge commits",
    "require_code_owner_review": (
        "leave this one out where one maintainer works alone, or where fewer than two code owners"
        " review: no one can approve their own change"
    ),
    "require_last_push_approval": (
        "leave this one out where one maintainer works alone, since no one can approve"
    ),
    APPROVALS: "leave this one out where one maintainer works alone, since no one can approve",
}
"""Rules, and parameters of the rule for pull requests, by who cannot work with them."""
IN_MANY = {
    "required_signatures": "anyone who does not sign commits can no longer push",
    "required_linear_history": "merge commits are refused",
    "require_code_owner_review": (
        "a repository with one maintainer, or where fewer than two code owners review, can no"
        " longer merge: exclude it"
    ),
    "require_last_push_approval": (
        "a repository with one maintainer can no longer merge: exclude it"
    ),
    APPROVALS: "a repository with one maintainer can no longer merge: exclude it",
}
"""The same of a ruleset for many repositories."""
APPROVED = re.compile(r'Set "Required approvals" to \d+')
BOXES = {
    "creation": "Restrict creations",
    "update": "Restrict updates",
    "deletion": "Restrict deletions",
    "non_fast_forward": "Block force pushes",
    "pull_request": "Require a pull request before merging",
    "required_signatures": "Require signed commits",
    "required_linear_history": "Require linear history",
    "dismiss_stale_reviews_on_push": (
        "Dismiss stale pull request approvals when new commits are pushed"
    ),
    "require_code_owner_review": "Require review from Code Owners",
    "require_last_push_approval": "Require approval of the most recent reviewable push",
    "required_review_thread_resolution": "Require conversation resolution before merging",
}
"""The box on the page for each rule, and for each switch of the rule for pull requests."""
TICKS = 'Tick "Restrict '
SIGNED, LINEAR = "required_signatures", "required_linear_history"
LOCKING = {
    "GHB103": APPROVALS,
    "GHB105": "require_last_push_approval",
    "GHB106": "require_code_owner_review",
    "GHB111": SIGNED,
    "GHB113": LINEAR,
}
"""What in `LOCKS` a check asks for, where no command shows it."""
REVIEWS = ("GHB103", "GHB105", "GHB106")
"""Checks that ask for an approval by someone else."""
NO_REVIEW = (
    'Leave "Required approvals" at 0, and do not require a review from code owners or an approval'
    " of the last push"
)
NO_REVIEWER = f"{NO_REVIEW}: only {{}} can push, so no one else can approve"


def place_of(fix: Fix) -> str:
    """Where a fix adds a ruleset, and for what; empty if it does something else.

    Rulesets for the same branches or tags of the same place can be one; so can those of a plan
    that is chosen first.
    """
    if fix.step.startswith(PLAN_FIRST):
        return json.dumps([PLAN_FIRST, fix.page])
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
        if fix.step.startswith(PLAN_FIRST)
    )


def organization_of(fix: Fix) -> str:
    """The organization to which a fix adds a ruleset, in lower case; empty for any other fix."""
    place = IN_ORGANIZATION.search(fix.command)
    return place[1].lower() if place else ""


def merged(fixes: Iterable[Fix]) -> Fix:
    """One fix in place of several for the same place.

    What asks for more counts: of numbers the larger, of switches the one that is on.
    """
    every = list(fixes)
    if every[0].step.startswith(PLAN_FIRST):
        after = [replace(one, step=begun(one.step.removeprefix(PLAN_FIRST))) for one in every]
        whole = together(after)
        return replace(whole, step=f"{PLAN_FIRST}{whole.step[:1].lower()}{whole.step[1:]}")
    calls = [(call, body) for fix in every if (call := _call(fix)) and (body := _body(call))]
    rules: dict[str, dict[str, Any]] = {}
    for _, body in calls:
        for rule in body["rules"]:
            known = rules.setdefault(rule["type"], {"type": rule["type"]})
            if PARAMETERS in rule:
                known[PARAMETERS] = _stricter(known.get(PARAMETERS, {}), rule[PARAMETERS])
    call, first = calls[0]
    # What locks someone out has a ruleset and a line of its own.
    stages = [*_in_stages(rules)]
    command = "\n".join(_adding(call, first, stage, word) for stage, word in stages)
    if len(stages) == 1:
        return replace(together(every), command=command)
    step = _numbered(together(every).step, stages, many=REPOSITORIES in first["conditions"])
    return replace(together(every), step=step, command=command)


def without_review(finding: Finding, fix: Fix, login: str) -> Fix:
    """The fix of a repository to which one account alone can push: no one else can approve there.

    Args:
        finding: what the fix is for.
        fix: as the check gives it.
        login: the account.
    """
    if TWO_APPROVE in fix.step:
        return replace(fix, step=fix.step.replace(TWO_APPROVE, NO_SECOND.format(login)))
    calls = [(call, _body(call)) for call in _calls(fix)]
    if not calls and finding.code in REVIEWS and has_no_rules(fix.step):
        return replace(fix, step=NO_REVIEWER.format(login), command="")
    commands, changed = list[str](), False
    for call, body in calls:
        if body is None or REPOSITORIES in body["conditions"]:
            return fix
        rules = [_unreviewed(rule) for rule in body["rules"]]
        changed |= rules != body["rules"]
        commands.append(_adding(call, body, rules))
    if not changed:
        return fix
    step = NO_REVIEWER.format(login) if finding.code in REVIEWS else fix.step
    return replace(fix, step=step, command=" && ".join(commands))


def _unreviewed(rule: dict[str, Any]) -> dict[str, Any]:
    """A rule without what takes an approval by someone else."""
    known = rule.get(PARAMETERS, {})
    mild = {name: 0 if name == APPROVALS else False for name in known if name in LOCKS}
    return {**rule, PARAMETERS: {**known, **mild}} if mild else rule


def _adding(
    call: ProgramCall, first: Mapping[str, Any], rules: Sequence[Mapping[str, Any]], word: str = ""
) -> str:
    """The command that adds one ruleset."""
    kinds = word or ", ".join(str(rule["type"]) for rule in rules)
    name = f"{str(first['name']).partition(':')[0]}: {kinds.replace('_', ' ')}"
    whole = {**first, "name": name, "rules": [*rules]}
    return f"echo {shlex.quote(json.dumps(whole))} | {shlex.join(call.words)}"


def _in_stages(rules: Mapping[str, dict[str, Any]]) -> Iterator[tuple[list[dict[str, Any]], str]]:
    """The rules that anyone can work with, then each one that locks someone out.

    The first ruleset takes pull requests without approvals: where one maintainer works alone, no
    one can approve. Approvals come next, and what needs them after that.
    """
    first, later = list[dict[str, Any]](), list[tuple[list[dict[str, Any]], str]]()
    for kind, rule in rules.items():
        known = rule.get(PARAMETERS, {})
        strict = {name: value for name, value in known.items() if name in LOCKS and value}
        mild = {name: 0 if name == APPROVALS else False for name in strict}
        asked = {APPROVALS: 1} if APPROVALS in strict else {}
        if kind in LOCKS:
            later.append(([rule], kind))
            continue
        first.append({**rule, PARAMETERS: {**known, **mild}} if strict else rule)
        for name, value in strict.items():
            alone = {**known, **mild, **asked, name: value}
            later.append(([{**rule, PARAMETERS: alone}], name))
    if first:
        yield first, ""
    # What takes a review means nothing before approvals are required.
    yield from sorted(later, key=lambda one: one[1] != APPROVALS)


def _numbered(step: str, stages: Sequence[tuple[list[dict[str, Any]], str]], *, many: bool) -> str:
    """The step, and the rulesets in their order: what each asks for, and who leaves it out.

    Args:
        step: what is chosen on the page.
        stages: the rules of each, and the name of what locks someone out.
        many: they are for many repositories.
    """
    locks = IN_MANY if many else LOCKS
    lines = [f"{_boxes(rules, word)}: {locks.get(word, MILD)}" for rules, word in stages]
    order = "; ".join(f"{number}. {text}" for number, text in enumerate(lines, start=1))
    boxes = {f'Tick "{box}"' for box in BOXES.values()}
    kept = (one for one in step.rstrip(".").split(". ") if one not in boxes)
    # The line of each ruleset names its boxes.
    said = ". ".join(one for one in kept if not APPROVED.fullmatch(one))
    return (
        f"{said}. Make it {len(stages)} rulesets, in the order below, and tick the boxes that each"
        f" line names. Add one at a time, and wait for a merge: {order}"
    )


def _boxes(rules: Sequence[Mapping[str, Any]], word: str) -> str:
    """What a ruleset asks for, as the page names it; what locks someone out is named alone."""
    asked = [str(rule["type"]) for rule in rules]
    approvals = 0
    for rule in rules:
        known = rule.get(PARAMETERS, {})
        asked += [name for name in known if name in BOXES and known[name] is True]
        approvals = known.get(APPROVALS, 0)
    named = [f'"{BOXES.get(name, name)}"' for name in ([word] if word in BOXES else asked)]
    number = f'"Required approvals" set to {approvals}'
    if word == APPROVALS:
        return number
    return f"{', '.join(named)}{f', with {number}' if approvals else ''}"


def locks_of(fix: Fix) -> frozenset[str]:
    """The names in `LOCKS` of what the rulesets ask for that a command adds."""
    if "/rulesets " not in fix.command:
        return frozenset()
    bodies = map(_body, plain_calls(fix.command))
    rules = [rule for body in bodies if body for rule in body["rules"]]
    asked = {rule["type"] for rule in rules}
    asked |= {name for rule in rules for name, on in rule.get(PARAMETERS, {}).items() if on}
    return frozenset(asked & LOCKS.keys())


def locks_by_check(fix: Fix, codes: Iterable[str]) -> frozenset[str]:
    """The same of a fix without a command, since the plan may have no rules, by its checks."""
    known = (LOCKING.get(code, "") for code in codes)
    return frozenset(filter(None, known)) if has_no_rules(fix.step) else frozenset()


def together(fixes: Iterable[Fix]) -> Fix:
    """One fix that says the steps of several, and how to undo them, and is else the first one."""
    every = list(fixes)
    steps = [*_list(one for fix in every for one in fix.step.rstrip(".").split(". "))]
    # A box is ticked in the first ruleset that a text is about; it may name a second one.
    boxes = [one for one in steps[1:] if one.startswith(TICKS)]
    steps = [*steps[:1], *boxes, *(one for one in steps[1:] if one not in boxes)]
    undone = [*_list(one for fix in every for one in fix.undo.rstrip(".").split(". ") if one)]
    return replace(every[0], step=". ".join(steps), undo=". ".join(undone))


def _list(sentences: Iterable[str]) -> Iterator[str]:
    """The sentences of several steps, each once; what they begin with in common is printed once."""
    heads, said = set[str](), set[str]()
    for one in sentences:
        head, colon, rest = one.partition(": ")
        known = bool(colon) and head in heads
        text = begun(rest) if known else one
        if text.lower() not in said:
            yield text
        said |= {one.lower(), rest.lower()} if colon else {one.lower()}
        heads |= {head} if colon else set()


def _stricter(known: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(known)
    for name, value in new.items():
        old = found.get(name, value)
        comparable = isinstance(value, bool | int) and isinstance(old, bool | int)
        found[name] = max(old, value) if comparable else value
    return found


def _call(fix: Fix) -> ProgramCall | None:
    """The call that adds a ruleset, if there is one alone."""
    calls = _calls(fix)
    return calls[0] if len(calls) == 1 else None


def _calls(fix: Fix) -> tuple[ProgramCall, ...]:
    """The calls of a fix that does nothing but add rulesets."""
    calls = plain_calls(fix.command) if "/rulesets --input -" in fix.command else ()
    return calls if all(map(_adds, calls)) else ()


def _adds(call: ProgramCall) -> bool:
    return bool(call.body) and call.words[-len(BODY) :] == BODY and {*POST} <= {*call.words}


def _body(call: ProgramCall | None) -> dict[str, Any] | None:
    """What the call sends; None if it is not the ruleset that is expected."""
    if call is None:
        return None
    try:
        body = json.loads(call.body)
        rules = body["rules"]
        whole = all(isinstance(rule["type"], str) for rule in rules)
        return body if whole and {"name", "target", "conditions"} <= body.keys() else None
    except (ValueError, LookupError, TypeError):
        return None
