"""Granular access tokens for scenarios: the listed entry, and the credential itself."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hardenme.sandbox.npm.world import ClientToken, ListedToken, TokenKind, canary, shown_ends


@dataclass(frozen=True, slots=True)
class Mint:
    """Makes one user's tokens, numbered from 1; times are days before or after `now`."""

    user: str
    now: datetime
    made: list[ListedToken] = field(default_factory=list)
    credentials: list[ClientToken] = field(default_factory=list)

    def token(  # noqa: PLR0913 (each field of a token is a choice of the scenario)
        self,
        name: str,
        *,
        permissions: tuple[tuple[str, str], ...] = (("package", "read"),),
        scopes: tuple[tuple[str, str], ...] = (),
        age: float = 30,
        left: float | None = 30,
        idle: float | None = 1,
        description: str | None = None,
        cidr: tuple[str, ...] = (),
        bypass: bool = False,
        publish_policy: str | None = None,
    ) -> ListedToken:
        """Add a token to the list.

        Args:
            name: its name.
            permissions: pairs of `package` or `org`, and `read` or `write`.
            scopes: pairs of `package`, `scope` or `org`, and a name; none is all packages.
            age: days since it was made.
            left: days until it expires, below 0 when it has; None never expires.
            idle: days since it was last used; None was never used.
            description: its description.
            cidr: address ranges.
            bypass: whether it skips two-factor authentication.
            publish_policy: `stage_only`, or None.
        """
        value = canary(self.user, len(self.made) + 1)
        created = self._before(age)
        entry = ListedToken(
            key=str(uuid.uuid5(uuid.NAMESPACE_OID, value)),
            user=self.user,
            shown=shown_ends(value),
            name=name,
            description=description,
            expiry=None if left is None else self._before(-left),
            cidr=cidr,
            bypass_2fa=bypass,
            permissions=permissions,
            scopes=scopes,
            created=created,
            updated=created,
            accessed=None if idle is None else self._before(idle),
            publish_policy=publish_policy,
        )
        self.made.append(entry)
        self.credentials.append(_credential(entry, value))
        return entry

    def _before(self, days: float) -> datetime:
        return self.now - timedelta(days=days)


def _credential(entry: ListedToken, value: str) -> ClientToken:
    """The credential that a listed token is."""
    if entry.bypass_2fa:
        kind = TokenKind.BYPASS
    elif entry.publish_policy is not None:
        kind = TokenKind.STAGE_ONLY
    elif ("package", "write") in entry.permissions:
        kind = TokenKind.WRITE
    else:
        kind = TokenKind.READ
    packages = tuple(name for type_, name in entry.scopes if type_ == "package")
    reads_organizations = any(name == "org" for name, _ in entry.permissions)
    return ClientToken(
        value,
        entry.user,
        kind,
        key=entry.key,
        packages=packages or None,
        organizations=tuple(
            name for type_, name in entry.scopes if type_ == "org" and reads_organizations
        ),
    )
