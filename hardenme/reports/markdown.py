"""The checklist as a GitHub task list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from hardenme.model.report import Report
from hardenme.model.verdict import Fix
from hardenme.reports.checklist import Case, Cause, Checklist, Item, Part, Place
from hardenme.reports.closing import NOT_WHOLE, counts_line, facts_of_run, notes_of_run
from hardenme.reports.grouping import checklist_of
from hardenme.reports.inert import code, link, prose
from hardenme.reports.inplace import marked
from hardenme.reports.members import Member, by_organization, sentence, summary
from hardenme.reports.plain import flowing, plain, plain_name, timestamp
from hardenme.reports.publishing_markdown import who_can_publish
from hardenme.reports.screen.markdown import first
from hardenme.reports.style import Style
from hardenme.reports.waived import history
from hardenme.reports.waived_markdown import idle, waived

NAMES = 20
"""Subjects that stand in one sentence before the rest is counted."""
CLOSED = 10
"""The same, where one step closes it for all of them."""
MEMBERS = 40
"""Members of an organization before the rest is counted."""
ORGANIZATIONS = 20
"""Organizations before the rest is counted."""
CASES = 50
"""Subjects with a line of their own before the rest is counted."""
GROUPS = 200
"""Groups of a section before the rest is counted."""

PARTS: dict[Part, str] = {
    "step": "Fix",
    "command": "Command",
    "needs": "Needs",
    "undo": "Undo",
}


def render(report: Report, style: Style) -> str:
    """The report as Markdown in a stable order, between marks by which it is replaced in place."""
    return "\n".join(marked(lines(report, style))) + "\n"


def lines(report: Report, style: Style) -> list[str]:
    """The same without the marks; the last line has the counts."""
    writer = _Writer(ascii_only=style.ascii_only)
    checklist = checklist_of(report)
    said = writer.quiet(report, checklist) if style.quiet else writer.whole(report, checklist)
    return [*said, " · ".join(counts_line(report))]


class _Writer:
    """Writes lines. Texts come in as the providers sent them and go out inert."""

    def __init__(self, *, ascii_only: bool) -> None:
        self.ascii_only = ascii_only

    def sentence(self, text: str) -> str:
        """A sentence, inert."""
        return prose(plain(flowing(text), ascii_only=self.ascii_only))

    def name(self, text: str) -> str:
        """A name or an id, inert: always a code span."""
        return code(plain_name(text, ascii_only=self.ascii_only))

    def command(self, text: str) -> str:
        """A command, inert: always a code span, its white space as it is."""
        return code(plain(text, ascii_only=self.ascii_only))

    def page(self, address: str) -> str:
        """An address, clickable where it is a plain one."""
        return link(plain(address, ascii_only=self.ascii_only))

    def names(self, names: Sequence[str], others: int = 0, most: int = NAMES) -> str:
        """The first of the names, and how many more there are, with those that are not given."""
        shown = ", ".join(self.name(name) for name in names[:most])
        rest = max(len(names) - most, 0) + others
        return f"{shown} and {rest} more" if rest else shown

    def quiet(self, report: Report, checklist: Checklist) -> Iterator[str]:
        """The failed items, one line each."""
        for item in checklist.items:
            yield f"{self.title(item)} {self.names(item.names, item.others)}"
        yield from self.partial(report)
        yield ""

    def whole(self, report: Report, checklist: Checklist) -> Iterator[str]:
        """Everything but the last line."""
        yield "# hardenme checklist"
        yield ""
        yield from self.partial(report)
        yield from first(self, report)
        yield ""
        yield f"- hardenme {self.name(report.version)}, {timestamp(report.started)}"
        for label, text in facts_of_run(report):
            yield f"- {self.sentence(label)}: {self.sentence(text)}"
        yield from self.members(checklist.members)
        yield from self.to_fix(checklist)
        yield from self.questions(checklist)
        yield from self.causes(checklist.causes)
        yield from self.statements(checklist)
        yield from waived(self, checklist.accepted)
        yield from idle(self, report.waivers)
        yield from who_can_publish(self, report)
        yield from self.section("About this run")
        for label, text in notes_of_run(report):
            yield f"- {label}: {self.sentence(text)}"
        yield ""

    def partial(self, report: Report) -> Iterator[str]:
        """That the run did not go to its end."""
        if report.partial:
            yield f"**{NOT_WHOLE}:** {self.sentence(report.partial)}"
            yield ""

    def section(self, title: str) -> Iterator[str]:
        """A heading."""
        yield ""
        yield f"## {title}"
        yield ""

    def members(self, members: Sequence[Member]) -> Iterator[str]:
        """The people of organizations, the worst first."""
        if not members:
            return
        yield from self.section("Members")
        organizations = by_organization(members)
        for number, (organization, people) in enumerate(organizations.items()):
            if number:
                yield ""
            if number == ORGANIZATIONS:
                rest = len(organizations) - number
                yield f"and {rest} more organization{'s' if rest > 1 else ''}, see `--format json`"
                break
            yield f"{self.name(organization)}: {self.sentence(summary(people))}"
            yield ""
            for one in people[:MEMBERS]:
                yield f"- {self.name(one.login)}: {self.sentence(sentence(one))}"
            if len(people) > MEMBERS:
                yield f"- and {len(people) - MEMBERS} more, see `--format json`"

    def to_fix(self, checklist: Checklist) -> Iterator[str]:
        """What to fix, by page."""
        if not checklist.places:
            return
        yield from self.section("To fix")
        yield ", ".join(f"{number} {level}" for level, number in checklist.severities.items())
        for place in checklist.places[:GROUPS]:
            yield ""
            yield from self.heading(place)
            for item in place.items:
                yield from self.item(item, paged=len(place.pages) > 1)
        yield from self.more(checklist.places, "page")

    def heading(self, place: Place) -> Iterator[str]:
        """The page; where each subject has its own, they stand beside the subjects."""
        if len(place.pages) == 1:
            yield f"### {self.page(place.pages[0])}"
        elif place.pages:
            yield f"### Each on its own page ({len(place.pages)})"
        else:
            yield "### By command"
        yield ""

    def title(self, item: Item) -> str:
        """A task with its severity and code."""
        return f"- [ ] **{item.severity}** {code(item.code)} {self.sentence(item.title)}"

    def item(self, item: Item, *, paged: bool) -> Iterator[str]:
        """A task; where it has several subjects, each is a task of its own below it.

        Args:
            item: what to fix.
            paged: name each subject's page, since the heading does not.
        """
        yield self.title(item)
        if item.wider is not None:
            yield from self.wide(item, item.wider)
            return
        box = "[ ]" if item.count > 1 else "Now:"
        for case in item.cases[:CASES]:
            page = f" {self.page(case.fix.page)}" if paged else ""
            yield f"  - {box} {self.name(case.name)}: {self.sentence(case.message)}{page}"
            yield from self.differing(item, case)
        if item.count > CASES:
            yield f"  - and {item.count - CASES} more: `--format json` has them all"
        yield from self.once(item)
        if item.why:
            yield f"  - Why: {self.sentence(item.why)}"
        yield from self.parts("  ", {part: item.shared(part) for part in PARTS})

    def wide(self, item: Item, step: Fix) -> Iterator[str]:
        """The one step that closes it for all, and then for which subjects."""
        yield f"  - One step closes {item.count}: {self.sentence(step.step)}"
        texts: dict[Part, str | None] = {"command": step.command, "needs": step.needs}
        yield from self.parts("  ", {**texts, "undo": step.undo})
        if item.why:
            yield f"  - Why: {self.sentence(item.why)}"
        if item.message is not None:
            yield f"  - Now: {self.sentence(item.message)}"
        yield f"  - Where: {self.names(item.names, item.others, CLOSED)}"
        yield from self.once(item)

    def once(self, item: Item) -> Iterator[str]:
        """Who accepted it until a day that is past."""
        for lapsed in item.lapsed[:CASES]:
            names = self.names(lapsed.names, lapsed.others)
            whose = "" if lapsed.count == item.count else f"{names}: "
            yield f"  - Once: {whose}{self.sentence(history(lapsed))}"
        if len(item.lapsed) > CASES:
            yield f"  - and {len(item.lapsed) - CASES} more: `--format json` has them all"

    def differing(self, item: Item, case: Case) -> Iterator[str]:
        """What of the fix is this subject's own."""
        own = [part for part in PARTS if item.shared(part) is None]
        yield from self.parts("    ", {part: case.text(part) for part in own})

    def parts(self, indent: str, texts: Mapping[Part, str | None]) -> Iterator[str]:
        """Parts of a fix, where there is something to say."""
        for part, text in texts.items():
            if text:
                whole = part == "command"
                shown = self.command(text) if whole else self.sentence(text)
                yield f"{indent}- {PARTS[part]}: {shown}"

    def questions(self, checklist: Checklist) -> Iterator[str]:
        """What to confirm by hand."""
        if not checklist.questions:
            return
        yield from self.section("To confirm by hand")
        for question in checklist.questions[:GROUPS]:
            yield (
                f"- [ ] {', '.join(map(code, question.codes))} {self.sentence(question.text)} "
                f"{self.page(question.page)} for {self.names(question.names)}"
            )
        yield from self.more(checklist.questions, "question")

    def causes(self, causes: Sequence[Cause]) -> Iterator[str]:
        """What could not be checked."""
        if not causes:
            return
        yield from self.section("Could not be checked")
        for cause in causes[:GROUPS]:
            yield f"- **{cause.count}** {code(cause.reason)}: {self.sentence(cause.needed)}"
            if cause.seen:
                yield f"  - Seen: {self.sentence(cause.seen)}"
            yield f"  - Do: {self.sentence(cause.action)}"
            yield f"  - Hides: {', '.join(map(code, cause.codes))} for {self.names(cause.names)}"
        yield from self.more(causes, "cause")

    def statements(self, checklist: Checklist) -> Iterator[str]:
        """What rests on somebody's word."""
        if not checklist.statements:
            return
        yield from self.section("Taken on somebody's word")
        for stated in checklist.statements[:GROUPS]:
            yield (
                f"- {code(stated.code)} {self.name(stated.name)}: {self.sentence(stated.message)} "
                f"({self.name(stated.by)}, until {timestamp(stated.until)[:10]})"
            )
        yield from self.more(checklist.statements, "statement")

    def more(self, groups: Sequence[object], thing: str) -> Iterator[str]:
        """How many groups are left out."""
        rest = len(groups) - GROUPS
        if rest > 0:
            yield ""
            yield f"and {rest} more {thing}{'s' if rest > 1 else ''}: `--format json` has them all"
