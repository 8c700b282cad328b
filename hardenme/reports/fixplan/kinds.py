"""The kinds of change that close findings: what is one step, whichever checks ask for it."""

from __future__ import annotations

from functools import cache

from hardenme.reports.fixplan.step_kind import StepKind, When, codes_of

OWN_ACCESS = StepKind(
    "own-access", "Give up what you do not need yourself: {where}", section=When.NEXT
)
"""What takes a right from the account in use, whichever check asks for it."""
ACCOUNTED = StepKind(
    "accounted-release",
    "Have npm remove {where}",
    section=When.NEXT,
    stays=codes_of("REL101-111"),
    until="until npm has removed the version",
)
"""What an incident accounts for and lock files still install, whichever check marks it."""
OWNER, WRITER, MEMBER = "an owner", "who can push", "each of them"
BY_RELEASE = codes_of("NPP107-108")
NEXT_RELEASE = "until a version is published by the new way"
SET_UP = StepKind(
    "release-workflow",
    "Publish {where} from a workflow that only stages",
    section=When.NEXT,
    stays=BY_RELEASE,
    until=NEXT_RELEASE,
)
CLOSE = StepKind(
    "other-ways",
    "Close every other way to publish {where}",
    section=When.NEXT,
    stays=BY_RELEASE,
    until=NEXT_RELEASE,
)
"""The two steps of publish paths: what sets up the way that stays, and what ends the others."""
UNFAMILIAR = StepKind(
    "unfamiliar-access", "Find out who added {where}", section=When.LOOK, whole=True
)
"""Keys and tokens that someone else may have added, whichever check marks them.

It is looked at first, and is not a sign of an attack by itself: the owner may have added it.
"""
AT_ONCE = frozenset({"NPP104", "NPT107", "NPT111", "NPT112"})
"""Checks of what nothing uses, or that others can take over: it ends without preparation."""
TOKEN = StepKind(
    "npm-token",
    "Revoke {where}",
    codes_of("NPT107 NPT111 NPT112"),
    single=True,
    whole=True,
    ends=True,
)
PUBLISHER = StepKind(
    "npm-publisher",
    "Remove {where}",
    codes_of("NPP104"),
    single=True,
    whole=True,
    ends=True,
)
NO_WORKFLOW = StepKind(
    "publisher-workflow",
    "Remove trusted publishers whose workflow is missing",
    codes_of("NPP105"),
)
REMOVING = (PUBLISHER, NO_WORKFLOW)
"""Kinds of change that remove a trusted publisher; some of their checks' fixes keep it."""

PUBLISHING = StepKind(
    "publishing",
    "Publish {where} only from a workflow that stages",
    codes_of("NPP101-103 NPP106-108 PUB101-102 PUB105"),
    section=When.NEXT,
    stays=BY_RELEASE,
    until=NEXT_RELEASE,
)

