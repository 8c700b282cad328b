"""An enterprise, and the organizations that it owns."""

from __future__ import annotations

from typing import Any

from hardenme.sandbox.github.graph.connections import connection
from hardenme.sandbox.github.graph.seen import Seen, View, not_found
from hardenme.sandbox.github.permits import Permit
from hardenme.sandbox.github.state.people import node_id

READ = Permit(scopes=("read:enterprise",), permissions=None, of_user=True)


def view_enterprise(seen: Seen, slug: str) -> View:
    """An enterprise. Its owner sees all organizations; a member of one sees those joined.

    Raises:
        GraphQLError: there is none, the caller is not of it, or lacks the scope.
    """
    seen.need(READ, None)
    found = next((one for one in seen.world.enterprises if one.slug == slug.lower()), None)
    me = seen.caller.user.login if seen.caller.user else ""
    owned = [one for one in seen.world.organizations if found and one.login in found.organizations]
    joined = [one for one in owned if seen.caller.member_role(one)]
    owns = found is not None and me in found.owners
    if found is None or not (owns or joined):
        raise not_found(f"Could not resolve to a Business with the URL slug of '{slug}'.")
    shown = owned if owns else joined

    def organizations(_info: object, **arguments: Any) -> View:
        return connection(shown, seen.view, arguments)

    return {
        "id": node_id("E", found.id),
        "slug": found.slug,
        "viewerIsAdmin": owns,
        "organizations": organizations,
    }
