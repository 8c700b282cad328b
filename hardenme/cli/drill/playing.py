"""Plays a scenario with a person at the terminal, and records that it was played to its end."""

from __future__ import annotations

import difflib
from datetime import timedelta
from typing import TextIO

from hardenme.cli.drill.incident import rehearse
from hardenme.cli.drill.own import Own, own_of
from hardenme.cli.drill.scenarios import INCIDENT, NAMES, Scenario, scenario, tabletop
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.interview import YES, Interview
from hardenme.engine.catalogue import find
from hardenme.engine.practices import marked, question
from hardenme.ground import clock
from hardenme.ground.errors import EndedError, StoredError, UsageError
from hardenme.ground.exit_code import Exit
from hardenme.ground.places import state_folder
from hardenme.model.practice import PROVIDER
from hardenme.model.statement import Statement, Word
from hardenme.store.attestations import add, read

DRILL, PLAN = "ATT105", "ATT106"
COUNTS = {DRILL: timedelta(days=180), PLAN: timedelta(days=90)}
"""How long the answers count."""
NO_TERMINAL = (
    "a drill needs a person at a terminal; `hardenme drill --list` shows the scenarios, and"
    " `hardenme attest ATT105` records a drill that was done elsewhere"
)
RUNBOOK = "Print the runbook of your last run, and compare your plan with it: hardenme runbook"
NO_RUNBOOK = "No run is kept to make a runbook of, so the plan itself was not compared."
NOBODY = (
    "The drill is not recorded, since no kept run shows whose it is. Record it with:"
    " hardenme attest ATT105 practice:LOGIN --yes"
)


def show(console: Console) -> int:
    """Print the scenarios."""
    wide = max(map(len, NAMES))
    for name in NAMES:
        one = scenario(name)
        console.tell(f"{name:<{wide}}  {one.title} ({one.case})\n")
    found = tabletop()
    console.tell(f"{INCIDENT:<{wide}}  {found.title} ({found.case}), against your own accounts\n")
    console.tell(f"\nPlay one: hardenme drill {NAMES[0]}\n")
    return Exit.CLEAN


def play(console: Console, name: str, account: str, stdin: TextIO | None) -> int:
    """Play a scenario; returns the exit code."""
    try:
        _demand(name)
        own, ask = own_of(account), _person(console, stdin)
        name = name or _picked(ask)
        if name == INCIDENT:
            told = rehearse(ask, own)
            current = _is_current(ask, own)
        else:
            told, current = _played(ask, scenario(name)), False
    except EndedError:
        console.say("stopped: nothing was recorded")
        return Exit.NOTHING_MATCHED
    return _record(console, own, f"drill {name}: {told}", current=current)


def _demand(name: str) -> None:
    """See to it that there is such a scenario, and that it can be recorded.

    Raises:
        UsageError: there is none.
        StoredError: the record cannot be used.
    """
    if name and name not in {*NAMES, INCIDENT}:
        near = difflib.get_close_matches(name, (*NAMES, INCIDENT), 1)
        hint = f"; did you mean {near[0]}?" if near else "; `hardenme drill --list` shows all"
        raise UsageError(f"no scenario is called {name!r}{hint}")
    fault = read(state_folder()).fault
    if fault:
        raise StoredError(fault)


def _person(console: Console, stdin: TextIO | None) -> Interview:
    """The person at the terminal.

    Raises:
        UsageError: there is none.
    """
    if stdin is None or not console.can_ask(stdin):
        raise UsageError(NO_TERMINAL)
    return Interview(console, stdin)


def _picked(ask: Interview) -> str:
    rows = [f"{scenario(name).title} ({name})" for name in NAMES]
    rows.append(f"{tabletop().title} ({INCIDENT}, 20 minutes)")
    return (*NAMES, INCIDENT)[ask.choose("Which scenario? Each takes about five minutes.", rows)]


def _played(ask: Interview, played: Scenario) -> str:
    """Play it; how many scenes were decided well, in words."""
    ask.tell("", f"{played.title}. From a real case: {played.case}. Type quit to stop.")
    good = 0
    for number, scene in enumerate(played.scenes, 1):
        ask.tell("", f"Scene {number} of {len(played.scenes)}", "", scene.text, "")
        picked = scene.choices[ask.choose("What do you do?", [one.text for one in scene.choices])]
        ask.tell("", f"{'Right.' if picked.good else 'Not this.'} {picked.why}")
        if not picked.good:
            better = next(one for one in scene.choices if one.good)
            ask.tell(f"Better: {better.text}", better.why)
        ask.tell(f"Source: {scene.source}")
        good += picked.good
    told = f"{good} of {len(played.scenes)} decided well"
    ask.tell("", f"{told}. What to remember:")
    for scene in played.scenes:
        ask.tell(f"- {next(one.text for one in scene.choices if one.good)}", indent="  ")
    return told


def _is_current(ask: Interview, own: Own) -> bool:
    """Whether the person's plan is one that is up to date, which only they can say."""
    asked = question(find(PLAN), own.login or "LOGIN")
    ask.tell("", RUNBOOK if own.report else NO_RUNBOOK)
    return asked is not None and ask.agree(asked.question) == YES


def _record(console: Console, own: Own, told: str, *, current: bool) -> int:
    if not own.account:
        console.say(NOBODY)
        return Exit.CLEAN
    codes = [DRILL, *([PLAN] if current else [])]
    for code in codes:
        _add(code, own, told)
    until = clock.now() + COUNTS[codes[-1]]
    names = " and ".join(codes)
    console.tell(f"Recorded as {names}: {told}, until {until:%Y-%m-%d}\n")
    return Exit.CLEAN


def _add(code: str, own: Own, told: str) -> None:
    asked = question(find(code), own.login)
    if asked is None:
        return
    now = clock.now().replace(microsecond=0)
    note = f"{told}; {marked(own.report)}" if code == PLAN and own.report else told
    said = Statement(
        code=code,
        subject=f"{PROVIDER}:user/{own.login}",
        question=asked.question,
        answer=Word.YES,
        by=own.login,
        account=own.account,
        at=now,
        until=now + COUNTS[code],
        evidence=note,
    )
    add(state_folder(), said)
