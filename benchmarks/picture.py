"""Draws docs/demo.svg: what `hardenme demo` prints, as a terminal shows it.

Run it with the Python of the development environment; it needs `rich`, which comes with it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

WIDTH = 100
LINES = 47


def main() -> None:
    """Run the demo and keep its first lines as a picture."""
    environment = {**os.environ, "COLUMNS": str(WIDTH), "FORCE_COLOR": "1"}
    script = Path(sys.executable).with_name("hardenme")
    output = subprocess.run(  # noqa: S603 (our own script)
        [script, "demo"], env=environment, capture_output=True, text=True, check=True
    ).stdout
    lines = [re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:40001", line) for line in output.splitlines()]
    console = Console(
        record=True, width=WIDTH, file=StringIO(), force_terminal=True, color_system="standard"
    )
    for line in ["$ hardenme demo", *lines[:LINES]]:
        console.print(Text.from_ansi(line), no_wrap=True, crop=True)
    target = Path(__file__).parent.parent / "docs" / "demo.svg"
    svg = console.export_svg(title="hardenme demo", unique_id="hardenme")
    # A picture asks no other host for fonts.
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    target.write_text(svg.replace("Fira Code, monospace", "ui-monospace, monospace"), "utf-8")


if __name__ == "__main__":
    main()
