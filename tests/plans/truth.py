"""What the hosts hold, as nobody who asks them sees it: who may do what, and where tags lead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hardenme.sandbox.github.access import role_of

if TYPE_CHECKING:
    from tests.plans.hosts import Hosts


@dataclass(frozen=True, slots=True)
class Truth:
    """The state that must not get worse.

    Attributes:
        held: what the person may do, in words: `owner of acme`, `admin of acme/web`.
        owners: who owns each organization of either host.
        writers: who may publish each package.
        tags: the version that each dist-tag leads to, by `package tag`.
    """

    held: frozenset[str]
    owners: dict[str, frozenset[str]]
    writers: dict[str, frozenset[str]]
    tags: dict[str, str]

    @classmethod
    def of(cls, hosts: Hosts) -> Truth:
        """What the hosts hold now."""
        github, npm = hosts.github.world, hosts.npm.world
        owners = {
            f"github:{one.login}": _with(one.members, "admin") for one in github.organizations
        }
        owners |= {f"npm:{one.name}": _with(one.roster, "owner") for one in npm.organizations}
        writers = {one.name: _with(one.collaborators, "write") for one in npm.packages}
        held = {
            f"admin of {one.full_name}"
            for one in github.repositories
            if role_of(github, one, hosts.login) == "admin"
        }
        held |= {
            f"owner of {name}"
            for name, people in owners.items()
            if (hosts.login if name.startswith("github:") else hosts.account) in people
        }
        held |= {f"write of {name}" for name, people in writers.items() if hosts.account in people}
        return cls(
            frozenset(held),
            owners,
            writers,
            {
                f"{one.name} {tag}": version
                for one in npm.packages
                for tag, version in one.tags.items()
            },
        )

    def misled(self, before: Truth, malware: Iterable[str]) -> list[str]:
        """Tags that lead to malware and led elsewhere before."""
        bad = set(malware)
        return [
            f"{name} -> {version}"
            for name, version in self.tags.items()
            if f"{name.partition(' ')[0]}@{version}" in bad and before.tags.get(name) != version
        ]

    def ownerless(self) -> list[str]:
        """Organizations without an owner and packages that nobody may publish."""
        return [name for name, people in {**self.owners, **self.writers}.items() if not people]


def _with(roles: Mapping[str, str], role: str) -> frozenset[str]:
    return frozenset(name for name, held in roles.items() if held == role)
