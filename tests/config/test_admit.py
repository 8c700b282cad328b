"""What a file may say, by how far it is trusted; a folder's never decides who gets a token."""

from __future__ import annotations

import tomllib
import unicodedata
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hardenme.config.admit import MOST_REFUSALS, Admission, admit
from hardenme.config.elsewhere import NAMES
from hardenme.config.kinds import Kind
from hardenme.config.settings import SETTINGS
from hardenme.config.trust import Guard, Trust
from hardenme.config.waivers import Proposal
from hardenme.model.waiver import Waiver

FOLDER = {"select", "profile", "fail-on", "since", "severities", "thresholds"}
ABOVE = sorted(name for name, setting in SETTINGS.items() if setting.least > Trust.FOLDER)
GUARDED = sorted(name for name, setting in SETTINGS.items() if setting.guard)
EVIL = "https://evil.example"
WAIVER = """\
[[waivers]]
check = "GHA101"
subject = "github:user/mallow"
reason = "the key lives in a safe"
by = "mallow"
until = 2027-01-31
"""
TODAY = date(2026, 11, 25)
VALUES: dict[Kind, Any] = {
    Kind.WORD: EVIL,
    Kind.WORDS: [EVIL],
    Kind.NUMBER: 7,
    Kind.SWITCH: True,
    Kind.SEVERITIES: {"GHA101": "low"},
    Kind.THRESHOLDS: {"key-unused-days": 90},
    Kind.OWNERS: {"acme-*": {"approvals": 2}},
    Kind.PATH: "/srv/evil",
    Kind.FOLDERS: ["~/evil"],
    Kind.FILES: ["github:~/evil"],
    Kind.WAIVERS: [],
}


def read(text: str, trust: Trust = Trust.FOLDER) -> Admission:
    return admit(tomllib.loads(text), trust, TODAY)


def right(name: str) -> Any:
    """A value that the setting takes."""
    setting = SETTINGS[name]
    return setting.words[0] if setting.words else VALUES[setting.kind]


def told(admission: Admission) -> list[str]:
    return [str(refusal) for refusal in admission.refusals]


def hidden(line: str) -> set[str]:
    return {char for char in line if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}


def test_a_folder_selects_checks_and_thresholds() -> None:
    found = read('select = ["GHA", "NPP"]\nprofile = "team"\nfail-on = "low"\nsince = 9\n')
    assert found.values == {
        "select": ("GHA", "NPP"),
        "profile": "team",
        "fail-on": "low",
        "since": 9,
    }
    assert not found.refusals


def test_a_folder_sets_severities() -> None:
    found = read('[severities]\nGHA101 = "low"\nnpm-two-factor = "critical"\n')
    assert found.values == {"severities": {"GHA101": "low", "npm-two-factor": "critical"}}


def test_a_folder_proposes_and_the_user_waives() -> None:
    day = date(2027, 1, 31)
    waiver = Waiver("GHA101", "github:user/mallow", "the key lives in a safe", day, "mallow")
    folder, own = read(WAIVER), read(WAIVER, Trust.USER)
    assert (folder.waivers, folder.proposals) == ((), (Proposal(waiver),))
    assert (own.waivers, own.proposals) == ((waiver,), ())
    assert not folder.values
    assert not own.values


@pytest.mark.parametrize("name", ABOVE)
def test_a_folder_says_nothing_else(name: str) -> None:
    found = admit({name: right(name)}, Trust.FOLDER)
    (refusal,) = found.refusals
    assert not found.values
    assert refusal.key == name
    assert refusal.where == SETTINGS[name].where
    assert "evil" not in str(refusal), "a value is never shown"


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_each_is_admitted_from_its_least_trust_on(name: str) -> None:
    for trust in Trust:
        found = admit({name: right(name)}, trust)
        admitted = name in found.values or SETTINGS[name].kind is Kind.WAIVERS
        assert (admitted and not found.refusals) is (trust >= SETTINGS[name].least)


@pytest.mark.parametrize("guard", Guard)
def test_what_other_tools_have_is_told_from_a_typing_error(guard: Guard) -> None:
    names = [name for name, of in NAMES.items() if of is guard]
    found = admit(dict.fromkeys(names, EVIL), Trust.USER)
    assert not found.values
    assert len(found.refusals) == len(names)
    assert all(f"it would decide {guard}; set it in: " in line for line in told(found))


@pytest.mark.parametrize("name", ["include", "extends", "userconfig", "config-file"])
@pytest.mark.parametrize("trust", [Trust.FOLDER, Trust.USER])
def test_no_file_names_another(name: str, trust: Trust) -> None:
    for value in ("other.toml", ["other.toml"], {"path": "other.toml"}):
        found = admit({name: value}, trust)
        assert not found.values
        assert "nowhere: a configuration file names no other" in str(found.refusals[0])


