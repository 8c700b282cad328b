"""The address of npm's own registry. It is built here and nowhere else."""

from __future__ import annotations

NPM_DOMAIN = "npmjs.org"
"""The domain of npm's own registry; its host is this domain's `registry` label."""
REGISTRY_HOST = f"registry.{NPM_DOMAIN}"
REGISTRY = f"https://{REGISTRY_HOST}"
