"""Valid GitHub facts with everything in order; a test overrides what it is about."""

from __future__ import annotations

from typing import Any, TypeVar

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
    TokenVisibility,
    TokenWriteProbe,
)
from hardenme.facts.mail import DomainRegistration, MailDomain
from hardenme.model.fact import Fact
from hardenme.model.subject import Subject
from tests.factories.github_organization import CEDAR
from tests.factories.given import ago, ahead, made

F = TypeVar("F", bound=Fact)
USER = Subject("github", "user", "hazel")
TOKEN = Subject("github", "token", "fine-grained")
REPO = Subject("github", "repo", "hazel/catkin")
ADDRESS = "hazel@hazel-grove.example"


def _part(kind: str, name: str, within: Subject = USER) -> dict[str, Any]:
    return {"subject": Subject("github", kind, name), "within": within, "label": name}


def _of(subject: Subject) -> dict[str, Any]:
    return {"subject": subject, "within": subject, "label": subject.name}


def of(kind: type[F], /, **fields: Any) -> F:
    """A fact with those fields, of whom its declaration says: account, organization, repository."""
    scope = {"github:user": USER, "github:org": CEDAR}[kind.roots[0]] if kind.roots else REPO
    if not kind.endpoint.kind:
        return kind(**_of(scope) | fields)
    name = kind.endpoint.named.format(scope=scope.name, identity=1)
    return kind(**_part(kind.endpoint.kind, name, scope) | fields)


account = made(Account, _of(USER), login="hazel", public_repositories=8)
"""The account hazel."""
two_factor = made(AccountTwoFactor, _of(USER), enabled=True)
"""It asks for a second factor."""
factors = made(AccountFactors, _of(USER), resistant=True)
"""Its owner says that two cannot be phished."""
ssh_key = made(
    SshKey,
    _part("ssh-key", "41"),
    key_id=41,
    algorithm="ssh-ed25519",
    bits=0,
    created_at=ago(300),
    last_used=ago(1),
)
"""A key that was added last year and used yesterday."""
signing_key = made(SshSigningKey, _part("ssh-signing-key", "51"), key_id=51, created_at=ago(300))
"""A key that signs."""
subkey = made(Subkey, key_id="4BB6D45482678BE3", expires_at=ahead(365), revoked=False)
"""A part of a GPG key with a year left."""
gpg_key = made(
    GpgKey,
    _part("gpg-key", "61"),
    number=61,
    key_id="3AA5C34371567BD2",
    created_at=ago(300),
    expires_at=ahead(365),
    revoked=False,
    subkeys=(subkey(),),
)
"""A key with a year left, and one subkey."""
email = made(
    EmailAddress,
    _part("email", ADDRESS),
    address=ADDRESS,
    primary=True,
    verified=True,
    visibility="private",
)
"""The primary address, verified and private."""
mail_domain = made(
    MailDomain,
    _part("email", ADDRESS),
    domain="hazel-grove.example",
    exists=True,
    receives_mail=True,
)
"""The domain of the address, which receives mail."""
registration = made(
    DomainRegistration, _part("email", ADDRESS), domain="hazel-grove.example", expires_at=ahead(365)
)
"""Its registration, with a year left."""
membership = made(
    Membership,
    _part("membership", "acorn-labs"),
    organization="acorn-labs",
    node_id="O_1",
    role="admin",
    state="active",
)
"""An active owner of acorn-labs."""
two_factor_view = made(
    OwnerTwoFactorView, _part("membership", "acorn-labs"), organization="acorn-labs", insecure=False
)
"""What acorn-labs shows of the account's second factor."""
contributions = made(
    OrganizationContributions,
    _part("membership", "acorn-labs"),
    organization="acorn-labs",
    any=True,
    since=ago(180),
)
"""The account was active in acorn-labs."""
repository_invitation = made(
    RepositoryInvitation,
    _part("repository-invitation", "71"),
    repository="mallow/thistle",
    permissions="write",
    created_at=ago(1),
)
"""An offer that came yesterday."""
pending_invitation = made(
    PendingInvitation,
    _part("repository-invitation", "71"),
    to="repository",
    name="mallow/thistle",
    created_at=ago(1),
)
"""The same, as the list of all offers has it."""
token = made(Token, _of(TOKEN), kind=FINE_GRAINED, login="hazel", expires_at=ahead(30))
"""A fine-grained token with thirty days left."""


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


sight = made(TokenVisibility, _of(TOKEN), visible=8, owned=8, sso_hidden=())
"""All that the account owns."""
repository = made(
    Repository,
    _of(REPO),
    node_id="R_kgDO71",
    full_name="hazel/catkin",
    visibility="public",
    archived=False,
    fork=False,
    template=False,
    in_organization=False,
    default_branch="main",
    viewer_is_admin=True,
    created_at=ago(900),
    pushed_at=ago(1),
)
"""A public repository that was pushed to yesterday."""
security_policy = made(RepositorySecurityPolicy, _of(REPO), enabled=True)
"""A security policy is shown."""
vulnerability_alerts = made(RepositoryVulnerabilityAlerts, _of(REPO), enabled=True)
"""Dependabot alerts are on."""
security_settings = made(
    RepositorySecuritySettings, _of(REPO), secret_scanning="enabled", push_protection="enabled"
)
"""Scanning and push protection are on."""
private_reporting = made(RepositoryPrivateReporting, _of(REPO), enabled=True, applicable=True)
"""Private reporting is on."""
deploy_key = made(
    DeployKey,
    _part("deploy-key", "hazel/catkin/81", REPO),
    key_id=81,
    read_only=True,
    created_at=ago(300),
    last_used=ago(1),
    added_by="hazel",
)
"""A key that only reads, used yesterday."""


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


branch_rules = made(
    EffectiveBranchRules,
    _of(REPO) | GUARDED,
    full_name="hazel/catkin",
    archived=False,
    exists=True,
    protected=True,
    guarded_by=("rulesets",),
    least_approvals=1,
    least_checks=1,
    binds_everybody=True,
    exempted_by=(),
    team_review=False,
    writers_bypass=False,
    offered=True,
    in_organization=False,
)
"""A default branch with every guard, as both sources were read."""
bare_branch = made(
    branch_rules,
    BARE,
    protected=False,
    guarded_by=(),
    least_approvals=0,
    least_checks=0,
    binds_everybody=False,
)
"""A default branch that nothing guards, as both sources were read."""
