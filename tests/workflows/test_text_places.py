"""Places other than a script's own expressions at which text of outsiders is run, or is not."""

from __future__ import annotations

import json

import pytest

from hardenme.model.unknown import Unknown
from hardenme.workflows.script_languages import can_run_text, language_of
from tests.workflows.said import fields

TITLE = '"${{ github.event.issue.title }}"'
OURS = ("a", "${{ github.repository }}", "${{ github.event.issue.number }}")
"""Values that no outsider chooses."""
SCRIPT = "actions/github-script@60a0d83039c74a4aee543508d2ffcb1c3799cdea"


def judged(jobs: str, on: str = "issues", top: str = "") -> str:
    """What is said of a file with these keys of its one job."""
    found = fields(f"on: {on}\n{top}jobs:\n  one:\n    runs-on: x\n{jobs}")
    if found["injections"]:
        return "failed"
    return "unknown" if isinstance(found["unfollowed_text"], Unknown) else "passed"


UNKNOWN = "unknown"
LIST = "    steps: [{run: ls}]\n"
PLACES = {
    "shell": f"    steps: [{{run: ls, shell: {TITLE}}}]\n",
    "shell with a file": '    steps: [{run: ls, shell: "${{ github.event.issue.title }} {0}"}]\n',
    "default shell": f"    defaults: {{run: {{shell: {TITLE}}}}}\n{LIST}",
    "container": f"    container: {TITLE}\n{LIST}",
    "image": f"    container: {{image: {TITLE}}}\n{LIST}",
    "options": f"    container: {{image: a, options: {TITLE}}}\n{LIST}",
    "volumes": f"    container: {{image: a, volumes: [{TITLE}]}}\n{LIST}",
    "service": f"    services: {{d: {{image: {TITLE}}}}}\n{LIST}",
    "options of a service": f"    services: {{d: {{image: a, options: {TITLE}}}}}\n{LIST}",
    **{
        f"{name} of a step": f"    steps: [{{run: ls, env: {{{name}: {TITLE}}}}}]\n"
        for name in ("BASH_ENV", "PATH", "NODE_OPTIONS", "LD_PRELOAD", "GIT_SSH_COMMAND", "PAGER")
    },
    "PATH of a job": f"    env: {{PATH: {TITLE}}}\n{LIST}",
    "all variables": f"    steps: [{{run: ls, env: {TITLE}}}]\n",
}
"""Keys of a job whose value is run, or decides what is."""


@pytest.mark.parametrize("name", PLACES)
def test_text_that_decides_what_runs(name: str) -> None:
    assert judged(PLACES[name]) == "failed"


@pytest.mark.parametrize("name", PLACES)
@pytest.mark.parametrize("value", OURS)
def test_a_value_of_our_own_there(name: str, value: str) -> None:
    own = PLACES[name].replace("${{ github.event.issue.title }}", value)
    assert judged(own) == "passed"


def test_a_variable_of_the_file_that_programs_run() -> None:
    assert judged(LIST, top=f"env: {{NODE_OPTIONS: {TITLE}}}\n") == "failed"


@pytest.mark.parametrize(
    "jobs",
    [
        LIST + f"    container: {{image: a, env: {{A: {TITLE}}}}}\n",
        f"    name: {TITLE}\n{LIST}",
        f"    concurrency: {TITLE}\n{LIST}",
        f"    steps: [{{run: ls, name: {TITLE}}}]\n",
        f"    steps: [{{run: ls, if: {TITLE}}}]\n",
    ],
)
def test_text_that_decides_nothing(jobs: str) -> None:
    assert judged(jobs) == "passed"


@pytest.mark.parametrize(
    "jobs",
    [
        f"    steps: [{{run: ls, working-directory: {TITLE}}}]\n",
        f"    steps: [{{run: make, env: {{T: {TITLE}}}}}]\n",
        f"    steps: [{{run: ./x.sh, env: {{T: {TITLE}}}}}]\n",
        f"    steps: [{{uses: a/b@v1, env: {{T: {TITLE}}}}}]\n",
    ],
)
def test_text_of_which_the_use_is_not_seen(jobs: str) -> None:
    assert judged(jobs) == "unknown"


def test_a_runner_that_is_chosen_by_a_text() -> None:
    found = fields(f"on: issues\njobs:\n  one:\n    runs-on: {TITLE}\n{LIST}")
    assert isinstance(found["unfollowed_text"], Unknown)


def steps(*scripts: str) -> str:
    """Steps that are each given the title as the variable `T`."""
    return "    steps:\n" + "".join(
        f"      - run: {json.dumps(script)}\n        env: {{T: {TITLE}}}\n" for script in scripts
    )


