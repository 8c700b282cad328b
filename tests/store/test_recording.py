"""Facts come back from the file as they were, or as unknown; never as something else."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardenme.codec.facts import FactForm
from hardenme.facts.github.account import SshKey
from hardenme.ground.errors import OutputError, StoredError
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer, Attestation, Fact, fact_name
from hardenme.model.report import Traffic
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.store.recording import FactsFile, Recording, kinds
from tests import any_facts
from tests.factories import github as facts
from tests.moment import NOW

ATOM = Atom("GET /user/keys", 200, NOW)
USER = Subject("github", "user", "mallow")


@dataclass(frozen=True, slots=True)
class Told:
    """Stands for how a run was made, and how it went."""

    version: str = "0.1.0"


def raw(fact: Fact) -> dict[str, Any]:
    """The fact as the file has it."""
    found: dict[str, Any] = json.loads(json.dumps(FactForm().write(fact)))
    return found


def shown(fact: Fact) -> dict[str, Any]:
    """All fields of a fact, unknown ones too."""
    return {item.name: object.__getattribute__(fact, item.name) for item in fields(fact)}


def kept(path: Path, *answers: Answer[Any]) -> Recording:
    """A file with these answers, read back."""
    file = FactsFile(path)
    file.begin(Told(), answers)
    file.end((), Told())
    file.finish()
    return Recording(path)


def sealed(path: Path, *lines: str, was: str = "", becomes: str = "", ending: str = "{}") -> None:
    """A file of these lines, with an ending as hardenme writes it."""
    text = "".join(f"{line.replace(was, becomes) if was else line}\n" for line in lines)
    digest = hashlib.sha256(text.encode()).hexdigest()
    path.write_text(f'{text}{{"ending":{ending},"sha256":"{digest}"}}\n')


@pytest.mark.second_tier("takes long in all", one_of=3)
@pytest.mark.sampled(3)
@pytest.mark.parametrize("kind", kinds().values(), ids=fact_name)
@given(data=st.data())
@settings(
    derandomize=True,
    max_examples=12,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_any_fact_comes_back_as_it_was(kind: type[Fact], data: st.DataObject) -> None:
    fact = data.draw(any_facts.fact(kind, any_facts.HOSTILE))
    if isinstance(fact, Fact):
        assert shown(FactForm("0.1.0").read(kind, raw(fact))) == shown(fact)


def test_there_are_facts_of_every_provider() -> None:
    assert {name.partition(".")[0] for name in kinds()} == {
        *("attested", "github", "local", "mail", "npm"),
    }


def test_a_field_that_the_file_does_not_have_is_unknown() -> None:
    values = raw(facts.ssh_key())
    del values["last_used"]
    found = shown(FactForm("0.0.9").read(SshKey, values))["last_used"]
    assert found.reason is Reason.NOT_ASKED
    assert found.seen == "hardenme 0.0.9 did not read `last_used` of SshKey"


@pytest.mark.parametrize("value", ["yes", 1, None, [], {}, {"unknown": "x", "more": 1}])
def test_a_value_of_another_type_is_unknown(value: Any) -> None:
    values = raw(facts.email(verified=True)) | {"verified": value}
    found = shown(FactForm("0.0.9").read(type(facts.email()), values))["verified"]
    assert found.reason is Reason.MALFORMED
    assert "hardenme 0.0.9" in found.seen


def test_answers_come_back_with_all_that_they_rest_on(tmp_path: Path) -> None:
    why = Unknown(Reason.NOT_PERMITTED, "read:gpg_key", "403", (ATOM,))
    stated = Attestation("hazel", NOW, NOW)
    key = facts.ssh_key()
    answers = (
        Answer(SshKey, USER, (key,), (replace(ATOM, pages_read=2, cached=True),), why),
        Answer(type(facts.gpg_key()), USER, (), (), why),
        Answer(type(facts.email()), USER, (facts.email(),), (), None, stated),
    )
    above = list(kept(tmp_path / "facts", *answers).parts())
    assert [answer for part in above for answer in part.answers] == list(answers)
    assert {(part.name, part.repository) for part in above} == {("above", None)}


def test_repositories_and_what_came_late_keep_their_order(tmp_path: Path) -> None:
    file, one = FactsFile(tmp_path / "facts"), Subject("github", "repo", "mallow/web")
    answer = Answer(type(facts.email()), USER, (facts.email(),), (ATOM,))
    file.begin(Told(), ())
    file.repository(one, (answer,), joined=False)
    file.repository(one, (), joined=True)
    file.end((answer,), Told())
    file.finish()
    parts = list(Recording(tmp_path / "facts").parts())
    assert [(part.name, part.repository, len(part.answers)) for part in parts] == [
        ("repository", one, 1),
        ("joined", one, 0),
        ("late", None, 1),
    ]


def test_the_file_is_for_its_owner_alone_and_holds_no_token(tmp_path: Path) -> None:
    label = "ghp_" + "CANARY" * 6
    answer = Answer(SshKey, USER, (facts.ssh_key(label=label),), (ATOM,))
    kept(tmp_path / "facts", answer)
    assert (tmp_path / "facts").stat().st_mode & 0o777 == 0o600
    assert "CANARY" not in (tmp_path / "facts").read_text()


def test_a_type_of_fact_that_is_not_known_here_is_told(tmp_path: Path) -> None:
    answer = Answer(SshKey, USER, (facts.ssh_key(),), (ATOM,))
    kept(tmp_path / "facts", answer)
    lines = (tmp_path / "facts").read_text().splitlines()[:-1]
    sealed(tmp_path / "facts", *lines, was="github.account.SshKey", becomes="github.moon.Phase")
    recording = Recording(tmp_path / "facts")
    assert [part.answers for part in recording.parts()] == [()]
    assert recording.left_out == {"github.moon.Phase"}


@pytest.mark.parametrize("gone", [1, 2, 3])
def test_a_line_that_is_missing_in_the_middle_is_found(tmp_path: Path, gone: int) -> None:
    path = tmp_path / "facts"
    kept(path, *(Answer(SshKey, USER, (facts.ssh_key(key_id=one),), (ATOM,)) for one in (1, 2, 3)))
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines[:gone], *lines[gone + 1 :]]))
    with pytest.raises(StoredError, match="was changed: a line is missing in it"):
        Recording(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no facts"),
        ("{}\n", "holds no facts"),
        ("[1]\n", "holds no facts"),
        ("\x00\xff", "holds no facts"),
        ("[" * 100_000, "holds no facts"),
        ('{"hardenme_facts":1,"scene":{}}\n', "that this version of hardenme reads"),
        ('{"hardenme_facts":3,"scene":{}}\n', "of version 3, and this hardenme reads version 2"),
        ('{"hardenme_facts":"2","scene":{}}\n', "does not say the version of its form"),
        ('{"hardenme_facts":2,"scene":{}}\n', "was cut"),
        ('{"hardenme_facts":2,"scene":{}}\n{"ending":{}}\n', "was changed"),
        ('{"hardenme_facts":2,"scene":{}}\n{"above":[', "was cut"),
    ],
)
def test_what_is_no_whole_file_is_one_clear_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "facts").write_bytes(text.encode("latin-1"))
    with pytest.raises(StoredError, match=said):
        Recording(tmp_path / "facts")


@pytest.mark.parametrize(
    "line",
    [
        '{"above":[{"kind":"github.account.SshKey"}]}',
        '{"repository":["github"],"answers":[]}',
        '{"repository":["github","repo","a/b"]}',
        '{"repository":["github","repo","a/b"],"answers":{}}',
        '{"invented":[]}',
        "{}",
        *(
            f'{{"above":[{{"kind":"github.account.SshKey","scope":["a","b","c"],{rest}}}]}}'
            for rest in (
                '"facts":[{}],"evidence":[],"missing":null,"attested":null',
                '"facts":[],"evidence":[],"missing":null,"attested":null',
                '"facts":[],"evidence":[],"missing":["NO_SUCH","a","b",[]],"attested":null',
            )
        ),
    ],
)
def test_a_line_of_another_form_is_named_by_its_number(tmp_path: Path, line: str) -> None:
    path = tmp_path / "facts"
    sealed(path, '{"hardenme_facts":2,"scene":{"version":"0.1.0"}}', line)
    with pytest.raises(StoredError, match="line 2"):
        list(Recording(path).parts())


@pytest.mark.parametrize(
    ("first", "ending"),
    [
        ('{"hardenme_facts":2}', "{}"),
        ('{"hardenme_facts":2,"scene":[]}', "{}"),
        ('{"hardenme_facts":2,"scene":{"version":"0.1.0"}}', "null"),
    ],
)
def test_a_run_that_is_not_told_of_is_one_clear_line(
    tmp_path: Path, first: str, ending: str
) -> None:
    sealed(tmp_path / "facts", first, ending=ending)
    with pytest.raises(StoredError, match="does not describe its run as hardenme does"):
        Recording(tmp_path / "facts").ending(Told)


def test_a_place_that_cannot_be_written_is_told_before_the_run(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        FactsFile(tmp_path / "nowhere" / "facts")
    with pytest.raises(OutputError, match="not a regular file"):
        FactsFile(tmp_path)


def test_a_run_that_is_broken_off_leaves_no_file(tmp_path: Path) -> None:
    file = FactsFile(tmp_path / "facts")
    file.begin(Told(), ())
    file.discard()
    assert list(tmp_path.iterdir()) == []


def test_what_a_report_needs_is_a_value_of_the_file() -> None:
    assert FactForm().write(Traffic({"https://api.example.test": 3}, 1, 0.5)) == {
        "requests": [["https://api.example.test", 3]],
        "spared": 1,
        "seconds": 0.5,
    }
    with pytest.raises(TypeError, match="has no form in JSON"):
        FactForm().write(object())
