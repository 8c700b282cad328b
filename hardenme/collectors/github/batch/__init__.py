"""What GitHub answers about many repositories at once: one GraphQL query, made of parts."""

from __future__ import annotations

from hardenme.collectors.github.batch import (
    alerts,
    assets,
    branches,
    environments,
    files,
    identity,
    keys,
    manifest,
    people,
    protected_patterns,
    rules,
    security,
    tags,
    workflows,
)
from hardenme.collectors.github.batch.part import QueryPart

PARTS: tuple[QueryPart, ...] = (
    *identity.PARTS,
    *rules.PARTS,
    *security.PARTS,
    *keys.PARTS,
    *manifest.PARTS,
    *files.PARTS,
    *assets.PARTS,
    *alerts.PARTS,
    *people.PARTS,
    *environments.PARTS,
    *protected_patterns.PARTS,
    *workflows.PARTS,
    *tags.PARTS,
    *branches.PARTS,
)
"""All parts. A query holds those whose facts the run needs, the identity always."""
