#!/usr/bin/env python3
"""Collect what a program in a virtual environment needs to run, and nothing else.

    python image/collect.py ENVIRONMENT ROOT

ROOT becomes a file system with the environment, this Python, the libraries that both are linked
with, the certificates of the system, and one user. It holds no shell and no package manager.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

USER = 65532
LEFT_OUT = (
    *("config-3*", "ensurepip", "idlelib", "site-packages", "test", "tkinter", "_tkinter.*"),
    "turtledemo",
)
"""Parts of the standard library that the program does not use; `site-packages` holds pip."""
CERTIFICATES = (
    *("/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/usr/lib/ssl", "/usr/share/ca-certificates"),
)
ELF = b"\x7fELF"


def main(environment: Path, root: Path) -> None:
    """Fill the folder."""
    library = Path(sysconfig.get_path("stdlib"))
    interpreter = Path(sys.executable).resolve()
    copy(environment, root)
    copy(library, root, *LEFT_OUT)
    copy(interpreter, root)
    for link in (environment / "bin").iterdir():
        if link.is_symlink() and link.resolve() == interpreter:
            # The environment's Python is a link, over others, to the one that was copied.
            place(root, link).unlink(missing_ok=True)
            place(root, link).symlink_to(interpreter)
    kept = [place(root, path) for path in (environment, library, interpreter)]
    for path in sorted(set(needed(kept))):
        copy(path, root)
    for name in CERTIFICATES:
        if Path(name).exists():
            copy(Path(name), root)
    etc = root / "etc"
    etc.mkdir(exist_ok=True)
    (etc / "passwd").write_text(f"hardenme:x:{USER}:{USER}::/tmp:/nonexistent\n")
    (etc / "group").write_text(f"hardenme:x:{USER}:\n")
    (root / "tmp").mkdir(mode=0o1777, exist_ok=True)
    (root / "tmp").chmod(0o1777)


def place(root: Path, path: Path) -> Path:
    """Where something of this machine lies in the new file system."""
    return root / path.absolute().relative_to("/")


def copy(path: Path, root: Path, *left_out: str) -> None:
    """Copy a file or a folder to the same place below the root."""
    target = place(root, path)
    if path.is_dir():
        ignored = shutil.ignore_patterns(*left_out)
        shutil.copytree(path, target, symlinks=True, dirs_exist_ok=True, ignore=ignored)
    elif not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)


def needed(places: list[Path]) -> Iterator[Path]:
    """The shared libraries that programs and extensions are linked with, and their loader."""
    files = (path for one in places for path in ([one] if one.is_file() else one.rglob("*")))
    binaries = [str(path) for path in files if path.is_file() and is_elf(path)]
    done = subprocess.run(["ldd", *binaries], capture_output=True, text=True, check=False)  # noqa: S603, S607
    if "not found" in done.stdout:
        sys.exit(done.stdout)
    for line in done.stdout.splitlines():
        # `libz.so.1 => /lib/libz.so.1 (0x…)`, `/lib64/ld-linux-x86-64.so.2 (0x…)`
        words = line.replace("=>", " ").split()
        yield from (Path(word) for word in words if word.startswith("/") and word[-1] != ":")


def is_elf(path: Path) -> bool:
    """Whether a file is a program or a library of Linux."""
    with path.open("rb") as file:
        return file.read(len(ELF)) == ELF


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
