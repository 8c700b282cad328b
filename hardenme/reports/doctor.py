"""What a run would use, in every form: rows in sections."""

from __future__ import annotations

from dataclasses import dataclass, field

from hardenme.reports.header import Header
from hardenme.reports.outline.forms import forms_of, rendered
from hardenme.reports.outline.parts import EVERY, Entry, Group, Outline, Section, sentence
from hardenme.reports.printed import PrintedDocument, as_json
from hardenme.reports.style import Style


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedRow:
    """One thing that a run would use.

    Attributes:
        name: what it is.
        text: what was found.
    """

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedRows:
    """Rows of one kind.

    Attributes:
        title: the kind.
        rows: in the order in which they were looked at.
    """

    title: str
    rows: tuple[PrintedRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorDocument(PrintedDocument):
    """What a run would use.

    Attributes:
        version: of hardenme.
        sections: tokens, network, files, variables and the like.
    """

    version: str
    sections: tuple[PrintedRows, ...]


@dataclass(slots=True)
class DoctorRows:
    """Takes rows, section by section.

    Attributes:
        version: of hardenme.
        header: the version, and when.
        sections: their titles, with the names and texts of their rows.
    """

    version: str
    header: Header
    sections: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)

    def heading(self, title: str) -> None:
        """Begin a section."""
        self.sections.append((title, []))

    def row(self, name: str, text: str) -> None:
        """Add a row to the section that was begun last."""
        self.sections[-1][1].append((name, text))


def outline(told: DoctorRows) -> Outline:
    """The sections, with a label for each row."""
    return Outline(
        title="hardenme doctor",
        warning=(),
        lead=(),
        sections=tuple(_section(title, rows) for title, rows in told.sections),
        header=told.header,
    )


def _section(title: str, rows: list[tuple[str, str]]) -> Section:
    entries = tuple(Entry((sentence(text),), label=f"{name}:", whole=True) for name, text in rows)
    return Section(title, groups=(Group(entries=entries, most=EVERY),))


def _document(told: DoctorRows, _style: Style) -> str:
    return as_json(
        DoctorDocument(
            version=told.version,
            sections=tuple(
                PrintedRows(
                    title=title,
                    rows=tuple(PrintedRow(name=name, text=text) for name, text in rows),
                )
                for title, rows in told.sections
            ),
        )
    )


FORMS = forms_of(outline, json=_document)
"""Every form by its name on the command line."""


def render(told: DoctorRows, form: str, style: Style) -> str:
    """What was found, in a form of `FORMS`."""
    return rendered(FORMS, told, form, style)
