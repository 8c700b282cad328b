"""Where a token is kept on a machine without a keyring, with the commands."""

from __future__ import annotations

from hardenme.cli.terminal.console import Console

NO_KEYRING = (
    "There is no usable keyring here, so hardenme stores nothing. Make the token on the page above,"
    " on any machine with a browser. Then keep it in one of these two ways:"
)
IN_A_FILE = "1. In a file that only you can read. Paste the token, press Enter, then Ctrl-D:"
BY_A_MANAGER = "2. In a password manager that fills a variable for one command:"


def keeping(console: Console, provider: str, options: str) -> None:
    """Put before a person where to keep a token that hardenme cannot store.

    Args:
        console: the terminal; it all goes to standard error.
        provider: `github` or `npm`.
        options: what `hardenme check` needs to ask the same host; empty for the provider's own.
    """
    file = f"~/.config/hardenme/{provider}-token"
    check = f"hardenme check{options}"
    console.say(NO_KEYRING)
    console.put(
        f"  {IN_A_FILE}",
        f"     mkdir -p ~/.config/hardenme && (umask 077 && cat > {file})",
        f"     {check} --token-file {provider}:{file}",
        f"  {BY_A_MANAGER}",
        f'     HARDENME_{provider.upper()}_TOKEN="$(pass show {provider})" {check}',
        "",
    )
