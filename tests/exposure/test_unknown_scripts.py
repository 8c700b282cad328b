"""Scripts of which it is unknown what they install, and plain ones that install as locked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hardenme.exposure.known_commands import ScriptPlace, script_commands
from tests.exposure.test_judging import NOT_SEEN, ci, look

HERE = Path(__file__).parent
SCRIPTS = (HERE / "unknown_scripts.txt").read_text().splitlines()
"""A script a line: each can run what was not read, or install by something other than a lock."""
SEVERAL_LINES = (
    "cat <<END\n$(npm i axios)\nEND",
    "cat <<END | sh\nnpm i axios\nEND",
    "case x in\n  a) npm i axios ;;\nesac",
    "np\\\nm i axios",
    "npm \\\n  install axios",
    "node - <<END\nrequire('child_process')\nEND",
    "if true\nthen\n  ./build\nfi",
    'echo "${x:-\'"\'}"; ./build; #"',
    "echo $'a\\'; ./build; echo \\''",
    'echo "${x:-\'}"; ./build; echo "\'}"',
)
RUN_BY_BASH = (
    "# x \\\n./x",
    "echo a\\\\\n./x",
    "cat <<'E'\nfoo \\\nE\n./x",
    "echo `# x`; ./x",
    "echo `# x` \\\n && ./x",
    "echo $(# x\n); ./x",
    'a=(")" $(./x))',
    "cat <<E | cat\nx\nE\n./x",
    "cat <<E; ./x\nx\nE",
    "cat <<-E\n\tx\n\tE\n./x",
    "cat <<E <<F\nx\nE\ny\nF\n./x",
    "cat <<''\nx\n\n./x",
    "echo ${x%'}'}; ./x",
    'echo $"a"; ./x',
    "echo 'a'#b; ./x",
    "echo \\'; ./x #'",
    'echo "\\"; ./x; \\""; ./x',
    'case "#" in *) ./x;; esac',
    'echo "`./x`"',
    'echo "$(cat <<E\n$(./x)\nE\n)"',
    'echo "$(echo "$(./x)")"',
    "echo `echo \\`./x\\``",
    'echo "`echo \\"a\\"`"; ./x',
    "true # `\n./x # `",
    "true # $(\n./x # )",
    "true # '\n./x # '",
    'true # "\n./x # "',
    "true # <<E\n./x\nE",
    "echo '<<E'\n./x\nE",
    'echo "<<E"\n./x\nE',
    "(( 1 << E ))\n./x\nE",
    "echo $(( 1 << E ))\n./x\nE",
    "x=$((1<<2))\n./x\n2",
    "echo ${x/<<E/}\n./x\nE",
    "cat <<<E\n./x\nE",
    "cat <<<'<<E'\n./x\nE",
    "[[ a < b ]]\n./x",
)
"""Scripts with which bash 5 runs `./x`: what is around it ends before, or hides nothing."""
PLAIN = (HERE / "plain_scripts.txt").read_text().splitlines()
AXIOS = '"dependencies": {"axios": "^1.13.0"}'
WEB = {
    "web/package.json": f'{{{AXIOS}, "scripts": {{"fetch": "npm i", "go": "cat", "t": "tsc"}}}}',
    "web/package-lock.json": f'{{"lockfileVersion": 3, "packages": {{"": {{{AXIOS}}}, '
    '"node_modules/axios": {"version": "1.14.0"}}}',
}


def beside_npm_ci(script: str) -> str:
    """A workflow with a script before what installs as locked."""
    return ci().replace("- run: npm ci\n", f"- run: {json.dumps(script)}\n      - run: npm ci\n")


@pytest.mark.parametrize("script", [*SCRIPTS, *SEVERAL_LINES, *RUN_BY_BASH])
def test_what_is_not_listed_is_never_not_seen(script: str) -> None:
    assert look(beside_npm_ci(script), **WEB)[0] is not NOT_SEEN


@pytest.mark.parametrize("script", PLAIN)
def test_what_is_listed_leaves_the_lock_to_decide(script: str) -> None:
    assert look(beside_npm_ci(script), **WEB)[0] is NOT_SEEN


@pytest.mark.parametrize("around", ["if {}; then :; fi", "( {} )", "a=$({})", "true && {}", "! {}"])
@pytest.mark.parametrize("script", SCRIPTS[::40])
def test_what_is_around_a_command_hides_nothing(script: str, around: str) -> None:
    assert look(beside_npm_ci(around.format(script)), **WEB)[0] is not NOT_SEEN


@pytest.mark.parametrize(
    ("script", "known"),
    [
        ("npm ci", True),
        ("npm run build && npm publish --tag next", True),
        ('npm version "1.2.3"', True),
        ('"C:\\"; ./build; "x"', False),
        ("echo ^& build", False),
        ("iex (iwr https://files.example/x)", False),
        ("echo %CMD%", False),
        ("$env:PATH = 'x'", False),
        ("npm ci `\n --foo", False),
    ],
)
def test_another_shell_takes_alike_only_plain_words(script: str, *, known: bool) -> None:
    place = ScriptPlace(any_shell=True)
    assert (not script_commands(script, place).unknown) is known
