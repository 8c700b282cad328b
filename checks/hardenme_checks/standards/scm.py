"""The OpenSSF's guide to configuring source code management platforms, as far as it is of GitHub.

Read as `docs/SCM-BestPractices/README.md` of github.com/ossf/wg-best-practices-os-developers. Its
recommendations have no numbers and are named by their pages there. Those without a page of their
own have a name that begins with `guide/`. Recommendations for GitLab only are left out.
"""

from __future__ import annotations

from datetime import date

from hardenme.model.standard import Standard
from hardenme_checks.standards.writing import absent, covered, partly

ACTIVITY = "It goes by what GitHub shows: who only reads leaves no sign."
ENTERPRISE = "Settings of an enterprise are not looked at."
SOLO = "The solo profile requires none."
UNSEEN = "No check looks at it."
WAYS = "It is a way of working, which shows in no setting."

PEOPLE = (
    partly("member/stale_admin_found", "Owners are active", "GHA111 GHO122", ACTIVITY),
    partly("member/stale_member_found", "Members are active", "GHO122", ACTIVITY),
    covered("member/organization_has_too_many_admins", "There are few owners", "GHO105"),
    covered("guide/two-factor-of-collaborators", "Members have 2FA", "GHO101 GHO102"),
    covered(
        "guide/two-factor-of-external-contributors",
        "Outside collaborators have 2FA",
        "GHO101 GHO104",
    ),
    absent("guide/central-account", "Organizations are run under one account", WAYS),
    absent("guide/employees-only", "Members are people of the company", WAYS),
    absent("guide/access-by-policy", "Access follows a policy", WAYS),
)
ENTERPRISES = (
    absent(
        "enterprise/enterprise_allows_creating_public_repos",
        "Who may make public repositories is limited",
        f"{ENTERPRISE} GHO107 looks at the organization's.",
    ),
    absent(
        "enterprise/enterprise_allows_forking_repos",
        "Private repositories are not forked",
        f"{ENTERPRISE} GHO111 looks at the organization's.",
    ),
    absent(
        "enterprise/enterprise_allows_inviting_externals_collaborators",
        "Who may invite outside collaborators is limited",
        f"{ENTERPRISE} GHO110 looks at the organization's.",
    ),
    absent(
        "enterprise/enterprise_enforce_two_factor_authentication",
        "2FA is required",
        f"{ENTERPRISE} GHO101 looks at the organization's.",
    ),
    absent("enterprise/enterprise_not_using_single_sign_on", "Single sign-on is used", ENTERPRISE),
    absent(
        "enterprise/enterprise_not_using_visibility_change_disable_policy",
        "Who may change the visibility of repositories is limited",
        f"{ENTERPRISE} GHO109 looks at the organization's.",
    ),
)
ORGANIZATION = (
    covered(
        "organization/two_factor_authentication_not_required_for_org",
        "Everyone must use 2FA",
        "GHO101",
    ),
    covered(
        "organization/default_repository_permission_is_not_none",
        "Being a member gives no right on repositories",
        "GHO106",
    ),
    covered(
        "organization/non_admins_can_create_public_repositories",
        "Members cannot make public repositories",
        "GHO107",
    ),
    absent("organization/organization_not_using_single_sign_on", "Single sign-on is used", UNSEEN),
    covered(
        "organization/organization_webhook_doesnt_require_ssl",
        "Webhooks of the organization are encrypted",
        "GHO119",
    ),
    covered(
        "organization/organization_webhook_no_secret",
        "Webhooks of the organization are signed",
        "GHO120",
    ),
    covered("guide/private-forks", "Private repositories are not forked", "GHO111"),
    covered("guide/outside-invitations", "Owners alone invite outside collaborators", "GHO110"),
    absent("guide/private-pages", "Members make private Pages alone", UNSEEN),
    absent("guide/private-packages", "Members make private packages alone", UNSEEN),
    absent("guide/package-access", "A package has the access of its repository", UNSEEN),
    covered("guide/secret-scanning-everywhere", "Secrets are looked for everywhere", "GHR101"),
    covered("guide/dependencies-everywhere", "Dependencies are watched everywhere", "GHR103"),
)
REPOSITORY = (
    covered(
        "repository/missing_default_branch_protection", "The default branch is guarded", "GHB101"
    ),
    covered(
        "repository/missing_default_branch_protection_deletion", "It cannot be deleted", "GHB109"
    ),
    covered(
        "repository/missing_default_branch_protection_force_push",
        "Its history cannot be rewritten",
        "GHB108",
    ),
    partly("repository/code_review_not_required", "Changes are reviewed", "GHB103", SOLO),
    partly(
        "repository/code_review_by_two_members_not_required",
        "Changes are reviewed by two",
        "GHB103",
        "The strict profile alone asks for two.",
    ),
    covered("repository/code_review_not_limited_to_code_owners", "Code owners review", "GHB106"),
    covered(
        "repository/dismisses_stale_reviews", "What is pushed later is reviewed again", "GHB104"
    ),
    absent("repository/review_dismissal_allowed", "Who may dismiss reviews is limited", UNSEEN),
    partly(
        "repository/requires_status_checks",
        "Checks pass before a merge",
        "GHB107",
        "That at least one check is required is seen, not that each one is.",
    ),
    absent(
        "repository/requires_branches_up_to_date_before_merge",
        "A branch is up to date before it is merged",
        UNSEEN,
    ),
    covered("repository/no_conversation_resolution", "Conversations are resolved", "GHB112"),
    covered("repository/no_signed_commits", "Commits are signed", "GHB111"),
    covered("repository/non_linear_history", "History is linear", "GHB113"),
    covered("repository/pushes_are_not_restricted", "Who may push is limited", "GHB114"),
    covered("repository/repository_has_too_many_admins", "Few people administer it", "GHR112"),
    partly(
        "repository/forking_allowed_for_repository",
        "The repository is not forked",
        "GHO111",
        "The organization's setting is looked at, not the repository's own.",
    ),
    partly(
        "repository/repository_not_maintained",
        "The repository is worked on",
        "GHR120",
        "A repository may be inactive if it has no keys and no secrets.",
    ),
    covered("repository/repository_webhook_doesnt_require_ssl", "Webhooks are encrypted", "GHR110"),
    covered("repository/repository_webhook_no_secret", "Webhooks are signed", "GHR111"),
    covered("repository/secret_scanning", "Secrets are looked for", "GHR101"),
    covered(
        "repository/vulnerability_alerts_not_enabled",
        "Known vulnerabilities are reported",
        "GHR103",
    ),
    absent(
        "repository/ghas_dependency_review_not_enabled", "New dependencies are reviewed", UNSEEN
    ),
    covered(
        "repository/token_default_permissions_is_read_write", "Workflows read by default", "GHW103"
    ),
    covered("repository/actions_can_approve_pull_requests", "Workflows approve nothing", "GHW104"),
    absent("repository/scorecard_score_too_low", "OpenSSF Scorecard gives more than 7", UNSEEN),
)
PIPELINES = (
    covered("actions/actions_can_approve_pull_requests", "Workflows approve nothing", "GHW104"),
    covered(
        "actions/token_default_permissions_is_read_write", "Workflows read by default", "GHW103"
    ),
    covered("actions/all_github_actions_are_allowed", "Selected actions alone may run", "GHW101"),
    absent(
        "actions/all_repositories_can_run_github_actions",
        "Actions run in selected repositories alone",
        UNSEEN,
    ),
    covered(
        "guide/fork-pull-requests", "An outsider's pull request waits for a maintainer", "GHW105"
    ),
    partly(
        "guide/environments",
        "Environments are protected",
        "GHR118 GHR128",
        "Environments are taken to publish by their names, and by those of their secrets.",
    ),
    covered(
        "runner_group/runner_group_can_be_used_by_public_repositories",
        "Runners do not serve public repositories",
        "GHO130 GHW107",
    ),
    absent(
        "runner_group/runner_group_not_limited_to_selected_repositories",
        "Runners serve selected repositories alone",
        UNSEEN,
    ),
    absent("guide/ports", "Ports of codespaces are private", UNSEEN),
)

STANDARD = Standard(
    name="scm",
    title="OpenSSF SCM Best Practices, for GitHub",
    version="as of November 2026",
    page="https://best.openssf.org/SCM-BestPractices/",
    read=date(2026, 11, 25),
    controls=(*PEOPLE, *ENTERPRISES, *ORGANIZATION, *REPOSITORY, *PIPELINES),
)
