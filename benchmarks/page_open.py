"""How long Chromium takes to open the page of a served organization, and how large the page is.

    python -m benchmarks.page_open [--repositories N] [--times N]

The installed `hardenme check -f html` asks the loopback server of `benchmarks.sweep`. Chromium
opens the file that it wrote, each time in a fresh profile, until the list of results is filled. The
exit code is 1 where the page has 600 KB or more, or the median takes a second or longer.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.open_html import NAMES, Opening, opened
from benchmarks.sweep import command, sandbox
from tests.worlds.scaled_organization import scaled_organization

LARGEST = 600_000
"""Bytes."""
LONGEST = 1.0
"""Seconds to a filled page, in the median on a quiet machine."""
MEMBERS = 50


def written(repositories: int) -> str:
    """The page of an organization with so many repositories, archived ones included."""
    sweep = scaled_organization(datetime.now(UTC), repositories=repositories, members=MEMBERS)
    with tempfile.TemporaryDirectory() as home, sandbox(sweep, 0.0) as (url, _):
        return command(url, sweep.token, home, "standard", "--archived", "-f", "html").text


def openings(page: Path, word: str, times: int) -> list[Opening]:
    """Open it so many times, after once that does not count.

    Args:
        word: what the filter is given.
    """
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        raise SystemExit("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        found = [opened(browser, page, word) for _ in range(times + 1)]
        browser.close()
    return found[1:]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--repositories", type=int, default=100)
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "page.html")
        page.write_text(written(options.repositories), encoding="ascii")
        size = page.stat().st_size
        found = openings(page, "weak", options.times)
    ready = statistics.median(one.ready for one in found)
    painted = statistics.median(one.painted for one in found)
    filtered = statistics.median(one.filtered for one in found)
    print(f"{options.repositories} repositories: {size / 1000:.0f} KB")
    print(
        f"median of {len(found)}: painted {painted:.2f} s, filled {ready:.2f} s,"
        f" filter {filtered:.2f} s"
    )
    return int(size >= LARGEST or ready >= LONGEST)


if __name__ == "__main__":
    sys.exit(main())
