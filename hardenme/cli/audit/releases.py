"""What `hardenme watch` asks for: the checks of releases, and the tokens that it can do without."""

from __future__ import annotations

from dataclasses import replace

from hardenme.cli.audit.tokens import Tokens, tell_missing
from hardenme.cli.options.audit import CheckOptions
from hardenme.cli.options.given import OptionValues
from hardenme.cli.terminal.console import Console
from hardenme.config.table.result import FORMAT
from hardenme.config.table.selection import LOCAL, RATE_BUDGET, SELECT
from hardenme.engine.plan import plan
from hardenme.ground.errors import UsageError
from hardenme.model.check import Check
from hardenme.reports import ALERTS

FAMILY = "REL"
KINDS = frozenset({"me", "npm-scope", "npm-package"})
FORMATS = {"table": ALERTS, "markdown": "markdown", "json": "json"}
"""The formats by their names on the command line; for the terminal there is one of its own."""


def watched(given: OptionValues) -> CheckOptions:
    """The options of a watch, checked.

    Raises:
        UsageError: one is not of its form.
    """
    form = given[FORMAT]
    if form not in FORMATS:
        raise UsageError(f"--format takes one of: {', '.join(FORMATS)}; not {form!r}")
    # An alert must not wait; what a watch asks is little.
    own = {SELECT: (FAMILY,), LOCAL: False, RATE_BUDGET: "off", FORMAT: "table"}
    options = CheckOptions.of(given.but(own), watch=True)
    for target in options.targets:
        if target.kind not in KINDS:
            raise UsageError(
                f"releases are those of packages: npm:PACKAGE, npm:@SCOPE or me; not {target.text}"
            )
    return replace(options, output_format=FORMATS[form])


def fitted(console: Console, options: CheckOptions, tokens: Tokens, *, quiet: bool) -> CheckOptions:
    """The options as far as the tokens go; what is left out for want of one is said in a line.

    A quiet watch says nothing: who gets its words by mail every five minutes would not read them.
    """
    left_out = [check for check in options.plan.checks if asks_github(check)]
    if not options.watch or tokens.github is not None or not left_out:
        tell_missing(console, options, tokens)
        return options
    codes = ", ".join(check.code for check in left_out)
    if not quiet:
        console.say(
            f"there is no GitHub token, so whether releases have a tag ({codes}) was not looked at;"
            " set HARDENME_GITHUB_TOKEN"
        )
    rest = (check for check in options.plan.checks if check not in left_out)
    options = replace(options, plan=plan(rest, depth=options.plan.depth))
    tell_missing(console, options, tokens)
    return options


def asks_github(check: Check) -> bool:
    """Whether a check cannot be decided without GitHub."""
    return "github" in plan([check]).providers()
