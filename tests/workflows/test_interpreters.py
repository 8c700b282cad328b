"""Scripts that are given text of outsiders, and whether something in them runs it."""

from __future__ import annotations

import json

import pytest

from hardenme.model.unknown import Unknown
from hardenme.workflows.programs import DATA
from hardenme.workflows.reached_commands import JUDGES
from hardenme.workflows.shell import filled_in, shell_script, unquoted
from tests.workflows.said import fields

RUN = (
    'echo "$T" | bash',
    'bash <<< "$T"',
    'source <(echo "$T")',
    "$T",
    '"$T" --version',
    'make VERSION="$T"',
    'ssh host "$T"',
    'su -c "$T" bob',
    'awk "$T" f',
    'sed "s/x/$T/" f',
    'sed -i -e "s|a|$T|" f',
    'powershell -Command "$T"',
    'npx -c "$T"',
    'git -c "$T" status',
    'eval "$T"',
    'bash -c "$T"',
    "bash -c 'eval \"$T\"'",
    'sh -c "echo $T"',
    "printf '%s' \"$T\" | sudo sh",
    "cat <<EOF | bash\n$T\nEOF",
    "bash <<EOF\n$T\nEOF",
    'echo "$T" > x.sh; bash x.sh',
    'echo "$T" > x.sh\nchmod +x x.sh\n./x.sh',
    'echo "$T" | tee x.py\npython x.py',
    "python -c \"print('$T')\"",
    "node -e \"console.log('$T')\"",
    'perl -e "$T"',
    'echo "$T" | python3',
    "for x in $T; do $x; done",
    'for x in $T; do eval "$x"; done',
    "echo $((T + 1))",
    "(( T > 1 ))",
    '[[ "$T" -eq 1 ]]',
    "let x=$T",
    'test -v "$T"',
    "echo ${!T}",
    "echo ${T@P}",
    'export "$T"',
    'env "$T" ls',
    "LD_PRELOAD=$T ls",
    'trap "$T" EXIT',
    'echo "$T" | xargs sh -c',
    'echo "$T" | xargs -I{} bash -c {}',
    '(echo "$T") | bash',
    '{ echo "$T"; } | bash',
    'if true; then echo "$T"; fi | bash',
    'echo "$T" |\n  bash',
    'X=$T; eval "$X"',
    'docker run alpine sh -c "$T"',
    'kubectl exec p -- sh -c "$T"',
    'parallel "$T" ::: 1',
    'watch "$T"',
    'npm install "$T"',
    'npx "$T"',
    'gh extension install "$T"',
    'timeout 5 bash -c "$T"',
    'sudo -u x bash -c "$T"',
    'bash < <(echo "$T")',
    'echo "$(bash -c "$T")"',
    '`echo "$T"`',
    '$(echo "$T")',
    'echo "$T" | ssh host',
    'nohup bash -c "$T" &',
    'exec bash -c "$T"',
    'command eval "$T"',
    'cmd /c "%T%"',
    'cat "$T" | bash',
    'echo "$T" | cat | bash',
)
"""What runs the text, whichever words it holds."""
HARMLESS = (
    'echo "$T"',
    'echo "title: $T" >> notes.txt',
    'gh pr comment 1 --body "$T"',
    'if [ -n "$T" ]; then echo yes; fi',
    '[[ "$T" == fix* ]] && echo yes',
    '[[ "$T" =~ ^[0-9]+$ ]] || exit 1',
    'case "$T" in a) echo 1;; *) echo 2;; esac',
    "jq -n --arg t \"$T\" '{title: $t}'",
    'echo "$T" | grep -q x',
    "echo \"$T\" | sed 's/x/y/'",
    "echo \"$T\" | awk '{print $1}'",
    "awk -v t=\"$T\" 'BEGIN{print t}'",
    'git commit -m "$T"',
    'curl -d "{\\\\"t\\\\": \\\\"$T\\\\"}" https://x.example',
    'X="$T"; echo "$X"',
    'while read -r l; do echo "$l"; done <<< "$T"',
    "printf '%s\\\n' \"$T\" > body.md; gh issue edit 1 --body-file body.md",
    'export X="$T"',
    'docker run -e X="$T" img',
    'T2=$(echo "$T" | tr a-z A-Z); echo "$T2"',
    "bash -c 'echo \"$T\"'",
    'git config user.name "$T"',
    'echo "$T" | python -m json.tool',
)
"""What takes it as data."""
NOT_FOLLOWED = (
    'read x <<< "$T"; eval "$x"',
    './build.sh "$T"',
    'python x.py "$T"',
    'sometool --title "$T"',
    'f() { eval "$1"; }; f "$T"',
    'echo "$T" | sometool',
    'psql -c "$T"',
    'bash build.sh "$T"',
    'git fetch "$T"',
    'find "$T" -name x',
    'go run . "$T"',
    'terraform apply -var x="$T"',
)
"""What no list says anything of, or hands it to a file that is not read."""


