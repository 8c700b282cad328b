"""What a user asks of `hardenme attest`, as it was typed, and what makes it wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.run_config import run_config
from hardenme.config.table.selection import DEPTH, LOCAL, SELECT, TARGET, WORKERS
from hardenme.engine.catalogue import catalogue, find
from hardenme.engine.run_config import RunConfig
from hardenme.ground import clock
from hardenme.ground.errors import UsageError
from hardenme.model.check import Check
from hardenme.model.statement import longest_of

DAYS = 90
ACCOUNT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,99}")


@dataclass(frozen=True, slots=True)
class AttestOptions:
    """The arguments and options.

    Attributes:
        given: the tokens, and whom to ask.
        code: the check's code or slug.
        subjects: about what; empty for everything of one's own.
        by: who says so; empty for the account's login.
        days: for how long; None for the usual time.
        until: a date in place of `days`; empty for none.
        evidence: what to remember.
        account: for which account, where no token shows it; empty for none.
        answers: a file of answers noted on the page; empty for none.
    """

    given: OptionValues
    code: str
    subjects: tuple[str, ...] = ()
    answer: bool | None = None
    by: str = ""
    days: int | None = None
    until: str = ""
    evidence: str = ""
    account: str = ""
    answers: str = ""

    def check(self) -> Check:
        """The check that asks.

        Raises:
            UsageError: there is none of that name.
            UsageError: it asks no one, or an option is not of its form.
        """
        check = find(self.code)
        if not check.may_ask:
            codes = ", ".join(item.code for item in catalogue() if item.may_ask)
            raise UsageError(
                f"{check.code} asks no question: it uses what is read. These do: {codes}"
            )
        if self.account and not ACCOUNT.fullmatch(self.account):
            raise UsageError(f"--account takes a login; not {self.account!r}")
        self.end(clock.now(), check.code)
        return check

    def end(self, now: datetime, code: str = "") -> datetime:
        """Until when an answer of now counts.

        Args:
            code: the check that asks; empty for one like most.

        Raises:
            UsageError: `--days` or `--until` is not of its form, or too far off.
        """
        if self.until and self.days is not None:
            raise UsageError("--days and --until say the same: give one of them")
        days = DAYS if self.days is None else self.days
        longest = longest_of(code)
        until = now + timedelta(days=max(0, min(days, longest.days + 1)))
        if self.until:
            try:
                until = datetime.strptime(self.until, "%Y-%m-%d").replace(tzinfo=UTC)
            except ValueError:
                told = f"--until takes a date like 2027-01-31; not {self.until!r}"
                raise UsageError(told) from None
        if not now < until <= now + longest:
            raise UsageError(
                f"an answer counts for {longest.days} days at most, and for one at least"
            )
        return until

    def config(self, check: Check, targets: list[str]) -> RunConfig:
        """The run that looks at everything one check asks about.

        Settings of a run in files do not apply here: a question is asked whatever is waived.

        Raises:
            UsageError: one is not of its form.
        """
        own = {TARGET: tuple(targets), SELECT: (check.code,), LOCAL: False, WORKERS: 4}
        return run_config(OptionValues(self.given.values).but({**own, DEPTH: "deep"}))
