"""What one token at hand is good for."""

from __future__ import annotations

from dataclasses import dataclass

from hardenme.model.forecast import Blind
from hardenme.model.grant import Grant, Shortfall, Surplus
from hardenme.model.least import Gap


@dataclass(frozen=True, slots=True)
class Repair:
    """One way to give a token what it lacks, or to take away what it has too much.

    Attributes:
        what: in words.
        how: a command, or the address of a page.
    """

    what: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenStatus:
    """One token: where it was found, whose it is, what it may do, what it lacks.

    Attributes:
        provider: `github` or `npm`.
        address: the only address that it is sent to.
        owner: the GitHub owner whose things alone it is for; empty for all.
        source: where it was found.
        fault: why it is not used at all; empty if it is. Then nothing else is known.
        grant: what the provider shows about it.
        surplus: what it holds beyond the need.
        shortfall: the rights that it lacks.
        asked: how many of the selected checks ask by it.
        blind: what cannot be read with it, and the checks that are unknown for it.
        partly: the codes of the checks that it answers in fewer cases, such as of public
            repositories alone.
        person: what takes a person in addition to the token, and the checks that need it.
        repairs: how to close the shortfall and the surplus.
        notes: sentences that its holder has to know, such as the limits of a job's own token.
    """

    provider: str
    address: str
    source: str
    owner: str = ""
    fault: str = ""
    grant: Grant | None = None
    surplus: Surplus | None = None
    shortfall: Shortfall | None = None
    asked: int = 0
    blind: tuple[Blind, ...] = ()
    partly: tuple[str, ...] = ()
    person: tuple[Gap, ...] = ()
    repairs: tuple[Repair, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether the provider took it."""
        return self.grant is not None and self.grant.refused is None

    @property
    def unknown_checks(self) -> tuple[str, ...]:
        """The codes of the checks that cannot be answered with it."""
        return tuple(sorted({code for item in self.blind for code in item.checks}))
