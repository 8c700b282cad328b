"""Which permissions an answer says that it takes, and what follows for the token that asked.

GitHub sends `x-accepted-github-permissions` with what it gives and with what it refuses. A
semicolon parts alternatives, and a comma what has to be held together, as in
`contents=write; contents=write,workflows=write`.

Source: GitHub's "Troubleshooting the REST API" and answers as they were recorded.
"""

from __future__ import annotations

import re

from hardenme.collectors.transport.response import Response
from hardenme.model.grant import includes

ACCEPTED = "x-accepted-github-permissions"
OPEN = "allows_permissionless_access=true"
PART = re.compile(r"([a-z0-9_]+)=(read|write|admin)")
ALWAYS = "metadata"
"""What every token of these kinds holds for everything that it reaches."""
INACCESSIBLE = "resource not accessible by"
"""How GitHub words a refusal for want of a permission, and nothing else."""

Alternatives = tuple[frozenset[str], ...]


def accepted(response: Response) -> Alternatives | None:
    """The sets of permissions, like `members:read`, of which one is enough.

    An empty set means no permission at all. None if the answer does not list them, or not in a form
    that is understood.
    """
    header = response.headers.get(ACCEPTED, "").strip()
    if not header:
        return None
    found = []
    for alternative in header.split(";"):
        parts = [part.strip() for part in alternative.split(",")]
        if parts == [OPEN]:
            found.append(frozenset[str]())
            continue
        matches = [PART.fullmatch(part) for part in parts]
        if not all(matches):
            return None
        found.append(frozenset(f"{match[1]}:{match[2]}" for match in matches if match))
    return tuple(found)


def takes(response: Response, permission: str) -> bool | None:
    """Whether the answer shows that its token holds the permission; None if it does not say."""
    alternatives = accepted(response)
    if alternatives is None:
        return None
    return all(any(includes(item, permission) for item in items) for items in alternatives)


def denies(response: Response, permission: str) -> bool:
    """Whether a refusal proves that the permission is not held.

    A role that the account lacks, a disabled feature, a plan or a limit also refuse, in other
    words; then nothing is proved.
    """
    said = response.message().lower()
    if response.status != 403 or INACCESSIBLE not in said:  # noqa: PLR2004 (HTTP's number)
        return False
    for items in accepted(response) or ():
        alone = {item for item in items if not item.startswith(f"{ALWAYS}:")} or items
        if len(alone) == 1 and includes(permission, next(iter(alone))):
            return True
    return False
