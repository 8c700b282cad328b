"""The audit of accounts that the demo serves, for each command that has a demo."""

from __future__ import annotations

from hardenme.cli.audit.clients import Connection, clients
from hardenme.cli.audit.faults import faults_kept
from hardenme.cli.audit.presence import nobody_needed
from hardenme.cli.audit.tokens import Tokens
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.progress import ProgressLine
from hardenme.credentials.token import credential
from hardenme.engine.audit import audit
from hardenme.engine.run_config import RunConfig
from hardenme.facts.npm.site import REGISTRY
from hardenme.model.pages import GITHUB_WEB
from hardenme.model.report import Report
from hardenme.sandbox.demo import Demo


def demo_report(served: Demo, config: RunConfig, console: Console) -> Report:
    """What a run says of the invented accounts; nothing of the user's is read.

    Pages are those of github.com and of npm's own site, as with real accounts.
    """
    connection = Connection(
        served.github_url,
        served.npm_url,
        web=GITHUB_WEB,
        shown_registry=REGISTRY,
        trust_root=served.trust_root,
        presence=nobody_needed(),
    )
    tokens = Tokens(
        credential("github", served.github_token, "demo"),
        credential("npm", served.npm_token, "demo"),
    )
    line = ProgressLine(console, quiet=False)
    with faults_kept(console):
        report = audit(config, clients(connection, tokens), line)
    line.close()
    return report
