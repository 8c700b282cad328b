"""The catalogue: every check is one function in one of these modules."""

MODULES = (
    "hardenme_checks.npm.account",
    "hardenme_checks.npm.package",
    "hardenme_checks.npm.token",
    "hardenme_checks.npm.token_rights",
)
"""The modules of checks, sorted, one line each; each ends with its `CHECKS`."""
