"""Reads the settings of Dependabot and Renovate: how long they wait before a new version is used.

Sources: GitHub's "Dependabot options reference" (`cooldown`), zizmor's audit `dependabot-cooldown`
(the default of three days), and Renovate's "Minimum Release Age" with its own presets.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from hardenme.ground.errors import ContentError
from hardenme.workflows.yaml import line_of, load

DEPENDABOT = (".github/dependabot.yml", ".github/dependabot.yaml")
RENOVATE = (
    "renovate.json",
    "renovate.json5",
    ".github/renovate.json",
    ".github/renovate.json5",
    ".renovaterc",
    ".renovaterc.json",
    ".renovaterc.json5",
)
"""In the order in which Renovate looks: the first that is there counts."""
COOLED = frozenset({"config:best-practices", "security:minimumReleaseAgeNpm", "npm:unpublishSafe"})
"""Renovate's own presets that make it wait for packages of npm."""
USUAL = 3
"""Days that Dependabot waits where nothing is set, and Renovate with one of these presets."""
OWN = re.compile(
    r"(abandonments|compatibility|config|customManagers|default|docker|global|group|helpers"
    r"|mergeConfidence|monorepo|npm|packages|preview|regexManagers|replacements|schedule|security"
    r"|workarounds)?:[\w-]+(\(.*\))?"
)
"""Renovate's own presets; one in another place has another form, such as `github>o/r`."""
DURATION = re.compile(r"\s*(\d{1,6}(?:\.\d{1,6})?)\s*([a-z]*)\s*", re.IGNORECASE)
"""One number with its unit, like `3 days` or `36h`; Renovate reads it with the library `ms`."""
UNITS = {
    1.0: ("d", "day", "days"),
    7.0: ("w", "week", "weeks"),
    30.0: ("month", "months"),
    365.25: ("y", "yr", "yrs", "year", "years"),
    1 / 24: ("h", "hr", "hrs", "hour", "hours"),
}
"""What units are called, by their days; shorter ones come to no day."""
AGE = re.compile(r'"(?:minimumReleaseAge|stabilityDays)"\s*:')
"""A key by which Renovate waits."""
LEVELS = ("semver-major-days", "semver-minor-days", "semver-patch-days")


@dataclass(frozen=True, slots=True)
class UpdateCooldown:
    """How long a tool waits before it uses a new version.

    Attributes:
        days: at least.
        line: the one of its file that sets it, counted from 1; 0 where none does.
    """

    days: int
    line: int = 0


def dependabot_wait(text: str) -> UpdateCooldown | None:
    """How long each kind of package waits at least; None if nothing is updated by it.

    Raises:
        ContentError: the file is not what Dependabot documents.
    """
    data = load(text)
    updates = data.get("updates") if isinstance(data, dict) else None
    if not isinstance(updates, list) or not all(isinstance(item, dict) for item in updates):
        raise ContentError("it has no list of updates")
    # With a limit of none, Dependabot offers security updates alone, and these never wait.
    busy = [item for item in updates if item.get("open-pull-requests-limit") != "0"]
    waits = (UpdateCooldown(_cooldown(item), line_of(item, "cooldown")) for item in busy)
    shortest = min(waits, key=attrgetter("days"), default=UpdateCooldown(USUAL))
    return shortest if updates else None


def _cooldown(update: dict[str, Any]) -> int:
    """Days that an entry waits for any package; what is not understood counts as none."""
    if "cooldown" not in update:
        return USUAL
    cooldown = update["cooldown"]
    if not isinstance(cooldown, dict) or "*" not in (cooldown.get("include") or ["*"]):
        return 0
    if "*" in (cooldown.get("exclude") or []):
        return 0
    default = _days(cooldown.get("default-days"))
    return min(_days(cooldown[level]) if level in cooldown else default for level in LEVELS)


def _days(value: Any) -> int:
    number = isinstance(value, str) and re.fullmatch(r"[0-9]{1,6}", value)
    return int(value) if number else 0


def renovate_wait(text: str) -> UpdateCooldown | None:
    """The longest minimum release age that is set; None where Renovate is switched off.

    Raises:
        ContentError: the file is not JSON, or depends on settings in another place.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ContentError("it is not plain JSON") from error
    if not isinstance(data, dict):
        raise ContentError("it is not a JSON object")
    if data.get("enabled") is False:
        return None
    rules = [rule for rule in _list(data.get("packageRules")) if isinstance(rule, dict)]
    parts = [data, *rules, *(value for value in data.values() if isinstance(value, dict))]
    presets = [preset for part in parts for preset in _list(part.get("extends"))]
    if any(_hastens(rule) for rule in rules):
        raise ContentError("it turns off the cooldown for packages that it does not name")
    cooled = USUAL if any(preset in COOLED for preset in presets) else 0
    waits = max([cooled, *map(_aged, parts)])
    if not waits and not all(isinstance(one, str) and OWN.fullmatch(one) for one in presets):
        raise ContentError("it depends on settings in another place")
    return UpdateCooldown(waits, _line_of_age(text))


def _line_of_age(text: str) -> int:
    """The line that sets an age; 0 where none does."""
    found = AGE.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def _hastens(rule: dict[str, Any]) -> bool:
    """Whether a rule lets packages through at once that it does not name one by one."""
    if "minimumReleaseAge" not in rule or _aged(rule):
        return False
    names = _list(rule.get("matchPackageNames"))
    return not names or any(not isinstance(name, str) or name[:1] in "*/!" for name in names)


def _aged(part: dict[str, Any]) -> int:
    """Whole days that a part of the settings lets pass."""
    days, age = part.get("stabilityDays"), part.get("minimumReleaseAge")
    duration = DURATION.fullmatch(age) if isinstance(age, str) else None
    unit = duration[2].lower() if duration else ""
    size = next((days for days, called in UNITS.items() if unit in called), 0.0)
    lasts = int(float(duration[1]) * size) if duration else 0
    return max(lasts, days if isinstance(days, int) else 0)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
