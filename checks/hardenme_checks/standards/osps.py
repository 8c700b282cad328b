"""The Open Source Project Security Baseline of the OpenSSF.

Read as `docs/versions/2026-08-28-checklist.md` of github.com/ossf/security-baseline.
"""

from __future__ import annotations

from datetime import date

from hardenme.model.standard import Standard
from hardenme_checks.standards.writing import absent, attested, covered, partly

ACTIONS = "GitHub Actions alone is looked at."
DOCUMENTS = "hardenme does not read documentation."
LICENCE = "hardenme does not look at licences."
POLICY = "That there is a policy is seen, not what it says."
PROCESS = "It is a way of working, which shows in no setting."

LEVEL_1 = (
    partly(
        "OSPS-AC-01.01",
        "Sensitive parts of the repository require 2FA",
        "ATT101 GHA101 GHO101 GHO102 GHO104",
        "Sign-in to GitHub is checked. Tokens, keys and apps need no 2FA.",
    ),
    partly(
        "OSPS-AC-02.01",
        "A new collaborator starts with the least rights, or with those that someone chose",
        "GHO106",
        "A collaborator on a repository of a personal account can write from the start.",
    ),
    partly(
        "OSPS-AC-03.01",
        "No one commits directly to the primary branch",
        "GHB102 GHB110",
        "Apps, teams and deploy keys that may pass by the rules are not looked at.",
    ),
    covered("OSPS-AC-03.02", "The primary branch is not deleted by accident", "GHB109"),
    partly(
        "OSPS-BR-01.01",
        "Pipelines treat text from outsiders as text",
        "GHW204",
        "What a workflow's own text does is seen, not what scripts and actions do with it.",
    ),
    partly(
        "OSPS-BR-01.03",
        "Pipelines give outside code neither secrets nor rights",
        "GHW106 GHW107 GHW202",
        ACTIONS,
    ),
    absent("OSPS-BR-03.01", "The project's addresses are encrypted", "No address is opened."),
    partly(
        "OSPS-BR-03.02",
        "What is distributed cannot be replaced on its way",
        "NPP113",
        "The newest release of a package on npm is looked at, no other channel.",
    ),
    partly(
        "OSPS-BR-07.01",
        "Secrets do not get into version control",
        "GHO124 GHR101 GHR102 GHR124 GHR126",
        "A secret is found by its pattern, so a password that looks like a word is not.",
    ),
    absent("OSPS-DO-01.01", "There are user guides", DOCUMENTS),
    absent("OSPS-DO-02.01", "There is a guide for reporting defects", DOCUMENTS),
    absent("OSPS-GV-02.01", "Changes can be talked about in public", PROCESS),
    absent("OSPS-GV-03.01", "It is explained how to contribute", DOCUMENTS),
    absent("OSPS-LE-02.01", "The source has a free licence", LICENCE),
    absent("OSPS-LE-02.02", "What is released has a free licence", LICENCE),
    absent("OSPS-LE-03.01", "The licence stands in the repository", LICENCE),
    absent("OSPS-LE-03.02", "The licence comes with what is released", LICENCE),
    absent(
        "OSPS-QA-01.01",
        "The source can be read by everyone at one address",
        "No check judges whether a repository is public.",
    ),
    partly(
        "OSPS-QA-01.02",
        "The record of all changes can be read by everyone",
        "GHB108",
        "That the record is not rewritten is checked, not that everyone can read it.",
    ),
    partly(
        "OSPS-QA-02.01",
        "The direct dependencies are listed",
        "GHR122",
        "Packages for npm at the root of the repository are looked at, no other language.",
    ),
    absent("OSPS-QA-04.01", "The repositories of the project are listed", DOCUMENTS),
    absent("OSPS-QA-05.01", "No generated program is in version control", "No content is read."),
    absent("OSPS-QA-05.02", "There are no binaries that cannot be reviewed", "No content is read."),
    partly("OSPS-VM-02.01", "Security contacts are published", "GHR106", POLICY),
)
LEVEL_2 = (
    partly("OSPS-AC-04.01", "A task starts with the least rights", "GHW103 GHW203", ACTIONS),
    partly(
        "OSPS-BR-02.01",
        "Each release has a version that names nothing else",
        "GHB115 GHR115 REL105",
        "That a version keeps its meaning is checked, not that each release has one.",
    ),
    absent("OSPS-BR-04.01", "A release says what changed", DOCUMENTS),
    absent("OSPS-BR-05.01", "Dependencies come by common tools", "No build is looked into."),
    partly(
        "OSPS-BR-06.01",
        "A release is signed, or its hashes are",
        "NPP107 NPP113",
        "The newest release of a package on npm is looked at; files elsewhere are not.",
    ),
    absent("OSPS-DO-06.01", "The choice of dependencies is documented", DOCUMENTS),
    absent("OSPS-DO-07.01", "The build is documented", DOCUMENTS),
    attested(
        "OSPS-GV-01.01",
        "Who has sensitive access is listed",
        "ATT108",
        "An owner says that the list was reviewed; whether it is published is not read.",
    ),
    absent("OSPS-GV-01.02", "Roles and duties are described", DOCUMENTS),
    absent("OSPS-GV-03.02", "The rules for contributions are documented", DOCUMENTS),
    absent("OSPS-LE-01.01", "Contributors say that they may contribute", PROCESS),
    partly(
        "OSPS-QA-03.01",
        "Automated checks pass before a change is merged",
        "GHB107",
        "That at least one check is required is seen, not that each one is.",
    ),
    partly(
        "OSPS-QA-06.01",
        "Tests run before a change is accepted",
        "GHB107",
        "That a check is required is seen, not what it tests.",
    ),
    absent("OSPS-SA-01.01", "The design is described", DOCUMENTS),
    absent("OSPS-SA-02.01", "The interfaces are described", DOCUMENTS),
    absent("OSPS-SA-03.01", "Likely problems of security are assessed", PROCESS),
    partly(
        "OSPS-VM-01.01", "The handling of reports, and its times, are documented", "GHR106", POLICY
    ),
    partly(
        "OSPS-VM-03.01",
        "A vulnerability can be reported in private",
        "GHR105",
        "GitHub's own way on public repositories is looked at, not what the documentation offers.",
    ),
    absent("OSPS-VM-04.01", "Vulnerabilities that were found are published", PROCESS),
)
LEVEL_3 = (
    partly(
        "OSPS-AC-04.02",
        "A job has the rights that it needs, and no others",
        "GHW203",
        "Rights that are given at the wrong place are seen, not rights that a job does not use.",
    ),
    absent(
        "OSPS-BR-01.04",
        "Pipelines check what collaborators enter, too",
        "GHW204 looks only at text from outsiders.",
    ),
    absent("OSPS-BR-02.02", "Each file of a release names its version", "No file is read."),
    absent(
        "OSPS-BR-07.02",
        "There is a policy for secrets",
        "Documentation is not read; GHR127 and GHO129 look at how old secrets are.",
    ),
    absent("OSPS-DO-03.01", "The verification of a release is documented", DOCUMENTS),
    absent("OSPS-DO-03.02", "Who makes releases, and how to verify that, is documented", DOCUMENTS),
    absent("OSPS-DO-04.01", "The support time of a release is documented", DOCUMENTS),
    absent("OSPS-DO-05.01", "The end of support is announced", DOCUMENTS),
    absent("OSPS-GV-04.01", "Collaborators are reviewed before they get more rights", DOCUMENTS),
    partly(
        "OSPS-QA-02.02",
        "Compiled releases come with a list of their components",
        "GHR125",
        "The newest release is looked at by the names of its files; nothing is read.",
    ),
    absent("OSPS-QA-04.02", "Subprojects are held to the same rules", PROCESS),
    absent("OSPS-QA-06.02", "When and how tests run is documented", DOCUMENTS),
    absent("OSPS-QA-06.03", "Larger changes come with tests", DOCUMENTS),
    partly(
        "OSPS-QA-07.01",
        "Another person approves a change before it is merged",
        "GHB103 GHB104 GHB105 GHB110",
        "An app that may approve counts as a person, and the solo profile requires none.",
    ),
    absent("OSPS-SA-03.02", "Threats are modelled", PROCESS),
    absent("OSPS-VM-04.02", "Known vulnerabilities that do not apply are documented", PROCESS),
    absent("OSPS-VM-05.01", "Which findings in dependencies get fixed is documented", DOCUMENTS),
    absent("OSPS-VM-05.02", "Findings in dependencies are fixed before a release", DOCUMENTS),
    absent(
        "OSPS-VM-05.03",
        "A change that brings a bad dependency is blocked",
        "GHR103 sees that known vulnerabilities are reported, not whether they block a change.",
    ),
    absent("OSPS-VM-06.01", "Which findings in the code get fixed is documented", DOCUMENTS),
    partly(
        "OSPS-VM-06.02",
        "A change that brings a weakness is blocked",
        "GHR107",
        "That the code is scanned is seen, not that a finding blocks a change.",
    ),
)

STANDARD = Standard(
    name="osps",
    title="Open Source Project Security Baseline",
    version="2026.08.28",
    page="https://baseline.openssf.org/",
    read=date(2026, 11, 25),
    controls=(*LEVEL_1, *LEVEL_2, *LEVEL_3),
)
