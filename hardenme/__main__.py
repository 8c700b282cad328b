"""The console script's entry."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit with its code."""
    # Imported here, so that `python -m` has left the working directory before.
    from hardenme.cli.main import run  # noqa: PLC0415

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    # `python -m` puts the working directory first, and a hostile one may hold a `requests.py`.
    if not sys.flags.safe_path:
        del sys.path[0]
    main()