@pytest.mark.parametrize("trust", [Trust.FOLDER, Trust.TRUSTED, Trust.USER])
def test_no_file_takes_the_place_of_ones_own(trust: Trust) -> None:
    found = admit({"config": "/srv/other.toml"}, trust)
    assert not found.values
    assert "never decides which other file is read" in str(found.refusals[0])


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("fial-on", "did you mean fail-on?"),
        ("selects", "did you mean select?"),
        ("fail_on", "is not a setting; fail-on is, spelled just so"),
        ("SELECT", "is not a setting; select is, spelled just so"),
        ("zzzzzz", "zzzzzz is not a setting of hardenme"),
        ("", '"" is not a setting of hardenme'),
    ],
)
def test_an_unknown_key_is_an_error_with_a_suggestion(key: str, hint: str) -> None:
    found = admit({key: ["GHA"]}, Trust.USER)
    assert not found.values
    assert hint in told(found)[0]


@pytest.mark.parametrize(
    "key",
    [
        *("GITHUB-URL", "github_url", "GitHub-Url", "Github_url", "github url", " github-url"),
        *(
            "github-url ",
            "github\u2010url",
            "g\u0456thub-url",
            "\u200bgithub-url",
            "g\u0131thub-url",
        ),
        *("github-url\u0000", "\uff47ithub-\uff55rl", "github--url", "--github-url", "githuburl"),
    ],
)
@pytest.mark.parametrize("trust", [Trust.FOLDER, Trust.USER])
def test_another_spelling_reaches_no_setting(key: str, trust: Trust) -> None:
    found = admit({key: EVIL}, trust)
    assert not found.values
    (line,) = told(found)
    assert not hidden(line), "what is shown can steer no terminal"


@pytest.mark.parametrize(
    "text",
    [
        'github-url = "https://evil.example"',
        '"github-url" = "https://evil.example"',
        "'github-url' = 'https://evil.example'",
        '"github\\u002durl" = "https://evil.example"',
        'github.url = "https://evil.example"',
        '[github]\nurl = "https://evil.example"',
        '[[github-url]]\nvalue = "https://evil.example"',
        '[select]\ngithub-url = "https://evil.example"',
        'select = [{ github-url = "https://evil.example" }]',
        'select = { github-url = "https://evil.example" }',
        '[severities]\ngithub-url = "https://evil.example"',
        '[severities.GHA101]\ngithub-url = "https://evil.example"',
        '[tool.hardenme]\ngithub-url = "https://evil.example"',
        '[hardenme]\ngithub-url = "https://evil.example"',
        '[[waivers]]\ngithub-url = "https://evil.example"',
        'waivers = "https://evil.example"',
        'profile.github-url = "https://evil.example"',
        'fail-on = ["https://evil.example"]',
    ],
)
def test_no_form_of_toml_smuggles_an_address(text: str) -> None:
    found = read(text)
    assert "evil" not in repr(found.values) + repr(found.proposals)
    assert found.refusals
    assert "evil" not in " ".join(told(found))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("select = 'GHA'", "select takes a list of texts"),
        ("select = [1]", "select takes text, in quotes"),
        ("select = [['GHA']]", "select takes text, in quotes"),
        ("since = true", "since takes a whole number"),
        ("since = -1", "since takes a whole number"),
        ("since = 1.0", "since takes a whole number"),
        ("since = '9'", "since takes a whole number"),
        ("profile = 1", "profile takes text, in quotes"),
        ("profile = 'Solo'", "profile takes one of: solo, team, org, strict"),
        ("profile = 'so\\nlo'", "profile takes one of: solo, team, org, strict"),
        ('profile = "so\\u001blo"', "profile takes text of visible characters, 1000 at most"),
        ("fail-on = 'none'", "fail-on takes one of: info, low, medium, high, critical"),
        ("severities = 'low'", "severities takes a table of severities by check"),
        ("[severities]\nGHA101 = 'none'", "severities takes one of: info, low"),
        ("[severities]\nGHA101 = ['low']", "severities takes one of: info, low"),
        ("[severities]\nall = 'low'", "severities names something that is not a check's"),
        ("[severities]\n'GH*' = 'low'", "severities names something that is not a check's"),
        ("[severities]\nGHA = 'low'", "severities names something that is not a check's"),
        ("waivers = ['GHA101']", "waivers takes a list of tables"),
    ],
)
def test_a_value_of_another_form_is_an_error(text: str, why: str) -> None:
    for trust in (Trust.FOLDER, Trust.USER):
        found = read(text, trust)
        assert not found.values
        assert told(found)[0].startswith(why)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('check = "GHA101"', 'check = "GHA"', "waivers[1].check takes the code or the slug"),
        ('check = "GHA101"', 'check = "*"', "waivers[1].check takes the code or the slug"),
        ('check = "GHA101"', 'check = "all"', "waivers[1].check takes the code or the slug"),
        ('check = "GHA101"', 'check = ["GHA101"]', "waivers[1].check takes text, in quotes"),
        ('check = "GHA101"', "", "waivers[1].check is missing"),
        ("github:user/mallow", "github:repo/*", "waivers[1].subject covers too much"),
        ("github:user/mallow", "mallow", "waivers[1].subject takes an id, like"),
        ('by = "mallow"', "", "waivers[1].by is missing"),
        ("2027-01-31", "2027-11-27", "waivers[1].until is too far off"),
        ("the key lives in a safe", " ", "waivers[1].reason is empty"),
        ("the key lives in a safe", "a\\tb", "waivers[1].reason takes text of visible"),
        ("until = 2027-01-31", "", "waivers[1].until is missing"),
        ("2027-01-31", '"2027-01-31"', "waivers[1].until takes a date without quotes"),
        ("2027-01-31", "2027-01-31T00:00:00Z", "waivers[1].until takes a date without quotes"),
        ("until = 2027-01-31", "until = 2027-01-31\nask = 1", "waivers[1].ask is not a part of"),
    ],
)
def test_a_waiver_is_narrow_with_a_reason_a_name_and_an_end(old: str, new: str, why: str) -> None:
    assert old in WAIVER
    for trust in (Trust.FOLDER, Trust.USER):
        found = read(WAIVER.replace(old, new), trust)
        assert not found.waivers
        assert not found.proposals
        assert told(found)[0].startswith(why)


