"""Delivery as commands use it: the source of addresses, what is sent, and what is printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from hardenme.cli.terminal.console import Console
from hardenme.ground import clock
from hardenme.ground.distribution import install
from hardenme.ground.errors import CredentialError, UsageError
from hardenme.model.drift import Drift
from hardenme.model.message import Message
from hardenme.model.report import Report

if TYPE_CHECKING:
    from hardenme.delivery.notification_target import NotificationTarget
    from hardenme.delivery.send import PendingDelivery
    from hardenme.store.spool import Spool, Waiting

VARIABLE = "HARDENME_NOTIFY"
"""Holds addresses, apart by blanks."""
CREDENTIAL = "hardenme-notify"
"""The file of systemd's that holds addresses."""
FOLDER = "spool"
"""Where in the state folder messages wait."""
FORGOTTEN = 30
"""Days for which a message waits for an address that is not set."""
LATE = 300
"""Seconds after which a message says from when it is."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where messages go.

    Attributes:
        values: the addresses; secrets.
        origins: a description of their sources.
    """

    values: tuple[str, ...] = field(default=(), repr=False)
    origins: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.values)


@dataclass(frozen=True, slots=True)
class Delivered:
    """The result of a delivery.

    Attributes:
        sent: how many times a target accepted a message.
        waiting: how many messages wait for the next run.
        failures: a sentence for each failure; all of them were printed.
        notes: a sentence for each deviation from the usual; all were printed, too.
    """

    sent: int = 0
    waiting: int = 0
    failures: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether all went as it should."""
        return not self.failures


def addresses(console: Console, notify_file: str) -> Addresses:
    """The addresses that systemd, a variable and a file give, all of them together.

    apprise is not loaded: whether it knows them is found out when something is sent.

    Raises:
        UsageError: a file that others can read, something that is not an address, or no apprise.
    """
    from hardenme.delivery.address import addresses as read  # noqa: PLC0415

    values: list[str] = []
    origins: list[str] = []
    try:
        for text, origin in _texts(console.environ, notify_file):
            found = read(text, origin)
            values += found
            origins += [origin] if found else []
    except (CredentialError, UsageError) as error:
        raise UsageError(str(error)) from None
    if values and not _installed():
        raise UsageError(f"messages need the extra notify: {install('notify')}")
    return Addresses(tuple(dict.fromkeys(values)), tuple(origins))


def warnings(where: Addresses, report: Report) -> tuple[str, ...]:
    """A sentence if every target depends on an account that is watched, else none."""
    if not where:
        return ()
    from hardenme.delivery.dependence import dependence  # noqa: PLC0415 (start-up)

    mailboxes = {
        finding.subject.name
        for finding in report.findings
        if (finding.subject.provider, finding.subject.kind) == ("github", "email")
    }
    said = dependence(where.values, mailboxes)
    return (said,) if said else ()


def deliver(
    console: Console, where: Addresses, message: Message | None, state: Path, ca_file: str = ""
) -> Delivered:
    """Send waiting messages, then the new one; what no target accepted waits for the next run.

    It takes a minute at most and never raises. Failures are printed.

    Args:
        console: where it is printed.
        message: what is sent; None for what waits alone.
        state: the state folder.
        ca_file: certificate authorities in place of the usual ones; empty for these.
    """
    from hardenme.store.spool import Spool  # noqa: PLC0415 (start-up)

    spool = Spool(state / FOLDER)
    if not where:
        # What waits is for the addresses of other runs.
        return Delivered(waiting=len(spool.load()) if spool.folder.is_dir() else 0)
    done = _Delivery(spool, where, ca_file).run(message)
    for line in (*done.notes, *done.failures):
        console.say(line)
    return done


def repository(text: str) -> str:
    """The repository whose issue is meant; empty for none.

    Raises:
        UsageError: it is not OWNER/REPO.
    """
    from hardenme.reports.message import demand_repository  # noqa: PLC0415 (start-up)

    if text:
        demand_repository(text)
    return text


def print_issue(console: Console, drift: Drift, report: Report, where: str) -> None:
    """Print the text of an issue and the commands for it; `where` is what `repository` gave."""
    from hardenme.reports.message import issue  # noqa: PLC0415 (start-up)

    console.print(issue(drift, report, where).script)


@dataclass(slots=True)
class _Delivery:
    """One delivery: the spool's messages and one more, to the targets."""

    spool: Spool
    where: Addresses
    ca_file: str
    failures: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def run(self, message: Message | None) -> Delivered:
        with self.spool.held() as mine:
            waiting = self.spool.load() if mine else []
            if message is None and not waiting:
                return Delivered(failures=tuple(self.spool.problems))
            sinks = self._sinks()
            if message is not None:
                waiting.append(self._begun(message))
            if mine:
                # Written before it is sent: a run that is killed loses nothing. Where another run
                # has the spool, that one could send it, too.
                waiting = self.spool.trim(waiting)
                self.spool.keep(waiting[-1])
            sent = self._send(waiting, sinks)
            if not mine and waiting[-1].marks:
                self.spool.keep(waiting[-1])
        left = sum(bool(one.marks) for one in waiting)
        if left and self.failures:
            wait = "messages wait" if left > 1 else "message waits"
            self.failures.append(f"{left} {wait} for the next run")
        failures = (*self.failures, *self.spool.problems)
        return Delivered(sent, left, failures, tuple(self.notes))

    def _sinks(self) -> tuple[NotificationTarget, ...]:
        from hardenme.delivery.notification_target import opened  # noqa: PLC0415

        found: list[NotificationTarget] = []
        for number, address in enumerate(self.where.values, 1):
            try:
                found.append(opened(address, number))
            except UsageError as error:
                self.failures.append(str(error))
        return tuple(found)

    def _begun(self, message: Message) -> Waiting:
        """The message as it begins: each address has to get it, usable or not."""
        from hardenme.delivery.address import mark  # noqa: PLC0415 (start-up)

        one = self.spool.add(message, clock.now())
        one.marks = {mark(address, one.salt) for address in self.where.values}
        return one

    def _send(self, waiting: Sequence[Waiting], sinks: tuple[NotificationTarget, ...]) -> int:
        from hardenme.collectors.transport.authorities import (  # noqa: PLC0415 (start-up)
            trusted_by_libraries,
        )
        from hardenme.delivery.send import send  # noqa: PLC0415

        self._drop_unreachable(waiting)
        with trusted_by_libraries(self.ca_file):
            outcome = send([self._job(one) for one in waiting if one.marks], sinks)
        self.failures += outcome.failures
        self.notes += outcome.notes
        return outcome.sent

    def _drop_unreachable(self, waiting: Sequence[Waiting]) -> None:
        """Let go of old messages for addresses that this run does not know.

        Another timer of the same user may have other addresses, so young ones stay.
        """
        from hardenme.delivery.address import mark  # noqa: PLC0415 (start-up)

        for one in waiting:
            known = {mark(address, one.salt) for address in self.where.values}
            age = (clock.now() - one.made).days
            if not one.marks <= known and age >= FORGOTTEN:
                one.marks &= known
                self.failures.append(
                    f"a message of {one.made:%Y-%m-%d} was for an address that is not set any"
                    " more, and is not kept for it"
                )
                self.spool.keep(one)

    def _job(self, one: Waiting) -> PendingDelivery:
        from hardenme.delivery.send import PendingDelivery  # noqa: PLC0415 (start-up)

        late = clock.now() - one.made
        note = (
            f"[delayed, of {one.made:%Y-%m-%d %H:%M} UTC] " if late.total_seconds() > LATE else ""
        )

        def done(sink: NotificationTarget) -> None:
            one.marks.discard(sink.mark(one.salt))
            self.spool.keep(one)

        return PendingDelivery(
            one.message, lambda sink: sink.mark(one.salt) in one.marks, done, note
        )


def _texts(environ: Mapping[str, str], notify_file: str) -> list[tuple[str, str]]:
    """Each place that may hold addresses, with what it holds.

    Raises:
        CredentialError: a file cannot be read, or others can read it.
    """
    from hardenme.credentials.private_file import private_text  # noqa: PLC0415 (start-up)
    from hardenme.credentials.systemd import systemd_text  # noqa: PLC0415

    texts: list[tuple[str, str]] = []
    handed = systemd_text(environ, CREDENTIAL)
    if handed is not None:
        texts.append((handed, f"systemd's {CREDENTIAL}"))
    if environ.get(VARIABLE, "").strip():
        texts.append((environ[VARIABLE], VARIABLE))
    if notify_file:
        path = Path(notify_file)
        texts.append((private_text(path), str(path)))
    return texts


def _installed() -> bool:
    from importlib.util import find_spec  # noqa: PLC0415 (start-up)

    return find_spec("apprise") is not None
