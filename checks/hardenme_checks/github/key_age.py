"""When a key was added, as evidence of a failure: a young key may not be the owner's."""

from hardenme.facts.github.account import SshKey
from hardenme.facts.github.repository import DeployKey
from hardenme.model.evidence import Seen


def added(key: DeployKey | SshKey) -> Seen:
    """When it was added, where that is known. No verdict depends on that."""
    if "created_at" in key.unknown_fields():
        return {}
    return {"created_at": key.created_at.isoformat()}
