"""How the code is divided: modules, their importers, small modules, imports, lines.

`python -m benchmarks.structure` prints the figures of this checkout, and with `--small` the modules
under 40 lines that a single module imports. `--root FOLDER` measures another checkout.
"""

from __future__ import annotations

import argparse
import ast
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

PRODUCT = ("hardenme", "checks/hardenme_checks")
SMALL = 40
"""A module with fewer lines is small."""


@dataclass(frozen=True)
class Structure:
    """What the modules of a checkout import.

    Attributes:
        lines: of each module.
        importers: the modules that import a module, by its name.
    """

    lines: Mapping[str, int]
    importers: Mapping[str, frozenset[str]]

    @property
    def single(self) -> list[str]:
        """Modules that one other module imports."""
        return sorted(name for name in self.lines if len(self.importers[name]) == 1)

    @property
    def small(self) -> list[str]:
        """Modules that are small."""
        return sorted(name for name, lines in self.lines.items() if lines < SMALL)

    @property
    def imports(self) -> int:
        """How many pairs of modules are bound by an import."""
        return sum(map(len, self.importers.values()))


def structure(root: Path) -> Structure:
    """Read the modules of a checkout."""
    sources = {
        _name(root / folder, path): path
        for folder in PRODUCT
        for path in (root / folder).rglob("*.py")
    }
    importers: dict[str, set[str]] = defaultdict(set)
    for name, path in sources.items():
        for imported in _imported(path, sources):
            importers[imported].add(name)
    lines = {name: _lines(path) for name, path in sources.items()}
    return Structure(lines, {name: frozenset(importers[name] - {name}) for name in sources})


def _name(folder: Path, path: Path) -> str:
    parts = (folder.name, *path.relative_to(folder).with_suffix("").parts)
    return ".".join(parts).removesuffix(".__init__")


def _imported(path: Path, sources: Mapping[str, Path]) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in sources)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                module = f"{node.module}.{alias.name}"
                name = module if module in sources else str(node.module)
                if name in sources:
                    yield name


def _lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def _lines_below(*folders: Path) -> int:
    return sum(_lines(path) for folder in folders for path in folder.rglob("*.py"))


def _room(module: str) -> str:
    """The layer that a module belongs to, or the catalogue."""
    package, _, rest = module.partition(".")
    return f"{package}.{rest.partition('.')[0]}" if package == "hardenme" and rest else package


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=Path(__file__).parent.parent)
    parser.add_argument(
        "--small", action="store_true", help="list the small ones with one importer"
    )
    given = parser.parse_args()
    found = structure(given.root)
    both = [name for name in found.single if found.lines[name] < SMALL]
    for label, number in (
        ("modules", len(found.lines)),
        ("modules with one importer", len(found.single)),
        (f"modules under {SMALL} lines", len(found.small)),
        ("both", len(both)),
        ("imports between modules", found.imports),
        ("lines of product", sum(found.lines.values())),
        ("lines of tests", _lines_below(given.root / "tests")),
    ):
        print(f"{number:>8,}  {label}")
    rooms = Counter(_room(name) for name in found.lines)
    print(
        "\nModules by room: "
        + ", ".join(f"{name} {count}" for name, count in sorted(rooms.items()))
    )
    if given.small:
        for name in both:
            (importer,) = found.importers[name]
            print(f"{found.lines[name]:>4}  {name}  <- {importer}")


if __name__ == "__main__":
    main()
