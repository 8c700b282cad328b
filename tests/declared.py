"""The requests that facts declare."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import hardenme.facts.github
import hardenme.facts.npm
from hardenme.model.fact import Endpoint


def _declared(package: ModuleType) -> Iterator[Endpoint]:
    for found in iter_modules(package.__path__, f"{package.__name__}."):
        for value in vars(import_module(found.name)).values():
            one = value if isinstance(value, Endpoint) else getattr(value, "endpoint", None)
            if isinstance(one, Endpoint) and one.path:
                yield one


def _each(package: ModuleType) -> tuple[Endpoint, ...]:
    by_path = {one.path: one for one in _declared(package)}
    return tuple(by_path[path] for path in sorted(by_path))


GITHUB = _each(hardenme.facts.github)
NPM = _each(hardenme.facts.npm)
