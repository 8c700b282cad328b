"""What jobs do: publish, restore caches, start agents, and put others' text into scripts."""

from __future__ import annotations

import pytest

from tests.workflows.said import fields, step

JOB = "jobs:\n  one:\n    runs-on: x\n    steps: [{run: 'true'}]\n"

PUBLISHES = {
    "npm publish": "npm publish",
    "npm with flags": "npm --workspaces publish --access public",
    "npm stage": "npm stage publish",
    "pnpm": "pnpm -r publish",
    "yarn": "yarn workspaces foreach npm publish",
    "a variable before": "A=b npm publish",
    "after another": "npm ci && npm publish",
    "a script": "pnpm run ci:publish",
    "another script": "yarn release",
    "npx": "npx semantic-release",
    "with a version": "npx changeset publish",
    "twine": "python -m twine upload dist/*",
    "a release": "gh release create v1 dist/*",
}
PUBLISHES_NOT = {
    "a try": "npm publish --dry-run",
    "talk": "echo npm publish",
    "a comment": "# npm publish",
    "tests": "npm test",
    "the word in a name": "npm run republished",
}


@pytest.mark.parametrize("script", PUBLISHES.values(), ids=PUBLISHES.keys())
def test_publishes(script: str) -> None:
    assert step(f'run: "{script}"').publishes


@pytest.mark.parametrize("script", PUBLISHES_NOT.values(), ids=PUBLISHES_NOT.keys())
def test_publishes_not(script: str) -> None:
    assert not step(f'run: "{script}"').publishes


def test_other_signs_of_a_release() -> None:
    assert fields(f"on: {{release: {{types: [published]}}}}\n{JOB}")["releases"] == ("release",)
    assert fields(f"on: {{push: {{tags: ['v*']}}}}\n{JOB}")["releases"] == ("push of tags",)
    assert fields(f"on: {{push: {{branches: [main]}}}}\n{JOB}")["releases"] == ()
    assert step("uses: JS-DevTools/npm-publish@v3").publishes == ("js-devtools/npm-publish",)
    assert not step("uses: docker/build-push-action@v6").publishes
    assert step("uses: docker/build-push-action@v6\nwith: {push: true}").publishes
    by_identity = "uses: actions/setup-node@v4\nwith: {registry-url: x}"
    assert step(by_identity, permissions="{id-token: write}").publishes
    assert not step(by_identity).publishes


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("uses: actions/cache@v4", True),
        ("uses: actions/cache/restore@v4", True),
        ("uses: actions/cache@v4\nwith: {lookup-only: true}", False),
        ('uses: actions/cache@v4\nwith: {lookup-only: "${{ inputs.look }}"}', True),
        ("uses: oven-sh/setup-bun@v2", True),
        ("uses: oven-sh/setup-bun@v2\nwith: {no-cache: true}", False),
        ("uses: actions/setup-node@v4\nwith: {cache: pnpm}", True),
        ("uses: actions/setup-node@v4", True),
        ("uses: actions/setup-node@v4\nwith: {package-manager-cache: false}", False),
        ("uses: actions/setup-node@v4\nwith: {package-manager-cache: false, cache: npm}", True),
        ("uses: actions/setup-go@v5", True),
        ("uses: actions/setup-go@v5\nwith: {cache: false}", False),
        ("uses: astral-sh/setup-uv@v6\nwith: {enable-cache: false}", False),
        ("uses: Swatinem/rust-cache@v2", True),
        ("uses: actions/checkout@v4", False),
    ],
)
def test_caches(text: str, found: bool) -> None:  # noqa: FBT001 (a table's column)
    assert bool(step(text).caches) is found


@pytest.mark.parametrize(
    ("text", "agent", "obeys"),
    [
        ("uses: anthropics/claude-code-action@v1", True, False),
        (
            "uses: anthropics/claude-code-action@v1\nwith: {allowed_non_write_users: '*'}",
            True,
            True,
        ),
        (
            "uses: anthropics/claude-code-action@v1\nwith: {allowed_non_write_users: hazel}",
            True,
            False,
        ),
        ("uses: openai/codex-action@v1", True, False),
        ("uses: openai/codex-action@v1\nwith: {allow-users: '*'}", True, True),
        ("uses: google-github-actions/run-gemini-cli@v0", True, True),
        ("run: npx @anthropic-ai/claude-code@latest -p 'triage this'", True, True),
        ("run: claude --print hello", True, True),
        ("run: npm install -g @anthropic-ai/claude-code", False, False),
        ("run: npm test", False, False),
    ],
)
def test_agents(text: str, agent: bool, obeys: bool) -> None:  # noqa: FBT001 (columns of a table)
    job = step(text, on="issues")
    assert bool(job.agents) is agent
    assert bool(job.obeys) is obeys
    assert not step(text, on="push").obeys


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("run: echo ${{ github.event.issue.title }}", True),
        ("run: echo ${{ env.TITLE }}\nenv: {TITLE: '${{ github.event.issue.title }}'}", True),
        ("run: echo ${{ format('{0}', github.head_ref) }}", True),
        (
            "uses: actions/github-script@v7\nwith: {script: '${{ github.event.comment.body }}'}",
            True,
        ),
        ("run: echo $TITLE\nenv: {TITLE: '${{ github.event.issue.title }}'}", False),
        ("run: echo ${{ github.event.issue.title == 'x' }}", False),
        ("run: echo ${{ github.event.issue.number }}", False),
        ("run: echo ${{ 'github.head_ref' }}", False),
        ("run: echo ${{ env.A }}\nenv: {A: '${{ env.A }}'}", False),
    ],
)
def test_injections(body: str, found: bool) -> None:  # noqa: FBT001 (a table's column)
    lines = body.splitlines()
    text = "\n".join([f"      - {lines[0]}", *(f"        {line}" for line in lines[1:])])
    said_of = fields(f"on: issues\njobs:\n  one:\n    runs-on: x\n    steps:\n{text}\n")
    assert said_of["injections"] == (("one, step 1",) if found else ())


def test_text_that_is_handed_to_another_file() -> None:
    inner = """
    on: {workflow_call: {inputs: {title: {type: string}}}}
    jobs:
      say:
        runs-on: x
        steps: [{run: "echo ${{ inputs.title }}"}]
    """
    outer = """
    on: issues
    jobs:
      call:
        uses: ./.github/workflows/inner.yml
        with: {title: "TITLE"}
    """
    found = fields(outer.replace("TITLE", "${{ github.event.issue.title }}"), inner=inner)
    assert found["injections"] == ("call / say, step 1",)
    assert fields(outer.replace("TITLE", "a title"), inner=inner)["injections"] == ()
    assert fields(outer.replace("TITLE", "${{ github.sha }}"), inner=inner)["injections"] == ()
    circle = outer.replace("TITLE", "${{ github.event.issue.title }}").replace("inner", "this")
    assert fields(circle)["injections"] == ()
