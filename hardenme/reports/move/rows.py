"""The rows of a move: for each package the publisher that it is to have, as far as known."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hardenme.ground.names import FULL_NAME, PACKAGE
from hardenme.model.commands import npm_takes
from hardenme.model.inventory import InventoryItem, Place
from hardenme.model.publishing import PackagePaths
from hardenme.model.report import Report
from hardenme.model.subject import Subject

ASKED = "?"
"""The placeholder for a name that is not known: the person fills it in."""
NONE = "-"
"""The value that means no environment."""
PUBLISHER, PUBLISHED, VERSION = "trusted publisher", "published package", "version"
"""Kinds of the inventory that a row is made from."""


class Goal(StrEnum):
    """What a package moves to."""

    STAGED = "staged"
    TRUSTED = "trusted"


PERMISSION = {Goal.STAGED: "stage", Goal.TRUSTED: "publish"}
"""What its publisher may do."""


@dataclass(frozen=True, slots=True)
class PublisherClaims:
    """What a publisher is bound to; empty for what the user did not name.

    Attributes:
        environment: `-` for none.
    """

    repository: str = ""
    workflow: str = ""
    environment: str = ""


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A package, and the publisher that it is to have.

    Attributes:
        named: where more than one repository is named, each with who names it.
        released: when its newest known version was published; None if none is known.
    """

    package: str
    repository: str
    workflow: str
    permission: str
    environment: str
    named: tuple[str, ...] = ()
    released: datetime | None = None

    @property
    def complete(self) -> bool:
        """Whether nothing is asked."""
        return ASKED not in {self.repository, self.workflow, self.environment}


@dataclass(frozen=True, slots=True)
class MoveRows:
    """The rows of a move.

    Attributes:
        rows: sorted by package.
        refused: packages whose names the npm client does not take.
    """

    rows: tuple[MoveRow, ...]
    refused: tuple[str, ...]


def rows_of(
    report: Report, packages: Container[Subject], goal: Goal, given: PublisherClaims
) -> MoveRows:
    """The rows of the packages of a report that are among those asked for.

    Args:
        packages: the packages.
        given: what the user named for all of them.
    """
    places = {place.subject: place for place in report.inventory}
    paths = {one.package: one for one in report.publishing.packages} if report.publishing else {}
    rows, refused = [], []
    for subject in sorted(places, key=lambda one: one.name):
        if subject not in packages:
            continue
        if not npm_takes(subject.name) or not PACKAGE.fullmatch(subject.name):
            refused.append(subject.name)
            continue
        found = _SeenPackage(places[subject], paths.get(subject.name), places)
        rows.append(found.row(goal, given))
    return MoveRows(tuple(rows), tuple(refused))


def new_row(package: str, goal: Goal, given: PublisherClaims) -> MoveRow:
    """The row of a package that npm does not have."""
    return MoveRow(
        package,
        given.repository or ASKED,
        given.workflow or ASKED,
        PERMISSION[goal],
        given.environment or ASKED,
    )


@dataclass(frozen=True, slots=True)
class _SeenPackage:
    """What a run saw of a package."""

    place: Place
    paths: PackagePaths | None
    places: dict[Subject, Place]

    def row(self, goal: Goal, given: PublisherClaims) -> MoveRow:
        """The row: a name that is not known, or not clear, is asked for."""
        package = self.place.subject.name
        named = dict(self._repositories())
        repository = given.repository or _only(named)
        workflow = given.workflow or _only(self._workflows(repository))
        environment = given.environment or _only(self._environments(repository, workflow))
        unclear = repository == ASKED and bool(named)
        return MoveRow(
            package,
            repository,
            workflow,
            PERMISSION[goal],
            environment,
            tuple(f"{name} ({who})" for name, who in named.items()) if unclear else (),
            self._released(),
        )

    def _repositories(self) -> Iterator[tuple[str, str]]:
        """Each repository that the package or a publisher names, and who does."""
        for item in self._items(PUBLISHER):
            if name := _full_name(item.state.get("repository")):
                yield name, "a trusted publisher"
        for item in self._items(PUBLISHED):
            if name := _full_name(item.state.get("repository")):
                yield name, "package.json"

    def _publishers(self, repository: str) -> Iterator[InventoryItem]:
        for item in self._items(PUBLISHER):
            if (item.state.get("provider"), item.state.get("repository")) == ("github", repository):
                yield item

    def _workflows(self, repository: str) -> set[str]:
        """Workflows of the repository that publish: a publisher's, or the one that a step names."""
        own = {_text(item.state.get("workflow")) for item in self._publishers(repository)} - {""}
        return own or {
            name
            for name, _ in self._proposed(repository)
            if self._is_there("workflow", repository, name)
        }

    def _environments(self, repository: str, workflow: str) -> set[str]:
        """Environments that publishers of it have, or that a step names and the repository has."""
        own = {
            _text(item.state.get("environment"))
            for item in self._publishers(repository)
            if item.state.get("workflow") == workflow
        } - {""}
        return own or {
            name
            for _, name in self._proposed(repository)
            if self._is_there("environment", repository, name)
        }

    def _proposed(self, repository: str) -> Iterator[tuple[str, str]]:
        """Workflow and environment of the steps that set up a publisher of the repository."""
        start = f"trust/{self.place.subject.name}/{repository}/"
        for step in self.paths.steps if self.paths else ():
            if step.key.startswith(start):
                workflow, _, environment = step.key.removeprefix(start).partition("/")
                yield workflow, environment

    def _is_there(self, kind: str, repository: str, name: str) -> bool:
        """Whether the run saw such an item of the repository."""
        place = self.places.get(Subject("github", "repo", repository))
        return place is not None and any(
            (item.kind, item.label) == (kind, name) for item in place.items
        )

    def _released(self) -> datetime | None:
        times = [_text(item.state.get("published_at")) for item in self._items(VERSION)]
        return max((datetime.fromisoformat(time) for time in times if time), default=None)

    def _items(self, kind: str) -> Iterator[InventoryItem]:
        return (item for item in self.place.items if item.kind == kind)


def _only(names: Iterable[str]) -> str:
    """The one name of these; else it is asked for."""
    found = tuple(names)
    return found[0] if len(found) == 1 else ASKED


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _full_name(value: object) -> str:
    name = _text(value)
    return name if FULL_NAME.fullmatch(name) else ""


def asked_in(rows: Sequence[MoveRow]) -> int:
    """How many rows have a name that the person has to write."""
    return sum(not row.complete for row in rows)
