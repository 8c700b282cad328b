"""The fix plan as a GitHub task list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hardenme.reports.fixplan.plan import Plan, Step
from hardenme.reports.fixplan.table import HEADINGS
from hardenme.reports.fixplan.words import (
    BY_RELEASE,
    after,
    alike,
    closing,
    counted,
    further,
    headline,
    notes,
    unknown,
)
from hardenme.reports.inert import code, link, prose
from hardenme.reports.plain import flowing, plain, plain_name, timestamp
from hardenme.reports.style import Style

STEPS = 150
"""Steps before the rest is counted."""
NAMES = 10
"""Subjects in one sentence before the rest is counted."""
COMMANDS = 5
"""Commands of a step before the rest is counted."""
CODES = 3
"""Checks of which a step tells its effect before the rest is counted."""
GROUPS = 50
"""Causes, questions or rights before the rest is counted."""
MORE = "`--format json` has them all"


def render(plan: Plan, style: Style) -> str:
    """The plan as Markdown in a stable order."""
    writer = _Writer(ascii_only=style.ascii_only)
    lines = map(writer.title, plan.steps) if style.quiet else writer.whole(plan)
    return "".join(f"{line}\n" for line in lines)


class _Writer:
    """Writes lines. Texts come in as the report has them and go out inert."""

    def __init__(self, *, ascii_only: bool) -> None:
        self._ascii_only = ascii_only

    def _sentence(self, text: str) -> str:
        return prose(plain(flowing(text), ascii_only=self._ascii_only))

    def _command(self, text: str) -> str:
        return code(plain(text, ascii_only=self._ascii_only))

    def _page(self, address: str) -> str:
        return link(plain(address, ascii_only=self._ascii_only))

    def _names(self, names: Sequence[str]) -> str:
        shown = ", ".join(
            code(plain_name(name, ascii_only=self._ascii_only)) for name in names[:NAMES]
        )
        rest = len(names) - NAMES
        return f"{shown} and {rest:,} more" if rest > 0 else shown

    def whole(self, plan: Plan) -> Iterator[str]:
        """Everything."""
        yield "# hardenme fix plan"
        yield ""
        for note in notes(plan):
            yield f"**{self._sentence(note)}**"
            yield ""
        yield f"- hardenme {self._names([plan.version])}, report of {timestamp(plan.started)}"
        yield f"- for {self._names(plan.targets)} at {self._names(plan.hosts)}"
        yield f"- {self._sentence(headline(plan))}"
        if plan.steps:
            yield from self._rights(plan)
            yield from self._plan(plan)
        yield from self._open(plan)

    def _rights(self, plan: Plan) -> Iterator[str]:
        yield ""
        yield "## Who can do what"
        yield ""
        rights = list(plan.rights().items())
        for needs, (steps, closes) in rights[:GROUPS]:
            right = self._sentence(needs) if needs else "nothing but the page or the command"
            yield f"- {counted(steps, 'step')}, closing {closes:,}: {right}"
        yield from self._rest(len(rights) - GROUPS, "right")

    def _plan(self, plan: Plan) -> Iterator[str]:
        yield ""
        yield "## What to do"
        section = None
        for step in plan.steps[:STEPS]:
            if step.section is not section:
                section = step.section
                yield ""
                yield f"### {HEADINGS[section]}"
                yield ""
            yield from self._step(step)
        yield from self._rest(len(plan.steps) - STEPS, "step")

    def title(self, step: Step) -> str:
        """A task with its number."""
        return f"- [ ] **{step.number}** {self._sentence(step.title)}"

    def _step(self, step: Step) -> Iterator[str]:
        yield self.title(step)
        yield f"  - Closes: {self._sentence(closing(step))}"
        yield f"  - For: {self._names(step.names)}"
        effects = [f"{name} {text}".strip() for name, text in step.effects.items()]
        rows = [
            ("Effect", self._some(effects)),
            ("Sure", self._sentence(step.confidence)),
            ("Risk", self._some(step.risks)),
            ("Before others", self._sentence(BY_RELEASE) if step.releases else ""),
            ("Who", self._sentence(step.who or step.needs)),
            ("Undo", self._sentence(step.undo)),
            ("After", self._sentence(after(step)) if step.after else ""),
        ]
        for label, text in rows:
            if text:
                yield f"  - {label}: {text}"
        told = dict.fromkeys((alike(one), one.fix.page) for one in step.actions)
        for text, page in list(told)[:COMMANDS]:
            where = f": {self._page(page)}" if page else ""
            yield f"  - Do: {self._sentence(text.rstrip('.'))}{where}"
        if (rest := len(told) - COMMANDS) > 0:
            yield f"  - and {further(rest, 'page')}: {MORE}"
        for command in step.commands[:COMMANDS]:
            yield f"  - Command: {self._command(command)}"
        if (rest := len(step.commands) - COMMANDS) > 0:
            yield f"  - and {further(rest, 'command')}: `--format sh` has them all"
        for command in step.verify[:1]:
            yield f"  - Verify: {self._command(command)}"

    def _some(self, texts: Sequence[str]) -> str:
        shown = " ".join(self._sentence(text) for text in texts[:CODES])
        rest = len(texts) - CODES
        return f"{shown} (and {rest} more: {MORE})" if rest > 0 else shown

    def _open(self, plan: Plan) -> Iterator[str]:
        """What stays open when all steps are taken."""
        if not (plan.causes or plan.questions or plan.waived):
            return
        yield ""
        yield "## What stays open afterwards"
        yield ""
        for cause in plan.causes[:GROUPS]:
            yield f"- {self._sentence(unknown(cause))} ({', '.join(map(code, cause.codes))})"
        yield from self._rest(len(plan.causes) - GROUPS, "cause")
        for question in plan.questions[:GROUPS]:
            record = f" {self._command(question.command)}" if question.command else ""
            asked = f"{self._sentence(question.text)} {self._page(question.page)}"
            yield f"- [ ] {code(question.code)} {asked} {self._names(question.names)}{record}"
        yield from self._rest(len(plan.questions) - GROUPS, "question")
        if plan.waived:
            yield f"- {counted(plan.waived, 'finding')} waived: accepted, and not in the plan"

    @staticmethod
    def _rest(number: int, thing: str) -> Iterator[str]:
        if number > 0:
            yield f"- and {further(number, thing)}: {MORE}"
