"""Has typer answer what a shell asks, with the words that are ours to offer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hardenme.cli.completion import words
from hardenme.config.option import Option


@dataclass(frozen=True, slots=True)
class CompletionWord:
    """A word to offer, in the form that typer expects.

    Attributes:
        help: what it means; None for nothing.
        type: by which a shell would look for files instead; it never does.
    """

    value: str
    help: str | None
    type: str = "plain"


def prepare() -> None:
    """Have typer answer a shell."""
    from typer import _completion_classes as classes  # noqa: PLC0415 (start-up is a feature)

    # It would load rich to take markup out of descriptions, which have none.
    classes._sanitize_help_text = lambda text: text  # noqa: SLF001
    classes.completion_init()


def offer(command: Any) -> None:
    """Have each parameter of a command, and of those within it, offer its words."""
    for inner in getattr(command, "commands", {}).values():
        offer(inner)
    options: dict[str, Option[Any]] = getattr(command, "options", {})
    for parameter in command.params:
        option = options.get(parameter.name)
        if option and option.offers:
            parameter.shell_complete = _completer(option)


def _completer(option: Option[Any]) -> Any:
    def complete(_context: Any, incomplete: str) -> list[CompletionWord]:
        offers = getattr(words, option.offers)(incomplete)
        return [CompletionWord(word, text or None) for word, text in offers]

    return complete
