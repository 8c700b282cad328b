"""Which lines of a script are one command: a comment is not continued, and hides no command."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.workflows.level import Level
from hardenme.workflows.origins import OURS, ValueOrigin
from hardenme.workflows.script_folders import placed_commands
from hardenme.workflows.scripts import commands, readings
from hardenme.workflows.written import OUTPUT, Script

COMMANDS = ("npm publish", "git checkout $HEAD", "curl https://a.example.test/x#y", "make all")
MARKS = ("\\", " \\", " `")
COMMENTS = ("# why", "  # it's done", "#", '# "open')
THEIRS = ValueOrigin(text=Level.YES)
LINES = st.tuples(st.sampled_from(COMMANDS), st.sampled_from(("", *COMMENTS)))


@given(lines=st.lists(LINES, min_size=1, max_size=6), mark=st.sampled_from(MARKS))
def test_a_comment_that_ends_in_a_mark_hides_no_command(
    lines: list[tuple[str, str]], mark: str
) -> None:
    text = "\n".join(
        f"{command}\n{comment}{mark}" if comment else command for command, comment in lines
    )
    found = [list(words) for words in commands(f"{text}\nmake")]
    assert all(command.split() in found for command, _ in lines)
    placed = [words for words, folder in placed_commands(f"{text}\nmake") if not folder]
    assert [words for words in placed if words == ["make"]]


@pytest.mark.parametrize("mark", ["\\", "`"])
@pytest.mark.parametrize("word", ["-q", '"a # b"', "https://a.example.test/x#y", "'#'"])
def test_a_command_that_goes_on_is_one(word: str, mark: str) -> None:
    whole = ["curl", *(part.strip("\"'") for part in word.split()), "--data", "x"]
    assert whole in [list(words) for words in commands(f"curl {word} {mark}\n  --data {mark}\nx")]


def test_a_backtick_at_the_end_of_a_word_continues_nothing() -> None:
    text = "NAME=`cat name`\nnpm publish"
    assert ["npm", "publish"] in commands(text)
    assert len(readings(text)) == 1


@pytest.mark.parametrize("comment", ["", "# why \\\n", "make # why \\\n", "make # it's \\\n"])
@pytest.mark.parametrize(
    "text",
    [
        'echo "x=${{ theirs }}" >> $GITHUB_OUTPUT',
        'X=${{ theirs }}\necho "x=$X" >> $GITHUB_OUTPUT',
        "cat >> $GITHUB_OUTPUT << END\nx=${{ theirs }}\nEND",
    ],
)
def test_a_comment_hides_nothing_that_is_written(text: str, comment: str) -> None:
    script = Script(
        comment + text, lambda part: THEIRS if "theirs" in part else OURS, lambda _name: OURS
    )
    assert script.written(OUTPUT).get("x").text is Level.YES


def test_a_long_script_of_comments_is_read_in_one_go() -> None:
    # Each command is looked up once where there are two readings.
    text = "".join(f"run {number} # why \\\n" for number in range(20_000))
    assert len(commands(text)) > 20_000 - 1
