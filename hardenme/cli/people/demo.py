"""`hardenme people --demo`: of the invented accounts of a maintainer."""

from __future__ import annotations

from dataclasses import replace

from hardenme.cli.audit.clients import Connection, clients
from hardenme.cli.audit.faults import faults_kept
from hardenme.cli.audit.presence import nobody_needed
from hardenme.cli.audit.run import order
from hardenme.cli.audit.tokens import Tokens
from hardenme.cli.options.audit import CheckOptions
from hardenme.cli.output.delivery import place_of
from hardenme.cli.people.telling import PeopleTelling
from hardenme.cli.terminal.progress import ProgressLine
from hardenme.credentials.token import credential
from hardenme.engine.audit import audit
from hardenme.engine.target import Target
from hardenme.facts.npm.site import REGISTRY
from hardenme.ground import clock
from hardenme.ground.files import OutputError
from hardenme.model.exit_code import Exit
from hardenme.model.pages import GITHUB_WEB
from hardenme.sandbox.demo import accounts


def run_demo(telling: PeopleTelling, options: CheckOptions) -> int:
    """Ask the invented accounts; nothing of the user's is read."""
    console = telling.console
    try:
        place = place_of(telling.delivery)
    except OutputError as error:
        console.say(str(error))
        return Exit.USAGE
    with accounts(clock.now().replace(microsecond=0)) as demo:
        connection = Connection(
            demo.github_url,
            demo.npm_url,
            web=GITHUB_WEB,
            shown_registry=REGISTRY,
            trust_root=demo.trust_root,
            presence=nobody_needed(),
        )
        tokens = Tokens(
            credential("github", demo.github_token, "demo"),
            credential("npm", demo.npm_token, "demo"),
        )
        own = replace(options, targets=(Target.parse("me"),))
        line = ProgressLine(console, quiet=False)
        with faults_kept(console):
            report = audit(order(own), clients(connection, tokens), line)
        line.close()
        shown = replace(telling, hosts=(GITHUB_WEB, REGISTRY), invented=True)
        code = shown(report, (demo.github_url, demo.npm_url), place)
    return Exit.CLEAN if code == Exit.UNKNOWN else code
