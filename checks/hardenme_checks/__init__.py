"""The catalogue: every check is one function in one of these modules."""

MODULES = (
    "hardenme_checks.github.account",
    "hardenme_checks.github.account_access",
    "hardenme_checks.github.account_keys",
    "hardenme_checks.github.branch",
    "hardenme_checks.github.branch_history",
    "hardenme_checks.github.branch_review",
    "hardenme_checks.github.hooks",
    "hardenme_checks.github.people",
    "hardenme_checks.github.people_outside",
    "hardenme_checks.github.repository",
    "hardenme_checks.github.repository_files",
    "hardenme_checks.github.repository_keys",
    "hardenme_checks.github.token",
    "hardenme_checks.github.token_rights",
    "hardenme_checks.local.environment",
    "hardenme_checks.local.gh",
    "hardenme_checks.local.git",
    "hardenme_checks.local.npm",
    "hardenme_checks.local.npmrc",
    "hardenme_checks.local.ssh",
    "hardenme_checks.npm.account",
    "hardenme_checks.npm.package",
    "hardenme_checks.npm.token",
    "hardenme_checks.npm.token_rights",
)
"""The modules of checks, sorted, one line each; each ends with its `CHECKS`."""
