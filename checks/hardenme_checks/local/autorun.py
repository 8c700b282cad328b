"""Checks of what editors and agents run by themselves on this machine."""

from hardenme.facts.local.autorun import AutorunFile
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, Passed, Verdict


@check(
    "LOC114",
    "workstation-without-autorun",
    title="Editor or agent settings start programs on their own",
    severity=Severity.HIGH,
    since="0.1",
)
def workstation_without_autorun(file: AutorunFile) -> Verdict:
    """Editor and agent settings do not start programs on their own.

    ## Why
    The worm of August 2026 used such files to run in each new session of an editor or agent. It
    kept running after the package was removed.

    ## Fix
    1. Look at the command in the file before you do anything else.
    2. Take the machine off the network if you did not write it. Change your tokens from another
       machine: that worm acted as soon as a token was revoked.
    3. Move the file aside, and rewrite the parts that you need.

    ## Limits
    - Reads `.claude/settings.json`, `.claude/settings.local.json`, `.codex/config.toml`,
      `.gemini/settings.json`, `.cursor/hooks.json`, `.cursor/mcp.json`, `.mcp.json`.
    - Reads `.vscode/mcp.json`, `.vscode/settings.json`, `.vscode/tasks.json`, `.envrc`,
      `.devcontainer.json`, `.devcontainer/devcontainer.json` and `.idea/startup.xml`.
    - Reads `.code-workspace` files, and containers in folders of `.devcontainer`.
    - Fails on hooks, commands, tool servers (MCP) that are programs, and permissions opened in
      advance. Of tasks, fails on those with a `runOn` that starts them.
    - Fails on `python.testing.pytestEnabled` and on containers that mount the user's home folder.
    - A setting there that is not known to be harmless is unknown.
    - Looks in the current folder and in the home folder. Also looks at the user tasks of VS Code,
      its Insiders, VSCodium and Cursor.
    - Does not look at profiles, other folders, plugins or extensions.
    - A hook or tool server of your own fails too: waive it.
    - The command is neither kept nor judged.
    """
    seen: Seen = {"runs": list(file.runs)}
    if not file.runs:
        return Passed("it starts nothing on its own", seen)
    aside = f"{file.path}.aside"
    return Failed(
        f"starts programs on its own: {', '.join(file.runs)}",
        seen,
        fix=Fix(
            "Look at the command in the file, then move the file aside",
            command=file.command("mv", file.path, aside),
            needs="the owner of the file",
            undo=file.command("mv", aside, file.path),
        ),
    )
