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
    Find out who added the file, then remove it, or the hook or task that starts by itself.

    ## Limits
    - Reads only the root of the default branch.
    - Checks `SessionStart` hooks in `.claude/settings.json`, `.claude/settings.local.json` and
      `.gemini/settings.json`.
    - Checks any hook in `.cursor/hooks.json`, and `runOn` in `.vscode/tasks.json`.
    - Does not check dev containers, workspace files, plugins, or later events but Cursor's.
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
                f"Find out who added {path}, then remove what starts by itself",
                page=autorun.page("repo-file", repo=full_name(autorun), path=path),
                needs=WRITER,
                undo="Revert the commit",
            ),
        )
    return Passed(
        "nothing runs when the folder is opened", {"runs": [], "unread": list(autorun.unread)}
    )