def test_a_wrong_waiver_leaves_the_others() -> None:
    found = read(WAIVER + "[[waivers]]\n" + WAIVER.replace("GHA101", "GHA102"))
    assert [item.asked.check for item in found.proposals] == ["GHA101", "GHA102"]
    assert {refusal.key.partition(".")[0] for refusal in found.refusals} == {"waivers[2]"}


def test_a_value_stands_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NPM_TOKEN", "npm_CANARY00000000000000000000000000000")
    text = "https://evil.example/${NPM_TOKEN}/$NPM_TOKEN/%NPM_TOKEN%/~/{{ env.NPM_TOKEN }}"
    found = admit({"github-url": text, "select": [text]}, Trust.USER)
    assert found.values == {"github-url": text, "select": (text,)}


def test_what_is_done_about_a_huge_file_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []

    def look(name: str, *_: Any) -> list[str]:
        looked.append(name)
        return []

    monkeypatch.setattr("difflib.get_close_matches", look)
    found = admit({f"selec{number}": 1 for number in range(40_000)}, Trust.FOLDER)
    assert len(found.refusals) == MOST_REFUSALS + 1
    assert told(found)[-1] == f"{40_000 - MOST_REFUSALS} more are refused, too"
    assert len(looked) == MOST_REFUSALS


def test_a_long_key_is_cut() -> None:
    (line,) = told(admit({"k" * 100_000: 1}, Trust.FOLDER))
    assert len(line) < 120


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    st.datetimes(),
    st.text(max_size=20),
    st.sampled_from([EVIL, "GHA101", "solo", "low", "github:user/mallow"]),
)
KEYS = st.one_of(
    st.sampled_from([*SETTINGS, *NAMES]),
    st.sampled_from(sorted(SETTINGS)).map(str.upper),
    st.sampled_from(sorted(SETTINGS)).map(lambda name: name.replace("-", "_")),
    st.sampled_from(["tool", "hardenme", "check", "subject", "reason", "until", "by", "GHA101"]),
    st.text(max_size=12),
)
DOCUMENTS = st.dictionaries(
    KEYS,
    st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
        max_leaves=12,
    ),
    max_size=8,
)


@given(DOCUMENTS)
@example({name: right(name) for name in SETTINGS})
def test_whatever_a_folder_says_it_decides_nothing_that_is_guarded(document: Any) -> None:
    found = admit(document, Trust.FOLDER)
    assert found.values.keys() <= FOLDER
    assert not found.waivers
    for name in ABOVE:
        assert (name in document) <= any(item.key == name for item in found.refusals)


@given(DOCUMENTS, st.sampled_from(Trust))
@example({name: right(name) for name in SETTINGS}, Trust.USER)
def test_whatever_a_file_says_each_key_counts_or_is_refused(document: Any, trust: Trust) -> None:
    found = admit(document, trust)
    assert all(SETTINGS[name].least <= trust for name in found.values)
    assert all(SETTINGS[name].kind.wrong(document[name]) == "" for name in found.values)
    unsaid = len(document) - len(found.values) - ("waivers" in document)
    assert len(found.refusals) >= unsaid
    assert all(not hidden(line) for line in told(found))


@given(DOCUMENTS)
def test_more_trust_never_admits_less(document: Any) -> None:
    before: set[str] = set()
    for trust in Trust:
        now = set(admit(document, trust).values)
        assert before <= now
        before = now
