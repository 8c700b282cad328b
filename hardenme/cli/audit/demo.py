"""The audit of accounts that the demo serves, for each command that has a demo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hardenme.cli.audit.clients import Connection, clients
from hardenme.cli.audit.faults import faults_kept
from hardenme.cli.audit.presence import no_one_needed
from hardenme.cli.audit.tokens import Tokens
from hardenme.cli.options.given import OptionValues
from hardenme.cli.stored.frozen import created, frozen_report
from hardenme.cli.stored.runs import latest
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.progress import ProgressLine
from hardenme.collectors.attested import Statements
from hardenme.config.table.selection import DEPTH
from hardenme.credentials.token import credential
from hardenme.engine.audit import audit
from hardenme.engine.clients import Clients
from hardenme.engine.run_config import RunConfig
from hardenme.engine.target import Target
from hardenme.facts.npm.site import REGISTRY
from hardenme.ground import clock
from hardenme.ground.errors import NoRunError, StoredError, UsageError
from hardenme.ground.places import state_folder
from hardenme.model.pages import GITHUB_WEB
from hardenme.model.report import Report
from hardenme.model.statement import Statement, Word
from hardenme.model.subject import Subject
from hardenme.model.unknown import Unknown
from hardenme.sandbox.demo import HARDENED, WEEK, Demo, accounts, dated
from hardenme.store.incidents import Incidents

__all__ = ["DEEP", "WEEK", "DemoRun", "demo_run", "of_last_demo"]

DEEP = "deep"
"""How deep the hardened accounts are looked at."""
ANSWERED = timedelta(days=10)
"""How long ago the hardened maintainer answered every question."""
HOLDS = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class DemoRun:
    """What a run says of the invented accounts, while they are served.

    Attributes:
        report: what it found.
        hosts: the addresses at which GitHub and npm are served.
        clients: what asked them.
    """

    report: Report
    hosts: tuple[str, str]
    clients: Clients


@contextmanager
def demo_run(
    config: RunConfig,
    console: Console,
    *,
    hardened: bool | None = None,
    earlier: bool = False,
    now: datetime | None = None,
) -> Iterator[DemoRun]:
    """Run on the invented accounts; nothing of the user's is read.

    Pages are those of github.com and of npm's own site, as with real accounts.

    Args:
        config: what is asked; the accounts say of which targets.
        console: where progress is shown.
        hardened: of the accounts of a maintainer who did what can be done; None for those of the
            last kept demo run.
        earlier: of the accounts as they were before anyone broke in.
        now: the clock; None for this machine's.
    """
    now = now or clock.now().replace(microsecond=0)
    hardened = last_is_hardened() if hardened is None else hardened
    since = _frozen_since(now, hardened=hardened)
    with accounts(now, hardened=hardened, earlier=earlier, since=since) as served:
        asked = replace(
            config, targets=tuple(Target.parse(one) for one in served.targets), local=False
        )
        found = clients(_connection(served, now, answered=hardened), _tokens(served))
        line = ProgressLine(console, quiet=False)
        with faults_kept(console):
            report = audit(asked, found, line)
        line.close()
        yield DemoRun(report, (served.github_url, served.npm_url), found)


def _frozen_since(now: datetime, *, hardened: bool) -> datetime | None:
    """From when the accounts are dated that an open incident of the demo froze; None for none.

    Later runs have the same dates: a repository with another one would be another repository.
    """
    for incident in Incidents(state_folder(), demo=True).all().open:
        # One that cannot be read has no status either, and that says why.
        with suppress(StoredError, UsageError):
            known = created(frozen_report(incident))
            if since := dated(known, now, hardened=hardened):
                return since
    return None


def of_last_demo(given: OptionValues) -> OptionValues:
    """The options of a run on the accounts of the last demo, which is as deep as that one."""
    return given.but({DEPTH: DEEP}) if last_is_hardened() else given


def last_is_hardened() -> bool:
    """Whether the last kept demo run is of the hardened accounts; not so where none is kept."""
    try:
        return latest(demo=True).report.targets == HARDENED
    except NoRunError:
        return False


def _connection(served: Demo, now: datetime, *, answered: bool) -> Connection:
    return Connection(
        served.github_url,
        served.npm_url,
        web=GITHUB_WEB,
        shown_registry=REGISTRY,
        trust_root=served.trust_root,
        presence=no_one_needed(),
        statements=Yes(at=now - ANSWERED) if answered else None,
    )


def _tokens(served: Demo) -> Tokens:
    return Tokens(
        credential("github", served.github_token, "demo"),
        credential("npm", served.npm_token, "demo"),
    )


@dataclass(slots=True, kw_only=True)
class Yes(Statements):
    """The answers of a maintainer who did what each question asks for.

    Attributes:
        at: when they were given.
    """

    at: datetime

    def about(
        self, code: str, subject: Subject, question: str, within: Subject, now: datetime
    ) -> Statement | Unknown | None:
        """A yes, as someone who was asked this gave it."""
        del now
        account = f"{within.provider}:{self.account(within)}"
        until = self.at + HOLDS
        return Statement(code, str(subject), question, Word.YES, "hazel", account, self.at, until)
