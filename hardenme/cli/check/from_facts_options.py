"""What can be said beside `--from-facts`: how facts are judged, and where the result goes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hardenme.cli.options.audit import UsageError

JUDGING = frozenset(
    {"select", "ignore", "profile", "fail_on", "allow_unknown", "member"}
    | {"output_format", "output", "quiet", "lines", "redact", "with_members", "keep_run"}
    | {"config", "no_config", "from_facts"}
)
"""The parameters of `hardenme check` that say how facts are judged, and where the result goes."""


def demand_alone(given: Iterable[str]) -> None:
    """See to it that nothing is said of asking, where nobody is asked.

    Args:
        given: the names of the parameters that the user gave.

    Raises:
        UsageError: one of them says whom to ask, or what.
    """
    others = sorted(set(given) - JUDGING)
    if others:
        names = ", ".join(
            "a target" if name == "targets" else f"--{name.replace('_', '-')}" for name in others
        )
        raise UsageError(
            f"--from-facts sends no request, and its file says what was checked: leave out {names}"
        )


def given_by_user(context: Any) -> set[str]:
    """The parameters that stand on the command line."""
    # Whatever other source there is, such as a file of settings, is no word against the file.
    sources = (
        (item.name, context.get_parameter_source(item.name)) for item in context.command.params
    )
    return {name for name, source in sources if source is not None and source.name == "COMMANDLINE"}
