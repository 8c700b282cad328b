"""Reads the settings of Dependabot and Renovate: whether they wait before a new version is used.

Sources: GitHub's "Dependabot options reference" (`cooldown`), and Renovate's "Minimum Release Age"
with its own presets.
"""

from __future__ import annotations

import json
import re
from typing import Any

from hardenme.collectors.workflows.yaml import UnreadableError, load

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
OWN = re.compile(
    r"(abandonments|compatibility|config|customManagers|default|docker|global|group|helpers"
    r"|mergeConfidence|monorepo|npm|packages|preview|regexManagers|replacements|schedule|security"
    r"|workarounds)?:[\w-]+(\(.*\))?"
)
"""Renovate's own presets; one that lies elsewhere has another form, such as `github>o/r`."""
SOME = re.compile(r"\s*0*[1-9]")
"""A duration like `3 days` that is not nothing."""
LEVELS = ("semver-major-days", "semver-minor-days", "semver-patch-days")


class NotUnderstoodError(Exception):
    """A settings file that is not understood, with what is wrong with it."""


def dependabot_waits(text: str) -> bool | None:
    """Whether each kind of package has a cooldown; None where nothing is updated by it.

    Raises:
        NotUnderstoodError: the file is not what Dependabot documents.
    """
    try:
        data = load(text)
    except UnreadableError as error:
        raise NotUnderstoodError(str(error)) from error
    updates = data.get("updates") if isinstance(data, dict) else None
    if not isinstance(updates, list) or not all(isinstance(item, dict) for item in updates):
        raise NotUnderstoodError("it has no list of updates")
    # With a limit of none, Dependabot offers security updates alone, and these never wait.
    busy = [item for item in updates if item.get("open-pull-requests-limit") != "0"]
    return all(_cools(item.get("cooldown")) for item in busy) if updates else None


def _cools(cooldown: Any) -> bool:
    if not isinstance(cooldown, dict) or "*" not in (cooldown.get("include") or ["*"]):
        return False
    if "*" in (cooldown.get("exclude") or []):
        return False
    return _days(cooldown.get("default-days")) > 0 or all(
        _days(cooldown.get(level)) > 0 for level in LEVELS
    )


def _days(value: Any) -> int:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else 0


def renovate_waits(text: str) -> bool | None:
    """Whether a minimum release age is set; None where Renovate is switched off.

    Raises:
        NotUnderstoodError: the file is no JSON, or rests on settings that lie elsewhere.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotUnderstoodError("it is no plain JSON") from error
    if not isinstance(data, dict):
        raise NotUnderstoodError("it is no JSON object")
    if data.get("enabled") is False:
        return None
    rules = [rule for rule in _list(data.get("packageRules")) if isinstance(rule, dict)]
    parts = [data, *rules, *(value for value in data.values() if isinstance(value, dict))]
    presets = [preset for part in parts for preset in _list(part.get("extends"))]
    if any(_hastens(rule) for rule in rules):
        raise NotUnderstoodError("it takes the waiting back for packages that are not named")
    if any(_aged(part) for part in parts) or any(preset in COOLED for preset in presets):
        return True
    if not all(isinstance(preset, str) and OWN.fullmatch(preset) for preset in presets):
        raise NotUnderstoodError("it rests on settings that lie elsewhere")
    return False


def _hastens(rule: dict[str, Any]) -> bool:
    """Whether a rule lets packages through at once that it does not name one by one."""
    if "minimumReleaseAge" not in rule or _aged(rule):
        return False
    names = _list(rule.get("matchPackageNames"))
    return not names or any(not isinstance(name, str) or name[:1] in "*/!" for name in names)


def _aged(part: dict[str, Any]) -> bool:
    """Whether a part of the settings lets some time pass."""
    age, days = part.get("minimumReleaseAge"), part.get("stabilityDays")
    return (isinstance(age, str) and SOME.match(age) is not None) or (
        isinstance(days, int) and days > 0
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
