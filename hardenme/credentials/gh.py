"""The token that GitHub's own command line keeps: asked for only with --use-gh.

`gh` is started as `hardenme/ground/programs.py` says of programs. It gets no token, no input, and
little of this process's environment, and what it answers is bounded in size and time.

Source: gh's manual, `gh auth token`, and "environment": `GH_TOKEN` would be printed in place of
what is stored.
"""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from hardenme.credentials.stored import host_of
from hardenme.credentials.token import Credential, credential
from hardenme.ground.errors import CredentialError, UnsafeFileError
from hardenme.ground.programs import WINDOWS, demand_own, find

SECONDS = 5.0
LARGEST = 4096
KEPT = (
    *("HOME", "USER", "LOGNAME", "LANG", "XDG_CONFIG_HOME", "GH_CONFIG_DIR"),
    *("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"),
    *("SYSTEMROOT", "USERPROFILE", "APPDATA", "LOCALAPPDATA"),
)
"""What gh needs to find its configuration and the keyring; no variable that can hold a token."""
FIXED = {"GH_NO_UPDATE_NOTIFIER": "1", "GH_PROMPT_DISABLED": "1", "NO_COLOR": "1"}
REDUCED_PATH = "/usr/bin:/bin"


class Gh:
    """gh, where it may be started.

    Args:
        environ: the environment.
        say: called with the program that is started.
        seconds: how long it may take.
    """

    def __init__(
        self, environ: Mapping[str, str], say: Callable[[str], None], seconds: float = SECONDS
    ) -> None:
        self._environ = environ
        self._say = say
        self._seconds = seconds

    def token(self, api: str) -> Credential:
        """The token that gh keeps for exactly the host of a GitHub API address.

        Raises:
            CredentialError: gh has none for that host, is not there, or must not be started.
        """
        host = _host(api)
        found = find("gh", self._environ.get("PATH", ""))
        if found is None:
            raise CredentialError("--use-gh: no folder of PATH has a gh")
        try:
            program = demand_own(found)
        except UnsafeFileError as error:
            raise CredentialError(str(error)) from None
        self._say(f"running {program} auth token --hostname {host}")
        answer = self._run(found, program, host)
        token = credential("github", answer.decode("utf-8", "replace"), f"gh ({program})")
        if token is None:
            raise CredentialError(f"gh has no token for {host}; run: gh auth login -h {host}")
        return token

    def _run(self, found: Path, program: Path, host: str) -> bytes:
        """What gh prints; empty if it fails."""
        command = [str(found), "auth", "token", "--hostname", host]
        try:
            process = subprocess.Popen(  # noqa: S603 (checked, no shell, a host of our own)
                command,
                executable=program,
                cwd=program.anchor,
                env=self._scrubbed(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
            )
        except OSError as error:
            raise CredentialError(f"{program} could not be started: {error.strerror}") from None
        answers: list[bytes] = []

        def read() -> None:
            # What gh leaves running may keep the pipe open: the thread ends with this process.
            with process.stdout as pipe:  # type: ignore[union-attr]  # a pipe was asked for
                pieces = b""
                while len(pieces) <= LARGEST and (piece := pipe.read(LARGEST)):
                    pieces += piece
                answers.append(pieces)

        ends = time.monotonic() + self._seconds
        reader = threading.Thread(target=read, name="gh", daemon=True)
        reader.start()
        reader.join(self._seconds)
        code = None
        try:
            code = process.wait(max(ends - time.monotonic(), 0.0))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            answers.clear()
        if not answers:
            raise CredentialError(f"{program} did not answer within {self._seconds:g} s")
        if len(answers[0]) > LARGEST:
            raise CredentialError(f"{program} answered more than a token")
        return answers[0] if code == 0 else b""

    def _scrubbed(self) -> dict[str, str]:
        kept = {name: self._environ[name] for name in KEPT if name in self._environ}
        return {**kept, **FIXED, **({} if WINDOWS else {"PATH": REDUCED_PATH})}


def _host(api: str) -> str:
    """The host by which gh knows an address of the API.

    Raises:
        CredentialError: gh keeps no token for such an address: it names hosts alone.
    """
    parts = urlsplit(api)
    try:
        host = host_of("github", api)
    except ValueError:
        host = ""
    if not host or parts.scheme != "https" or parts.port is not None or "/" in host:
        raise CredentialError(f"--use-gh: gh keeps tokens by host alone, and none for {api}")
    return host
