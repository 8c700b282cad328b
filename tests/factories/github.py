"""Valid GitHub facts with everything in order; a test overrides what it is about."""

from __future__ import annotations

from typing import Any

from hardenme.facts.attested import AccountFactors
from hardenme.facts.github.account import (
    Account,
    AccountTwoFactor,
    EmailAddress,
    GpgKey,
    Membership,
    OrganizationContributions,
    OwnerTwoFactorView,
    PendingInvitation,
    RepositoryInvitation,
    SshKey,
    SshSigningKey,
    Subkey,
)
from hardenme.facts.github.branch import (
    ActiveRulesets,
    ClassicProtection,
    EffectiveBranchRules,
    RulesetBypass,
)
from hardenme.facts.github.repository import (
    ActionsSecret,
    DeployKey,
    Repository,
    RepositoryPrivateReporting,
    RepositorySecurityPolicy,
    RepositorySecuritySettings,
    RepositoryVulnerabilityAlerts,
)
from hardenme.facts.github.ruleset import BypassActor, RulesetDetail, RulesetRules
from hardenme.facts.github.token import (
    FINE_GRAINED,
    WITNESSES,
    Token,
    TokenReach,
    TokenScopes,
    TokenSight,
    TokenWriteProbe,
)
from hardenme.facts.mail import DomainRegistration, MailDomain
from hardenme.model.subject import Subject
from tests.factories.given import ago, ahead

USER = Subject("github", "user", "hazel")
TOKEN = Subject("github", "token", "fine-grained")
REPO = Subject("github", "repo", "hazel/catkin")
ADDRESS = "hazel@hazel-grove.example"


def _part(kind: str, name: str, within: Subject = USER) -> dict[str, Any]:
    return {"subject": Subject("github", kind, name), "within": within, "label": name}


def _of(subject: Subject) -> dict[str, Any]:
    return {"subject": subject, "within": subject, "label": subject.name}


def account(**overrides: Any) -> Account:
    """The account hazel."""
    return Account(**_of(USER) | {"login": "hazel", "public_repositories": 8} | overrides)


def two_factor(**overrides: Any) -> AccountTwoFactor:
    """It asks for a second factor."""
    return AccountTwoFactor(**_of(USER) | {"enabled": True} | overrides)


def factors(**overrides: Any) -> AccountFactors:
    """Its owner says that two cannot be phished."""
    return AccountFactors(**_of(USER) | {"resistant": True} | overrides)


def ssh_key(**overrides: Any) -> SshKey:
    """A key that was added last year and used yesterday."""
    given = {
        "key_id": 41,
        "algorithm": "ssh-ed25519",
        "bits": 0,
        "created_at": ago(300),
        "last_used": ago(1),
    }
    return SshKey(**_part("ssh-key", "41") | given | overrides)


def signing_key(**overrides: Any) -> SshSigningKey:
    """A key that signs."""
    given = {"key_id": 51, "created_at": ago(300)}
    return SshSigningKey(**_part("ssh-signing-key", "51") | given | overrides)


def gpg_key(**overrides: Any) -> GpgKey:
    """A key with a year left, and one subkey."""
    given = {
        "number": 61,
        "key_id": "3AA5C34371567BD2",
        "created_at": ago(300),
        "expires_at": ahead(365),
        "revoked": False,
        "subkeys": (subkey(),),
    }
    return GpgKey(**_part("gpg-key", "61") | given | overrides)


def subkey(**overrides: Any) -> Subkey:
    """A part of a GPG key with a year left."""
    given = {"key_id": "4BB6D45482678BE3", "expires_at": ahead(365), "revoked": False}
    return Subkey(**given | overrides)


def email(**overrides: Any) -> EmailAddress:
    """The primary address, verified and private."""
    given = {"address": ADDRESS, "primary": True, "verified": True, "visibility": "private"}
    return EmailAddress(**_part("email", ADDRESS) | given | overrides)


def mail_domain(**overrides: Any) -> MailDomain:
    """The domain of the address, which receives mail."""
    given = {"domain": "hazel-grove.example", "exists": True, "receives_mail": True}
    return MailDomain(**_part("email", ADDRESS) | given | overrides)


def registration(**overrides: Any) -> DomainRegistration:
    """Its registration, with a year left."""
    given = {"domain": "hazel-grove.example", "expires_at": ahead(365)}
    return DomainRegistration(**_part("email", ADDRESS) | given | overrides)


