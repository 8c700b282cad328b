from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.reports.columns import fit, width_of, wrap
from hardenme.reports.outline.parts import Detail, Entry, page, sentence
from hardenme.reports.outline.terminal import Terminal
from hardenme.reports.sheet import Sheet
from hardenme.reports.style import Style

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=120)


@given(TEXT, st.integers(4, 60), st.integers(0, 2))
def test_no_line_is_wider_than_asked_and_nothing_is_lost(
    text: str, columns: int, hang: int
) -> None:
    lines = wrap(text, columns, hang=hang)
    assert all(width_of(line) <= columns for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(line.strip() for line in lines)


@given(TEXT, st.integers(2, 60))
def test_a_cut_text_fits_and_says_that_it_is_cut(text: str, columns: int) -> None:
    cut = fit(text, columns, "…")
    assert width_of(cut) <= columns
    assert cut == text or (cut.endswith("…") and text.startswith(cut[:-1]))


WHOLE = (
    "hardenme recent github:acme --since 4w",
    "npm token list --registry http://r.test",
    "hardenme recent me --since 4w --depth standard",
    "hardenme incident open 2026-12-01-axios --from-exposed last",
    "hardenme incident open incident-2026-12-01",
    "hardenme incident attest 5.2 --demo",
    "npm stage download f937091c-81ba-5491-b7ab-2718f69a1b4c",
    "npm trust revoke --id=aa4e84f7-e62d-544b-999e-0b01b7b8a2a5 @acorn-labs/ladle",
    "npm access grant read-write acorn-labs:release",
    "hardenme fix 14 --demo",
    "hardenme attest NPP106",
    "hardenme auth status",
    "hardenme incident status --full --name day",
    "npm org set acorn-labs sorrel admin",
    "npm org set acorn-labs -- -mallory admin",
    "npm org set acorn-labs teasel admin --registry https://npm.example.test/",
    "hardenme diff ~/history/a.json /var/lib/history/b.json",
    "npm config delete ignore-scripts min-release-age --location=user",
    "`hardenme incident attest 6 --how 'revoked on the page' --demo`",
    "`npm dist-tag add @acorn-labs/sieve@0.9.1 latest`",
)
COMMANDS = (
    *WHOLE,
    "hardenme check --select LOC108,GHA101 --depth deep npm:@acorn-labs/grater",
    "hardenme show --full",
)


@given(
    st.lists(st.sampled_from([*COMMANDS, "Then", "run", "(see", "below),", "again:"]), max_size=12),
    st.integers(8, 90),
    st.integers(0, 4),
    st.integers(0, 20),
)
def test_a_command_is_not_broken(parts: list[str], columns: int, hang: int, lead: int) -> None:
    lines = wrap(" ".join(parts), columns, hang=hang, lead=lead)
    words = " ".join(parts).split()
    # A word that is longer than the line is broken.
    if columns - max(hang, lead) >= max(map(len, words), default=0):
        assert " ".join(lines).split() == words
    for command in WHOLE:
        assert sum(line.count(command) for line in lines) == parts.count(command)


def test_what_follows_a_command_stays_with_it() -> None:
    assert wrap("Record it (hardenme attest NPP106).", 28) == [
        "Record it",
        "(hardenme attest NPP106).",
    ]


@pytest.mark.parametrize(
    "kept",
    [
        "hardenme show --full --demo",
        "https://www.npmjs.com/package/@acorn-labs/grater/access",
        "`npm dist-tag add mallow-trivet@0.1.0 latest`",
    ],
)
def test_what_is_copied_has_a_longer_line_of_its_own(kept: str) -> None:
    assert wrap(f"Run {kept}, then look", 16) == ["Run", f"{kept},", "then look"]


def test_words_stay_whole_where_they_fit() -> None:
    assert wrap("one two three", 8) == ["one two", "three"]
    assert wrap("- one two three", 8, hang=2) == ["- one", "  two", "  three"]


def test_east_asian_characters_take_two_columns_and_combining_marks_none() -> None:
    assert width_of("日本") == 4
    assert width_of("e\u0301") == 1
    assert wrap("日本語", 4) == ["日本", "語"]


def test_a_long_word_is_broken_at_the_width() -> None:
    assert wrap("abcdefgh", 3) == ["abc", "def", "gh"]
    assert wrap("- abcdefgh", 5, hang=2) == ["-", "  abc", "  def", "  gh"]


@pytest.mark.parametrize(
    ("text", "columns", "mark", "shown"),
    [
        ("a token (f937091c…) of mallow", 19, "…", "a token (f937091c…"),
        ("back to 0.8.0: 0.9.1 shows", 14, "...", "back to 0.8..."),
        ("… … …", 2, "…", "…"),
    ],
)
def test_what_was_cut_once_has_one_mark(text: str, columns: int, mark: str, shown: str) -> None:
    assert fit(text, columns, mark) == shown


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("details", [(), (Detail("At", ((page("https://a.test/x"),),)),)])
def test_one_of_several_entries_begins_where_nothing_else_does(
    width: int, details: tuple[Detail, ...]
) -> None:
    words = sentence(
        "sorrel on npm: publishes 4 packages (1,280,040 downloads a week); 2FA unknown"
    )
    first, *others = Terminal(Sheet(Style(width=width))).entry(Entry((words,), beside=details))
    assert first.startswith("  sorrel")
    assert all(line.startswith("    ") for line in others)
