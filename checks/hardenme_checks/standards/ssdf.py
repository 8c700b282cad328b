"""NIST's Secure Software Development Framework, SP 800-218.

Read as the list of its tasks that CycloneDX publishes in machine-readable form
(`nist-ssdf-1.1.cdx.json`), 42 of them.
"""

from __future__ import annotations

from datetime import date

from hardenme.model.standard import Standard
from hardenme_checks.standards.writing import absent, attested, partly

PROCESS = "It is a way of working, which shows in no setting."
DOCUMENTS = "hardenme does not read documentation."
CODE = "hardenme does not read the software's own code."

PREPARE = (
    absent("PO.1.1", "Requirements for how software is developed are known", DOCUMENTS),
    absent("PO.1.2", "Requirements for the software are known", DOCUMENTS),
    absent("PO.1.3", "Suppliers know the requirements", PROCESS),
    absent("PO.2.1", "Roles are defined", PROCESS),
    attested(
        "PO.2.2",
        "People are trained for their roles",
        "ATT105",
        "People say that they did a security drill; no other training is asked about.",
    ),
    absent("PO.2.3", "The management stands behind it", PROCESS),
    absent("PO.3.1", "It is decided which tools are used", PROCESS),
    partly(
        "PO.3.2",
        "Tools are set up and kept as is recommended",
        "GHW101 GHW102 GHW103 GHW201 GHW203 LOC107",
        "GitHub Actions and the npm client are looked at, no other tool.",
    ),
    partly(
        "PO.3.3",
        "Tools leave evidence of what they did",
        "GHR125 NPP107",
        "Provenance on npm and lists of components are looked at, no other evidence.",
    ),
    absent("PO.4.1", "Criteria for checks of security are defined", DOCUMENTS),
    absent("PO.4.2", "What the criteria need is gathered and kept safe", PROCESS),
    partly(
        "PO.5.1",
        "Environments are apart from each other, and protected",
        "GHO130 GHR117 GHR118 GHR128 GHW107",
        "Environments and runners of GitHub Actions are looked at, no other ones.",
    ),
    partly(
        "PO.5.2",
        "Developers' machines are hardened",
        "LOC101 LOC102 LOC104 LOC105 LOC106 LOC108 LOC109 LOC110 LOC112 LOC113 ATT107",
        "What npm, git, gh and SSH keep on this machine is looked at, not the rest of the system.",
    ),
)
PROTECT = (
    partly(
        "PS.1.1",
        "Only people who need access to the code have it",
        "GHB102 GHB108 GHB114 GHB117 GHO101 GHO106 GHO117 GHO123 GHR108 GHR112 GHR113",
        "What is on GitHub is looked at; copies elsewhere are not.",
    ),
    partly(
        "PS.2.1",
        "Who gets the software can verify it",
        "GHR115 NPP107 NPP113",
        "Packages on npm and releases on GitHub are looked at, no other channel.",
    ),
    partly(
        "PS.3.1",
        "What belongs to a release is kept, and kept safe",
        "GHB115 GHR115",
        "That a release and its tag do not change is checked, not that they are archived.",
    ),
    partly(
        "PS.3.2",
        "For each release it is known what went into it",
        "GHR125 NPP107",
        "The newest release is looked at, and the list of its components is not read.",
    ),
)
PRODUCE = (
    absent("PW.1.1", "Risks are modelled", PROCESS),
    absent("PW.1.2", "Requirements, risks and decisions are kept track of", PROCESS),
    absent("PW.1.3", "Standard features of security are used", CODE),
    absent("PW.2.1", "The design is reviewed", PROCESS),
    partly(
        "PW.4.1",
        "Components of others are good ones, and stay so",
        "ATT110 GHR103 GHR104 GHR123",
        "Known vulnerabilities and updates are checked, not how a component was chosen.",
    ),
    absent("PW.4.2", "Components of one's own are made the same way", PROCESS),
    partly(
        "PW.4.4",
        "Components of others are verified for as long as they are used",
        "GHR103 GHR104 GHR122 GHW201",
        "Known vulnerabilities and fixed versions are checked; no component is verified.",
    ),
    absent("PW.5.1", "Code is written in a secure way", CODE),
    absent("PW.6.1", "Compilers and build tools help with security", "No build is looked into."),
    absent("PW.6.2", "Their settings are chosen and used", "No build is looked into."),
    absent("PW.7.1", "It is decided how code is reviewed and analysed", PROCESS),
    partly(
        "PW.7.2",
        "Code is reviewed or analysed, and findings are recorded",
        "GHB103 GHB106 GHR107",
        "That it is required is seen, not how well it is done, nor what becomes of findings.",
    ),
    absent("PW.8.1", "It is decided how the software is tested", PROCESS),
    partly(
        "PW.8.2",
        "The software is tested, and findings are recorded",
        "GHB107",
        "That a check is required before a merge is seen, not what it tests.",
    ),
    absent("PW.9.1", "Secure defaults are defined", CODE),
    absent("PW.9.2", "Secure defaults are set and explained", CODE),
)
RESPOND = (
    partly(
        "RV.1.1",
        "Word of vulnerabilities is gathered and looked into",
        "GHR103 GHR105 GHR106",
        "It is checked that reports can arrive, not that someone reads them.",
    ),
    partly(
        "RV.1.2",
        "The code is searched for unknown vulnerabilities",
        "GHR107",
        "That the code is scanned is seen, not how well.",
    ),
    partly(
        "RV.1.3",
        "There is a policy for reports and repairs, and it is lived",
        "ATT106 GHR105 GHR106",
        "That there is a policy is seen, not what it says. Its rehearsal is asked for.",
    ),
    absent("RV.2.1", "Each vulnerability is judged by its risk", PROCESS),
    partly(
        "RV.2.2",
        "Vulnerabilities are answered",
        "GHR104 GHR126",
        "Critical alerts and secrets on GitHub are looked at, no other vulnerabilities.",
    ),
    absent("RV.3.1", "The cause of each is found", PROCESS),
    absent("RV.3.2", "Causes are looked through for patterns", PROCESS),
    absent("RV.3.3", "The same fault is looked for elsewhere", PROCESS),
    absent("RV.3.4", "The way of working is changed where it was the cause", PROCESS),
)

STANDARD = Standard(
    name="ssdf",
    title="Secure Software Development Framework (NIST SP 800-218)",
    version="1.1",
    page="https://csrc.nist.gov/pubs/sp/800/218/final",
    read=date(2026, 11, 25),
    controls=(*PREPARE, *PROTECT, *PRODUCE, *RESPOND),
)
