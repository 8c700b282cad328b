"""What is followed into a condition, and where following ends."""

from __future__ import annotations

import pytest

from tests.workflows.said import jobs

FULL = "github.event.pull_request.head.repo.full_name == github.repository"
CHECKOUT = """\
      - if: {guard}
        uses: actions/checkout@v3
        with: {{ref: "${{{{ github.event.pull_request.head.sha }}}}"}}
"""


def found(steps: str, guard: str, extra: str = "") -> str:
    """Whether code of outsiders gets in: `certain`, `unknown`, or `never`."""
    text = f"on: pull_request_target\njobs:\n  one:\n    runs-on: x\n{extra}    steps:\n{steps}"
    (job,) = jobs(text + CHECKOUT.format(guard=guard))
    return "certain" if job.fetches else "unknown" if job.doubts else "never"


def script(*lines: str, key: str = "") -> str:
    """A step with the id `a`."""
    body = "".join(f"          {line}\n" for line in lines)
    return f"      - id: a\n{key}        run: |\n{body}"


OK = f'echo "ok=${{{{ {FULL} }}}}" >> "$GITHUB_OUTPUT"'
ASKED = "steps.a.outputs.ok == 'true'"


@pytest.mark.parametrize(
    ("step", "guard", "expected"),
    [
        (script(OK), ASKED, "never"),
        (script(OK), "steps.a.outputs.ok != 'false'", "never"),
        (script(OK), "steps.a.outputs.ok == 'false'", "certain"),
        (script(OK), "steps.a.outputs.OK", "certain"),
        (script(OK), "steps.b.outputs.ok == 'true'", "never"),
        (script(OK), "steps.a.outputs.other == ''", "certain"),
        (script("echo hi", OK), ASKED, "unknown"),
        (script("exit 0", OK), ASKED, "unknown"),
        (script('echo "ok=$(./ask)" >> $GITHUB_OUTPUT'), ASKED, "unknown"),
        # A text that anyone chooses ends its line, and sets what it likes.
        (script('echo "t=${{ github.head_ref }}" >> $GITHUB_OUTPUT', OK), ASKED, "certain"),
        (
            script(OK, 'echo "t=${{ github.event.pull_request.body }}" >> $GITHUB_OUTPUT'),
            ASKED,
            "certain",
        ),
        (
            script('echo "ok=${{ github.event.pull_request.title }}" >> $GITHUB_OUTPUT'),
            ASKED,
            "certain",
        ),
        (script("echo ok=true >> $GITHUB_OUTPUT"), ASKED, "certain"),
        (script("echo ok=false >> $GITHUB_OUTPUT"), ASKED, "never"),
        (
            script("echo ok=false >> $GITHUB_OUTPUT", "echo ok=true >> $GITHUB_OUTPUT"),
            ASKED,
            "certain",
        ),
        (
            script("echo ok=true >> $GITHUB_OUTPUT", key="        if: github.actor == 'hazel'\n"),
            ASKED,
            "certain",
        ),
        (
            script("echo stop=true >> $GITHUB_OUTPUT", key="        if: github.actor != 'hazel'\n"),
            "steps.a.outputs.stop != 'true'",
            "certain",
        ),
        (script("echo ok=$WHO >> $GITHUB_OUTPUT"), ASKED, "unknown"),
    ],
)
def test_an_output_of_a_step(step: str, guard: str, expected: str) -> None:
    assert found(step, guard) == expected


def test_a_step_that_may_fail_may_give_nothing() -> None:
    stop = script("echo stop=true >> $GITHUB_OUTPUT", key="        continue-on-error: true\n")
    assert found(stop, "steps.a.outputs.stop != 'true'") == "certain"
    assert (
        found(
            stop.replace("        continue-on-error: true\n", ""), "steps.a.outputs.stop != 'true'"
        )
        == "never"
    )


ENV = f'    env: {{OK: "${{{{ {FULL} }}}}"}}\n'


@pytest.mark.parametrize(
    ("step", "guard", "expected"),
    [
        ("", "env.OK == 'true'", "never"),
        ("", "env.OK", "certain"),
        ("", "env.NONE == 'true'", "unknown"),
        (script('echo "OK=true" >> $GITHUB_ENV'), "env.OK == 'true'", "unknown"),
        (script('echo "OTHER=true" >> $GITHUB_ENV'), "env.OK == 'true'", "never"),
        (script("cat all.env >> $GITHUB_ENV"), "env.OK == 'true'", "unknown"),
        (
            script('echo "OTHER=${{ github.head_ref }}" >> $GITHUB_ENV'),
            "env.OK == 'true'",
            "unknown",
        ),
    ],
)
def test_a_variable(step: str, guard: str, expected: str) -> None:
    assert found(step, guard, ENV) == expected


@pytest.mark.parametrize(
    ("listed", "guard", "expected"),
    [
        ("[true]", "matrix.x", "certain"),
        ("[false]", "matrix.x == true", "never"),
        ("[a, b]", "matrix.x == 'c'", "never"),
        ("[a, b]", "matrix.x == 'b'", "certain"),
        ("[1, 2]", "matrix.x == 2", "certain"),
        ('["${{ github.event.pull_request.title }}"]', "matrix.x == 'c'", "certain"),
        ('"${{ fromJSON(vars.ALL) }}"', "matrix.x == 'c'", "certain"),
        ("[a]", "matrix.y == ''", "certain"),
    ],
)
def test_a_matrix(listed: str, guard: str, expected: str) -> None:
    assert found("", guard, f"    strategy: {{matrix: {{x: {listed}}}}}\n") == expected


def test_a_job_that_may_have_been_skipped_has_no_outputs() -> None:
    gate = """
    on: pull_request_target
    jobs:
      gate:
        if: github.actor == 'hazel'
        runs-on: x
        outputs: {{blocked: "true"}}
        steps: [{{run: "true"}}]
      one:
        needs: gate
        if: {guard}
        runs-on: x
        steps: [{{run: "gh pr checkout ${{{{ github.event.number }}}}"}}]
    """

    def fetches(guard: str) -> bool:
        return bool(jobs(gate.format(guard=guard))[1].fetches)

    assert fetches("always() && needs.gate.outputs.blocked != 'true'")
    assert not fetches("needs.gate.outputs.blocked != 'true'")
    assert fetches("always() && needs.gate.result == 'skipped'")


def test_values_that_are_made_of_one_another_are_not_known() -> None:
    text = "on: pull_request_target\njobs:\n"
    for number in range(40):
        output = f"${{{{ needs.j{number + 1}.outputs.x }}}}"
        text += f"  j{number}:\n    needs: [j{number + 1}]\n    if: needs.j{number + 1}.outputs.x\n"
        text += f"    outputs: {{x: '{output}{output}'}}\n"
        text += "    runs-on: x\n    steps: [{run: 'true'}]\n"
    text += (
        "  j40: {needs: [j0], outputs: {x: '${{ needs.j0.outputs.x }}'}, runs-on: x, steps: []}\n"
    )
    assert len(jobs(text)) == 41
