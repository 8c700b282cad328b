"""What the token of a GitHub Actions job, or of an app, cannot see, explained in advance.

Source: GitHub's documentation, "GITHUB_TOKEN" and "Permissions for the GITHUB_TOKEN": it is the
token of an installation on the workflow's repository, and holds what `permissions:` grant.
"""

from __future__ import annotations

from collections.abc import Mapping

from hardenme.credentials.token import Credential

PREFIX = "ghs_"
"""How installation tokens begin, a job's among them."""
FOR_A_USER = "ghu_"
"""How the tokens begin that an app has for a user."""
JOBS = frozenset({"GITHUB_TOKEN", "GH_TOKEN", "GH_ENTERPRISE_TOKEN"})
"""The variable in which a workflow passes it."""
INSTEAD = (
    "for more, use a fine-grained token in an environment's secret, or a GitHub App"
    " (--app-id and --app-key)"
)


def limits(found: Credential, environ: Mapping[str, str]) -> str:
    """The limits of a token that an app was given, as one line; empty for any other."""
    value = found.secret.reveal() if found.provider == "github" else ""
    if value.startswith(FOR_A_USER):
        return (
            f"{found.source} holds an app's token for a user: it may do what both the app and the"
            f" user may, and ends within eight hours; {INSTEAD}"
        )
    if not value.startswith(PREFIX):
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
