"""What the files of a run say together, and what in them stops it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hardenme.config.files import lines
from hardenme.config.load import Loaded, load
from hardenme.config.places import SearchPlaces, places
from hardenme.config.trust import Trust
from tests.moment import NOW

WAIVER = """\
[[waivers]]
check = "GHA101"
subject = "github:user/mallow"
reason = "the key lives in a safe"
by = "mallow"
until = {until}
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    tmp_path.chmod(0o755)
    folder = tmp_path / "home"
    (folder / ".config" / "hardenme").mkdir(parents=True)
    (folder / "src" / "web" / ".git").mkdir(parents=True)
    return folder


@pytest.fixture
def waiver() -> str:
    from datetime import timedelta  # noqa: PLC0415

    return WAIVER.format(until=(NOW + timedelta(days=30)).date())


def own(home: Path, text: str) -> Path:
    return written(home / ".config" / "hardenme" / "config.toml", text)


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o644)
    return path


def where(home: Path, inner: str = "src/web") -> SearchPlaces:
    return places(home / inner, home, home / ".config" / "hardenme")


def told(loaded: Loaded) -> list[str]:
    return [str(problem) for problem in loaded.problems]


def test_each_is_told_with_its_file_and_line(home: Path) -> None:
    own(home, 'workers = 2\n\ngithub-ulr = "https://github.example"\n')
    written(
        home / "src/web/pyproject.toml",
        "[project]\nname = 'x'\n\n[tool.hardenme]\nfail-on = 'low'\nworkers = 9\n"
        "[tool.hardenme.thresholds]\nkey-unused-day = 1\n",
    )
    found = told(load(where(home)))
    assert found == [
        "~/.config/hardenme/config.toml:3: github-ulr is not a setting; did you mean github-url?",
        (
            "pyproject.toml:6: workers is refused: a file in the working directory sets these"
            " alone: select, profile, severities, thresholds, waivers, since, fail-on; set it in:"
            " your own configuration file or --workers"
        ),
        (
            "pyproject.toml:7: thresholds names something that is not a threshold; did you mean"
            " key-unused-days?"
        ),
    ]


def test_a_file_further_up_is_named_from_here_on(home: Path) -> None:
    written(home / "src/web/.github/hardenme.toml", "since = 0\n")
    inner = home / "src/web/a/b"
    inner.mkdir(parents=True)
    loaded = load(where(home, "src/web/a/b"))
    assert told(loaded) == [
        "../../.github/hardenme.toml:1: since takes a whole number from 1 to 3650"
    ]


def test_a_hostile_name_of_a_folder_is_in_no_message(home: Path) -> None:
    inner = home / "src/web/\x1b[31m\u202eevil"
    written(inner / "hardenme.toml", "nope = 1\n")
    loaded = load(where(home, "src/web/\x1b[31m\u202eevil"))
    assert told(loaded)[0].startswith("hardenme.toml:1: nope is not a setting")
    assert loaded.origin(loaded.files[0]) == "hardenme.toml of the working directory"


def test_beside_the_file_that_counts_the_others_do_not_and_that_is_said(home: Path) -> None:
    written(home / "src/web/hardenme.toml", "since = 60\n")
    written(home / "src/web/.github/hardenme.toml", "since = 70\nnonsense = 1\n")
    written(home / "src/web/pyproject.toml", "[project]\nname = 'x'\n")
    loaded = load(where(home))
    assert [said.value for said in loaded.says("since")] == [60]
    assert loaded.problems == ()
    assert loaded.notes == ("hardenme.toml counts, .github/hardenme.toml next to it does not",)


def test_a_project_file_of_python_that_cannot_be_read_stops_nothing(home: Path) -> None:
    written(home / "src/web/pyproject.toml", "[tool.hardenme\n")
    loaded = load(where(home))
    assert loaded.problems == ()
    assert loaded.notes[0].startswith("pyproject.toml is not read: it is not TOML")
    written(home / "src/web/hardenme.toml", "[select\n")
    assert told(load(where(home)))[0].startswith("hardenme.toml: it is not TOML")


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="rights are not nine bits here")
def test_a_file_that_others_can_write_stops_a_run_where_more_trust_is_needed(home: Path) -> None:
    own(home, "since = 60\n").chmod(0o666)
    loaded = load(where(home))
    assert loaded.problems == ()
    assert (
        "is trusted as a file in the working directory is: others can write it" in (loaded.notes[0])
    )
    own(home, "since = 60\nworkers = 2\nignore = ['GHA']\n").chmod(0o666)
    (problem,) = told(load(where(home)))
    assert problem.endswith("run: chmod go-w on it; until then, refused: workers, ignore")


