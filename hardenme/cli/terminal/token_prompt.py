"""A token that someone types or pipes in, without showing it."""

from __future__ import annotations

import getpass
import warnings
from typing import TextIO

from hardenme.cli.terminal.console import Console
from hardenme.credentials.token import Credential, credential, piped
from hardenme.ground.errors import CredentialError


def typed(console: Console, stdin: TextIO | None, provider: str, prompt: str) -> Credential:
    """One token: asked for at a terminal without echo, else one line of standard input.

    Args:
        stdin: standard input; None if it is closed.
        provider: `github` or `npm`.

    Raises:
        CredentialError: there is none, it is none of this provider's, or the terminal would show
            what is typed.
    """
    if stdin is None or not stdin.isatty():
        return piped(provider, stdin, "one line with the token is read from it")
    found = credential(provider, asked(console, prompt), "what was typed")
    if found is None:
        raise CredentialError("nothing was typed")
    return found


def asked(console: Console, prompt: str) -> str:
    """The hidden input of a person; empty for none.

    Raises:
        CredentialError: the terminal would show it.
    """
    with warnings.catch_warnings():
        # Where echo cannot be turned off, the module warns and reads all the same.
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return getpass.getpass(prompt, stream=console.err)
        except getpass.GetPassWarning:
            raise CredentialError(
                "this terminal would show the token while it is typed; pipe it in instead"
            ) from None
        except EOFError:
            console.put("")
            return ""
        except KeyboardInterrupt:
            # The cursor is after the prompt.
            console.put("")
            raise
