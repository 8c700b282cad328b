"""What earlier runs knew and a later one could not read, as a stored report holds it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hardenme.model.carried import Carried
from hardenme.reports.reading.error import ReportError
from hardenme.reports.reading.fields import Fields
from hardenme.reports.reading.findings import Around, StoredFindings, fix_of
from hardenme.reports.reading.inventory import StoredPlaces
from hardenme.reports.reading.packed import Packed
from hardenme.reports.reading.stream import Document
from hardenme.reports.reading.texts import TitleOf


class StoredCarried:
    """That part of a report, while it is read."""

    def __init__(self) -> None:
        self._packed = Packed()
        self._places = StoredPlaces()
        self._parts: dict[str, Any] = {}

    def read(self, document: Document) -> None:
        """Read it, where it comes next.

        Raises:
            ReportError: something in it is not of its form.
        """
        for name in document.members():
            if name == "findings":
                for _, text in document.each():
                    self._packed.add(text)
            elif name == "places":
                for value, text in document.each():
                    self._places.add(value, text)
            else:
                self._parts[name], _ = document.value()

    def made(self, started: datetime, title_of: TitleOf) -> Carried:
        """What it holds.

        Args:
            started: when the run started whose report it is.
            title_of: names the problem where a finding does not.

        Raises:
            ReportError: something in it is not of its form.
        """
        fields = Fields("`carried` of the report", self._parts)
        steps = {step.text("name"): fix_of(step) for step in fields.parts("steps")}
        findings = StoredFindings(self._packed, Around({}, steps, {}, started, title_of))
        try:
            findings.counted()
        except ReportError as error:
            raise ReportError(f"of what is carried, {error}") from None
        return Carried(findings, self._places)