def membership(**overrides: Any) -> Membership:
    """An active owner of acorn-labs."""
    given = {"organization": "acorn-labs", "node_id": "O_1", "role": "admin", "state": "active"}
    return Membership(**_part("membership", "acorn-labs") | given | overrides)


def two_factor_view(**overrides: Any) -> OwnerTwoFactorView:
    """What acorn-labs shows of the account's second factor."""
    given = {"organization": "acorn-labs", "insecure": False}
    return OwnerTwoFactorView(**_part("membership", "acorn-labs") | given | overrides)


def contributions(**overrides: Any) -> OrganizationContributions:
    """The account was active in acorn-labs."""
    given = {"organization": "acorn-labs", "any": True, "since": ago(180)}
    return OrganizationContributions(**_part("membership", "acorn-labs") | given | overrides)


def repository_invitation(**overrides: Any) -> RepositoryInvitation:
    """An offer that came yesterday."""
    given = {"repository": "mallow/thistle", "permissions": "write", "created_at": ago(1)}
    return RepositoryInvitation(**_part("repository-invitation", "71") | given | overrides)


def pending_invitation(**overrides: Any) -> PendingInvitation:
    """The same, as the list of all offers has it."""
    given = {"to": "repository", "name": "mallow/thistle", "created_at": ago(1)}
    return PendingInvitation(**_part("repository-invitation", "71") | given | overrides)


def token(**overrides: Any) -> Token:
    """A fine-grained token with thirty days left."""
    given = {"kind": FINE_GRAINED, "login": "hazel", "expires_at": ahead(30)}
    return Token(**_of(TOKEN) | given | overrides)


def scopes(*granted: str, **overrides: Any) -> TokenScopes:
    """The scopes of a classic token."""
    return TokenScopes(**_of(TOKEN) | {"granted": frozenset(granted)} | overrides)


def write_probe(**overrides: Any) -> TokenWriteProbe:
    """Nothing that only a writing token is shown."""
    given = {"repository": "hazel/catkin"} | dict.fromkeys(WITNESSES, False)
    return TokenWriteProbe(**_of(TOKEN) | given | overrides)


def reach(*private: str, **overrides: Any) -> TokenReach:
    """The private repositories that the token opens."""
    return TokenReach(**_of(TOKEN) | {"private_repositories": private} | overrides)


def sight(**overrides: Any) -> TokenSight:
    """All that the account owns."""
    return TokenSight(**_of(TOKEN) | {"visible": 8, "owned": 8, "sso_hidden": ()} | overrides)


def repository(**overrides: Any) -> Repository:
    """A public repository that was pushed to yesterday."""
    given = {
        "node_id": "R_kgDO71",
        "full_name": "hazel/catkin",
        "visibility": "public",
        "archived": False,
        "fork": False,
        "template": False,
        "in_organization": False,
        "default_branch": "main",
        "viewer_is_admin": True,
        "created_at": ago(900),
        "pushed_at": ago(1),
    }
    return Repository(**_of(REPO) | given | overrides)


def security_policy(**overrides: Any) -> RepositorySecurityPolicy:
    """A security policy is shown."""
    return RepositorySecurityPolicy(**_of(REPO) | {"enabled": True} | overrides)


def vulnerability_alerts(**overrides: Any) -> RepositoryVulnerabilityAlerts:
    """Dependabot alerts are on."""
    return RepositoryVulnerabilityAlerts(**_of(REPO) | {"enabled": True} | overrides)


def security_settings(**overrides: Any) -> RepositorySecuritySettings:
    """Scanning and push protection are on."""
    given = {"secret_scanning": "enabled", "push_protection": "enabled"}
    return RepositorySecuritySettings(**_of(REPO) | given | overrides)


def private_reporting(**overrides: Any) -> RepositoryPrivateReporting:
    """Private reporting is on."""
    given = {"enabled": True, "applicable": True}
    return RepositoryPrivateReporting(**_of(REPO) | given | overrides)


def deploy_key(**overrides: Any) -> DeployKey:
    """A key that only reads, used yesterday."""
    given = {
        "key_id": 81,
        "read_only": True,
        "created_at": ago(300),
        "last_used": ago(1),
        "added_by": "hazel",
    }
    return DeployKey(**_part("deploy-key", "hazel/catkin/81", REPO) | given | overrides)


def secret(name: str = "DEPLOY_HOST", **overrides: Any) -> ActionsSecret:
    """A secret that was set last month."""
    given = {"name": name, "created_at": ago(300), "updated_at": ago(30)}
    return ActionsSecret(**_part("secret", f"hazel/catkin/{name}", REPO) | given | overrides)


