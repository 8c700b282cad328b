"""The command that undoes a change, where all that it presumes was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from hardenme.derive.inventory.repository import ENVIRONMENT
from hardenme.derive.recent.found import FORCED, HEADS, Found, text_of
from hardenme.derive.recent.wording import Hosts
from hardenme.model.access import ENFORCED, ENFORCEMENT
from hardenme.model.commands import api_path, deprecated, ending, ending_found, gh, npm, ref_moved
from hardenme.model.inventory import ARCHIVED, Place
from hardenme.model.subject import Subject

ZEROS = "0" * 40
ENDED = frozenset({"npm token", "staged version"})
"""What of npm a command undoes that appeared lately."""
KEPT = frozenset({ARCHIVED, ENVIRONMENT})
"""What no command undoes: an archived repository takes no change, and with an environment its
secrets would be lost."""
RULES = "ruleset"
"""How the kinds of what has rules end."""
MADE, DELETED = "branch_creation", "branch_deletion"


@dataclass(frozen=True, slots=True)
class Undoing:
    """What is known around the changes of a window.

    Attributes:
        hosts: whom commands name.
        fixes: the commands of checks that failed of a thing, by subject: these come first.
        pushes: those of the window, by the repository and the ref, the newest first.
        responders: the logins of who runs hardenme, in lower case.
        unread: repositories of which not every push of the window was read.
        enforced: the rulesets that an earlier run saw in force, each with its place.
    """

    hosts: Hosts
    fixes: Mapping[str, str]
    pushes: Mapping[tuple[Subject, str], Sequence[Found]]
    responders: frozenset[str] = frozenset()
    unread: frozenset[Subject] = frozenset()
    enforced: frozenset[tuple[Subject, str]] = frozenset()

    @classmethod
    def of(  # noqa: PLR0913 (what is known around a change)
        cls,
        found: Iterable[Found],
        places: Iterable[Place],
        hosts: Hosts,
        fixes: Mapping[str, str],
        *,
        responders: Iterable[str] = (),
        earlier: Iterable[Place] = (),
    ) -> Undoing:
        """Gather it.

        Args:
            found: all that the window has, ordinary pushes among it.
            places: what was seen.
            hosts: whom commands name.
            fixes: as in the attribute.
            responders: the logins of who runs hardenme.
            earlier: what an earlier run saw.
        """
        pushes: dict[tuple[Subject, str], list[Found]] = {}
        for one in sorted(found, key=lambda each: each.at, reverse=True):
            if one.item.kind == "push":
                name = one.place, text_of(one.item.state, "ref")
                pushes.setdefault(name, []).append(one)
        unread = frozenset(one.subject for one in places if one.lists.get("push", one) is not None)
        own = frozenset(login.lower() for login in responders if login)
        enforced = frozenset(
            (place.subject, item.identity)
            for place in earlier
            for item in place.items
            if item.kind.endswith(RULES) and item.state.get(ENFORCEMENT) == ENFORCED
        )
        return cls(hosts, fixes, pushes, own, unread, enforced)

    def command(self, one: Found) -> str:
        """The command that undoes a change; empty if there is none, or it might harm.

        It assumes that what exists now is what was judged. A branch is left unchanged if the person
        who runs this made it. A key or a version of theirs may be one that an attacker made in
        their name.
        """
        refs = one.item.kind in {"push", "workflow run"}
        if one.stored or (refs and one.by.lower() in self.responders):
            return ""
        known = self.fixes.get(str(one.item.subject), "")
        if known:
            return known
        if one.place.provider == "npm":
            return self._npm(one)
        if one.item.kind == "push":
            return self._unpushed(one)
        if one.item.kind == "workflow run":
            return self._branch_removed(one)
        if one.item.kind.endswith(RULES):
            path, words = self._in_force_again(one)
        else:
            path, words = _changed_back(one)
        return gh(self.hosts.web, "api", *words[:2], path, *words[2:]) if path else ""

    def find(self, one: Found) -> str:
        """The command that prints the one of `command`, where that takes what was not read."""
        if one.stored or not one.appeared or self.fixes.get(str(one.item.subject)):
            return ""
        return ending_found(self.hosts.web, one.place, one.item)

    def _unpushed(self, one: Found) -> str:
        """Move a branch back to where it was before the window, where nothing else moved it."""
        ref = text_of(one.item.state, "ref")
        before = text_of(one.item.state, "before")
        alone = len(self.pushes.get((one.place, ref), ())) == 1 and one.place not in self.unread
        forced = one.item.state.get("change") == FORCED
        if not (forced and alone and one.by and before and before != ZEROS):
            return ""
        return gh(self.hosts.web, *ref_moved(one.place.name, ref.removeprefix("refs/"), before))

    def _branch_removed(self, one: Found) -> str:
        """Delete the branch of a run, where it was made in the window and one person pushed to it.

        A tag, a branch of before the window, and one that others pushed to are left alone.
        """
        branch = text_of(one.item.state, "branch")
        pushes = self.pushes.get((one.place, f"{HEADS}{branch}"), ())
        if not branch or one.on_default or not pushes or one.place in self.unread:
            return ""
        changes = [text_of(push.item.state, "change") for push in pushes]
        made = changes[-1] == MADE and DELETED not in changes
        if not made or {push.by for push in pushes} != {one.by} or not one.by:
            return ""
        path = f"repos/{one.place.name}/git/refs/heads/{quote(branch, safe='/')}"
        return gh(self.hosts.web, "api", "-X", "DELETE", path)

    def _in_force_again(self, one: Found) -> tuple[str, tuple[str, ...]]:
        """Enforce a ruleset again, where an earlier run saw it in force.

        One that is prepared or on trial may lock everyone out.
        """
        off = text_of(one.item.state, ENFORCEMENT) not in {"", ENFORCED}
        if not off or (one.place, one.item.identity) not in self.enforced:
            return "", ()
        owner = "orgs" if one.place.kind == "org" else "repos"
        path = f"{owner}/{one.place.name}/rulesets/{one.item.identity}"
        return path, ("-X", "PUT", "-f", f"{ENFORCEMENT}={ENFORCED}")

    def _npm(self, one: Found) -> str:
        item, package = one.item, one.place.name
        if item.kind == "version":
            return npm(self.hosts.registry, *deprecated(package, item.label))
        if item.kind not in ENDED:
            return ""
        return ending(self.hosts.web, self.hosts.registry, one.place, item)


def _changed_back(one: Found) -> tuple[str, tuple[str, ...]]:
    """The path of the API that takes a thing away or sets it back, and the words around it."""
    item, state = one.item, one.item.state
    if item.kind == "repository":
        shown = one.appeared and state.get("visibility") == "public" and state.get("fork") is False
        words = ("-X", "PATCH", "-f", "visibility=private")
        return (f"repos/{item.label}", words) if shown else ("", ())
    if item.kind in KEPT:
        return "", ()
    return (api_path(item.subject), ("-X", "DELETE")) if one.appeared else ("", ())
