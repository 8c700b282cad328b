"""The whole catalogue as data: `catalogue.json` of a release and of the site."""

from __future__ import annotations

import json
from typing import Any

from docs.making.families import FAMILIES
from docs.making.incidents import incidents
from docs.making.thresholds import by_profile, thresholds
from hardenme import __version__
from hardenme.engine.catalogue import catalogue
from hardenme.engine.standards import standards, supported
from hardenme.model.check import Check
from hardenme.model.profile import PROFILES
from hardenme.reports.printed import PRINTED
from hardenme.rights.described import described

SCHEMA_VERSION = "1.0"


def data() -> str:
    """The file: what `hardenme list --format json` prints of each check, and what belongs to it."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "hardenme": __version__,
        "profiles": {profile.name: profile.summary for profile in PROFILES.values()},
        "families": {letters: family.title for letters, family in FAMILIES.items()},
        "standards": {
            standard.name: {
                "title": standard.title,
                "version": standard.version,
                "page": standard.page,
            }
            for standard in standards()
        },
        "checks": [_row(check) for check in catalogue()],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _row(check: Check) -> dict[str, Any]:
    return {
        **PRINTED.write(described(check)),
        "page": f"checks/{check.code}.md",
        "thresholds": {one.name: by_profile(one) for one in thresholds(check)},
        "standards": [
            {
                "standard": standard.name,
                "control": control.key,
                "support": str(control.support),
            }
            for standard, control in supported(check.code)
        ],
        "incidents": [
            {
                "name": item.name,
                "date": item.when.isoformat(),
                "source": item.source,
                "told": "before" if check.code in item.before else "during",
            }
            for item in incidents()
            if check.code in (*item.before, *item.during)
        ],
    }
