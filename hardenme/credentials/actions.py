"""What a token of a GitHub Actions job cannot see, said before a reader wonders.

Source: GitHub's documentation, "GITHUB_TOKEN" and "Permissions for the GITHUB_TOKEN": it is the
token of an installation on the workflow's repository, and holds what `permissions:` grant.
"""

from __future__ import annotations

from collections.abc import Mapping

from hardenme.credentials.token import Credential

PREFIX = "ghs_"
"""How installation tokens begin, a job's among them."""
JOBS = frozenset({"GITHUB_TOKEN", "GH_TOKEN", "GH_ENTERPRISE_TOKEN"})
"""Where a workflow hands it over."""
INSTEAD = (
    "for more, use a fine-grained token in an environment's secret, or a GitHub App"
    " (--app-id and --app-key)"
)


def limits(found: Credential, environ: Mapping[str, str]) -> str:
    """The limits of a job's or another installation's token, as one line; empty for any other."""
    if found.provider != "github" or not found.secret.reveal().startswith(PREFIX):
        return ""
    if environ.get("GITHUB_ACTIONS") == "true" and found.source in JOBS:
        return (
            f"{found.source} is this job's own token: it sees this repository, and of it only what"
            " the job's `permissions:` grant; no account, no organization's settings, no other"
            f" repository; {INSTEAD}"
        )
    return (
        f"{found.source} holds the token of an app's installation: it sees what the installation"
        f" was granted, and no account; {INSTEAD}"
    )
