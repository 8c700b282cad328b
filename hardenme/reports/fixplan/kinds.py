"""The kinds of change that close findings: what is one step, whichever checks ask for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache


class When(IntEnum):
    """When a step is taken."""

    LOOK = 0
    """Signs of an attack."""
    TODAY = 1
    """What needs no preparation."""
    NEXT = 2
    """What needs a review, a test release, or another step first."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of change.

    Attributes:
        key: names it; a step's id is made from it, so it stays.
        title: the change, for a person: starts with a verb. `{where}` stands for the objects.
        codes: the checks that ask for it.
        wide: the same where one change at the organization closes it for all repositories.
        section: when it is taken, unless it waits for a later step.
        single: each object is a step of its own.
        whole: an object has one action, which does all that its findings ask for.
        ends: the object is gone afterwards, and with it whatever is not known of it.
        of: the kind of subject that it ends, where it ends one at once.
        who: who takes it, where that is not the reader; empty where the fix tells it best.
    """

    key: str
    title: str
    codes: frozenset[str] = field(default_factory=frozenset)
    wide: str = ""
    section: When = When.TODAY
    single: bool = False
    whole: bool = False
    ends: bool = False
    of: str = ""
    who: str = ""


def _codes(text: str) -> frozenset[str]:
    """Codes of a short form: `GHB101-114 GHO127`."""
    found: set[str] = set()
    for part in text.split():
        first, _, last = part.partition("-")
        family, start = first[:3], int(first[3:])
        found |= {f"{family}{number}" for number in range(start, int(last or start) + 1)}
    return frozenset(found)


OWNER, WRITER, MEMBER = "an owner", "who can push", "each of them"
SET_UP = Kind(
    "release-workflow", "Publish {where} from a workflow that only stages", section=When.NEXT
)
CLOSE = Kind("other-ways", "Close every other way to publish {where}", section=When.NEXT)
"""The two steps of publish paths: what sets up the way that stays, and what ends the others."""
AT_ONCE = frozenset({"NPP104", "NPT107", "NPT111", "NPT112"})
"""Checks of what nothing uses, or that others can take over: it ends without preparation."""
TOKEN = Kind(
    "npm-token",
    "Revoke {where}",
    _codes("NPT107 NPT111 NPT112"),
    single=True,
    whole=True,
    ends=True,
    of="token",
)
PUBLISHER = Kind(
    "npm-publisher",
    "Remove {where}",
    _codes("NPP104"),
    single=True,
    whole=True,
    ends=True,
    of="trusted-publisher",
)

PUBLISHING = Kind(
    "publishing",
    "Publish {where} only from a workflow that stages",
    _codes("NPP101-103 NPP106-108 PUB101-102"),
    section=When.NEXT,
)

KINDS: tuple[Kind, ...] = (
    Kind(
        "release",
        "Look at {where}",
        _codes("REL101-111"),
        section=When.LOOK,
        single=True,
    ),
    Kind("staged", "Reject {where}", _codes("NPP112"), whole=True, section=When.LOOK, single=True),
    Kind("malware", "Remove malware from {where}", _codes("GHR129"), section=When.LOOK),
    Kind("leaked-secret", "Revoke the leaked secrets of {where}", _codes("GHR126"), who=WRITER),
    Kind("committed-token", "Revoke the npm tokens committed to {where}", _codes("GHR124")),
    TOKEN,
    PUBLISHER,
    Kind("github-2fa", "Turn on 2FA on GitHub", _codes("GHA101 ATT101")),
    Kind("recovery-codes", "Keep your GitHub recovery codes on paper", _codes("ATT102")),
    Kind("grants", "Review the apps, tokens and sessions of your account", _codes("ATT103")),
    Kind("contacts", "Store two contacts, and call back", _codes("ATT104")),
    Kind("drill", "Do a security drill, and rehearse the incident plan", _codes("ATT105-106")),
    Kind(
        "separate-publishing",
        "Separate publishing from daily work",
        _codes("ATT107"),
        section=When.NEXT,
    ),
    Kind("access-review", "Review who has access to {where}", _codes("ATT108"), who=OWNER),
    Kind("alert-channel", "Add an alert channel outside GitHub and npm", _codes("ATT109")),
    Kind("dependency-review", "Review dependencies every 90 days", _codes("ATT110")),
    Kind("github-2fa-method", "Use a passkey for 2FA on GitHub", _codes("GHA102")),
    Kind("npm-2fa", "Turn on 2FA on npm, for every write, with a passkey", _codes("NPA101-103")),
    Kind("member-2fa", "Turn on secure 2FA: {where}", _codes("GHO102-104"), who=MEMBER),
    Kind("ssh-key", "Replace or delete {where}", _codes("GHA103-105"), whole=True),
    Kind("gpg-key", "Replace {where}", _codes("GHA106"), whole=True),
    Kind("signing", "Sign your commits", _codes("GHA107 LOC111")),
    Kind(
        "github-email", "Clean up the email addresses of your GitHub account", _codes("GHA108-110")
    ),
    Kind("own-owner-role", "Give up your owner role in {where}", _codes("GHA111")),
    Kind("own-invitation", "Accept or decline {where}", _codes("GHA112")),
    Kind("npm-email", "Clean up the email addresses of your npm account", _codes("NPA105-107")),
    Kind("npm-recovery", "Prepare to recover your npm account", _codes("NPA104 NPA108")),
    Kind(
        "rules",
        "Protect the branches and release tags of {where}",
        _codes("GHB101-115 GHB117 GHO127"),
        wide="Add rulesets for the branches and release tags of {where}",
        section=When.NEXT,
    ),
    Kind("rule-bypass", "Ask who bypassed the rules of {where}", _codes("GHB116")),
    Kind(
        "org-2fa",
        "Require 2FA in {where}",
        _codes("GHO101 NPO101"),
        section=When.NEXT,
        who=OWNER,
    ),
    Kind(
        "org-owners", "Correct the number of owners of {where}", _codes("GHO105 NPO102"), who=OWNER
    ),
    Kind(
        "org-privileges",
        "Restrict what members of {where} may change",
        _codes("GHO106-112 GHO126"),
        who=OWNER,
    ),
    Kind("org-domain", "Verify the domain of {where}", _codes("GHO113"), who=OWNER),
    Kind(
        "org-tokens",
        "Restrict which tokens and OAuth apps reach {where}",
        _codes("GHO114 GHO131 GHO132"),
        who=OWNER,
    ),
    Kind("member-token", "Revoke or limit {where}", _codes("GHO115-116"), who=OWNER),
    Kind("app", "Limit or uninstall {where}", _codes("GHO117-118"), who=OWNER),
    Kind("webhook", "Secure {where}", _codes("GHO119-120 GHR110-111"), whole=True),
    Kind("invitation", "Withdraw {where}", _codes("GHO121 GHR114")),
    Kind("inactive-member", "Remove inactive members: {where}", _codes("GHO122 NPO104"), who=OWNER),
    Kind("outsider", "Lower the role of {where}", _codes("GHO123 GHR113")),
    Kind("repo-admins", "Spread or reduce the admins of {where}", _codes("GHR112")),
    Kind(
        "security-features",
        "Turn on secret scanning, push protection and alerts in {where}",
        _codes("GHR101-103 GHR105 GHO124"),
        wide="Enforce one security configuration in {where}",
    ),
    Kind("code-scanning", "Turn on code scanning in {where}", _codes("GHR107"), section=When.NEXT),
    Kind(
        "alerts",
        "Fix the critical Dependabot alerts of {where}",
        _codes("GHR104"),
        section=When.NEXT,
        who=WRITER,
    ),
    Kind(
        "security-policy",
        "Add SECURITY.md to {where}",
        _codes("GHR106"),
        section=When.NEXT,
        wide="Add SECURITY.md for all repositories of {where}",
        who=WRITER,
    ),
    Kind("deploy-key", "Replace or delete {where}", _codes("GHR108-109"), whole=True),
    Kind(
        "immutable-releases",
        "Make the releases of {where} immutable",
        _codes("GHR115 GHO125"),
        wide="Make releases immutable in {where}",
    ),
    Kind(
        "npm-secret",
        "Delete {where} after the last release by it",
        _codes("GHR116-117"),
        whole=True,
        section=When.NEXT,
        ends=True,
    ),
    Kind("secret", "Rotate {where}", _codes("GHR127 GHO129"), section=When.NEXT),
    Kind("org-secret", "Limit which repositories read {where}", _codes("GHO128"), who=OWNER),
    Kind("environment", "Require a review for {where}", _codes("GHR118 GHR128")),
    Kind("oidc", "Use immutable OIDC subjects in {where}", _codes("GHR119"), section=When.NEXT),
    Kind("archive", "Archive {where}", _codes("GHR120"), section=When.NEXT),
    Kind(
        "code-owners",
        "Name code owners of the workflows of {where}",
        _codes("GHR121"),
        section=When.NEXT,
        who=WRITER,
    ),
    Kind(
        "lock-file",
        "Commit a lock file to {where}",
        _codes("GHR122"),
        section=When.NEXT,
        who=WRITER,
    ),
    Kind(
        "updates",
        "Delay Dependabot updates in {where}",
        _codes("GHR123"),
        section=When.NEXT,
        who=WRITER,
    ),
    Kind(
        "sbom",
        "Publish an SBOM with the releases of {where}",
        _codes("GHR125"),
        section=When.NEXT,
        who=WRITER,
    ),
    Kind(
        "repo-autorun",
        "Remove what starts by itself from {where}",
        _codes("GHR130"),
        section=When.NEXT,
        who=WRITER,
    ),
    Kind("github-token", "Replace the GitHub token of this run", _codes("GHT101-108"), whole=True),
    Kind(
        "actions",
        "Restrict Actions in {where}",
        _codes("GHW101-106"),
        section=When.NEXT,
        wide="Restrict Actions in {where}",
    ),
    Kind("runner", "Keep {where} away from public repositories", _codes("GHW107 GHO130")),
    Kind("actions-policy", "Add an Actions policy to {where}", _codes("GHW108-109"), who=OWNER),
    Kind(
        "pin-actions",
        "Pin the actions of {where}",
        _codes("GHW201 GHW208"),
        section=When.NEXT,
        who=WRITER,
    ),
    Kind(
        "stranger-code",
        "Stop running code from outsiders in {where}",
        _codes("GHW202 GHW204 GHW207 GHW209"),
        who=WRITER,
    ),
    Kind(
        "workflow-token",
        "Limit the token of {where}",
        _codes("GHW203"),
        section=When.NEXT,
        who=WRITER,
    ),
    Kind(
        "release-job",
        "Isolate the release job of {where}",
        _codes("GHW205-206"),
        section=When.NEXT,
        who=WRITER,
    ),
    Kind(
        "local-token",
        "Remove tokens and passwords from this machine",
        _codes("LOC101-104 LOC106 LOC109-110"),
    ),
    Kind("local-npm", "Secure npm on this machine", _codes("LOC105 LOC107-108")),
    Kind("local-key", "Protect {where}", _codes("LOC112-113"), whole=True),
    Kind("local-autorun", "Remove what starts by itself on this machine", _codes("LOC114")),
    Kind("npm-team", "Take the right to publish from {where}", _codes("NPO103")),
    Kind("npm-outsider", "Remove who publishes for {where} and is not a member", _codes("NPO105")),
    Kind("publishers", "Remove trusted publishers that nothing uses", _codes("NPP105 NPP116")),
    Kind("writers", "Remove maintainers who do not release {where}", _codes("NPP109-110")),
    Kind("second-owner", "Add a second owner to {where}", _codes("NPP111 PUB103")),
    Kind(
        "package-signature",
        "Verify the signatures of {where} again",
        _codes("NPP113"),
        section=When.LOOK,
    ),
    Kind(
        "package-manifest",
        "Correct the manifest of {where}",
        _codes("NPP114-115"),
        section=When.NEXT,
    ),
    Kind("blocked-version", "Replace {where}", _codes("NPP117"), section=When.LOOK),
    SET_UP,
    CLOSE,
    PUBLISHING,
    Kind(
        "npm-tokens",
        "Replace or revoke {where}",
        _codes("NPT101-106 NPT108-109"),
        whole=True,
        section=When.NEXT,
    ),
    Kind("npm-token-list", "Clean up your npm tokens", _codes("NPT110")),
)


@cache
def kind_of(code: str) -> Kind:
    """The kind of change that a check asks for.

    A check that none is known of asks for a change of its own.
    """
    found = next((kind for kind in KINDS if code in kind.codes), None)
    return found or Kind(code, "")
