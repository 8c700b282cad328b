"""Where a job or a step runs a text, apart from expressions in its script.

Its shell, image, runner and variables can name a program. A script can run what it looks up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hardenme.workflows import known
from hardenme.workflows.expressions import OPEN, strings
from hardenme.workflows.flow import JobFlow, StepView
from hardenme.workflows.level import Level
from hardenme.workflows.origins import looked_up
from hardenme.workflows.programs import RUN_BY_VARIABLE
from hardenme.workflows.running import runs
from hardenme.workflows.script_languages import (
    OF_POWERSHELL,
    POWERSHELL,
    can_run_text,
    language_of,
    without_comparisons,
)
from hardenme.workflows.scripts import is_of_a_shell, program
from hardenme.workflows.source import text_of
from hardenme.workflows.written import ENVIRONMENT, WORD

IMAGE_KEYS = ("image", "options", "volumes", "entrypoint", "command")
"""Keys of a container that decide what runs in it, and what it can access on the machine."""
OF_OTHERS = re.compile(
    r"\bpayload\b|GITHUB_EVENT_PATH|GITHUB_HEAD_REF|\bgithub\.(?:rest|graphql|request|paginate)\b"
    r"|\boctokit\b|\bfetch\b"
)
"""How a script looks up what others wrote: in the event, or from GitHub."""
ASKED_OF_GITHUB = re.compile(
    r"\b(?:github|octokit)\.(?:rest\.)?(?:activity|issues|pulls|reactions|search)\.(?:get|list|search)"
    r"|\b(?:github|octokit)\.(?:graphql|request|paginate)\b|\bfetch\b|api\.github\.com"
)
"""How a script asks GitHub for what outsiders wrote, whatever the event."""
FILLED_IN = re.compile(r"%~?(\w+)(?::[^%\n]*)?%")
"""A variable as cmd writes it, with what it does to the value."""
COMPARED = re.compile(r"\b(?:if|elseif|while|until|switch)[ \t]*\(+[ \t]*(?=\$)", re.IGNORECASE)
"""How PowerShell begins a comparison of a variable, which other shells would run."""
OUTPUTS = frozenset({"needs", "steps"})


def around(job: JobFlow) -> Level:
    """How surely text of outsiders chooses what a job runs in."""
    raw = job.raw
    services = raw.get("services")
    boxes = [raw.get("container"), *(services.values() if isinstance(services, dict) else ())]
    texts = [*strings(list(map(_image, boxes))), *strings(raw.get("defaults"))]
    found = max((job.of(text).text for text in texts), default=Level.NO)
    runner = any(job.of(text).text is Level.YES for text in strings(raw.get("runs-on")))
    return max(found, Level.MAYBE) if runner else found


def _image(box: Any) -> Any:
    return [box.get(key) for key in IMAGE_KEYS] if isinstance(box, dict) else box


def settings(view: StepView, job: JobFlow) -> Iterator[Level]:
    """How surely text of outsiders is a step's shell, or a variable that programs run."""
    step = view.step
    yield view.origin(text_of(step.raw, "shell")).text
    # A folder that is chosen decides what a relative path in the script runs.
    yield min(view.origin(text_of(step.raw, "working-directory")).text, Level.MAYBE)
    for level in (job.file.source.env, job.raw.get("env"), *step.env):
        if isinstance(level, str):
            yield view.origin(level).text
        elif isinstance(level, dict):
            named = (v for k, v in level.items() if RUN_BY_VARIABLE.match(f"{k}="))
            yield from (view.origin(value).text for value in named if isinstance(value, str))


def asked_runs(view: StepView, holding: dict[str, Level]) -> Level:
    """How surely a script runs what outsiders wrote and a command asks for, whatever the event.

    Args:
        holding: the files that hold such text; those that it writes are added.
    """
    script = view.script
    shell = known.OTHER_LANGUAGES.get(view.step.action) or text_of(view.step.raw, "shell")
    if is_of_a_shell(shell):
        kept = script.written(ENVIRONMENT).all.asked if view.step.script else Level.NO
        return max(kept, script.interpreted(holding, anyhow=True))
    reads = script.mentioned().asked or ASKED_OF_GITHUB.search(script.text)
    return Level.MAYBE if reads and can_run_text(language_of(shell), script.text) else Level.NO


def script_runs(view: StepView, holding: dict[str, Level]) -> Level:
    """How surely a script runs text of outsiders that it looks up.

    Args:
        holding: the files that hold such text; those that it writes are added.
    """
    step, script = view.step, view.script
    shell = known.OTHER_LANGUAGES.get(step.action) or text_of(step.raw, "shell")
    if is_of_a_shell(shell):
        if OF_POWERSHELL.search(script.text):
            plain = COMPARED.sub("test ", without_comparisons(script.text))
            script = replace(script, text=plain)
        return max(script.interpreted(holding), _for_programs(view), _of_windows(view, shell))
    reads = script.mentioned().text or OF_OTHERS.search(script.text)
    return Level.MAYBE if reads and can_run_text(language_of(shell), script.text) else Level.NO


def _of_windows(view: StepView, shell: str) -> Level:
    """How surely a shell of Windows runs a variable: cmd reads a line after it filled them in."""
    script = view.script
    if program(shell.partition(" ")[0]).removesuffix(".exe") == "cmd":
        return max(
            (script.variable(n).text for n in FILLED_IN.findall(script.text)), default=Level.NO
        )
    if not (OF_POWERSHELL.search(script.text) and can_run_text(POWERSHELL, script.text)):
        return Level.NO
    return min(script.mentioned().text, Level.MAYBE)


def _for_programs(view: StepView) -> Level:
    """A variable that a script does not look up itself is for the programs that it starts."""
    own = view.step.raw.get("env")
    if not (view.step.script and isinstance(own, dict)):
        return Level.NO
    words = set(WORD.findall(view.step.script))
    unused = [value for name, value in own.items() if name not in words and isinstance(value, str)]
    given = any(OPEN in value and view.origin(value).text is Level.YES for value in unused)
    return Level.MAYBE if given and runs(view.step.script)[0] is not Level.NO else Level.NO


def by_output(view: StepView) -> bool:
    """Whether a script holds the output of something that is not known."""
    return any(
        path.parts[0] in OUTPUTS and view.origin(f"${{{{ {path} }}}}").text is Level.MAYBE
        for path in looked_up(view.script.text)
    )