@pytest.mark.parametrize(
    ("scripts", "expected"),
    [
        (('echo "$T" > x.sh', "bash x.sh"), "failed"),
        (('echo "$T" > x', "source x"), "failed"),
        (('echo "$T" | tee t.txt', 'eval "$(cat t.txt)"'), "failed"),
        (('echo "$T" > t.txt', "bash < t.txt"), "failed"),
        (('echo "$T" > package.json', "npm ci"), "unknown"),
        (('echo "$T" >> ~/.bashrc', "ls"), "unknown"),
        (('echo "$T" > .env', "ls"), "unknown"),
        (('echo "$T" > Makefile', "ls"), "unknown"),
        (('echo "$T" | sudo tee /etc/cron.d/x', "ls"), "unknown"),
        (('echo "$T" > .git/hooks/pre-commit', "git commit"), "unknown"),
        (('echo "$T" > t.txt', "grep -c x t.txt"), "passed"),
        (('echo "$T" > notes.md', 'gh issue comment 5 --body-file notes.md; echo "$T"'), "passed"),
        (('echo "$T" >> "$GITHUB_STEP_SUMMARY"', 'echo "$T"'), "passed"),
    ],
)
def test_a_file_holds_the_text_for_later_steps(scripts: tuple[str, ...], expected: str) -> None:
    assert judged(steps(*scripts)) == expected


JAVASCRIPT = {
    "console.log(process.env.T)": False,
    "const fs = require('fs'); fs.writeFileSync('t.txt', process.env.T)": False,
    "core.setOutput('t', context.payload.issue.title)": False,
    "await github.rest.issues.createComment({body: context.payload.issue.title})": False,
    "require('child_process').execSync(`echo ${process.env.T}`)": True,
    "require('child_process').execSync(`echo ${context.payload.issue.title}`)": True,
    "eval(context.payload.issue.body)": True,
    "new Function(process.env.T)()": True,
    "await exec.exec('bash', ['-c', context.payload.issue.title])": True,
    "core.exportVariable('X', context.payload.issue.title)": True,
    "core.addPath(context.payload.issue.title)": True,
    "const run = require('./run.js'); run(context.payload)": True,
    "(await import(process.env.T)).default()": True,
    "[].constructor.constructor(process.env.T)()": True,
    "github['cons' + 'tructor']['cons' + 'tructor'](process.env.T)()": True,
    "Reflect.get(github, 'x')(process.env.T)": True,
    "process['binding']('spawn_sync'); process.env.T": True,
    "require('fs').appendFileSync(process.env.GITHUB_ENV, process.env.T)": True,
}
"""Scripts of JavaScript, and whether one could run the title."""


@pytest.mark.parametrize("script", JAVASCRIPT)
def test_a_script_of_javascript(script: str) -> None:
    expected = "unknown" if JAVASCRIPT[script] else "passed"
    keys = f"env: {{T: {TITLE}}}\n        with: {{script: {json.dumps(script)}}}\n"
    assert judged(f"    steps:\n      - uses: {SCRIPT}\n        {keys}") == expected


PYTHON = {
    "import os\nprint(os.environ['T'])": False,
    "import json, os\nprint(json.dumps({'t': os.environ['T']}))": False,
    "from pathlib import Path\nimport os\nPath('t.txt').write_text(os.environ['T'])": False,
    "import os\nos.system(os.environ['T'])": True,
    "import os, subprocess\nsubprocess.run(os.environ['T'], shell=True)": True,
    "import os\nexec(os.environ['T'])": True,
    "import os\neval(os.environ['T'])": True,
    "import os\ngetattr(os, 'sys' + 'tem')(os.environ['T'])": True,
    "import os; import yaml\nyaml.load(os.environ['T'])": True,
    "import os\n__builtins__.eval(os.environ['T'])": True,
    "import os\nos.environ['PATH'] = os.environ['T']": True,
    "import os\nif 1: import subprocess; subprocess.run(os.environ['T'], shell=True)": True,
    "from os import environ, system as s\ns(environ['T'])": True,
    "import os, operator\noperator.attrgetter('sys' + 'tem')(os)(os.environ['T'])": True,
    "from os import environ\nimport re, sys\nsys.exit(not re.match('[a-z]+', environ['T']))": False,
    "from importlib import import_module\nimport os\nimport_module(os.environ['T'])": True,
}
"""The same of Python."""


@pytest.mark.parametrize("script", PYTHON)
@pytest.mark.parametrize("way", ["shell", "command", "heredoc"])
def test_a_script_of_python(script: str, way: str) -> None:
    expected = "unknown" if PYTHON[script] else "passed"
    quoted = script.replace("'", '"')
    run = {
        "shell": script,
        "command": f"python -c '{quoted}'",
        "heredoc": f"python - <<'EOF'\n{script}\nEOF\n",
    }[way]
    keys = f"run: {json.dumps(run)}\n" + ("        shell: python\n" if way == "shell" else "")
    assert judged(f"    steps:\n      - env: {{T: {TITLE}}}\n        {keys}") == expected


