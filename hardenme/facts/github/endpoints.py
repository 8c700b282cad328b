"""Endpoints of GitHub's REST API that several facts share, or that no fact is read from.

An endpoint of a single fact is declared by that fact. Each path is stated once.

Source: GitHub's "REST API endpoints".
"""

from __future__ import annotations

from hardenme.model.fact import Endpoint

RATE_LIMIT = Endpoint("/rate_limit")
USER = Endpoint("/users/{username}")
PUBLIC_KEYS = Endpoint("/users/{username}/keys", "ssh-key")
PUBLIC_SIGNING_KEYS = Endpoint("/users/{username}/ssh_signing_keys", "ssh-signing-key")
USER_INSTALLATION = Endpoint("/users/{username}/installation")

ACCOUNT = Endpoint("/user")
"""The account that the token acts for. The headers of the answer show the token."""
MEMBERSHIPS = Endpoint("/user/memberships/orgs")
MEMBERSHIP = Endpoint("/user/memberships/orgs/{org}")
ACCOUNT_ORGANIZATIONS = Endpoint("/user/orgs")
"""The organizations that a classic token of the account is shown."""
REACHED = Endpoint("/user/repos")
"""The repositories that the token is shown, be they the account's own or not."""
PRIVATE = REACHED.asking("visibility=private")
OWNED = REACHED.asking("affiliation=owner")
INSTALLED = Endpoint("/installation/repositories", counted=True)
"""The same of an installation's token, which acts for no account."""

ORGANIZATION = Endpoint("/orgs/{org}")
APP_INSTALLATIONS = Endpoint("/app/installations")
"""Everywhere that the app is installed that asks."""
INSTALLATION = Endpoint("/orgs/{org}/installation")
"""Where the app is installed that asks."""
REPOSITORIES = Endpoint("/orgs/{org}/repos")
MEMBERS = Endpoint("/orgs/{org}/members")
OWNERS = MEMBERS.asking("role=admin")
WITHOUT_FACTOR = MEMBERS.asking("filter=2fa_disabled")
INSECURE = MEMBERS.asking("filter=2fa_insecure")
"""Members whose 2FA accepts text messages."""
INVITATIONS = Endpoint(
    "/orgs/{org}/invitations",
    "org-invitation",
    named="{scope}/{identity}",
    label=("login", "email"),
)
OUTSIDE = Endpoint("/orgs/{org}/outside_collaborators")
OUTSIDE_WITHOUT_FACTOR = OUTSIDE.asking("filter=2fa_disabled")
OUTSIDE_INSECURE = OUTSIDE.asking("filter=2fa_insecure")
AUDIT_LOG = Endpoint("/orgs/{org}/audit-log")
ORGANIZATION_RULESETS = Endpoint("/orgs/{org}/rulesets")
ORGANIZATION_DEPENDABOT = Endpoint("/orgs/{org}/dependabot/alerts")
ORGANIZATION_SCANNING = Endpoint("/orgs/{org}/secret-scanning/alerts")
ORGANIZATION_SECRETS = Endpoint(
    "/orgs/{org}/actions/secrets",
    "org-secret",
    identity="name",
    named="{scope}/{identity}",
    label=("name",),
    counted=True,
)
SELECTED = Endpoint("/orgs/{org}/actions/secrets/{secret_name}/repositories", counted=True)
"""The repositories that a secret is for, where these are chosen one by one."""
ACTIONS_POLICIES = Endpoint("/orgs/{org}/actions/policies", counted=True)
ACTIONS_POLICY = Endpoint("/orgs/{org}/actions/policies/{policy_id}")

REPOSITORY = Endpoint("/repos/{owner}/{repo}", identity="full_name")
ACTIONS = Endpoint("/repos/{owner}/{repo}/actions/permissions", identity="enabled")
RELEASE = Endpoint("/repos/{owner}/{repo}/releases?per_page=1", "release")
IMMUTABLE_RELEASES = Endpoint("/repos/{owner}/{repo}/immutable-releases")
COLLABORATORS = Endpoint("/repos/{owner}/{repo}/collaborators")
ADMINISTRATORS = COLLABORATORS.asking("permission=admin")
OUTSIDERS = COLLABORATORS.asking("affiliation=outside")
DEPENDABOT = Endpoint("/repos/{owner}/{repo}/dependabot/alerts", "alert")
SCANNING = Endpoint("/repos/{owner}/{repo}/secret-scanning/alerts", "alert")
ENVIRONMENTS = Endpoint(
    "/repos/{owner}/{repo}/environments",
    "environment",
    identity="name",
    named="{scope}/{identity}",
    label=("name",),
    counted=True,
)
DEPLOYMENT_POLICIES = Endpoint(
    "/repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies",
    counted=True,
)
INHERITED_SECRETS = Endpoint(
    "/repos/{owner}/{repo}/actions/organization-secrets",
    "inherited-secret",
    identity="name",
    named="{scope}/{identity}",
    label=("name",),
    counted=True,
)
RULESETS = Endpoint("/repos/{owner}/{repo}/rulesets")

CREATION_CAP = Endpoint("/repos/{owner}/{repo}/interaction-limits/pulls/creation-cap")
CODE_QUALITY = Endpoint("/repos/{owner}/{repo}/code-quality/setup")
RULESET_HISTORY = Endpoint("/repos/{owner}/{repo}/rulesets/{ruleset_id}/history")
CODESPACES_SECRETS = Endpoint("/repos/{owner}/{repo}/codespaces/secrets")

RUN_ATTEMPT = Endpoint("/repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}")
"""A run as one of its attempts was."""
ATTEMPT_JOBS = Endpoint(
    "/repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs", counted=True
)
JOB_LOG = Endpoint("/repos/{owner}/{repo}/actions/jobs/{job_id}/logs")
"""What a job printed; the answer leads to a store."""
BLOB = Endpoint("/repos/{owner}/{repo}/git/blobs/{file_sha}")
"""A file by its digest."""
PULL_REQUESTS = Endpoint("/repos/{owner}/{repo}/pulls", "pull request")
COMPARISON = Endpoint("/repos/{owner}/{repo}/compare/{basehead}")
"""Two commits, and the one that they have in common."""
CACHES = Endpoint("/repos/{owner}/{repo}/actions/caches", counted=True)
"""What runs stored for later runs."""
