"""Which facts the modules of a package declare."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from hardenme.model.fact import Fact


def declared(package: ModuleType) -> Iterator[type[Fact]]:
    """Every type of fact that a module of the package declares, module by module."""
    for found in iter_modules(package.__path__, f"{package.__name__}."):
        for kind in vars(import_module(found.name)).values():
            if isinstance(kind, type) and issubclass(kind, Fact) and kind.__module__ == found.name:
                yield kind
