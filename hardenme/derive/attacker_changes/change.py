"""A kind of change that an attacker can make and leave, and how far it can be seen afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from hardenme.model.depth import Depth
from hardenme.model.fact import Fact
from hardenme.model.inventory import State

ACCOUNT, ORGANIZATION, REPOSITORY = "github:user", "github:org", "github:repo"
NPM_ACCOUNT, NPM_ORGANIZATION, PACKAGE = "npm:user", "npm:org", "npm:package"
MACHINE = "local:workstation"
PLACES: Mapping[str, str] = {
    ACCOUNT: "GitHub account",
    ORGANIZATION: "GitHub organization",
    REPOSITORY: "GitHub repository",
    NPM_ACCOUNT: "npm account",
    NPM_ORGANIZATION: "npm organization",
    PACKAGE: "npm package",
    MACHINE: "this machine",
}
"""Each kind of place in words, in the order of the page."""


class Visible(StrEnum):
    """How a change can be seen after it was made."""

    TIMED = "time"
    """An answer has the time at which it was made."""
    COMPARED = "earlier run"
    """No answer has its time: it is seen next to a run from before it."""
    HIDDEN = "no"
    """hardenme reads nothing that shows it."""


class Watch(StrEnum):
    """How soon a watch that sends a few requests a cycle can see a change."""

    CYCLE = "each cycle"
    """One bulk query or one list shows it for everything."""
    ROTATION = "in rotation"
    """It takes a request a repository or a package, so that each gets its turn."""
    NEVER = "no"
    """Nothing that can be read shows it."""


@dataclass(frozen=True, slots=True)
class AttackerChange:
    """A kind of change that an attacker can make and leave.

    Attributes:
        name: its own, stable, like `org-two-factor`.
        place: the kind of place that it is made in, like `github:org`.
        what: what is changed, as a plural or a setting, in the middle of a sentence.
        kind: what the inventory calls one; empty if the inventory has none.
        facts: the fact types that read it; none where hardenme does not read it.
        fields: the fields of the inventory's items that show it; none if an item itself does.
        added: how an added one is detected; None where adding one is not a change of an attacker.
        changed: the same of one that was changed.
        removed: the same of one that was removed.
        made: the field of an item that has the time at which it was added; empty for none.
        updated: the field that has the time of its last change; empty for none.
        weaker: the values of a field from the strongest setting to the weakest, where they have
            such an order.
        watch: how soon a watch can see it.
        why: why it is not read, or what stays unseen where it is.
        source: where it would be read, if no fact reads it: an endpoint or a page's name.
        permission: what that takes, in the provider's words.
        page: the name of the page on which a person sees it; empty for none.
        no_api: no API shows it to any token.
    """

    name: str
    place: str
    what: str
    kind: str = ""
    facts: tuple[type[Fact], ...] = ()
    fields: tuple[str, ...] = ()
    added: Visible | None = None
    changed: Visible | None = None
    removed: Visible | None = None
    made: str = ""
    updated: str = ""
    weaker: Mapping[str, tuple[State, ...]] = field(default_factory=dict)
    watch: Watch = Watch.NEVER
    why: str = ""
    source: str = ""
    permission: str = ""
    page: str = ""
    no_api: bool = False

    @property
    def read(self) -> bool:
        """Whether hardenme reads it at all."""
        return bool(self.facts)

    @property
    def dated(self) -> bool:
        """Whether an answer has the time at which one was added."""
        return bool(self.made)

    @property
    def compared(self) -> bool:
        """Whether some of it is seen next to an earlier run alone."""
        return Visible.COMPARED in {self.added, self.changed, self.removed}

    @property
    def depth(self) -> Depth:
        """The least depth of a run that reads all of it."""
        return max((fact.depth for fact in self.facts), default=Depth.FAST)

    @property
    def sources(self) -> str:
        """Where it is read, in the words of the provider's documentation."""
        return ", ".join(dict.fromkeys(fact.source for fact in self.facts)) or self.source

    @property
    def permissions(self) -> str:
        """What reading it takes, in the provider's words; empty if nothing is needed."""
        needed = dict.fromkeys(str(fact.requirement) for fact in self.facts)
        return " and ".join(text for text in needed if text) or self.permission


def things(
    place: str, name: str, page: str, kind: str, what: str, *facts: type[Fact], **more: Any
) -> AttackerChange:
    """Declare things that can be added, changed and removed, such as deploy keys.

    Without the field of its time, it is seen next to an earlier run.
    """
    seen = {
        "added": Visible.TIMED if more.get("made") else Visible.COMPARED,
        "changed": Visible.TIMED if more.get("updated") else Visible.COMPARED,
        "removed": Visible.COMPARED,
        "watch": Watch.CYCLE,
    }
    return AttackerChange(*(name, place, what, kind, facts), page=page, **{**seen, **more})


def setting(  # noqa: PLR0913 (what a setting is declared by)
    place: str,
    name: str,
    page: str,
    kind: str,
    what: str,
    *facts: type[Fact],
    fields: Mapping[str, tuple[State, ...]],
    watch: Watch = Watch.CYCLE,
    why: str = "",
) -> AttackerChange:
    """Declare a setting, which has no time and is seen next to an earlier run.

    Args:
        fields: those that show it, with their values from the strongest to the weakest; `UNORDERED`
            where they have no such order.
    """
    return AttackerChange(
        *(name, place, what, kind, facts, tuple(fields)),
        changed=Visible.COMPARED,
        weaker={one: order for one, order in fields.items() if order},
        watch=watch,
        why=why,
        page=page,
    )


def unread(place: str, name: str, page: str, what: str, why: str, **more: Any) -> AttackerChange:
    """Declare what hardenme does not read."""
    hidden = Visible.HIDDEN
    return AttackerChange(
        *(name, place, what),
        added=hidden,
        changed=hidden,
        removed=hidden,
        why=why,
        page=page,
        no_api=why.startswith((NO_API, AUDIT_LOG)),
        **more,
    )


def by_token(fine_grained: str, classic: str = "") -> str:
    """The permission of a fine-grained token, and the scope of a classic one that does as well."""
    other = f"; or {classic} (classic token)" if classic else ""
    return f"{fine_grained} (fine-grained token){other}"


TIMED = {"made": "created_at", "updated": "updated_at"}
"""Of what has the time at which it was added and that of its last change."""
UNORDERED: tuple[State, ...] = ()
ON_OFF: tuple[State, ...] = (True, False)
OFF_ON: tuple[State, ...] = (False, True)
FORK_APPROVAL: tuple[State, ...] = (
    *("all_external_contributors", "first_time_contributors"),
    "first_time_contributors_new_to_github",
)
NO_API = "no API shows it to a token"
ITS_OWN_WRITE = "its endpoint takes a permission to write, which hardenme does not ask for"
NOT_READ = "hardenme does not read it"
THREE_DAYS = "GitHub keeps deliveries for three days; what was put back shows if its event is sent"
"""What stays unseen of the deliveries of webhooks."""
AUDIT_LOG = "an API shows it only in the audit log of GitHub Enterprise Cloud"
