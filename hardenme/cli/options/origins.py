"""Where the settings of a run come from, and what else files contain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hardenme.config.load import Loaded
    from hardenme.model.adjustment import Adjustment
    from hardenme.model.waiver import Waiver

SETTLED = "hardenme.settled"
"""Under it the settings of a run are kept in the command's context."""


@dataclass(frozen=True, slots=True)
class SettingOrigin:
    """Where a setting of a run comes from.

    Attributes:
        kind: `option`, `variable`, `own` (the user's file), `folder`, or `default`.
        place: the option, the variable, or the file with the line where that is known.
        words: the same, as part of a sentence.
    """

    kind: str = "default"
    place: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """What files and variables set for a run, in addition to the values of its options.

    Attributes:
        origins: where each setting comes from, by its name; those of defaults are left out.
        adjustments: the severities, thresholds and profiles that files ask for.
        waivers: findings that are accepted.
        proposed: findings that a folder's file wants accepted.
        notes: sentences that a reader of the report has to know.
        problems: what is wrong in the files; empty if a run continues.
        loaded: the files; None if none was read.
    """

    origins: Mapping[str, SettingOrigin] = field(default_factory=dict)
    adjustments: tuple[Adjustment, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    proposed: tuple[Waiver, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    loaded: Loaded | None = None

    def narrowed(self, *names: str) -> str:
        """Where these settings come from, in words, if from no option; empty if none does."""
        found = (self.origins.get(name, SettingOrigin()) for name in names)
        words = (one.words for one in found if one.kind not in {"default", "option"})
        return " and ".join(dict.fromkeys(words))

    def hint(self, message: str) -> str:
        """A message about an option, with the file or variable that set it."""
        from hardenme.config.settings import SETTINGS  # noqa: PLC0415 (start-up is a feature)

        for name, origin in self.origins.items():
            option = SETTINGS[name].option
            if origin.kind != "option" and option in message.replace(":", " ").split():
                return f"{message} (set by {origin.place})"
        return message
