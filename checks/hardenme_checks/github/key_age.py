"""When a key was added, and by whom, as evidence: a young key may not be the owner's."""

from hardenme.facts.github.account import SshKey
from hardenme.facts.github.repository import DeployKey
from hardenme.model.evidence import Seen


def added(key: DeployKey | SshKey) -> Seen:
    """When it was added, and by whom, where that is known. No verdict depends on that."""
    unknown = key.unknown_fields()
    seen: Seen = {}
    if "created_at" not in unknown:
        seen["created_at"] = key.created_at.isoformat()
    if isinstance(key, DeployKey) and "added_by" not in unknown and key.added_by is not None:
        seen["added_by"] = key.added_by
    return seen
