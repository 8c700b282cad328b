"""Words that a shell fills in, and where the output of a command goes."""

from __future__ import annotations

import pytest

from hardenme.workflows.shell import fills_in, is_split, may_be_option, shell_script


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("$X", True),
        ("--flag=$X", True),
        ("${X:-a b}", True),
        ("`x`", True),
        ("$(x)", True),
        ('"$@"', True),
        ('"${X[@]}"', True),
        ('a"b"$X', True),
        ('"$X"', False),
        ('"a $(x)"', False),
        ("'$X'", False),
        ("\\$X", False),
        ("plain", False),
        ("$?", False),
        ("${#X}", False),
        ("$((1 + 2))", False),
        ("$GITHUB_SHA", False),
        ("${GITHUB_REF_NAME}", True),
        ("${GITHUB_REF}", False),
        ("${GITHUB_SHA:+x y}", True),
        ("$GITHUB_SHAPE", True),
    ],
)
def test_what_is_filled_in_unquoted_may_be_several_words(word: str, *, expected: bool) -> None:
    assert is_split(word) is expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("$X", True),
        ('"$X"', True),
        ('""$X', True),
        ('"${X}y"', True),
        ('"`x`"', True),
        ("$'\\x2dx'", True),
        ("*.txt", True),
        ("{-x,y}", True),
        ('"$GITHUB_HEAD_REF"', True),
        ("$GITHUB_BASE_REF", True),
        ('"${GITHUB_REF_NAME}"', True),
        ("${GITHUB_SHA:+-x}", True),
        ('"$GITHUB_SHA"', False),
        ("$RUNNER_TEMP/x", False),
        ("v$X", False),
        ('"v$X"', False),
        ("./*.txt", False),
        ("'*'", False),
        ('"*"', False),
        ("plain", False),
    ],
)
def test_a_word_whose_beginning_others_choose_may_be_an_option(
    word: str, *, expected: bool
) -> None:
    assert may_be_option(word) is expected


def test_what_single_quotes_hold_is_not_filled_in() -> None:
    assert not fills_in("'$1'")
    assert not fills_in("\\$1")
    assert fills_in('"$1"')
    assert fills_in("a`x`")


@pytest.mark.parametrize(
    ("sign", "written"),
    [
        *((sign, True) for sign in (">", ">>", ">|", "&>", "&>>", ">&", "<>", "1>", "3<>")),
        ("<", False),
    ],
)
def test_a_file_that_a_command_opens_to_write_is_known(sign: str, *, written: bool) -> None:
    (command,) = shell_script(f"echo {sign} file").commands
    assert ("file" in command.writes) is written


@pytest.mark.parametrize("sign", [">&2", ">&-", "2>&1", ">& $FD", "<&3"])
def test_a_descriptor_is_no_file(sign: str) -> None:
    (command,) = shell_script(f"echo {sign}").commands
    assert command.writes == []