def judged(script: str, on: str = "issues", t: str = "${{ github.event.issue.title }}") -> str:
    """What is said of a step whose variable `T` is the title of an issue, or another value."""
    found = fields(
        f"on: {on}\njobs:\n  one:\n    runs-on: x\n    steps:\n"
        f"      - env: {{T: {json.dumps(t)}}}\n"
        f"        run: {json.dumps(script)}\n"
    )
    if found["injections"]:
        return "failed"
    return "unknown" if isinstance(found["unfollowed_text"], Unknown) else "passed"


@pytest.mark.parametrize("script", RUN)
def test_text_that_something_runs(script: str) -> None:
    assert judged(script) == "failed"


@pytest.mark.parametrize("script", HARMLESS)
def test_text_that_is_data(script: str) -> None:
    assert judged(script) == "passed"


@pytest.mark.parametrize("script", NOT_FOLLOWED)
def test_text_that_is_not_followed(script: str) -> None:
    assert judged(script) == "unknown"


@pytest.mark.parametrize("script", RUN)
@pytest.mark.parametrize(
    "around",
    ["if true; then\n%s\nfi", "true && {\n%s\n}", "(\n%s\n)", "set -e; cd x || exit 1\n%s\n"],
)
def test_where_it_stands_in_a_script_changes_nothing(script: str, around: str) -> None:
    assert judged(around % script) == "failed"


@pytest.mark.parametrize("script", RUN)
def test_a_value_of_our_own_is_no_matter(script: str) -> None:
    assert judged(script, t="a value") == "passed"
    assert judged(script, t="${{ github.repository }}") == "passed"


def test_each_program_has_one_rule_and_its_reason() -> None:
    assert all(DATA.values())
    with_options = {"cd", "chmod", "cp", "ln", "mapfile", "mv", "printf", "pushd", "read"}
    both = {"test", "[", "jq", "gh", "readarray", "unset", *with_options}
    assert set(JUDGES) & set(DATA) <= both


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("a 'b c' \"d $e\" f\\ g", [["a", "'b c'", '"d $e"', "f\\ g"]]),
        ("a; b && c || d & e", [["a"], ["b"], ["c"], ["d"], ["e"]]),
        ("a # b; c\nd", [["a"], ["d"]]),
        ("a $(b; c) d", [["b"], ["c"], ["a", "$(b; c)", "d"]]),
        ("a `b | c` d", [["b"], ["c"], ["a", "`b | c`", "d"]]),
        ("a <(b) d", [["b"], ["a", "<(b)", "d"]]),
        ("a 2>&1 > f < g", [["a"]]),
        ("a=(b c) d", [["a=(b c)", "d"]]),
        (
            "[[ a && b || ( c < d ) ]] && e",
            [["[[", "a", "&&", "b", "||", "(", "c", "<", "d", ")", "]]"], ["e"]],
        ),
        ("cat <<A <<'B'\n$x\nA\n$y\nB\nc", [["cat"], ["c"]]),
        ("a ${b:-$(c)} d", [["c"], ["a", "${b:-$(c)}", "d"]]),
        ("a \\\n b", [["a", "b"]]),
        ("a $'b\\' c' d", [["a", "$'b\\' c'", "d"]]),
    ],
)
def test_a_script_is_taken_apart(script: str, words: list[list[str]]) -> None:
    assert [command.words for command in shell_script(script).commands] == words


def test_quotes() -> None:
    assert unquoted("a'b'\"c\"\\d") == "abcd"
    assert filled_in("\"$a ${b} '$c'\"'$d'\\$e") == {"a", "b", "c"}
    (command,) = shell_script("cat <<A <<'B'\n$x\nA\n$y\nB").commands
    assert (command.fed, command.script) == (["$x"], ["$y"])
