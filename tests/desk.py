"""A shell at a workstation of a test: it runs printed commands there, with the real programs.

What takes a person's hands is played: an editor takes out the lines that a finding names, and a
passphrase is given where one is asked for. `sudo` runs what it is given.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.collectors.local.home import Home

EDITOR = """\
#!{python} -IS
import os, sys
at, name = sys.argv[1:]
lines = sorted(map(int, os.environ["DESK_LINES"].split()))
assert at == f"+{{lines[0]}}", (at, lines)
with open(name, "rb") as file:
    text = file.read().splitlines(keepends=True)
for line in reversed(lines):
    del text[line - 1]
with open(name, "wb") as file:
    file.write(b"".join(text))
"""
GIVEN = "#!/bin/sh\necho 'a passphrase of a test'\n"
SUDO = '#!/bin/sh\nexec "$@"\n'
SHELL = shutil.which("bash")
"""Unlike dash it hands on the variables that it cannot name."""
SHOWN = f"#!{SHELL}\nexec env -0\n"
"""Shows the variables that are left; it is the person's shell, too."""


@dataclass(frozen=True)
class Desk:
    """A shell at a workstation.

    Attributes:
        home: the workstation.
        tools: a folder for the programs that stand in for a person.
    """

    home: Home
    tools: Path

    def __post_init__(self) -> None:
        self.tools.mkdir()
        programs = {"vi": EDITOR.format(python=sys.executable), "sudo": SUDO}
        for name, text in (programs | {"shown": SHOWN, "given": GIVEN}).items():
            program = self.tools / name
            program.write_text(text)
            program.chmod(0o755)

    def run(self, command: str, lines: Iterable[int] = ()) -> str:
        """Run a command; what it does to the variables holds for the workstation from then on.

        Args:
            command: as it is printed.
            lines: those that the person takes out who gets an editor.

        Returns:
            What went wrong; empty for nothing.
        """
        assert SHELL is not None
        shown = self.tools / "shown"
        done = subprocess.run(  # noqa: S603 (a command of ours, in a folder of the test)
            [SHELL, "-c", f"{command}\ncode=$?\n{shown}\nexit $code"],
            cwd=self.home.project,
            env=self._environment(lines),
            capture_output=True,
            timeout=60,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        left = {part.partition(b"=")[0].rpartition(b"\n")[2] for part in done.stdout.split(b"\0")}
        for name in [name for name in self.home.environ if name.encode() not in left]:
            del self.home.environ[name]
        return done.stderr.decode() if done.returncode else ""

    def _environment(self, lines: Iterable[int]) -> dict[str, str]:
        """The workstation's own variables, and what keeps programs within its folders."""
        root = self.home.root
        return self.home.environ | {
            "PATH": f"{self.tools}:{os.environ['PATH']}",
            "HOME": str(self.home.home),
            "SHELL": str(self.tools / "shown"),
            "DESK_LINES": " ".join(map(str, lines)),
            "SSH_ASKPASS": str(self.tools / "given"),
            "SSH_ASKPASS_REQUIRE": "force",
            "NPM_CONFIG_GLOBALCONFIG": str(root / "node" / "etc" / "npmrc"),
            "NPM_CONFIG_CACHE": str(root / "cache"),
            "NPM_CONFIG_UPDATE_NOTIFIER": "false",
            "NPM_CONFIG_LOGS_MAX": "0",
            "NPM_CONFIG_FETCH_RETRIES": "0",
            "NPM_CONFIG_OTP": "000000",
        }
