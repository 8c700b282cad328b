"""The same guarded workflow, written in many ways that GitHub takes to mean the same."""

from __future__ import annotations

import re
from collections.abc import Callable

CHECKOUT = (
    "uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8\n"
    'with: {ref: "${{ github.event.pull_request.head.sha || github.event.workflow_run.head_sha'
    " || format('refs/pull/{0}/head', github.event.issue.number) }}\"}\n"
)
NPM = "run: npm ci\n"
PATH = re.compile(r"\b(?:github|vars|needs|steps)(?:\.[A-Za-z_][\w-]*)+")
QUOTED = re.compile(r"('(?:[^']|'')*')")
Files = dict[str, str]


def _steps(*steps: str, indent: int = 6) -> str:
    found = []
    for step in steps:
        first, *rest = step.rstrip("\n").splitlines()
        found.append(" " * indent + f"- {first}\n")
        found.extend(" " * (indent + 2) + f"{line}\n" for line in rest)
    return "".join(found)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _job(*steps: str, extra: str = "", name: str = "test") -> str:
    return f"  {name}:\n    runs-on: x\n{extra}    steps:\n{_steps(*steps)}"


def _file(on: str, jobs: str, extra: str = "") -> str:
    return f"on: {on}\npermissions: {{}}\n{extra}jobs:\n{jobs}"


def _guarded(condition: str) -> tuple[str, ...]:
    return tuple(f"{step}if: {_quoted(condition)}\n" for step in (CHECKOUT, NPM))


def outside_quotes(guard: str, change: Callable[[str], str]) -> str:
    """A guard of which the parts outside of its texts are changed."""
    parts = QUOTED.split(guard)
    return "".join(part if part.startswith("'") else change(part) for part in parts)


def _indexed(path: re.Match[str]) -> str:
    root, *keys = path[0].split(".")
    return root + "".join(f"['{key}']" for key in keys)


def _computed(path: re.Match[str]) -> str:
    root, *keys = path[0].split(".")
    return root + "".join(f"[format('{{0}}', '{key}')]" for key in keys)


def plain(guard: str, on: str) -> Files:
    """As people write it."""
    return {"this": _file(on, _job(*_guarded(guard)))}


def upper(guard: str, on: str) -> Files:
    """Names in capitals."""
    return plain(outside_quotes(guard, lambda part: PATH.sub(lambda m: m[0].upper(), part)), on)


def index(guard: str, on: str) -> Files:
    """Keys in brackets."""
    return plain(outside_quotes(guard, lambda part: PATH.sub(_indexed, part)), on)


def computed(guard: str, on: str) -> Files:
    """Keys that a function puts together."""
    return plain(outside_quotes(guard, lambda part: PATH.sub(_computed, part)), on)


def formatted(guard: str, on: str) -> Files:
    """The answer as a text."""
    return plain(f"format('{{0}}', {guard}) == 'true'", on)


def parsed_again(guard: str, on: str) -> Files:
    """The answer as JSON, and back."""
    return plain(f"fromJSON(toJSON({guard}))", on)


def fenced(guard: str, on: str) -> Files:
    """With a fence."""
    return plain(f"${{{{ {guard} }}}}", on)


def of_job(guard: str, on: str) -> Files:
    """At the job."""
    extra = f"    if: {_quoted(guard)}\n"
    return {"this": _file(on, _job(CHECKOUT, NPM, extra=extra))}


def variable_of_job(guard: str, on: str) -> Files:
    """In a variable of the job."""
    extra = f"    env: {{OK: {_quoted(f'${{{{ {guard} }}}}')}}}\n"
    return {"this": _file(on, _job(*_guarded("env.OK == 'true'"), extra=extra))}


def variable_of_workflow(guard: str, on: str) -> Files:
    """In a variable of the workflow, and from there in another one."""
    extra = f"env: {{FIRST: {_quoted(f'${{{{ {guard} }}}}')}}}\n"
    job = "    env: {OK: '${{ env.FIRST }}'}\n"
    return {"this": _file(on, _job(*_guarded("env.ok == 'true'"), extra=job), extra)}


def output_of_step(guard: str, on: str) -> Files:
    """In an output of a step."""
    gate = f'id: gate\nrun: |\n  echo "ok=${{{{ {guard} }}}}" >> "$GITHUB_OUTPUT"\n'
    return {"this": _file(on, _job(gate, *_guarded("steps.gate.outputs.ok == 'true'")))}


