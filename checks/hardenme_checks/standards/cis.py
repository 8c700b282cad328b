"""The CIS Software Supply Chain Security Guide: source code (chapter 1), with the other chapters.

CIS gives its text to those who register. So this uses the numbers and descriptions of two open
tools: chain-bench (github.com/aquasecurity/chain-bench, `internal/checks`) and Steampipe's
compliance mod for GitHub (github.com/turbot/steampipe-mod-github-compliance,
`cis_supply_chain_v100`). Where they disagree, as on 1.1.12, chain-bench is followed, whose makers
wrote the guide with CIS.
"""

from __future__ import annotations

from datetime import date

from hardenme.model.standard import Standard
from hardenme_checks.standards.cis_build import ARTIFACTS, BUILD, DEPENDENCIES, DEPLOYMENT
from hardenme_checks.standards.writing import absent, attested, covered, partly

DEFAULT = "The default branch alone is looked at."
UNSEEN = "No check looks at it."
WAYS = "It is a way of working, which shows in no setting."

CHANGES = (
    absent("1.1.1", "Code is under version control", "That it is on GitHub is taken as given."),
    absent("1.1.2", "A change can be traced to its task", WAYS),
    partly(
        "1.1.3",
        "Two people with 2FA approve a change",
        "GHB103 GHO101",
        "Only the strict profile requires two, and the solo profile requires none.",
    ),
    covered("1.1.4", "What is pushed later is approved again", "GHB104"),
    absent("1.1.5", "Who may dismiss reviews is limited", UNSEEN),
    partly(
        "1.1.6",
        "Sensitive code has owners",
        "GHR121",
        "Owners of workflows are looked for; what else is sensitive only you know.",
    ),
    covered("1.1.7", "Code owners approve changes of what they own", "GHB106"),
    absent("1.1.8", "Branches that rest are removed", UNSEEN),
    partly(
        "1.1.9",
        "Checks pass before a merge",
        "GHB107",
        "That at least one check is required is seen, not that each one is.",
    ),
    absent("1.1.10", "A branch is up to date before it is merged", UNSEEN),
    covered("1.1.11", "Comments are resolved before a merge", "GHB112"),
    covered("1.1.12", "Commits are signed", "GHB111"),
    covered("1.1.13", "History is linear", "GHB113"),
    covered("1.1.14", "The rules bind administrators", "GHB110"),
    covered("1.1.15", "Who may push is limited", "GHB114"),
    partly("1.1.16", "History cannot be rewritten", "GHB108", DEFAULT),
    partly("1.1.17", "Branches cannot be deleted", "GHB109", DEFAULT),
    partly(
        "1.1.18",
        "What is merged is scanned for risks",
        "GHR107",
        "That the code is scanned is seen, not that each merge is.",
    ),
    absent("1.1.19", "Changes of the rules for branches are recorded", UNSEEN),
)
REPOSITORIES = (
    covered("1.2.1", "Public repositories have a security policy", "GHR106"),
    partly(
        "1.2.2",
        "Who may make repositories is limited",
        "GHO107",
        "Public repositories alone are looked at.",
    ),
    covered("1.2.3", "Who may delete repositories is limited", "GHO108"),
    covered("1.2.4", "Who may delete issues is limited", "GHO112"),
    absent(
        "1.2.5", "Forks are kept track of", "GHO111 looks at whether there can be private ones."
    ),
    absent(
        "1.2.6",
        "Changes of visibility are kept track of",
        "GHO109 looks at who can change it.",
    ),
    partly(
        "1.2.7",
        "Repositories that rest are archived",
        "GHR120",
        "A repository may be inactive if it has no keys and no secrets.",
    ),
)
ACCESS = (
    partly(
        "1.3.1",
        "Users who rest are removed",
        "GHA111 GHO122",
        "It goes by what GitHub shows: who only reads leaves no sign.",
    ),
    absent("1.3.2", "Who may make teams is limited", UNSEEN),
    covered("1.3.3", "There are as few owners as can be", "GHO105"),
    partly(
        "1.3.4",
        "Outside contributors have 2FA",
        "GHO101 GHO104",
        "Outside collaborators are looked at, not those who contribute from a fork.",
    ),
    covered("1.3.5", "Members have 2FA", "GHO101"),
    absent("1.3.6", "Members are invited by their address at the company", UNSEEN),
    covered("1.3.7", "A repository has two administrators", "GHR112"),
    covered("1.3.8", "Being a member gives no right on repositories", "GHO106"),
    covered("1.3.9", "The organization's domain is verified", "GHO113"),
    absent("1.3.10", "Mail goes to verified domains alone", UNSEEN),
    absent("1.3.11", "The organization gives SSH certificates", UNSEEN),
    absent("1.3.12", "Access is limited to known addresses", UNSEEN),
    absent("1.3.13", "Strange changes of code are kept track of", UNSEEN),
)
APPS = (
    attested(
        "1.4.1",
        "An administrator approves each app",
        "GHO131",
        "It is asked of OAuth apps; of GitHub Apps nothing is asked.",
    ),
    partly(
        "1.4.2",
        "Apps that rest are removed",
        "GHO118",
        "Suspended apps are seen, not unused ones.",
    ),
    partly(
        "1.4.3",
        "Apps have the rights that they need, and no others",
        "GHO117",
        "The most dangerous rights are looked at, not whether an app uses them.",
    ),
)
RISKS = (
    partly(
        "1.5.1",
        "Secrets in code are found and kept out",
        "GHR101 GHR102",
        "A secret is found by its pattern, so a password that looks like a word is not.",
    ),
    absent(
        "1.5.2",
        "Workflows are scanned",
        "hardenme reads them itself (GHW201 and on), and does not look for another scanner.",
    ),
    absent("1.5.3", "Infrastructure as code is scanned", UNSEEN),
    partly(
        "1.5.4",
        "Code is scanned for vulnerabilities",
        "GHR107",
        "That it is scanned is seen, not how well.",
    ),
    covered("1.5.5", "Known vulnerabilities in packages are found", "GHR103"),
    absent("1.5.6", "Licences of packages are looked at", UNSEEN),
)

STANDARD = Standard(
    name="cis",
    title="CIS Software Supply Chain Security Guide",
    version="1.0, by the numbers that open tools show",
    page="https://www.cisecurity.org/benchmark/software_supply_chain",
    read=date(2026, 11, 25),
    controls=(
        *(*CHANGES, *REPOSITORIES, *ACCESS, *APPS, *RISKS),
        *(*BUILD, *DEPENDENCIES, *ARTIFACTS, *DEPLOYMENT),
    ),
)
