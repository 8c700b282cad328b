"""Makes a site of the documentation.

    sphinx-build -W --keep-going -n -c docs . build/site

The pages are plain Markdown that reads the same on GitHub. The whole checkout is the source, so
that a link from `docs` to a file beside it is checked as well; what counts as a page is named here.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hardenme import __version__

project = "hardenme"
author = "The hardenme maintainers"
project_copyright = author
release = version = __version__

extensions = ["myst_parser"]
root_doc = "docs/index"
include_patterns = ["*.md", "checks/README.md", "docs/*.md", "docs/checks/*.md", "docs/guides/*.md"]
exclude_patterns = [".*", "build", "dist", "node_modules", "hardenme", "tests", "benchmarks"]

myst_heading_anchors = 4
nitpicky = True
suppress_warnings = [
    "toc.not_included",  # the pages of checks are reached from their index; a test sees to the rest
    "misc.highlighting_failure",  # GitHub draws mermaid, and here it stays text
]

html_theme = "furo"
html_title = "hardenme"
html_copy_source = False
html_show_sourcelink = False
html_last_updated_fmt = None

ROOT = Path(__file__).parent.parent


def setup(app: Any) -> None:
    """Have the catalogue as data lie beside the pages."""
    app.connect("build-finished", catalogue)


def catalogue(app: Any, error: Exception | None) -> None:
    """Write it, where a site was made."""
    if error is None and app.builder.format == "html":
        sys.path.insert(0, str(ROOT))
        from docs.making.catalogue import data  # noqa: PLC0415 (it needs the line above)

        (Path(app.outdir) / "docs" / "catalogue.json").write_text(data(), encoding="utf-8")
