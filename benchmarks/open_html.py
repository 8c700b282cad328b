"""How long headless Chromium takes to open the HTML report on a large organization.

    python -m benchmarks.open_html [--repositories N ...] [--times N]

Each line is the best of some openings of one file, each with a fresh profile: the size of the page,
when its structure was there (`domInteractive`), when it was first painted, when its list of results
was filled, and how long a filter by a word takes until what fits is shown.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from benchmarks.large_report import large_report
from hardenme.reports import pieces

NAMES = ("chromium", "chromium-browser", "google-chrome")
READY = "html[data-ready]"
TIMES = """() => {
    const [at] = performance.getEntriesByType("navigation");
    const paints = performance.getEntriesByType("paint").map((one) => one.startTime);
    return [at.domInteractive, Math.max(0, ...paints)];
}"""


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening, in seconds from its start.

    Attributes:
        interactive: the structure was there.
        painted: it was first painted with content.
        ready: the list of results was filled.
        filtered: from a word typed into the filter to what fits.
    """

    interactive: float
    painted: float
    ready: float
    filtered: float

    @property
    def total(self) -> float:
        """By which the best is chosen."""
        return self.ready


def opened(browser: Browser, page: Path, word: str = "service-00007") -> Opening:
    """Open the page in a profile of its own.

    Args:
        word: what the filter is given.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    try:
        tab = context.new_page()
        began = time.perf_counter()
        tab.goto(page.as_uri())
        tab.wait_for_selector(READY)
        ready = time.perf_counter() - began
        interactive, painted = tab.evaluate(TIMES)
        typed = time.perf_counter()
        before = tab.inner_text("#shown")
        tab.fill("#subject", word)
        changed: Any = "(before) => document.getElementById('shown').textContent !== before"
        tab.wait_for_function(changed, arg=before)
        filtered = time.perf_counter() - typed
        return Opening(interactive / 1000, painted / 1000, ready, filtered)
    finally:
        context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repositories", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        raise SystemExit("Chromium is not installed")
    print(f"{'repositories':>12} {'MB':>6} {'written':>8} {'structure':>10} {'painted':>8}", end="")
    print(f" {'filled':>7} {'filter':>7}")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        for number in options.repositories:
            page = Path(folder, f"{number}.html")
            began = time.perf_counter()
            with page.open("w", encoding="ascii") as file:
                file.writelines(pieces(large_report(number), "html"))
            written = time.perf_counter() - began
            best = min((opened(browser, page) for _ in range(options.times)), key=lambda o: o.total)
            print(
                f"{number:>12} {page.stat().st_size / 1e6:>6.1f} {written:>7.1f}s"
                f" {best.interactive:>9.2f}s {best.painted:>7.2f}s {best.ready:>6.2f}s"
                f" {best.filtered:>6.2f}s",
                flush=True,
            )
        browser.close()


if __name__ == "__main__":
    main()