GUARDED: dict[str, Any] = {
    "branch": "main",
    "rules": 7,
    "pull_request": True,
    "approvals": 1,
    "dismisses_stale": True,
    "last_push_approval": True,
    "code_owner_review": True,
    "status_checks": ("test",),
    "blocks_force_push": True,
    "blocks_deletion": True,
    "signatures": True,
    "conversations": True,
    "linear_history": True,
    "restricts_pushes": True,
}
"""A source of rules with every guard set."""
BARE: dict[str, Any] = {
    "branch": "main",
    "rules": 0,
    "approvals": 0,
    "status_checks": (),
} | {name: False for name, value in GUARDED.items() if value is True}
"""A source of rules with none."""


UNSKIPPED = {"pull_request_bypass": False, "force_push_bypass": False}


def ruleset(number: int = 91, **overrides: Any) -> RulesetRules:
    """A ruleset with every guard."""
    seen = {
        "number": number,
        "name": "Main",
        "above": False,
        "created_at": ago(99),
        "updated_at": ago(9),
    }
    own = {name: value for name, value in GUARDED.items() if name != "branch"}
    return RulesetRules(**seen | own | overrides)


def bare_ruleset(number: int = 91, **overrides: Any) -> RulesetRules:
    """A ruleset with those guards alone that are named."""
    own = {name: value for name, value in BARE.items() if name != "branch"}
    return ruleset(number, **own | overrides)


def active_rulesets(*rulesets: RulesetRules, **overrides: Any) -> ActiveRulesets:
    """The active rulesets of the default branch."""
    return ActiveRulesets(**_of(REPO) | {"branch": "main", "rulesets": rulesets} | overrides)


def rulesets(**overrides: Any) -> ActiveRulesets:
    """One active ruleset with every guard."""
    return active_rulesets(ruleset(**overrides))


def no_rulesets(**overrides: Any) -> ActiveRulesets:
    """No active rule; or one ruleset with those alone that are named."""
    return active_rulesets(*([bare_ruleset(**overrides)] if overrides else []))


def actor(
    kind: str = "RepositoryRole", number: int | None = 5, mode: str = "always"
) -> BypassActor:
    """An entry of a bypass list: the administrators, unless another is named."""
    return BypassActor(kind=kind, number=number, mode=mode)


def detail(*actors: BypassActor, **overrides: Any) -> RulesetDetail:
    """What a ruleset shows by itself: nobody may bypass it, unless named, and no team is asked."""
    given = {
        "number": 91,
        "above": False,
        "actors": actors,
        "viewer": "never",
        "team_approvals": 0,
        "team_owns_github": False,
    }
    return RulesetDetail(**given | overrides)


def bypass(*details: RulesetDetail, **overrides: Any) -> RulesetBypass:
    """What the rulesets show by themselves; of one, unless they are named."""
    return RulesetBypass(**_of(REPO) | {"details": details or (detail(),)} | overrides)


def classic(**overrides: Any) -> ClassicProtection:
    """Classic protection with every guard, for everybody."""
    given = GUARDED | {"rules": 1, "binds_admins": True} | UNSKIPPED
    return ClassicProtection(**_of(REPO) | given | {"offered": True} | overrides)


def no_classic(**overrides: Any) -> ClassicProtection:
    """No classic protection."""
    given = BARE | {"binds_admins": False} | UNSKIPPED
    return ClassicProtection(**_of(REPO) | given | {"offered": True} | overrides)


def branch_rules(**overrides: Any) -> EffectiveBranchRules:
    """A default branch with every guard, as both sources were read."""
    given = GUARDED | {
        "full_name": "hazel/catkin",
        "archived": False,
        "exists": True,
        "protected": True,
        "guarded_by": ("rulesets",),
        "least_approvals": 1,
        "least_checks": 1,
        "binds_everybody": True,
        "exempted_by": (),
        "team_review": False,
        "writers_bypass": False,
        "offered": True,
        "in_organization": False,
    }
    return EffectiveBranchRules(**_of(REPO) | given | overrides)


def bare_branch(**overrides: Any) -> EffectiveBranchRules:
    """A default branch that nothing guards, as both sources were read."""
    given = BARE | {
        "protected": False,
        "guarded_by": (),
        "least_approvals": 0,
        "least_checks": 0,
        "binds_everybody": False,
    }
    return branch_rules(**given | overrides)