@pytest.mark.parametrize("shell", ["perl {0}", "ruby {0}", "Rscript {0}", "php {0}"])
def test_another_language_is_not_followed(shell: str) -> None:
    assert can_run_text(language_of(shell), "say $ENV{T}")
    step = f"      - env: {{T: {TITLE}}}\n        run: say $T\n        shell: {shell!r}\n"
    assert judged(f"    steps:\n{step}") == "unknown"


@pytest.mark.parametrize(
    "script",
    [
        'jq -r .issue.title "$GITHUB_EVENT_PATH" | bash',
        "gh issue view 5 --json body -q .body | bash",
        'eval "$(gh api repos/a/b/issues/5 -q .title)"',
        'sh -c "$(jq -r .issue.title $GITHUB_EVENT_PATH)"',
    ],
)
def test_text_that_a_script_asks_for(script: str) -> None:
    assert judged(f"    steps: [{{run: {json.dumps(script)}}}]\n") == "unknown"


@pytest.mark.parametrize("on", ["push", "workflow_dispatch", "release", "{schedule: [{cron: x}]}"])
@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("some/thing", "unknown"),
        ("peter-evans/find-comment", "failed"),
        ("actions/cache", "passed"),
        ("docker/build-push-action", "passed"),
    ],
)
def test_an_output_of_an_action_after_an_event_of_members(
    on: str, action: str, expected: str
) -> None:
    used = f"    steps:\n      - {{id: a, uses: {action}@v1}}\n"
    assert judged(f"{used}      - run: echo ${{{{ steps.a.outputs.title }}}}\n", on) == expected


@pytest.mark.parametrize(
    ("shell", "script", "expected"),
    [
        ("cmd", "echo %T%", "failed"),
        ("cmd", 'if "%T:~0,1%"=="a" echo b', "failed"),
        ("cmd", "for /f %%i in ('%T%') do echo b", "failed"),
        ("cmd", "echo a", "passed"),
        ("pwsh", "iex $env:T", "failed"),
        ("pwsh", "$x = (Get-Item env:T).Value; iex $x", "unknown"),
        (
            "pwsh",
            "& ([scriptblock]::Create([Environment]::GetEnvironmentVariable('T')))",
            "unknown",
        ),
        ("pwsh", "Write-Host $env:T", "passed"),
        ("powershell", "if ($env:T -match '^v') { Write-Output 'b' }", "passed"),
        ("pwsh", "if ((a) -or $env:T) { Write-Output 'b' }", "passed"),
        ("pwsh", "if (($env:T -eq 'x') -or ($env:T -match 'y')) { exit 1 }", "passed"),
        ("pwsh", "if (-not $env:T) { exit 1 }", "passed"),
        ("pwsh", "if (!$env:T) { exit 1 }", "passed"),
        ("pwsh", "if ('a' -ceq $env:T) { exit 1 } else { Write-Host $env:T }", "passed"),
        ("pwsh", "if ([string]::IsNullOrEmpty($env:T)) { exit 1 }", "passed"),
        ("pwsh", "if ((Test-Path 'x') -and $env:T -ne ')') { exit 1 }", "passed"),
        ("pwsh", "if ((& $env:T) -or 1) { exit 1 }", "failed"),
        ("pwsh", "if ((iex $env:T) -or 1) { exit 1 }", "failed"),
        ("pwsh", "if (($env:A) -or (. $env:T)) { exit 1 }", "failed"),
        ("pwsh", "if ((a) -or $env:T) { & $env:T }", "failed"),
        ("pwsh", "if ((a) -or $env:T) { iex $env:T }", "failed"),
        ("pwsh", "if (-not $env:T) { make $env:T }", "unknown"),
        ("pwsh", "if ($env:T -eq ')') { iex $env:T }", "failed"),
        ("pwsh", "if (& $env:T) { Write-Output 'b' }", "failed"),
        ("pwsh", "if (make $env:T) { Write-Output 'b' }", "unknown"),
        ("pwsh", "if ($env:T -eq 'a') { make $env:T }", "unknown"),
        ("pwsh", "if ($env:T -eq 'a') { iex $env:T }", "failed"),
    ],
)
def test_a_script_of_windows(shell: str, script: str, expected: str) -> None:
    keys = f"run: {json.dumps(script)}\n        shell: {shell}\n"
    assert judged(f"    steps:\n      - env: {{T: {TITLE}}}\n        {keys}") == expected
