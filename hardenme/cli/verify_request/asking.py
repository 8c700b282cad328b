"""The interview about a request, with a person at the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hardenme.cli.terminal.interview import UNSURE, YES, Interview
from hardenme.cli.terminal.texts import LONGEST_BY, clean, shown
from hardenme.cli.verify_request.campaigns import CHANNELS, KINDS
from hardenme.cli.verify_request.deciding import (
    DECISIONS,
    NOBODY,
    Call,
    Deciding,
    UnusualRequest,
    arrived_at,
    called,
)
from hardenme.cli.verify_request.records import STORE

MEANINGS = (
    "act, once the waiting time is over",
    "wait, and verify it first",
    "refuse, and warn the others in your project",
)


@dataclass(slots=True, kw_only=True)
class Asking(Deciding):
    """The same, answered by a person at the terminal.

    Options say who asks, by which channel, for what, when it came and what is done. The signs and
    the call are asked about in any case.

    Attributes:
        ask: the person.
    """

    ask: Interview

    def say(self, *texts: str) -> None:
        """Say something to the person."""
        self.ask.tell(*texts)

    def request(self, now: datetime) -> UnusualRequest:
        """Ask what is asked."""
        ask, given = self.ask, self.given
        ask.tell("Nothing is sent, and nothing is recorded before the end. Type quit to stop.", "")

        def name(text: str) -> str:
            if not text:
                raise ValueError("Type a name, as they gave it.")
            return clean("the name", text, LONGEST_BY)

        who = clean("--who", given.who, LONGEST_BY) or ask.until("Who asks?", name)
        channel = given.channel
        if channel not in CHANNELS:
            channel = CHANNELS[ask.choose("By which channel did it come?", CHANNELS)]
        kinds = {one.key: one for one in KINDS}
        kind = kinds.get(given.kind)
        if kind is None:
            kind = KINDS[ask.choose("What do they want?", [one.title for one in KINDS])]
        arrived = self.arrived(now)
        signs = []
        ask.tell("", "Signs of campaigns that are known. Is each of these so?")
        for number, sign in enumerate(kind.signs, 1):
            ask.tell(f"{number}  {sign.text}.", indent="  ")
            ask.tell(f"As at {sign.where}: {sign.source}", indent="     ")
            if ask.agree("  Is it so?", unsure=True) in {YES, UNSURE}:
                signs.append(sign)
        return UnusualRequest(who, channel, kind, arrived, tuple(signs))

    def arrived(self, now: datetime) -> datetime:
        """Ask when it came."""
        if self.given.arrived:
            # Zero arguments of super() do not work in a dataclass with slots.
            return Deciding.arrived(self, now)
        question = "How long ago did it come? (30m, 2h, 3d, or now)"
        return self.ask.until(question, lambda text: arrived_at(text, now))

    def call(self, request: UnusualRequest, now: datetime) -> Call:
        """Ask whom it was verified with."""
        ask = self.ask
        usable = [one for one in self.known if not one.counts(request.arrived, now)]
        ask.tell("")
        for one in self.known:
            why = one.counts(request.arrived, now)
            if why and (one.removed is None or one.removed >= request.arrived):
                ask.tell(f"{shown(one.name)} does not count: {why}.")
        if not usable:
            ask.tell("You have no contact from before the request.", STORE)
            return Call("", NOBODY)
        ask.tell("Call back now, by a number from your own notes. Use none from the request.")
        options = [f"I called {shown(one.name)}" for one in usable]
        picked = ask.choose("Whom did you call?", [*options, "I called none of them"])
        if picked == len(usable):
            return Call("", NOBODY)
        found = usable[picked]
        number = ask.line(f"Which number or handle of {shown(found.name)} did you use?")
        if not found.is_of(number):
            return called(found, number, confirmed=False)
        said = ask.agree(f"Did {shown(found.name)} confirm the request in a conversation?")
        return called(found, number, confirmed=said == YES)

    def remind(self, request: UnusualRequest) -> None:
        """Say how many signs show: they were shown when they were asked about."""
        number, most = len(request.signs), len(request.kind.signs)
        self.ask.tell("", f"{number} of {most} known signs show.")

    def decision(self) -> str:
        """Ask what the person does."""
        if self.given.decision in DECISIONS:
            return self.given.decision
        return DECISIONS[self.ask.choose("What do you do?", MEANINGS)]
