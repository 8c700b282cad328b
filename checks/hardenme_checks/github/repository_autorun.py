"""Checks of what a repository runs when its folder is opened."""

from hardenme.facts.github.files import RepositoryAutorun
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.site import full_name
from hardenme.model.check import check
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed, Verdict
from hardenme_checks.github.workflow_words import WRITER, kept, listed


@check(
    "GHR130",
    "repo-without-autorun",
    title="Repository runs code as soon as its folder is opened",
    severity=Severity.HIGH,
    since="0.1",
)
def repo_without_autorun(autorun: RepositoryAutorun, repository: Repository) -> Verdict:
    """Nothing runs by itself when someone opens the repository in an editor or agent.

    ## Why
    Opening the folder is enough to run malware. The worm of August 2026 added such files to every
    repository that it reached.

    ## Fix
    Find out who added the file, then remove it, or the setting that starts something by itself.

    ## Limits
    - Reads only the root of the default branch.
    - Reads `.claude/settings.json`, `.claude/settings.local.json`, `.codex/config.toml`,
      `.gemini/settings.json`, `.cursor/hooks.json`, `.cursor/mcp.json`, `.mcp.json`.
    - Reads `.vscode/mcp.json`, `.vscode/settings.json`, `.vscode/tasks.json`, `.envrc`,
      `.devcontainer.json`, `.devcontainer/devcontainer.json` and `.idea/startup.xml`.
    - Reads `.code-workspace` files, and containers in folders of `.devcontainer`.
    - Fails on hooks, commands, tool servers (MCP) that are programs, and permissions opened in
      advance. Of tasks, fails on those with a `runOn` that starts them.
    - Fails on `python.testing.pytestEnabled` and on containers that mount the user's home folder.
    - A setting there that is not known to be harmless is unknown.
    - Commands that a dev container runs inside itself do not count; its `initializeCommand` does.
    - Does not check other agents' files, or what an installation or a git hook runs
      (`package.json`, husky).
    - Most editors first ask whether you trust the folder. Does not judge the command.
    """
    if repository.default_branch is None:
        return NotApplicable("nothing was pushed yet", {"defaultBranchRef": None})
    if autorun.runs:
        path = autorun.runs[0].partition(" (")[0]
        return Failed(
            f"runs when the folder is opened: {listed(autorun.runs)}",
            {"runs": kept(autorun.runs)},
            fix=Fix(
                f"Find out who added {path}, then remove what starts without approval",
                page=autorun.file_page(full_name(autorun), path, autorun.line),
                needs=WRITER,
                undo="Revert the commit",
            ),
        )
    return Passed(
        "nothing runs when the folder is opened", {"runs": [], "unread": list(autorun.unread)}
    )
