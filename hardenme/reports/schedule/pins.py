"""The actions that the printed workflow and `action.yml` use, each by its commit.

A tag can be moved to other code; a commit cannot. Whoever uses one can compare it with its version:
`git ls-remote https://github.com/actions/checkout 'refs/tags/v7*'`, and so for the others.
"""

from __future__ import annotations

PINS = {
    "actions/checkout": ("3d3c42e5aac5ba805825da76410c181273ba90b1", "v7.0.1"),
    "actions/setup-python": ("5fda3b95a4ea91299a34e894583c3862153e4b97", "v7.0.0"),
    "actions/upload-artifact": ("043fb46d1a93c77aae656e7c1c64a875d1fc6a0a", "v7.0.1"),
    "github/codeql-action": ("cdf488f595d80d6e07e03d4674febd5ab45fa938", "v4.37.9"),
}
"""Commit and version by repository."""


def pinned(action: str) -> str:
    """What stands after `uses:`, like `actions/checkout@… # v7.0.1`."""
    owner, name, *_ = action.split("/")
    commit, version = PINS[f"{owner}/{name}"]
    return f"{action}@{commit} # {version}"
