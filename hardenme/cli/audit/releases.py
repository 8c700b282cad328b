"""What `hardenme watch` asks for: the checks of releases, and the tokens that it can do without."""

from __future__ import annotations

from dataclasses import replace

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.run_config import run_config
from hardenme.cli.output.forms import form_asked
from hardenme.cli.terminal.console import Console
from hardenme.config.table.result import FORMAT
from hardenme.config.table.selection import LOCAL, RATE_BUDGET, SELECT
from hardenme.engine.plan import plan
from hardenme.engine.run_config import RunConfig
from hardenme.ground.errors import UsageError
from hardenme.model.check import Check
from hardenme.reports import ALERTS

FAMILY = "REL"
KINDS = frozenset({"me", "npm-scope", "npm-package"})
FORMATS = {"table": ALERTS, "markdown": "markdown", "json": "json"}
"""The formats by their names on the command line; for the terminal there is one of its own."""


def watched(given: OptionValues) -> tuple[OptionValues, RunConfig]:
    """The options of a watch as those of a run, and that run.

    Raises:
        UsageError: one is not of its form.
    """
    form = form_asked(given, FORMATS).output_format
    # An alert must not wait; what a watch asks is little.
    own = {SELECT: (FAMILY,), LOCAL: False, RATE_BUDGET: "off", FORMAT: FORMATS[form]}
    given = given.but(own)
    config = run_config(given, accounts=False)
    for target in config.targets:
        if target.kind not in KINDS:
            raise UsageError(
                f"releases are those of packages: npm:PACKAGE, npm:@SCOPE or me; not {target.text}"
            )
    return given, config


def without_github(console: Console, config: RunConfig, *, quiet: bool) -> RunConfig:
    """A watch without the checks that need GitHub; one line says which these are.

    A quiet watch says nothing: who gets its words by mail every five minutes would not read them.
    """
    checks = config.selection.checks
    left_out = [check for check in checks if asks_github(check)]
    if not left_out:
        return config
    codes = ", ".join(check.code for check in left_out)
    if not quiet:
        console.say(
            f"there is no GitHub token, so whether releases have a tag ({codes}) was not looked at;"
            " set HARDENME_GITHUB_TOKEN"
        )
    rest = (check for check in checks if check not in left_out)
    return replace(config, selection=plan(rest, depth=config.selection.depth))


def asks_github(check: Check) -> bool:
    """Whether a check cannot be decided without GitHub."""
    return "github" in plan([check]).providers()
