"""The CIS Software Supply Chain Security Guide: chapters 2 to 5, of builds and what follows."""

from __future__ import annotations

from hardenme_checks.standards.writing import absent, covered, partly

NPM = "The newest release of a package on npm is looked at, no other artifact."
RUNNERS = "What runs builds is not looked into."
UNSEEN = "No check looks at it."
DEPLOYED = "hardenme does not look at deployments."

BUILD = (
    absent("2.1.1", "A pipeline does one thing", UNSEEN),
    absent("2.1.2", "A pipeline's infrastructure does not change by itself", RUNNERS),
    absent("2.1.3", "What builds do is logged", RUNNERS),
    absent("2.1.4", "Build environments are made automatically", RUNNERS),
    absent("2.1.5", "Who gets at build environments is limited", RUNNERS),
    absent("2.1.6", "Who gets at build environments has signed in", RUNNERS),
    absent("2.2.1", "A build worker is used once", RUNNERS),
    absent("2.2.2", "Build workers are given what they need, and fetch nothing", RUNNERS),
    absent("2.2.3", "A build worker has one duty", RUNNERS),
    absent("2.2.4", "Build workers reach little of the network", RUNNERS),
    absent("2.2.5", "Build workers are watched while they run", RUNNERS),
    absent("2.2.6", "Build workers are scanned for vulnerabilities", RUNNERS),
    absent("2.2.7", "Their configuration is under version control", RUNNERS),
    absent("2.2.8", "What build workers use up is watched", RUNNERS),
    partly("2.3.1", "Builds are written down as code", "NPP107", NPM),
    absent("2.3.2", "Each step has defined inputs and outputs", UNSEEN),
    absent("2.3.3", "What is built is stored in a place of its own", UNSEEN),
    partly(
        "2.3.4",
        "Changes of pipelines are reviewed",
        "GHB106 GHR121",
        "Workflows of GitHub Actions on the default branch are looked at.",
    ),
    partly(
        "2.3.5",
        "Who may start builds is limited",
        "GHW105 GHW108 GHW202",
        "Outsiders are checked; others by policies that an owner's classic token shows.",
    ),
    absent(
        "2.3.6",
        "Pipelines are scanned for bad settings",
        "hardenme reads them itself (GHW201 and on), and does not look for another scanner.",
    ),
    absent("2.3.7", "Pipelines are scanned for vulnerabilities", UNSEEN),
    partly(
        "2.3.8",
        "Secrets in pipelines are found and kept out",
        "GHR101 GHR102",
        "A secret is found by its pattern, so a password that looks like a word is not.",
    ),
    partly("2.4.1", "Artifacts of releases are signed", "NPP107 NPP113", NPM),
    partly(
        "2.4.2",
        "What a build takes from outside is locked",
        "GHR122 GHW201",
        "Actions and packages for npm are looked at, not images and other tools.",
    ),
    absent("2.4.3", "Dependencies are validated before they are used", UNSEEN),
    absent("2.4.4", "Builds can be reproduced", UNSEEN),
    partly(
        "2.4.5",
        "A list of components is made",
        "GHR125",
        "The newest release is looked at by the names of its files; nothing is read.",
    ),
    absent("2.4.6", "The list of components is signed", UNSEEN),
)
DEPENDENCIES = (
    absent("3.1.1", "What comes from others is verified", UNSEEN),
    absent("3.1.2", "Suppliers give lists of components", UNSEEN),
    absent("3.1.3", "Signed statements on builds are demanded and verified", UNSEEN),
    absent("3.1.4", "Dependencies of dependencies are watched", UNSEEN),
    absent("3.1.5", "Trusted registries come first", UNSEEN),
    absent("3.1.6", "Dependencies come with a signed list of components", UNSEEN),
    partly(
        "3.1.7",
        "Dependencies are pinned",
        "GHR122",
        "Packages for npm at the root of the repository are looked at.",
    ),
    partly(
        "3.1.8",
        "Packages are older than 60 days",
        "GHR123 LOC108 REL103",
        "Some days of waiting are asked for, not 60.",
    ),
    absent("3.2.1", "A policy says which dependencies may be used", UNSEEN),
    covered("3.2.2", "Packages are scanned for known vulnerabilities", "GHR103"),
    absent("3.2.3", "Packages are scanned for their licences", UNSEEN),
    partly(
        "3.2.4",
        "Packages are scanned for new owners",
        "REL109",
        "Packages that are named to hardenme are looked at, not all that are used.",
    ),
)
ARTIFACTS = (
    partly("4.1.1", "The pipeline signs what it builds", "NPP107", NPM),
    absent("4.1.2", "Artifacts are encrypted before they are distributed", UNSEEN),
    absent("4.1.3", "Trusted platforms alone can decrypt them", UNSEEN),
    absent("4.2.1", "Who may certify which artifact is limited", UNSEEN),
    partly(
        "4.2.2",
        "Few people can upload artifacts",
        "NPO103 NPO105 NPP109",
        "Packages on npm are looked at, no other registry.",
    ),
    partly(
        "4.2.3",
        "The registry requires 2FA",
        "NPA101 NPA102 NPO101 NPP106",
        "npm is looked at; NPO101 and NPP106 rest on what a person answers.",
    ),
    absent("4.2.4", "Users of the registry are managed elsewhere", UNSEEN),
    absent("4.2.5", "Artifacts require sign-in", "What is public is meant to be."),
    absent("4.3.1", "Signatures are validated at the upload", UNSEEN),
    partly("4.3.2", "Signatures of all versions are validated", "NPP113", NPM),
    absent("4.3.3", "Changes of the registry's settings are recorded", UNSEEN),
    absent("4.3.4", "Webhooks of the registry are encrypted", UNSEEN),
    partly("4.4.1", "An artifact shows where it comes from", "NPP107", NPM),
    absent("4.4.2", "Private artifacts do not come from public registries", UNSEEN),
)
DEPLOYMENT = (
    absent("5.1.1", "Deployments are configured apart from the source", DEPLOYED),
    absent("5.1.2", "Changes of that configuration are kept track of", DEPLOYED),
    absent("5.1.3", "Secrets in it are found", DEPLOYED),
    absent("5.1.4", "Who gets at it is limited", DEPLOYED),
    absent("5.1.5", "Infrastructure as code is scanned", DEPLOYED),
    absent("5.1.6", "Manifests are verified", DEPLOYED),
    absent("5.1.7", "Manifests are pinned", DEPLOYED),
    absent("5.2.1", "Deployments are automated", DEPLOYED),
    absent("5.2.2", "The environment can be reproduced", DEPLOYED),
    absent("5.2.3", "Who gets at production is limited", DEPLOYED),
    absent("5.2.4", "No default passwords are used", DEPLOYED),
)