def test_a_file_that_is_named_takes_the_place_of_ones_own(home: Path) -> None:
    own(home, "workers = 2\n")
    named = written(home / "src/web/ci.toml", "workers = 7\nfail-on = 'critical'\n")
    for path in (named, Path("ci.toml"), Path("../web/ci.toml")):
        loaded = load(where(home), path)
        assert [said.value for said in loaded.says("workers")] == [7]
        assert next(loaded.says("fail-on")).own
    assert told(load(where(home), Path("none.toml"))) == [
        "--config: there is no ~/src/web/none.toml"
    ]


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="rights are not nine bits here")
@pytest.mark.parametrize("how", ["mode", "link"])
def test_a_file_that_is_named_is_trusted_as_ones_own_would_be(home: Path, how: str) -> None:
    named = written(home / "src/web/ci.toml", "github-url = 'https://evil.example'\n")
    assert told(load(where(home), named)) == []
    if how == "mode":
        named.chmod(0o666)
    else:
        named = home / "link.toml"
        named.symlink_to(home / "src/web/ci.toml")
    (problem,) = told(load(where(home), named))
    assert problem.endswith("until then, refused: github-url")


@pytest.mark.parametrize("entry", ["~/src/web", "{home}/src/web", "{home}/src/../src/web/"])
def test_the_waivers_of_a_folder_that_is_trusted_count(home: Path, waiver: str, entry: str) -> None:
    written(home / "src/web/hardenme.toml", waiver)
    loaded = load(where(home))
    assert (len(loaded.waivers), len(loaded.proposed)) == (0, 1)
    own(home, f'trusted-folders = ["{entry.format(home=home)}"]\n')
    loaded = load(where(home))
    assert (len(loaded.waivers), len(loaded.proposed)) == (1, 0)
    assert loaded.waivers[0].origin == "hardenme.toml of the working directory"
    assert loaded.files[1].trust is Trust.TRUSTED


@pytest.mark.parametrize(
    "entry", ["~/src", "~/src/*", "~/src/we", "~/src/web/a/b", "~", "~/", "/", "~/src/web/a/.."]
)
def test_no_other_folder_is_trusted_by_it(home: Path, waiver: str, entry: str) -> None:
    written(home / "src/web/a/hardenme.toml", waiver)
    (home / "src/web/a/b").mkdir()
    own(home, f'trusted-folders = ["{entry}"]\n')
    loaded = load(where(home, "src/web/a"))
    assert loaded.waivers == ()
    assert len(loaded.proposed) == 1 or loaded.problems


def test_a_folder_within_one_that_is_trusted_is_not(home: Path, waiver: str) -> None:
    own(home, 'trusted-folders = ["~/src/web"]\n')
    written(home / "src/web/node_modules/evil/hardenme.toml", waiver)
    loaded = load(where(home, "src/web/node_modules/evil"))
    assert (len(loaded.waivers), len(loaded.proposed)) == (0, 1)


@pytest.mark.parametrize("entry", ["src/web", ".", "~mallow/src", "web", ""])
def test_a_folder_is_trusted_by_a_fixed_path_alone(home: Path, entry: str) -> None:
    own(home, f'trusted-folders = ["{entry}"]\n')
    assert "trusted-folders takes a list of absolute paths" in told(load(where(home)))[0]


def test_a_folder_that_is_trusted_leads_nowhere_else(home: Path) -> None:
    own(home, 'trusted-folders = ["~/src/web"]\n')
    written(home / "src/web/hardenme.toml", "github-url = 'https://evil.example'\n")
    loaded = load(where(home))
    assert "never decides who is asked" in told(loaded)[0]
    assert list(loaded.says("github-url")) == []


def test_no_folder_trusts_itself(home: Path) -> None:
    written(home / "src/web/hardenme.toml", 'trusted-folders = ["~/src/web"]\n')
    assert told(load(where(home)))[0].startswith("hardenme.toml:1: trusted-folders is refused")


@pytest.mark.parametrize("setting", ["ca-file", "output", "app-key", "sigstore-trust-root"])
def test_no_path_depends_on_the_working_directory(home: Path, setting: str) -> None:
    own(home, f'{setting} = "here.pem"\n')
    assert "takes an absolute path, or one that begins with ~/" in told(load(where(home)))[0]
    own(home, f'{setting} = "~/here.pem"\n')
    assert told(load(where(home))) == []


def test_the_lines_of_settings_are_found() -> None:
    text = (
        'select = """\nfail-on = "low"\n"""\n# since = 1\n"fail-on" = "low"\n[severities]\n'
        "GHA101 = 'low' # fail-on\n[[waivers]]\ncheck = 'a'\n\n[[waivers]]  # two\ncheck = 'b'\n"
    )
    assert lines(text) == {
        "select": 1,
        "fail-on": 5,
        "severities": 6,
        "severities.GHA101": 7,
        "waivers": 8,
        "waivers[1]": 8,
        "waivers[1].check": 9,
        "waivers[2]": 11,
        "waivers[2].check": 12,
    }


def test_of_another_tools_file_the_lines_of_the_table_alone_are_found() -> None:
    text = (
        "[project]\nselect = 1\n[tool.hardenme]\nselect = 2\n[tool.hardenme.severities]\n"
        "GHA101 = 'low'\n[tool.hardenmeister]\nsince = 1\n"
    )
    found = lines(text, ("tool", "hardenme"))
    assert found == {"select": 4, "severities": 5, "severities.GHA101": 6}