def output_by_variable(guard: str, on: str) -> Files:
    """In an output that a step makes of a variable."""
    value = _quoted(f"${{{{ {guard} }}}}")
    gate = f"id: gate\nrun: echo ok=$OK >> $GITHUB_OUTPUT\nenv: {{OK: {value}}}\n"
    return {"this": _file(on, _job(gate, *_guarded("steps.gate.outputs.ok == 'true'")))}


def needs(guard: str, on: str) -> Files:
    """In an output of another job."""
    outputs = f"    outputs: {{ok: {_quoted(f'${{{{ {guard} }}}}')}}}\n"
    extra = "    needs: gate\n    if: needs.gate.outputs.ok == 'true'\n"
    jobs = _job("run: 'true'\n", extra=outputs, name="gate") + _job(CHECKOUT, NPM, extra=extra)
    return {"this": _file(on, jobs)}


def needs_of_step(guard: str, on: str) -> Files:
    """In an output of another job's step."""
    gate = f"id: asked\nrun: |\n  echo 'ok=${{{{ {guard} }}}}' >> $GITHUB_OUTPUT\n"
    if "'" in guard:
        gate = gate.replace("'ok=", '"ok=').replace("}}' >>", '}}" >>')
    outputs = "    outputs: {ok: '${{ steps.asked.outputs.ok }}'}\n"
    extra = "    needs: [gate]\n    if: ${{ needs.gate.outputs.ok == 'true' }}\n"
    jobs = _job(gate, extra=outputs, name="gate") + _job(CHECKOUT, NPM, extra=extra)
    return {"this": _file(on, jobs)}


def matrix(guard: str, on: str) -> Files:
    """In a matrix."""
    value = _quoted(f"${{{{ {guard} }}}}")
    extra = f"    strategy: {{matrix: {{ok: [{value}]}}}}\n"
    return {"this": _file(on, _job(*_guarded("format('{0}', matrix.ok) == 'true'"), extra=extra))}


def composite(guard: str, on: str) -> Files:
    """In an input of the repository's own action."""
    call = f"uses: $/.github/actions/guarded\nwith: {{ok: {_quoted(f'${{{{ {guard} }}}}')}}}\n"
    steps = _steps(CHECKOUT, NPM + "shell: bash\n", indent=4)
    steps = steps.replace("    - ", "    - if: inputs.ok == 'true'\n      ")
    action = f"inputs: {{ok: {{required: true}}}}\nruns:\n  using: composite\n  steps:\n{steps}"
    return {"this": _file(on, _job(call)), ".github/actions/guarded": action}


def reusable(guard: str, on: str) -> Files:
    """In an input of a workflow that is called."""
    call = f"uses: ./.github/workflows/inner.yml\nwith: {{ok: {_quoted(f'${{{{ {guard} }}}}')}}}\n"
    body = "".join(f"    {line}\n" for line in call.splitlines())
    called = "{workflow_call: {inputs: {ok: {type: boolean, required: true}}}}"
    return {
        "this": _file(on, f"  test:\n{body}"),
        "inner": _file(called, _job(CHECKOUT, NPM, extra="    if: inputs.ok\n")),
    }


def output_of_called(guard: str, on: str) -> Files:
    """In an output of a workflow that is called."""
    value = _quoted(f"${{{{ {guard} }}}}")
    gate = _job("run: 'true'\n", extra=f"    outputs: {{ok: {value}}}\n", name="gate")
    called = "{workflow_call: {outputs: {ok: {value: '${{ jobs.gate.outputs.ok }}'}}}}"
    extra = "    needs: ask\n    if: needs.ask.outputs.ok == 'true'\n"
    ask = "  ask:\n    uses: ./.github/workflows/inner.yml\n"
    return {
        "this": _file(on, ask + _job(CHECKOUT, NPM, extra=extra)),
        "inner": _file(called, gate),
    }


def anchors(guard: str, on: str) -> Files:
    """With an anchor."""
    first, second = _guarded(guard)
    quoted = _quoted(guard)
    first, second = first.replace(quoted, f"&guard {quoted}"), second.replace(quoted, "*guard")
    return {"this": _file(on, _job(first, second))}


FORMS = (
    *(plain, upper, index, computed, formatted, parsed_again, fenced, of_job, variable_of_job),
    *(variable_of_workflow, output_of_step, output_by_variable, needs, needs_of_step, matrix),
    *(composite, reusable, output_of_called, anchors),
)
