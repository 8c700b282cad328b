"""SLSA, its build track and its source track.

A requirement is named by the track, the lowest level that asks for it, and its anchor on the pages
`build-requirements` and `source-requirements`. The former was read in
github.com/slsa-framework/slsa (`spec/build-requirements.md`), the latter in `docs/spec/draft`
there, which names the same requirements as version 1.2.
"""

from __future__ import annotations

from datetime import date

from hardenme.model.standard import Standard
from hardenme_checks.standards.writing import absent, partly

NPM = "The newest release of a package on npm is looked at, no other artifact."
PLATFORM = "It is for the platform to do; no check looks into it."

BUILD = (
    partly(
        "build-l1/choose-an-appropriate-build-platform",
        "The producer builds where the level can be reached",
        "NPP107",
        NPM,
    ),
    partly(
        "build-l1/follow-a-consistent-build-process",
        "A release is built in the same way as those before it",
        "NPP101 PUB101 REL101",
        "That releases come by the same path is checked, not what the build does on it.",
    ),
    partly(
        "build-l1/distribute-provenance", "Who gets the artifact gets provenance", "NPP107", NPM
    ),
    partly("build-l1/provenance-exists", "Provenance shows how it was produced", "NPP107", NPM),
    partly(
        "build-l2/provenance-authentic",
        "Provenance is signed by the build platform, and the signature holds",
        "NPP107",
        NPM,
    ),
    partly(
        "build-l2/hosted",
        "It was built on a hosted platform, not on a personal computer",
        "NPP107",
        "Whether a runner of one's own took part is not read from the provenance.",
    ),
    absent(
        "build-l3/provenance-unforgeable",
        "What runs in the build cannot forge the provenance",
        PLATFORM,
    ),
    partly(
        "build-l3/isolated",
        "No other build has an influence on this one",
        "GHW205 GHW206",
        "Caches and actions of the release workflow are looked at; the rest is the platform's.",
    ),
)
SOURCE = (
    absent(
        "source-l1/choose-scs",
        "The source is kept where the level can be reached",
        "That it is on GitHub is taken as given.",
    ),
    absent("source-l1/repository-ids", "A repository has one name of its own", PLATFORM),
    absent("source-l1/revision-ids", "A revision does not change, and has one name", PLATFORM),
    absent("source-l1/human-readable-diff", "Changes can be read by people", PLATFORM),
    absent("source-l1/source-summary", "A statement gives the level of a revision", PLATFORM),
    partly(
        "source-l2/access-and-history",
        "Who may do what is limited, and history and tags stay",
        "GHB108 GHB109 GHB114 GHB115 GHO106 GHR112 GHR113",
        "The default branch and release tags are looked at, no other ones.",
    ),
    absent(
        "source-l2/safe-expunging-process",
        "There is a process for what has to be removed for good",
        "hardenme does not read documentation.",
    ),
    partly(
        "source-l2/history",
        "Each move of a branch is recorded, and it only goes forward",
        "GHB108",
        "The default branch is looked at; the record is GitHub's.",
    ),
    partly(
        "source-l2/continuity",
        "The rules held all the time",
        "GHB116",
        "GitHub shows one month, and only rulesets. When a rule was changed is not visible.",
    ),
    absent("source-l2/identity-management", "Actors are known, with their roles", PLATFORM),
    absent("source-l2/source-provenance", "A statement says how a revision was made", PLATFORM),
    partly(
        "source-l3/technical-controls",
        "What is claimed is enforced all the time, with evidence",
        "GHB110 GHB116",
        "That the rules bind everyone is checked; nothing is published as evidence.",
    ),
    partly(
        "source-l3/protected-refs",
        "Branches and tags that matter are under rules",
        "GHB101 GHB115 GHO127",
        "The default branch and release tags are looked at; GitHub makes no statement of it.",
    ),
    partly(
        "source-l4/two-party-review",
        "Two trusted people agree to each change",
        "GHB103 GHB104 GHB105 GHB110",
        "An app that may approve counts as a person, and the solo profile requires none.",
    ),
)

STANDARD = Standard(
    name="slsa",
    title="Supply-chain Levels for Software Artifacts",
    version="1.2",
    page="https://slsa.dev/spec/v1.2/",
    read=date(2026, 11, 25),
    controls=(*BUILD, *SOURCE),
)
