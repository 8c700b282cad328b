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
    """Have the catalogue as data lie beside the pages, and a page at the site's root."""
    app.connect("build-finished", catalogue)
    app.connect("build-finished", root_page)


def catalogue(app: Any, error: Exception | None) -> None:
    """Write it, where a site was made."""
    if error is None and app.builder.format == "html":
        sys.path.insert(0, str(ROOT))
        from docs.making.catalogue import data  # noqa: PLC0415 (it needs the line above)

        (Path(app.outdir) / "docs" / "catalogue.json").write_text(data(), encoding="utf-8")


ROOT_PAGE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>hardenme</title>
<meta http-equiv="refresh" content="0; url={page}">
<link rel="canonical" href="{page}">
<p><a href="{page}">The documentation of hardenme</a></p>
"""


def root_page(app: Any, error: Exception | None) -> None:
    """Write a page that leads to the first one, since pages keep the folders of the checkout."""
    if error is None and app.builder.format == "html":
        text = ROOT_PAGE.format(page=f"{root_doc}.html")
        (Path(app.outdir) / "index.html").write_text(text, encoding="utf-8")