KINDS: tuple[StepKind, ...] = (
    StepKind(
        "release",
        "Look at {where}",
        codes_of("REL101-111"),
        section=When.LOOK,
        single=True,
        # An attacker deprecates too, and lock files still install what no tag leads to.
        stays=codes_of("REL101-105 REL107-111"),
        until="until npm has removed the version",
    ),
    StepKind(
        "staged", "Reject {where}", codes_of("NPP112"), whole=True, section=When.LOOK, single=True
    ),
    StepKind("malware", "Remove malware from {where}", codes_of("GHR129"), section=When.LOOK),
    StepKind(
        "leaked-secret", "Revoke the leaked secrets of {where}", codes_of("GHR126"), who=WRITER
    ),
    StepKind("committed-token", "Revoke the npm tokens committed to {where}", codes_of("GHR124")),
    TOKEN,
    PUBLISHER,
    StepKind("github-2fa", "Turn on 2FA on GitHub", codes_of("GHA101 ATT101")),
    StepKind("recovery-codes", "Keep your GitHub recovery codes on paper", codes_of("ATT102")),
    StepKind("grants", "Review the apps, tokens and sessions of your account", codes_of("ATT103")),
    StepKind("contacts", "Store two contacts, and call back", codes_of("ATT104")),
    StepKind(
        "drill", "Do a security drill, and rehearse the incident plan", codes_of("ATT105-106")
    ),
    StepKind(
        "separate-publishing",
        "Separate publishing from daily work",
        codes_of("ATT107"),
        section=When.NEXT,
    ),
    StepKind("access-review", "Review who has access to {where}", codes_of("ATT108"), who=OWNER),
    StepKind("alert-channel", "Add an alert channel outside GitHub and npm", codes_of("ATT109")),
    StepKind("dependency-review", "Review dependencies every 90 days", codes_of("ATT110")),
    StepKind("github-2fa-method", "Use a passkey for 2FA on GitHub", codes_of("GHA102")),
    StepKind("npm-2fa", "Set up 2FA on npm for every write", codes_of("NPA101-103")),
    StepKind("member-2fa", "Turn on secure 2FA: {where}", codes_of("GHO102-104"), who=MEMBER),
    StepKind("ssh-key", "Replace or delete {where}", codes_of("GHA103-105"), whole=True),
    StepKind("gpg-key", "Replace {where}", codes_of("GHA106"), whole=True),
    StepKind("signing", "Sign your commits", codes_of("GHA107 LOC111")),
    StepKind(
        "github-email",
        "Clean up the email addresses of your GitHub account",
        codes_of("GHA108-110"),
    ),
    StepKind(
        "own-owner-role",
        "Give up your owner role in {where} on GitHub",
        codes_of("GHA111"),
        section=When.NEXT,
    ),
    StepKind("own-invitation", "Accept or decline {where}", codes_of("GHA112")),
    StepKind(
        "npm-email", "Clean up the email addresses of your npm account", codes_of("NPA105-107")
    ),
    StepKind("npm-recovery", "Prepare to recover your npm account", codes_of("NPA104 NPA108")),
    StepKind(
        "rules",
        "Protect the branches and release tags of {where}",
        codes_of("GHB101-115 GHB117 GHO127"),
        wide="Add rulesets for the branches and release tags of {where}",
        stays=codes_of("GHB115"),
        until="until you limit who can create release tags",
        section=When.NEXT,
    ),
    StepKind("rule-bypass", "Ask who bypassed the rules of {where}", codes_of("GHB116")),
    StepKind(
        "org-2fa",
        "Require 2FA in {where}",
        codes_of("GHO101 NPO101"),
        section=When.NEXT,
        who=OWNER,
        binds=True,
    ),
    StepKind(
        "org-owners",
        "Add or demote owners of {where}",
        codes_of("GHO105"),
        who=OWNER,
    ),
    StepKind("npm-owners", "Add or demote owners of {where} on npm", codes_of("NPO102"), who=OWNER),
    StepKind(
        "org-privileges",
        "Restrict what members of {where} may change",
        codes_of("GHO106-112 GHO126"),
        who=OWNER,
        binds=True,
    ),
    StepKind("org-domain", "Verify the domain of {where}", codes_of("GHO113"), who=OWNER),
    StepKind(
        "org-tokens",
        "Restrict which tokens and OAuth apps reach {where}",
        codes_of("GHO114 GHO131 GHO132"),
        who=OWNER,
        binds=True,
    ),
    StepKind(
        "org-access",
        "Restrict how {where} is reached, and keep its audit log",
        codes_of("GHO134-136"),
        who=OWNER,
        binds=True,
    ),
    StepKind(
        "member-token",
        "Revoke or limit {where}",
        codes_of("GHO115-116"),
        who=OWNER,
        gone=codes_of("GHO115-116"),
    ),
    StepKind(
        "app",
        "Limit or uninstall {where}",
        codes_of("GHO117-118"),
        who=OWNER,
        gone=codes_of("GHO118"),
    ),
    StepKind("webhook", "Secure {where}", codes_of("GHO119-120 GHR110-111"), whole=True),
    StepKind(
        "invitation",
        "Withdraw {where}",
        codes_of("GHO121 GHR114"),
        gone=codes_of("GHO121 GHR114"),
    ),
    StepKind(
        "inactive-member",
        "Remove inactive members: {where}",
        codes_of("GHO122 NPO104"),
        who=OWNER,
        gone=codes_of("GHO122 NPO104"),
    ),
    StepKind("outsider", "Lower the role of {where}", codes_of("GHO123 GHR113")),
    StepKind("repo-admins", "Change who administers {where}", codes_of("GHR112")),
    StepKind(
        "security-features",
        "Turn on secret scanning, push protection and alerts in {where}",
        codes_of("GHR101-103 GHR105 GHO124"),
        wide="Enforce one security configuration in {where}",
        once=True,
    ),
    StepKind(
        "code-scanning", "Turn on code scanning in {where}", codes_of("GHR107"), section=When.NEXT
    ),
    StepKind(
        "alerts",
        "Fix the critical Dependabot alerts of {where}",
        codes_of("GHR104"),
        section=When.NEXT,
        who=WRITER,
    ),
    StepKind(
        "security-policy",
        "Add SECURITY.md to {where}",
        codes_of("GHR106"),
        section=When.NEXT,
        wide="Add SECURITY.md for all repositories of {where}",
        who=WRITER,
        commits=True,
    ),
    StepKind("deploy-key", "Replace or delete {where}", codes_of("GHR108-109"), whole=True),
    StepKind(
        "immutable-releases",
        "Make the releases of {where} immutable",
        codes_of("GHR115 GHO125"),
        wide="Make releases immutable in {where}",
    ),
    StepKind(
        "npm-secret",
        "Delete {where} after moving to trusted publishing",
        codes_of("GHR116-117"),
        wide="Delete {secrets} of {where} after moving to trusted publishing",
        whole=True,
        section=When.NEXT,
        ends=True,
    ),
    StepKind("secret", "Rotate {where}", codes_of("GHR127 GHO129"), section=When.NEXT),
    StepKind("role", "Remove {where} from everyone but owners", codes_of("GHO133"), who=OWNER),
    StepKind("org-secret", "Limit which repositories read {where}", codes_of("GHO128"), who=OWNER),
    StepKind(
        "environment",
        "Set the protection rules of {where}",
        codes_of("GHR118 GHR128"),
        binds=True,
    ),
    StepKind(
        "oidc", "Use immutable OIDC subjects in {where}", codes_of("GHR119"), section=When.NEXT
    ),
    StepKind("archive", "Archive {where}", codes_of("GHR120"), section=When.NEXT),
    StepKind(
        "code-owners",
        "Name code owners of the workflows of {where}",
        codes_of("GHR121"),
        section=When.NEXT,
        who=WRITER,
        commits=True,
    ),
    StepKind(
        "lock-file",
        "Commit a lock file to {where}",
        codes_of("GHR122"),
        section=When.NEXT,
        who=WRITER,
        commits=True,
    ),
    StepKind(
        "updates",
        "Set up dependency updates with a cooldown in {where}",
        codes_of("GHR123"),
        section=When.NEXT,
        who=WRITER,
        commits=True,
    ),
    StepKind(
        "sbom",
        "Publish an SBOM with the releases of {where}",
        codes_of("GHR125"),
        section=When.NEXT,
        who=WRITER,
        commits=True,
    ),
    StepKind(
        "repo-autorun",
        "Remove what starts by itself from {where}",
        codes_of("GHR130"),
        section=When.NEXT,
        who=WRITER,
        commits=True,
    ),
    StepKind(
        "github-token",
        "Limit or replace the GitHub token that the check used",
        codes_of("GHT101-108"),
        whole=True,
    ),
    StepKind(
        "actions",
        "Restrict Actions in {where}",
        codes_of("GHW101-106"),
        section=When.NEXT,
        wide="Restrict Actions in {where}",
        binds=True,
    ),
    StepKind(
        "runner",
        "Keep self-hosted runners away from public repositories: {where}",
        codes_of("GHW107 GHO130"),
        wide="Close the runner groups of {where} to public repositories",
    ),
    StepKind(
        "actions-policy", "Add an Actions policy to {where}", codes_of("GHW108-109"), who=OWNER
    ),
    StepKind(
        "pin-actions",
        "Pin the actions of {where}",
        codes_of("GHW201 GHW208"),
        section=When.NEXT,
        who=WRITER,
        commits=True,
    ),
    StepKind(
        "stranger-code",
        "Stop running code from outsiders in {where}",
        codes_of("GHW202 GHW204 GHW207 GHW209"),
        who=WRITER,
        commits=True,
    ),
    StepKind(
        "workflow-token",
        "Limit the GITHUB_TOKEN of {where}",
        codes_of("GHW203"),
        section=When.NEXT,
        who=WRITER,
        commits=True,
    ),
    StepKind(
        "release-job",
        "Isolate the release job of {where}",
        codes_of("GHW205-206"),
        section=When.NEXT,
        who=WRITER,
        commits=True,
    ),
    StepKind(
        "local-token",
        "Remove tokens and passwords from this machine",
        codes_of("LOC101-104 LOC106 LOC109-110"),
    ),
    StepKind("local-npm", "Secure npm on this machine", codes_of("LOC105 LOC107-108")),
    StepKind("local-key", "Protect {where}", codes_of("LOC112"), whole=True),
    StepKind("local-keyring", "Set up an encrypted keyring on this machine", codes_of("LOC113")),
    StepKind("local-autorun", "Remove what starts by itself on this machine", codes_of("LOC114")),
    StepKind("npm-team", "Set the team developers of {where} to read-only", codes_of("NPO103")),
    StepKind(
        "npm-outsider", "Remove accounts outside {where} that can publish", codes_of("NPO105")
    ),
    NO_WORKFLOW,
    StepKind("publishers", "Remove trusted publishers that nothing uses", codes_of("NPP116")),
    StepKind(
        "writers",
        "Remove maintainers who do not release {where}",
        codes_of("NPP109-110"),
        covers={"NPP109": codes_of("NPP110")},
    ),
    StepKind("next-release", "Repair releases of {where}", codes_of("PUB104"), section=When.NEXT),
    StepKind(
        "second-owner", "Let a second person stop releases of {where}", codes_of("NPP111 PUB103")
    ),
    StepKind(
        "package-signature",
        "Verify the signatures of {where} again",
        codes_of("NPP113"),
        section=When.LOOK,
    ),
    StepKind(
        "package-manifest",
        "Correct the manifest of {where}",
        codes_of("NPP114-115"),
        section=When.NEXT,
        stays=codes_of("NPP114-115"),
        until="until a version with it is published",
    ),
    StepKind("blocked-version", "Replace {where}", codes_of("NPP117"), section=When.LOOK),
    SET_UP,
    CLOSE,
    PUBLISHING,
    StepKind(
        "npm-tokens",
        "Replace or revoke {where}",
        codes_of("NPT101-106 NPT108-109"),
        whole=True,
        section=When.NEXT,
    ),
    StepKind("npm-token-list", "Clean up your npm tokens", codes_of("NPT110")),
)


@cache
def kind_of(code: str) -> StepKind:
    """The kind of change that a check asks for.

    A check that none is known of asks for a change of its own.
    """
    found = next((kind for kind in KINDS if code in kind.codes), None)
    return found or StepKind(code, "")
