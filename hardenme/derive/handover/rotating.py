"""What they could read or publish: secrets to rotate, and releases and changes to look at."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from hardenme.derive.handover.person import PersonLeaving
from hardenme.derive.holders.seen import SeenAccounts, items_of
from hardenme.model.commands import npm, present
from hardenme.model.handover import Stage, Task
from hardenme.model.inventory import Place
from hardenme.model.pages import github_page


@dataclass(frozen=True, slots=True)
class Rotating:
    """Makes the tasks about what a person could read.

    Attributes:
        seen: who is where.
        person: about whom.
        targets: of the run.
    """

    seen: SeenAccounts
    person: PersonLeaving
    targets: tuple[str, ...]

    def tasks(self) -> Iterator[Task]:
        """The secrets of repositories that they could push to: a workflow of theirs reads them."""
        login, web = self.person.login, self.person.web
        pushed = {name.lower() for name in self.seen.pushed_by(login)}
        # Which repositories a secret of an organization is for is not shown one by one.
        owners = {name.partition("/")[0] for name in pushed}
        inside: list[str] = []
        for place in self.seen.places.values():
            subject = place.subject
            names = ", ".join(sorted(_secrets(place)))
            if subject.kind == "repo" and subject.name.lower() in pushed and names:
                inside.append(f"{names} of {subject.name}")
            if subject.kind != "org" or subject.provider != "github" or not names:
                continue
            member = login.lower() in self.seen.members.get(subject.name, {})
            if member or subject.name.lower() in owners or self._is_outside(place):
                yield Task(
                    Stage.ROTATE,
                    f"Rotate the secrets of {subject.name}, where each was made: {names}",
                    page=github_page(web, "org-secrets", org=subject.name),
                    breaks="what still uses the old value",
                    needs="who issued each",
                )
        if inside:
            count = "1 repository" if len(inside) == 1 else f"{len(inside):,} repositories"
            yield Task(
                Stage.ROTATE,
                f"Rotate the secrets of {count}, where each was made: {'; '.join(inside)}",
                breaks="what still uses the old value",
                needs="who issued each",
            )
        yield from self._published(pushed)

    def _is_outside(self, place: Place) -> bool:
        """Whether an organization lists them as an outside collaborator: of what, may be unseen."""
        login = self.person.login.lower()
        return any(one.label.lower() == login for one in items_of(place, "outside collaborator"))

    def done(self) -> Iterator[Task]:
        """Looks at what a thief did: also one who pushes nowhere can join a team, or invite."""
        words = f"hardenme recent {shlex.join(self.targets)} --since 4w --depth standard"
        yield Task(Stage.ROTATE, f"Look at what was done in their name: {words}")
        name = self.person.npm
        for package, people in sorted(self.seen.packages.items()):
            if name and name in people:
                yield Task(
                    Stage.ROTATE,
                    f"Look at the releases of {package}: {name} can publish it",
                    present(npm(self.person.registry, "view", package, "time")),
                )

    def _published(self, pushed: set[str]) -> Iterator[Task]:
        """Packages that a repository of theirs can publish."""
        for place in self.seen.places.values():
            for one in items_of(place, "trusted publisher"):
                repository = str(one.state.get("repository") or "")
                if repository.lower() in pushed:
                    yield Task(
                        Stage.ROTATE,
                        f"Look at the releases of {place.subject.name}: {repository} publishes it,"
                        " and they could push to it",
                        present(npm(self.person.registry, "view", place.subject.name, "time")),
                    )


def _secrets(place: Place) -> Iterator[str]:
    """The names of a place's secrets, with their environment."""
    for one in place.items:
        if one.kind in {"secret", "Dependabot secret", "secret of an environment"}:
            environment = one.state.get("environment")
            yield f"{one.label} ({environment})" if environment else one.label
