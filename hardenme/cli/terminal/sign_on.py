"""The links to single sign-on that came during a run: for the person at the terminal alone."""

from __future__ import annotations

from hardenme.cli.terminal.console import Console
from hardenme.engine.clients import Clients


def say_sign_on(console: Console, clients: Clients) -> None:
    """Show each link where a person watches; no file, pipe or log is given one."""
    if not console.interactive:
        return
    own = clients.github_by_owner.values()
    found = {
        name: url
        for client in (clients.github, *own)
        if client is not None
        for name, url in client.sign_on.links.items()
    }
    for name, url in sorted(found.items()):
        console.say(f"single sign-on of {name}, within the hour and by you alone: {url}")
