"""What a run saw: every key, hook, person, rule, package, and so on, so that two runs compare.

No value of a secret is ever part of it, and neither is anything from which one could be guessed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

State = str | int | bool | None | tuple[str, ...]
"""The possible values of a field of an item. A time is text, in UTC."""
ACCESS = "access"
"""The fields that show who can push to a repository, by whatever path."""
APPROVERS, CODE_OWNERS, SCHEDULED = "approvers", "code owners", "scheduled workflows"
ROLE, ROLE_USER, ROLE_TEAM = "organization role", "person with a role", "team with a role"
"""An organization role, and who holds one that can change something."""
OF_MEMBER = "public repository of a member"
"""One of the newest of a member's own account: older ones leave the list without being gone."""
SETTINGS, BYPASSED = "repository settings", "rule bypass"
DELIVERY = "webhook delivery"
"""A delivery that shows what someone did; it leaves the log after three days."""
OF_THE_PLACE = frozenset({SETTINGS, BYPASSED})
"""Kinds of item that are about their place itself, and bear its name."""
REPOSITORY = "repository"
"""A repository of the place."""
ALL_REPOSITORIES = "all repositories"
"""A list without items: whether the repositories that a token shows are all that there are."""
ARCHIVED = "archived repository"
"""What was done in a repository that is archived and not looked at: the last push, and its keys."""
UNCOMPARED = frozenset(
    {ACCESS, APPROVERS, ARCHIVED, CODE_OWNERS, DELIVERY, SCHEDULED}
    | {
        OF_MEMBER,
        "use",
        "version",
        "removed version",
        "newest release",
        "push",
        "workflow run",
        "changed workflow",
    }
)
"""Kinds that drift does not report: they follow from others that it reports, or they appear every
day."""


@dataclass(frozen=True, slots=True)
class InventoryItem:
    """One thing that a run saw.

    Attributes:
        kind: what it is called, like `SSH key`.
        subject: its id.
        label: its own name, made visible: no control characters.
        identity: what identifies it across runs: the provider's number if there is one, else the id
            of the subject. So a renamed item stays the same item.
        state: what can change about it, by name. A name that is not there was not seen, which says
            nothing of whether it changed.
    """

    kind: str
    subject: Subject
    label: str
    identity: str
    state: Mapping[str, State] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """Its own name; where no answer showed one, its number, and that the name was not shown."""
        number = self.subject.name.rpartition("/")[2]
        return self.label or f"{number}, whose name was not shown"

    @property
    def fingerprint(self) -> str:
        """Stable over runs, until anything about the item changes: 16 hex digits."""
        state = dict(sorted(self.state.items()))
        text = json.dumps([self.kind, self.identity, str(self.subject), state], ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Place:
    """What was seen in one account, organization, repository or package.

    Attributes:
        subject: where.
        lists: each kind that was asked for there, with why its list is incomplete; None for a
            complete one. In an incomplete list, an item that is not there may still exist.
        items: what was seen, sorted by kind and identity.
    """

    subject: Subject
    lists: Mapping[str, Unknown | None]
    items: tuple[InventoryItem, ...]

    @property
    def hidden(self) -> bool:
        """Whether only the name of a repository is known: it is private, or gone."""
        why = self.lists.get(REPOSITORY)
        return why is not None and why.reason is Reason.NOT_VISIBLE and not self.items
