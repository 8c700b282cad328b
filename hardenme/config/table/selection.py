"""Options that say what is looked at, and how far a run goes."""

from __future__ import annotations

from hardenme.config.kinds import Kind
from hardenme.config.option import Option, maybe_number, number, switch, text, texts
from hardenme.config.table.headings import (
    FOLDER,
    REPORTS,
    RUN,
    SWEEP,
    TARGETS,
    USER,
    WHAT,
)
from hardenme.config.trust import Guard
from hardenme.model.depth import Depth
from hardenme.model.profile import PROFILES

SELECT = texts(
    "select",
    "Only these checks: codes, slugs or families, comma-separated.",
    metavar="CHECKS",
    heading=WHAT,
    least=FOLDER,
    in_files="Only these checks: codes, slugs or families.",
    offers="checks",
)
IGNORE = texts(
    "ignore",
    "Not these checks; as --select.",
    metavar="CHECKS",
    heading=WHAT,
    least=USER,
    in_files="Not these checks: codes, slugs or families.",
    offers="checks",
)
PROFILE = text(
    "profile",
    "solo, team, org or strict; chosen from what the run sees if left out.",
    metavar="NAME",
    heading=WHAT,
    least=FOLDER,
    in_files="The thresholds; chosen from what is seen where nothing says.",
    words=tuple(PROFILES),
    offers="profiles",
)
SEVERITIES: Option[None] = Option(
    "severities", Kind.SEVERITIES, "What a failure of a check weighs.", least=FOLDER
)
THRESHOLDS: Option[None] = Option(
    "thresholds", Kind.THRESHOLDS, "Other thresholds than the profile's.", least=FOLDER
)
OWNER_THRESHOLDS: Option[None] = Option(
    "owner-thresholds",
    Kind.OWNERS,
    "Thresholds for the owners that a pattern fits: logins on GitHub, scopes on npm.",
    least=USER,
)
WAIVERS: Option[None] = Option(
    "waivers", Kind.WAIVERS, "Findings that are accepted; a folder proposes.", least=FOLDER
)
TRUSTED_FOLDERS: Option[None] = Option(
    "trusted-folders",
    Kind.FOLDERS,
    "Folders whose waivers and milder values count.",
    least=USER,
)
TARGET = texts(
    "targets",
    "me (the default: your accounts and this machine), github:NAME, github:OWNER/REPO, npm:@SCOPE,"
    " npm:PACKAGE, local",
    spelled="[TARGET]...",
    heading=TARGETS,
    least=USER,
    in_files="What is looked at.",
    commands=REPORTS | {"trend"},
    offers="targets",
)
FOR = texts(
    "for",
    "What is looked at, as check takes it: me, github:ORG, github:OWNER/REPO, npm:@SCOPE,"
    " npm:PACKAGE, local. May be repeated; me if left out.",
    metavar="TARGET",
    heading=WHAT,
    offers="targets",
)
FOR_COMMAND = text(
    "command",
    "What that command reads, in place of what checks need: recent, person, exposed.",
    metavar="COMMAND",
    heading=WHAT,
)
INCLUDE = texts(
    "include-repositories",
    "Only these of an owner's repositories.",
    spelled="--include",
    metavar="GLOB",
    heading=WHAT,
    least=USER,
)
EXCLUDE = texts(
    "exclude-repositories",
    "All of an owner's repositories except these.",
    spelled="--exclude",
    metavar="GLOB",
    heading=WHAT,
    least=USER,
)
ALL_ORGANIZATIONS = switch(
    "all-organizations",
    (
        "Every organization of the token's account (classic token, or --use-gh), or with --app-id"
        " every one on which the app is installed. Targets are added to them."
    ),
    heading=SWEEP,
    least=RUN,
)
ENTERPRISE = texts(
    "enterprise",
    (
        "Every organization of an enterprise, by a classic token of its owner (read:enterprise)."
        " With --app-id the app reads those on which it is installed. May be repeated."
    ),
    metavar="NAME",
    heading=SWEEP,
    least=RUN,
)
INCLUDE_ORGANIZATION = texts(
    "include-organization",
    "With --all-organizations or --enterprise: only these.",
    metavar="GLOB",
    heading=SWEEP,
    least=RUN,
)
EXCLUDE_ORGANIZATION = texts(
    "exclude-organization",
    "With --all-organizations or --enterprise: all except these.",
    metavar="GLOB",
    heading=SWEEP,
    least=RUN,
)
SAME_PERSON = texts(
    "same-person",
    "These two accounts are of one person. May be repeated.",
    metavar="GITHUB=NPM",
    heading=WHAT,
    least=USER,
    in_files="Accounts of GitHub and npm that are of one person.",
)
ARCHIVED = switch(
    "archived",
    "Include archived repositories.",
    heading=WHAT,
    least=USER,
    in_files="Whether archived repositories are looked at.",
)
LOCAL = switch(
    "local",
    "Whether `me` includes this machine.",
    default=True,
    spelled="--local/--no-local",
    heading=WHAT,
    least=USER,
)
NETWORK_LOOKUPS = switch(
    "network-lookups",
    (
        "Look up the domains of your email addresses (DNS, RDAP). This contacts other hosts than"
        " GitHub and npm."
    ),
    heading=WHAT,
    least=USER,
    guard=Guard.ADDRESS,
    in_files="Whether mail domains are looked up.",
)
INTERACTIVE = switch(
    "interactive",
    (
        "Ask you for a one-time password, which shows the trusted publishers of your packages."
        " Later runs without it use these answers for 8 days."
    ),
    heading=WHAT,
    least=RUN,
    guard=Guard.CREDENTIAL,
)
SINCE = number(
    "since",
    "Only judge releases from the last DAYS days.",
    30,
    metavar="DAYS",
    heading=WHAT,
    least=FOLDER,
    in_files="The age in days up to which releases are judged.",
    bounds=(1, 3650),
    commands=REPORTS,
)
DEPTH = text(
    "depth",
    (
        "fast: bulk queries only. standard: also the settings of each repository that change"
        " often. deep: everything, with more requests for each repository."
    ),
    "standard",
    metavar="DEPTH",
    heading=SWEEP,
    least=USER,
    in_files="How deep to ask.",
    words=tuple(map(str, Depth)),
    offers="depths",
)
PLAN = switch(
    "plan",
    (
        "Read sizes and rights only; print how many requests a run takes, how long, and what the"
        " token cannot see."
    ),
    heading=SWEEP,
    least=RUN,
)
RESUME = switch(
    "resume",
    "Continue a run with the same options that stopped within the last day.",
    heading=SWEEP,
    least=RUN,
)
RATE_BUDGET = text(
    "rate-budget",
    (
        "Requests an hour that this run may use; off sends as fast as it can. If left out, it"
        " leaves a tenth of the limit, and stays below GitHub's per-minute limit."
    ),
    metavar="N|off",
    heading=SWEEP,
    least=USER,
    in_files="Requests an hour that a run may use, or off.",
)
MAX_WAIT = number(
    "max-wait",
    "Longest wait for a rate limit; after that the run stops. --resume continues a check.",
    120,
    metavar="SECONDS",
    heading=SWEEP,
    least=USER,
    in_files="Seconds of a rate limit that are waited out.",
    bounds=(0, 3600),
    commands=REPORTS,
)
WORKERS = maybe_number(
    "workers",
    "Parallel requests: 8 for an organization, else 4.",
    metavar="N",
    heading=SWEEP,
    least=USER,
    in_files="Requests at once.",
    bounds=(1, 32),
    shows_default=False,
)
MEMBER = text(
    "member",
    (
        "Only what concerns this person: from a run of the last day with the same options, else"
        " from a new run that reads only people."
    ),
    metavar="LOGIN",
    heading=SWEEP,
    least=RUN,
)
STANDARD = text(
    "standard",
    "The controls of a standard instead, and which checks answer them: osps, scm, cis, slsa or"
    " ssdf.",
    metavar="NAME",
    least=RUN,
)

SELECTED = (SELECT, IGNORE, PROFILE, INCLUDE, EXCLUDE, ARCHIVED, LOCAL, NETWORK_LOOKUPS)
"""Which checks, and of which repositories."""
ORGANIZATIONS = (ALL_ORGANIZATIONS, ENTERPRISE, INCLUDE_ORGANIZATION, EXCLUDE_ORGANIZATION)
"""Which organizations, of those that can be listed."""
PACE = (RATE_BUDGET, MAX_WAIT, WORKERS)
"""How fast a run asks."""
