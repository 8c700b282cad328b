"""What an earlier run read while a person was there, for the runs that go on without one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class KeptObservation:
    """An answer that was kept.

    Attributes:
        at: when it was true, by the registry's clock.
        body: the useful part of its content.
    """

    at: datetime
    body: Any


class Observations(Protocol):
    """Where such answers are kept. Each is of one registry, one account and one package."""

    def find(self, registry: str, account: str, package: str) -> KeptObservation | None:
        """The newest answer, whatever its age; None if there is none that can be trusted."""

    def keep(self, registry: str, account: str, package: str, observed: KeptObservation) -> None:
        """Put an answer in the place of the last one."""
