"""Where text that strangers choose gets into a script, through variables and inputs too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from hardenme.collectors.workflows.jobs import action_of, called_file
from hardenme.collectors.workflows.origins import INPUTS, holds_foreign_text, variables
from hardenme.collectors.workflows.source import Source, inputs_of, steps, text_of

SCRIPTED = "actions/github-script"


@dataclass(frozen=True, slots=True)
class _Search:
    """A search through a file and those that it calls.

    Attributes:
        others: the repository's workflow files by name.
        seen: files with the inputs that brought foreign text into them.
    """

    others: Mapping[str, Source | None]
    seen: set[tuple[str, frozenset[str]]] = field(default_factory=set)

    def within(self, file: Source, passed: Mapping[str, str], prefix: str) -> Iterator[str]:
        """The steps of a file; `passed` are its inputs with foreign text, by `inputs.NAME`."""
        for key, raw in file.jobs.items():
            base = variables(file.env, raw.get("env")) | dict(passed)
            for number, step in enumerate(steps(raw), 1):
                scripts = [text_of(step, "run")]
                if action_of(step) == SCRIPTED:
                    scripts.append(inputs_of(step).get("script", ""))
                env = base | variables(step.get("env"))
                if any(holds_foreign_text(script, env) for script in scripts):
                    yield f"{prefix}{key}, step {number}"
            yield from self.called(raw, base, f"{prefix}{key} / ")

    def called(
        self, raw: Mapping[str, object], env: Mapping[str, str], prefix: str
    ) -> Iterator[str]:
        """The steps of the file that a job calls, where it hands foreign text over."""
        callee = called_file(raw, self.others)
        passed = {
            f"{INPUTS}.{name}": text
            for name, text in inputs_of(raw).items()
            if holds_foreign_text(text, env)
        }
        if callee is None or not passed or (callee.file, frozenset(passed)) in self.seen:
            return
        self.seen.add((callee.file, frozenset(passed)))
        # What was handed over is foreign, whatever it stood for where it came from.
        whole = dict.fromkeys(passed, "${{ github.event.issue.title }}")
        yield from self.within(callee, whole, prefix)


def injections(file: Source, others: Mapping[str, Source | None]) -> Iterator[str]:
    """The steps whose script holds text that strangers choose."""
    yield from _Search(others).within(file, {}, "")
