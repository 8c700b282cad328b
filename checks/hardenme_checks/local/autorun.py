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
    """The settings of editors and agents start nothing by themselves.

    ## Why
    The worm of August 2026 wrote itself into such files, of the folder and of the user. It then ran
    with each new session, also after the package was removed.

    ## Fix
    Look at the command in the file before anything else. If you did not write it, take the machine
    off the network first, and change your tokens from another one: that worm acted as soon as a
    token was revoked. Then put the file aside, and write what you need of it anew.

    ## Limits
    - Looks at `.claude/settings.json`, `.claude/settings.local.json` and `.gemini/settings.json`
      (hooks of `SessionStart`), `.cursor/hooks.json` (any hook) and `.vscode/tasks.json` (`runOn`)
      in the current folder and in the home, and at the user's own tasks of VS Code, its Insiders,
      VSCodium and Cursor. Not at profiles, other folders, workspace files, plugins or extensions.
    - Hooks of later events are not counted, except Cursor's. A hook of your own fails too: waive
      it.
    - The command is neither kept nor judged.
    """
    seen: Seen = {"runs": list(file.runs)}
    if not file.runs:
        return Passed("it starts nothing by itself", seen)
    aside = f"{file.path}.aside"
    return Failed(
        f"starts something by itself: {', '.join(file.runs)}",
        seen,
        fix=Fix(
            "Look at the command in the file, then put the file aside",
            command=file.command("mv", file.path, aside),
            needs="the owner of the file",
            undo=file.command("mv", aside, file.path),
        ),
    )
