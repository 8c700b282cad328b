"""What `hardenme exposed` is asked: versions and actions, a window, and repositories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from hardenme.engine.target import Target
from hardenme.exposure.asked import asked
from hardenme.exposure.judging import Asked
from hardenme.ground import clock
from hardenme.ground.errors import UsageError


@dataclass(frozen=True, slots=True)
class ExposureQuestion:
    """What is asked.

    Attributes:
        things: versions and actions.
        start: of the window.
        end: of the window.
        targets: repositories, as they were named.
    """

    things: tuple[Asked, ...]
    start: datetime
    end: datetime
    targets: tuple[str, ...]

    @property
    def repositories(self) -> tuple[str, ...]:
        """Their names, with their owners."""
        return tuple(Target.parse(one).name for one in self.targets)


def asked_for(words: Sequence[str], between: str) -> ExposureQuestion:
    """What the words ask for.

    Args:
        words: things, targets and the second time of the window, in any order.
        between: the first time, or both with a slash between them.

    Raises:
        UsageError: one is not of its form, or one is missing.
    """
    things, targets, times = list[Asked](), list[str](), list[datetime]()
    if not between:
        raise UsageError("--between takes the time when it became bad, and when it was removed")
    times += [_time(one) for one in between.split("/")]
    for word in dict.fromkeys(words):
        if word.startswith("github:"):
            if Target.parse(word).kind != "github-repo":
                raise UsageError(f"{word} is not github:OWNER/REPO; name each repository")
            targets.append(word)
        elif "@" in word:
            things.append(asked(word))
        else:
            times.append(_time(word))
    if not things or not targets:
        raise UsageError(
            "name what was bad, like axios@1.14.1, and repositories: github:OWNER/REPO"
        )
    start, end = (*times, clock.now())[:2]
    if len(times) > 2 or end <= start:  # noqa: PLR2004 (a window has two ends)
        raise UsageError("--between takes two times, the earlier one first")
    return ExposureQuestion(tuple(things), start, end, tuple(targets))


def _time(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a time like 2026-03-31T00:21Z") from None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
