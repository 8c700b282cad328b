"""The interview about a request: what shows, whom it was verified with, and what was decided."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TextIO

from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.texts import LONGEST_BY, clean, shown
from hardenme.cli.verify_request.campaigns import CHANNELS, KINDS, RequestKind, Sign, kind_of
from hardenme.cli.verify_request.records import number_from
from hardenme.ground import clock
from hardenme.ground.errors import UsageError
from hardenme.ground.exit_code import Exit
from hardenme.ground.places import state_folder
from hardenme.store.requests import Contact, decide

AGO = re.compile(r"(\d{1,3})\s*([mhd])")
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
ACT, WAIT, REFUSE = DECISIONS = ("act", "wait", "refuse")
VERIFIED, DENIED, WRONG, NOBODY = "confirmed", "denied", "number does not match", "nobody called"
NEEDED = ("--who", "--channel", "--kind", "--decision")


@dataclass(frozen=True, slots=True)
class InterviewOptions:
    """What options answer; empty if the person is asked.

    Attributes:
        who: who asks.
        channel: how it came.
        kind: what they want.
        arrived: how long ago it came.
        signs: the numbers of signs that show.
        called: the contact that was called back.
        confirmed: what that contact answered.
        decision: what the person does.
    """

    who: str = ""
    channel: str = ""
    kind: str = ""
    arrived: str = ""
    signs: str = ""
    called: str = ""
    confirmed: bool | None = None
    decision: str = ""


@dataclass(frozen=True, slots=True)
class UnusualRequest:
    """What is asked.

    Attributes:
        who: who asks.
        channel: how it came.
        kind: what they want.
        arrived: when it came.
        signs: which signs show.
    """

    who: str
    channel: str
    kind: RequestKind
    arrived: datetime
    signs: tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """How it was verified.

    Attributes:
        name: of the contact; empty for none.
        result: the result of the call.
    """

    name: str
    result: str

    @property
    def verifies(self) -> bool:
        """Whether the request is known to come from the person."""
        return self.result == VERIFIED


def arrived_at(text: str, now: datetime) -> datetime:
    """When a request came that long ago.

    Raises:
        ValueError: it is not of that form.
    """
    if text.strip().lower() in {"now", "0"}:
        return now
    found = AGO.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError("Type how long ago, like 30m, 2h or 3d, or now.")
    return now - int(found[1]) * UNITS[found[2]]


@dataclass(slots=True)
class Deciding:
    """All that decides, answered by options.

    Attributes:
        console: where it is printed.
        given: what options answer.
        known: the contacts that were ever stored.
        stdin: where the number comes from.
    """

    console: Console
    given: InterviewOptions
    known: Sequence[Contact]
    stdin: TextIO | None

    def go(self) -> int:
        """Decide, and write it down at the end alone.

        Raises:
            EndedError: the person ended it.
            UsageError: an option is not of its form.
            UsageError: a text is not one that is written down.
            StoredError: the record cannot be used.
        """
        now = clock.now().replace(microsecond=0)
        request = self.request(now)
        call = self.call(request, now)
        begin = now + timedelta(hours=request.kind.hours)
        self.remind(request)
        self.advise(request, call, begin)
        decision = self.decision()
        if decision == ACT and not call.verifies:
            self.say("It is not verified, so it is recorded as: wait.")
            decision = WAIT
        data = {
            "kind": request.kind.key,
            "channel": request.channel,
            "arrived": f"{request.arrived:%Y-%m-%d %H:%M}",
            "signs": "; ".join(sign.where for sign in request.signs),
            "called": call.name,
            "verified": call.result,
            "decision": decision,
            "from": f"not before {begin:%Y-%m-%d %H:%M}" if decision == ACT else "",
        }
        decide(state_folder(), request.who, now, data)
        when = f", not before {begin:%Y-%m-%d %H:%M} UTC" if decision == ACT else ""
        self.console.tell(
            f"Recorded: {shown(request.who)}, {request.kind.title.lower()}: {decision}{when}\n"
        )
        return Exit.CLEAN if decision == ACT else Exit.FINDINGS

    def say(self, *texts: str) -> None:
        """Say something to the person."""
        for text in texts:
            self.console.say(text)

    def request(self, now: datetime) -> UnusualRequest:
        """What is asked.

        Raises:
            UsageError: an option has a value that it does not take.
            UsageError: the name cannot be recorded.
        """
        given = self.given
        who = clean("--who", given.who, LONGEST_BY)
        if given.channel not in CHANNELS:
            raise UsageError(f"--channel takes {', '.join(CHANNELS)}; not {given.channel!r}")
        try:
            kind = kind_of(given.kind)
        except KeyError:
            keys = ", ".join(one.key for one in KINDS)
            raise UsageError(f"--kind takes {keys}; not {given.kind!r}") from None
        signs = tuple(self._signs(kind))
        return UnusualRequest(who, given.channel, kind, self.arrived(now), signs)

    def arrived(self, now: datetime) -> datetime:
        """When it came.

        Raises:
            UsageError: `--arrived` is not of its form.
        """
        try:
            return arrived_at(self.given.arrived or "now", now)
        except ValueError:
            raise UsageError(f"--arrived takes 30m, 2h, 3d; not {self.given.arrived!r}") from None

    def _signs(self, kind: RequestKind) -> Iterable[Sign]:
        for part in filter(None, self.given.signs.split(",")):
            number = int(part) if part.strip().isascii() and part.strip().isdigit() else 0
            if not 1 <= number <= len(kind.signs):
                raise UsageError(f"--signs takes numbers from 1 to {len(kind.signs)}; not {part!r}")
            yield kind.signs[number - 1]

    def call(self, request: UnusualRequest, now: datetime) -> Call:
        """Whom the request was verified with."""
        if not self.given.called:
            return Call("", NOBODY)
        name = self.given.called
        found = self.usable(name, request, now)
        number = number_from(self.console, self.stdin, "")
        return called(found, number, confirmed=bool(self.given.confirmed))

    def usable(self, name: str, request: UnusualRequest, now: datetime) -> Contact:
        """A contact of that name that may be called back.

        Raises:
            UsageError: there is none.
        """
        named = [one for one in self.known if one.name.lower() == name.lower()]
        if not named:
            raise UsageError(f"no contact is called {shown(name)!r}")
        reasons = [one.counts(request.arrived, now) for one in named]
        for one, why in zip(named, reasons, strict=True):
            if not why:
                return one
        # What was stored first is the one that an attacker would have replaced.
        raise UsageError(f"{shown(name)} does not count as a contact: {reasons[0]}")

    def remind(self, request: UnusualRequest) -> None:
        """Say which signs show."""
        for sign in request.signs:
            self.say(f"Known sign: {sign.text} ({sign.where}, {sign.source})")

    def advise(self, request: UnusualRequest, call: Call, begin: datetime) -> None:
        """Say what the answers come to."""
        self.say(request.kind.rule)
        if call.name and not is_same(call.name, request.who):
            self.say(
                f"You called {shown(call.name)}, and {shown(request.who)} asks. This verifies that"
                f" {shown(call.name)} knows of it, not who asks."
            )
        if call.verifies:
            self.say(f"{call.name} confirmed it. Act not before {begin:%Y-%m-%d %H:%M} UTC.")
            if request.signs:
                self.say("Known signs show all the same: ask a second person.")
        elif call.result == DENIED:
            self.say(f"{call.name} knows nothing of it: refuse, and report the account.")
        elif call.result == WRONG:
            self.say(
                f"That is not the number that was stored for {call.name}: it verifies nothing."
            )
        else:
            self.say("No one confirmed it over a channel that you already had. Do not act on it.")

    def decision(self) -> str:
        """What the person does.

        Raises:
            UsageError: `--decision` does not take that.
        """
        if self.given.decision not in DECISIONS:
            raise UsageError(f"--decision takes {', '.join(DECISIONS)}")
        return self.given.decision


def is_same(contact: str, who: str) -> bool:
    """Whether a contact is the one who asks, as both names are written: each word of it is there.

    Who asks may be named with more, like `Rowan from Acme`.
    """
    words = contact.casefold().split()
    return bool(words) and set(words) <= set(who.casefold().split())


def called(found: Contact, number: str, *, confirmed: bool) -> Call:
    """What a call to a contact comes to: the number has to be the one that was stored."""
    if not found.is_of(number):
        return Call(found.name, WRONG)
    return Call(found.name, VERIFIED if confirmed else DENIED)
