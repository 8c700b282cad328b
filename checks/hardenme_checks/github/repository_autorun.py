"""Checks of what a repository runs for whoever opens it."""

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
    """Nothing runs by itself when somebody opens the repository in an editor or with an agent.

    ## Why
    The worm of August 2026 wrote such files into every repository that it could push to. Whoever
    opened the folder ran it, without installing anything.

    ## Fix
    Look at who added the file, and at the command in it. Remove the file, or the hook or task that
    starts by itself; a task that people start themselves may stay.

    ## Limits
    - Looks at `.claude/settings.json`, `.claude/settings.local.json` and `.gemini/settings.json`
      (hooks of `SessionStart`), `.cursor/hooks.json` (any hook) and `.vscode/tasks.json` (`runOn`)
      at the root of the default branch. Not at other branches, other folders, files for dev
      containers, workspace files or plugins.
    - Hooks of later events are not counted, except Cursor's. Files with rules alone pass.
    - Most editors ask first whether the folder is trusted. What is run is neither kept nor judged.
    """
    if repository.default_branch is None:
        return NotApplicable("nothing was pushed yet", {"defaultBranchRef": None})
    if autorun.runs:
        path = autorun.runs[0].partition(" (")[0]
        return Failed(
            f"runs as soon as the folder is opened: {listed(autorun.runs)}",
            {"runs": kept(autorun.runs)},
            fix=Fix(
                f"Look at who added {path}, then remove what starts by itself",
                page=autorun.page("repo-file", repo=full_name(autorun), path=path),
                needs=WRITER,
                undo="Revert the commit",
            ),
        )
    return Passed("nothing starts by itself", {"runs": [], "unread": list(autorun.unread)})


CHECKS = (repo_without_autorun,)
