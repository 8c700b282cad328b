"""What the checks of repositories and packages are about, in a few topics."""

from __future__ import annotations

from hardenme.reports.fixplan.step_kind import codes_of

OTHER = "Other"
"""The topic of a check that no topic names."""
TOPICS = {
    "Branches": codes_of("GHB101-117"),
    "Workflows": codes_of("GHW201-209 GHR118 GHR128"),
    "Actions": codes_of("GHW101-109 GHR119"),
    "Secrets": codes_of("GHR101-102 GHR108-111 GHR116-117 GHR120 GHR124 GHR126-127"),
    "People": codes_of("GHR112-114 GHR121 NPP109-111 NPA101-108 NPO101-105"),
    "Code": codes_of("GHR103-107 GHR122-123 GHR125 GHR129-130 NPP114-115"),
    "Publishing": codes_of("NPP101-106 NPP116 NPT101-112 PUB101-105"),
    "Releases": codes_of("GHR115 NPP107-108 NPP112-113 NPP117 REL101-111"),
}
"""The codes of each topic, in the order of a drawing's columns."""


def topic_of(code: str) -> str:
    """The topic of a check."""
    return next((topic for topic, codes in TOPICS.items() if code in codes), OTHER)
