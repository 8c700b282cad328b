"""What others choose: values that are filled in, names of files, links, numbers, spellings."""

from __future__ import annotations

import json
import re

import pytest

from hardenme.exposure.asked import asked
from hardenme.exposure.judging import judged
from hardenme.exposure.known_paths import ACTION, DECIDING, OF_PROGRAMS, decides, is_writable
from hardenme.exposure.known_programs import ANY_OPTION, FORMS, WHATEVER
from hardenme.locks.reading import READERS
from hardenme.model.exposure import CommitFiles, ExposureGrade, graded
from tests.cli.exposed.search_scene import FILE, lock
from tests.exposure.test_judging import BOTH, NOT_SEEN, RUN, UNKNOWN, ci, look
from tests.exposure.test_unknown_scripts import beside_npm_ci

CHOSEN = ('"$X"', "$X", '"$(cat x)"', '"${X}y"', '"$GITHUB_HEAD_REF"', "$GITHUB_REF_NAME")
BY_OPTION = sorted(FORMS.keys() - WHATEVER - ANY_OPTION)
NAMES = sorted({"package.json", ".npmrc", "pnpm-workspace.yaml", "bunfig.toml", *READERS})


@pytest.mark.parametrize("program", [*BY_OPTION, "git push", "git fetch", "npm publish", "npm run"])
def test_a_word_that_others_begin_is_an_option(program: str) -> None:
    for word in CHOSEN:
        assert look(beside_npm_ci(f"{program} {word}"))[0] is not NOT_SEEN
    assert look(beside_npm_ci(f"{program} *"))[0] is not NOT_SEEN


def test_what_follows_two_dashes_is_no_option() -> None:
    assert look(beside_npm_ci('eslint -- "$X"'))[0] is NOT_SEEN
    assert look(beside_npm_ci('git push origin -- "$X"'))[0] is NOT_SEEN


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "spelled", [str.upper, str.capitalize, lambda name: f"{name}.", lambda name: name[:5] + "~1.x"]
)
def test_a_file_is_the_same_however_a_file_system_spells_it(name: str, spelled: object) -> None:
    other = spelled(name)  # type: ignore[operator]
    if other == name:
        return
    assert not is_writable(other, frozenset())
    assert look(beside_npm_ci(f"echo x > {other}"))[0] is not NOT_SEEN
    if decides(other):
        assert look(ci(), **{f"web/{other}": "{}"})[0] is not NOT_SEEN


@pytest.mark.parametrize("name", sorted(OF_PROGRAMS | ACTION))
def test_a_program_is_the_same_with_the_ending_that_windows_leaves_out(name: str) -> None:
    endings = ("",) if name in ACTION else ("", ".cmd", ".EXE", ".ps1.")
    for ending in endings:
        assert not is_writable(f"{name}{ending}", frozenset())
        assert not is_writable(f"{name}{ending}".upper(), frozenset())


def linked(text: str, *links: str, **more: str) -> ExposureGrade:
    """The grade of a run by this workflow, whose commit has symbolic links."""
    texts = {FILE: text, "package.json": BOTH, **more}
    read = {name: text.encode() for name, text in texts.items()}
    read["package-lock.json"] = lock(axios="1.14.0")
    files = CommitFiles({name: name for name in read}, read, links=set(links))
    return graded(judged(RUN, files, [asked("axios@1.14.1")])[0])


@pytest.mark.parametrize("around", ["", "web/"])
@pytest.mark.parametrize("link", ["note.txt", "docs", "NOTE.txt"])
@pytest.mark.parametrize(
    "script",
    [
        *("echo x > {}", "echo x >> {}/y.txt", "tee {}", "curl -o {} https://x.example/a"),
        *("cp a {}", "cp a/{} out", "mv a {}", "touch {}", "sed -i s/a/b/ {}", "mkdir -p {}/x"),
        *("cd {} && npm ci", "npm ci --prefix {}", "npm --prefix {} ci"),
    ],
)
def test_nothing_is_written_through_a_link(script: str, link: str, around: str) -> None:
    text = beside_npm_ci(script.format(link))
    assert linked(text, f"{around}{link}") is not NOT_SEEN


@pytest.mark.parametrize("script", ["cat docs", "git add docs", "ls docs/x", "echo x > other"])
def test_a_link_that_is_not_written_through_changes_nothing(script: str) -> None:
    assert linked(beside_npm_ci(script), "docs") is NOT_SEEN


@pytest.mark.parametrize(
    ("link", "grade"),
    [
        ("node_modules", UNKNOWN),
        ("web/node_modules", UNKNOWN),
        ("node_modules/axios", UNKNOWN),
        ("node_modules/other", NOT_SEEN),
        ("axios", NOT_SEEN),
    ],
)
def test_a_link_in_place_of_a_package_is_unknown(link: str, grade: ExposureGrade) -> None:
    assert linked(ci(), link) is grade


def test_a_download_or_a_cache_may_write_through_a_link() -> None:
    for action, name in (("actions/download-artifact", "name"), ("actions/cache", "key")):
        step = json.dumps({"uses": f"{action}@v4", "with": {"path": "out", name: "x"}})
        text = ci().replace("- run: npm ci\n", f"- {step}\n      - run: npm ci\n")
        assert linked(text) is NOT_SEEN
        assert linked(text, "out/x") is not NOT_SEEN


COMPUTED = ("[[ {} -gt 1 ]]", "(( {} ))", "echo $(( {} ))", "echo ${{a[{}]}}", "echo ${{Y:{}}}")


@pytest.mark.parametrize("form", [*COMPUTED, "a[{}]=1", "[[ -v a[{}] ]]"])
def test_what_is_computed_is_a_number(form: str) -> None:
    for value in ("X", "$X", "${X}", "X + 1", "$(cat x)"):
        for script in (form.format(value), f"X=$(cat x); {form.format(value)}"):
            assert look(beside_npm_ci(script))[0] is not NOT_SEEN, script


@pytest.mark.parametrize("form", COMPUTED)
@pytest.mark.parametrize("value", ["5", "$(ls | wc -l)", "$#", "${#Y}", "$(( 1 + 2 ))"])
def test_what_a_script_counts_is_a_number(form: str, value: str) -> None:
    assert look(beside_npm_ci(f"X={value}; {form.format('X')}"))[0] is NOT_SEEN
    assert look(beside_npm_ci(f"X={value}; X=$Y; {form.format('X')}"))[0] is not NOT_SEEN


def test_the_names_that_decide_are_those_of_the_pattern() -> None:
    assert all(re.fullmatch(DECIDING, name) for name in NAMES)
