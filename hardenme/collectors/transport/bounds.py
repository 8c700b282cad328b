"""The bounds of a request: how long, and how much."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long and how much.

    Attributes:
        connect: seconds to connect.
        idle: seconds without a byte.
        deadline: seconds for one answer as a whole.
        largest: bytes of a body, as it came and decoded.
        retries: further tries after a failure that may pass.
        pause: seconds before the first of them; doubled each time, with jitter.
        patience: seconds of a rate limit that are waited out.
    """

    connect: float = 10.0
    idle: float = 15.0
    deadline: float = 60.0
    largest: int = 32 * 1024 * 1024
    retries: int = 2
    pause: float = 0.5
    patience: float = 60.0
