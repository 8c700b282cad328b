"""What takes a person's access away, the farthest-reaching first: npm before GitHub."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hardenme.derive.holders.seen import SeenAccounts
from hardenme.facts.github.people import NAMED_TEAMS
from hardenme.ground.names import LOGIN
from hardenme.model.commands import api_path, gh, npm, present, publisher_removed
from hardenme.model.handover import Stage, Task
from hardenme.model.inventory import InventoryItem
from hardenme.model.pages import github_page, npm_page
from hardenme.model.subject import Subject

OWNER = "an organization owner; the command needs the scope admin:org"
ADMIN = "a repository admin"
LAST = "the new one; before that only {site}'s support"
"""Who can remove the last owner or maintainer: a command that does it is refused."""
TEAMS = "a run that reads members' teams, with a token that sees members (read:org), or their page"

OF_PERSONS = {
    "fine-grained token of a member": ("login", "whose fine-grained tokens"),
    "credential for single sign-on": ("login", "whose credentials for single sign-on"),
    "trusted publisher": ("repository", "the repositories of trusted publishers,"),
}
"""What is a person's by one of its fields, and what is unknown without that field."""


@dataclass(frozen=True, slots=True)
class Removing:
    """Makes the tasks of one person.

    Attributes:
        seen: who is where.
        login: on GitHub.
        npm: on npm; empty if no account is known.
        web: the address of GitHub's pages.
        registry: the registry's address.
        stolen: someone else has the account, so that what it added may be an attacker's.
    """

    seen: SeenAccounts
    login: str
    npm: str
    web: str
    registry: str
    stolen: bool

    def tasks(self) -> Iterator[Task]:
        """All of them: who can publish goes first, since a release cannot be called back."""
        if self.npm:
            yield from self._npm()
        yield from self._publishers()
        yield from self._invitations()
        yield from self._outside()
        yield from self._memberships()
        yield from self._keys()
        yield from self._tokens()

    def _delete(self, subject: Subject) -> tuple[str, ...]:
        path = api_path(subject)
        return (gh(self.web, "api", "-X", "DELETE", path),) if path else ()

    def _npm(self) -> Iterator[Task]:
        mine = [p for p, people in sorted(self.seen.packages.items()) if self.npm in people]
        maintained = [p for p in mine if self.npm in self.seen.maintainers.get(p, ())]
        alone = [p for p in maintained if self.seen.maintainers[p] == {self.npm}]
        others = [p for p in maintained if p not in alone]
        # Whom a team lets publish, and who is in no organization that was seen.
        inside = {name for people in self.seen.npm_members.values() for name in people}
        teams = [p for p in mine if p not in maintained and self.npm not in inside]
        if others:
            calls = [npm(self.registry, "owner", "rm", self.npm, one) for one in others]
            yield Task(
                Stage.REMOVE,
                f"Remove {self.npm} as a maintainer of {len(others)}"
                f" package{'s' if len(others) > 1 else ''} on npm",
                present(*calls),
                "" if all(calls) else npm_page(self.registry, "package-access", package=others[0]),
                breaks="releases with their npm tokens",
                needs="a maintainer of each, with 2FA",
            )
        if alone:
            yield Task(
                Stage.REMOVE,
                f"Remove {self.npm} as a maintainer of {', '.join(alone)}, once it has another",
                needs=LAST.format(site="npm"),
            )
        if teams:
            yield Task(
                Stage.REMOVE,
                f"Remove {self.npm} from the teams that can publish {', '.join(teams)}",
                page=npm_page(self.registry, "package-access", package=teams[0]),
                needs="an owner or admin of the organization, with 2FA",
            )
        for organization, people in self.seen.npm_members.items():
            if self.seen.npm_owners[organization] == {self.npm}:
                yield Task(
                    Stage.REMOVE,
                    f"Remove {self.npm} from the organization {organization} on npm, once it has"
                    " another owner",
                    page=npm_page(self.registry, "org-members", org=organization),
                    needs=LAST.format(site="npm"),
                )
            elif self.npm in people:
                yield Task(
                    Stage.REMOVE,
                    f"Remove {self.npm} from the organization {organization} on npm",
                    (npm(self.registry, "org", "rm", organization, self.npm),),
                    breaks="what they installed or published through its teams",
                    needs="an owner of it, with 2FA",
                )

    def _publishers(self) -> Iterator[Task]:
        """Trusted publishers in a repository of theirs, which they keep when they go."""
        for subject, one in self._of_kind("trusted publisher"):
            repository = _text(one, "repository")
            if repository.partition("/")[0].lower() != self.login.lower():
                continue
            name = subject.name
            known = one.identity and one.identity != one.subject.name
            yield Task(
                Stage.REMOVE,
                f"Revoke the trusted publisher {repository} of {name}, which is theirs",
                present(npm(self.registry, *publisher_removed(name, one.identity)))
                if known
                else (),
                npm_page(self.registry, "package-access", package=name),
                breaks="releases from that repository",
                needs="a maintainer with 2FA",
            )

    def _of_kind(self, kind: str) -> Iterator[tuple[Subject, InventoryItem]]:
        for subject, place in self.seen.places.items():
            yield from ((subject, one) for one in place.items if one.kind == kind)

    def _invitations(self) -> Iterator[Task]:
        for subject, one in self._of_kind("pending invitation"):
            if one.label.lower() == self.login.lower() and subject.kind in {"org", "repo"}:
                page = "org-pending-invitations" if subject.kind == "org" else "repo-access"
                yield Task(
                    Stage.REMOVE,
                    f"Cancel the invitation of {self.login} to {subject.name}",
                    self._delete(one.subject),
                    github_page(self.web, page, org=subject.name, repo=subject.name),
                    needs=OWNER if subject.kind == "org" else ADMIN,
                )

    def _outside(self) -> Iterator[Task]:
        mine = [
            repository
            for repository, people in self.seen.outsiders.items()
            if self.login.lower() in {name.lower() for name in people}
        ]
        # The organization's own list names them where a repository's was refused.
        named = {
            subject.name
            for subject, one in self._of_kind("outside collaborator")
            if subject.kind == "org" and one.label.lower() == self.login.lower()
        }
        for organization in sorted(named | {name.partition("/")[0] for name in mine}):
            here = [name for name in mine if name.startswith(f"{organization}/")]
            subject = Subject("github", "outside-collaborator", f"{organization}/{self.login}")
            known = organization in self.seen.owners
            single = tuple(
                gh(self.web, "api", "-X", "DELETE", f"repos/{name}/collaborators/{self.login}")
                for name in here
            )
            yield Task(
                Stage.REMOVE,
                f"Remove {self.login} from {', '.join(here[:5]) or f'all of {organization}'}"
                f"{f' and {len(here) - 5} more' if len(here) > 5 else ''}",  # noqa: PLR2004 (names)
                self._delete(subject) if known else single,
                breaks="their open pull requests from branches of the repository",
                needs=OWNER if known else ADMIN,
            )
        name = self.login.lower()
        for repository, found in self.seen.pushers.items():
            owner = repository.partition("/")[0]
            personal = self.seen.is_personal(repository) and owner.lower() != name
            if personal and found and name in found and repository not in mine:
                path = f"repos/{repository}/collaborators/{self.login}"
                yield Task(
                    Stage.REMOVE,
                    f"Remove {self.login} from {repository}",
                    (gh(self.web, "api", "-X", "DELETE", path),),
                    needs=owner,
                )

    def _memberships(self) -> Iterator[Task]:
        for organization, members in self.seen.members.items():
            item = members.get(self.login.lower())
            if item is None:
                continue
            names = _named(item)
            held = self._roles(organization)
            subject = Subject("github", "member", f"{organization}/{self.login}")
            owners = {one.lower() for one in self.seen.owners[organization]}
            last = owners == {self.login.lower()}
            yield Task(
                Stage.REMOVE,
                f"Remove {self.login} from {organization}"
                f"{f', and so from the teams {names}' if names else ''}"
                f"{f', which ends the organization roles {held}' if held else ''}"
                f"{', once it has another owner' if last else ''}",
                () if last else self._delete(subject),
                github_page(self.web, "org-people", org=organization),
                breaks="their forks of private repositories, and schedules that run as them",
                needs=LAST.format(site="GitHub") if last else OWNER,
            )

    def unnamed_teams(self) -> Iterator[str]:
        """The organizations in which their teams were not read, or not all of them are named."""
        for organization, members in self.seen.members.items():
            item = members.get(self.login.lower())
            if item is None or _names_all_teams(item):
                continue
            some = "more " if isinstance(item.state.get("teams"), tuple) else ""
            yield f"{some}teams of {self.login} in {organization}: {TEAMS}"

    def _roles(self, organization: str) -> str:
        """The organization roles that they hold, by name."""
        held = self.seen.roles.get(organization, ())
        mine = (one.name for one in held if one.login.lower() == self.login.lower())
        return ", ".join(sorted(set(mine)))

    def _keys(self) -> Iterator[Task]:
        for subject, one in self._of_kind("deploy key"):
            added = _text(one, "added_by")
            if added.lower() == self.login.lower():
                key = f"the deploy key {one.shown} of {subject.name}"
                step = (
                    f"Replace {key}, which they added, then delete it: the person who made it may"
                    " have kept it"
                )
                if self.stolen:
                    step = (
                        f"Delete {key}, which the account added: an attacker may have it. Add"
                        " another only for a machine that you know"
                    )
                yield Task(
                    Stage.REMOVE,
                    step,
                    self._delete(one.subject),
                    github_page(self.web, "repo-keys", repo=subject.name),
                    breaks="the machine that uses it, until it has a new one",
                    needs=ADMIN,
                )

    def unsigned(self) -> Iterator[str]:
        """What may be theirs, since nothing shows whose it is."""
        keys = self._of_kind("deploy key")
        count = sum(not _text(one, "added_by") for _, one in keys)
        if count:
            names = "1 deploy key" if count == 1 else f"{count:,} deploy keys"
            yield f"who added {names}: GitHub does not show it; ask them"
        yield from self._addressed()
        for kind, (field, plural) in OF_PERSONS.items():
            found = [subject for subject, one in self._of_kind(kind) if not _text(one, field)]
            if found:
                where = ", ".join(sorted({subject.name for subject in found})[:5])
                yield f"{plural} {len(found):,} of {where}: run again, or its page"

    def _addressed(self) -> Iterator[str]:
        """The invitations that were sent to an address, which names no one."""
        sent = self._of_kind("pending invitation")
        places = [subject.name for subject, one in sent if not LOGIN.fullmatch(one.label)]
        if places:
            count = "1 invitation" if len(places) == 1 else f"{len(places):,} invitations"
            where = ", ".join(sorted(set(places))[:5])
            yield (
                f"whom {count} of {where} to an address may be for: its page of invitations, or ask"
                " them"
            )

    def _tokens(self) -> Iterator[Task]:
        for subject, one in self._of_kind("fine-grained token of a member"):
            if _text(one, "login").lower() == self.login.lower():
                yield Task(
                    Stage.REMOVE,
                    f"Revoke their fine-grained token {one.label or one.identity} in"
                    f" {subject.name}",
                    page=github_page(self.web, "org-active-tokens", org=subject.name),
                    breaks="what uses the token",
                    needs="an organization owner",
                )
        for subject, one in self._of_kind("credential for single sign-on"):
            if _text(one, "login").lower() == self.login.lower():
                yield Task(
                    Stage.REMOVE,
                    f"Take the authorization of their {one.state.get('type') or 'credential'} for"
                    f" single sign-on of {subject.name} away",
                    self._delete(one.subject),
                    breaks="what uses the credential",
                    needs=OWNER,
                )


def _text(item: InventoryItem, field: str) -> str:
    """A field that is a text; empty if it was not read."""
    value = item.state.get(field)
    return value if isinstance(value, str) else ""


def _named(member: InventoryItem) -> str:
    """The teams of a member, as far as they are named."""
    teams = member.state.get("teams")
    if not isinstance(teams, tuple):
        return ""
    return ", ".join(teams) + ("" if _names_all_teams(member) else ", and maybe more")


def _names_all_teams(member: InventoryItem) -> bool:
    """Whether no further team is possible: a full page may not be the last."""
    teams = member.state.get("teams")
    return isinstance(teams, tuple) and len(teams) < NAMED_TEAMS
