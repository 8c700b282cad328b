from __future__ import annotations

from typing import Any

import pytest

from hardenme.facts.local.npm import (
    ELSEWHERE,
    PLAIN_HTTP,
    UNCHECKED,
    NpmClient,
    NpmConnection,
    NpmInstallSettings,
)
from hardenme.model.unknown import NotKnownError, Reason
from tests.collectors.local.home import Home


def test_the_version_of_npm(home: Home) -> None:
    folder = home.install_npm()
    (answer,) = home.answers(NpmClient)
    (fact,) = answer.facts
    assert (fact.version, fact.release) == ("12.2.0", (12, 2))
    assert fact.subject.name == str(folder)
    assert [atom.endpoint for atom in answer.evidence] == [f"FILE {folder}/package.json"]


@pytest.mark.parametrize("where", ["lib/node_modules/npm", "bin/node_modules/npm"])
def test_a_start_script_beside_the_package(home: Home, where: str) -> None:
    folder = home.root / "node" / where
    folder.mkdir(parents=True)
    (folder / "package.json").write_text('{"name": "npm", "version": "11.15.0-pre.2"}')
    command = home.bin / "npm"
    command.write_text("#!/bin/sh\n")
    command.chmod(0o755)
    assert home.one(NpmClient).release == (11, 15)


def test_npm_on_windows(home: Home) -> None:
    home.system = "win32"
    home.environ["PATH"] = f"relative;;{home.bin}"
    folder = home.bin / "node_modules" / "npm"
    folder.mkdir(parents=True)
    (folder / "package.json").write_text('{"name": "npm", "version": "11.0.0"}')
    (home.bin / "npm.cmd").write_text("")
    assert home.one(NpmClient).version == "11.0.0"


def test_no_npm(home: Home) -> None:
    for kind in (NpmClient, NpmInstallSettings):
        (answer,) = home.answers(kind)
        assert answer.missing is None
        assert answer.facts == ()
        assert [(atom.endpoint, atom.status) for atom in answer.evidence] == [
            ("ENVIRONMENT PATH", 404)
        ]


def test_the_first_npm_on_the_path_counts(home: Home) -> None:
    home.install_npm()
    first = home.root / "first"
    first.mkdir()
    (first / "npm").write_text("")  # it cannot be run, so a shell passes over it
    home.environ["PATH"] = f"{first}:.:{home.bin}"
    assert home.one(NpmClient).version == "12.2.0"


def test_a_version_manager_hides_npm(home: Home) -> None:
    (home.bin / "volta-shim").write_text("")
    (home.bin / "volta-shim").chmod(0o755)
    (home.bin / "npm").symlink_to("volta-shim")
    (answer,) = home.answers(NpmClient)
    assert answer.missing is not None
    assert answer.missing.reason is Reason.NOT_VISIBLE
    assert "npm --version" in answer.missing.needed
    # What was set is still known.
    assert home.one(NpmInstallSettings).ignore_scripts is False


@pytest.mark.parametrize(
    "package",
    [
        "",
        "[]",
        "[" * 100_000,
        '{"name": "npm"}',
        '{"name": "npm", "version": 12}',
        '{"name": "npm", "version": "12"}',
        '{"name": "npm", "version": "12.x.0"}',
        '{"name": "npm", "version": "12.0.0\\u001b[2J"}',
        '{"name": "other", "version": "12.0.0"}',
    ],
)
def test_a_package_that_does_not_tell(home: Home, package: str) -> None:
    home.install_npm(package)
    fact = home.one(NpmClient)
    with pytest.raises(NotKnownError) as told:
        _ = fact.release
    assert told.value.unknown.reason is Reason.MALFORMED


def test_a_package_that_is_gone(home: Home) -> None:
    (home.install_npm() / "package.json").unlink()
    (answer,) = home.answers(NpmClient)
    assert answer.missing is not None


def weak(home: Home, name: str = "~/.npmrc") -> list[tuple[int, str, str]]:
    return [(w.line, w.name, w.why) for w in home.facts(NpmConnection)[name].weaknesses]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("registry=http://registry.example.test/", PLAIN_HTTP),
        ("registry=HTTP://registry.example.test/", PLAIN_HTTP),
        ("registry=${PROTOCOL}://registry.example.test/", PLAIN_HTTP),
        ("@grove:registry=http://192.0.2.1/", PLAIN_HTTP),
        ("registry=http://127.0.0.1.example.test/", PLAIN_HTTP),
        ("registry=http://", PLAIN_HTTP),
        ("strict-ssl=false", UNCHECKED),
        ("strict-ssl=0", UNCHECKED),
        ("strict-ssl=", UNCHECKED),
        ("strict-ssl=null", UNCHECKED),
        ("registry=https://registry.example.test/", ""),
        ("registry=http://127.0.0.1:4873/", ""),
        ("registry=http://[::1]:4873/", ""),
        ("registry=http://localhost:4873/", ""),
        ("@grove:registry=https://registry.example.test/", ""),
        ("strict-ssl=true", ""),
        ("strict-ssl", ""),
        ("proxy=http://proxy.example.test/", ""),
        ("; strict-ssl=false", ""),
    ],
)
def test_what_weakens_the_connection(home: Home, line: str, why: str) -> None:
    home.environ["PROTOCOL"] = "http"
    home.write(".npmrc", f"save-exact=true\n{line}\n")
    expected = [(2, line.partition("=")[0], why)] if why else []
    assert weak(home) == expected


OWN = "@grove:registry=https://registry.example.test/npm/\n"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("@grove:registry=https://elsewhere.example.test/npm/", ELSEWHERE),
        ("@grove:registry=not an address", ELSEWHERE),
        ("@grove:registry=https://[", ELSEWHERE),
        ("@grove:registry=http://elsewhere.example.test/", PLAIN_HTTP),
        ("@grove:registry=https://REGISTRY.example.test/other/", ""),
        ("@other:registry=https://elsewhere.example.test/", ""),
        ("registry=https://elsewhere.example.test/", ""),
    ],
)
def test_a_project_that_names_another_registry(home: Home, line: str, why: str) -> None:
    home.write(".npmrc", OWN)
    home.write("project/.npmrc", line)
    assert [found[2] for found in weak(home, "~/project/.npmrc")] == ([why] if why else [])
    assert weak(home) == []


def test_the_users_own_file_comes_before_the_global_one(home: Home) -> None:
    home.write(".npmrc", OWN)
    (home.root / "node" / "etc").mkdir()
    (home.root / "node" / "etc" / "npmrc").write_text("@grove:registry=https://old.example.test/")
    home.write("project/.npmrc", OWN)
    assert weak(home, "~/project/.npmrc") == []
    home.write("project/.npmrc", "@grove:registry=https://old.example.test/")
    assert len(weak(home, "~/project/.npmrc")) == 1


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("NPM_CONFIG_STRICT_SSL", "false", UNCHECKED),
        ("npm_config_strict_ssl", "false", UNCHECKED),
        ("npm_config_registry", "http://registry.example.test/", PLAIN_HTTP),
        ("npm_config_@grove:registry", "http://registry.example.test/", PLAIN_HTTP),
        ("NODE_TLS_REJECT_UNAUTHORIZED", "0", UNCHECKED),
        ("NODE_TLS_REJECT_UNAUTHORIZED", "1", ""),
        ("npm_config_strict_ssl", "true", ""),
    ],
)
def test_the_environment(home: Home, name: str, value: str, why: str) -> None:
    home.environ[name] = value
    assert weak(home, "npm") == ([(0, name, why)] if why else [])


def test_an_empty_variable_is_none(home: Home) -> None:
    home.environ["npm_config_strict_ssl"] = ""
    (answer,) = home.answers(NpmConnection)
    assert answer.facts == ()


def test_hidden_characters_in_a_setting(home: Home) -> None:
    home.write(".npmrc", "@a\u202e:registry=http://registry.example.test/")
    assert weak(home) == [(1, "@a\\u202e:registry", PLAIN_HTTP)]


def test_a_file_that_is_not_read_leaves_its_connection_unknown(home: Home) -> None:
    (home.home / ".npmrc").mkdir()
    (answer,) = home.answers(NpmConnection)
    assert answer.missing is not None


def test_install_settings_by_default(home: Home) -> None:
    folder = home.install_npm()
    fact = home.one(NpmInstallSettings)
    assert fact.subject.name == str(folder)
    assert (fact.ignore_scripts, fact.allow_all_scripts, fact.strict_scripts) == (False,) * 3
    assert fact.release_age == 0


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("ignore-scripts=true", "ignore_scripts", True),
        ("ignore-scripts", "ignore_scripts", True),
        ("ignore-scripts=false", "ignore_scripts", False),
        ("ignore-scripts=true\nignore-scripts=false", "ignore_scripts", False),
        ("dangerously-allow-all-scripts=true", "allow_all_scripts", True),
        ("strict-allow-scripts=true", "strict_scripts", True),
        ("min-release-age=7", "release_age", 7),
        ("min-release-age=-1", "release_age", 0),
        ("min-release-age=null", "release_age", 0),
    ],
)
def test_install_settings(home: Home, line: str, field: str, value: Any) -> None:
    home.install_npm()
    home.write(".npmrc", line)
    assert getattr(home.one(NpmInstallSettings), field) == value


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("min-release-age=soon", "release_age"),
        ("min-release-age=1.5", "release_age"),
        ("ignore-scripts=${SCRIPTS}", "ignore_scripts"),
    ],
)
def test_a_setting_that_is_not_understood(home: Home, line: str, field: str) -> None:
    home.install_npm()
    home.write(".npmrc", line)
    fact = home.one(NpmInstallSettings)
    with pytest.raises(NotKnownError) as told:
        getattr(fact, field)
    assert told.value.unknown.reason is Reason.MALFORMED


def test_which_level_counts(home: Home) -> None:
    folder = home.install_npm()
    (folder / "npmrc").write_text("min-release-age=1\nignore-scripts=true\n")
    assert home.one(NpmInstallSettings).release_age == 1
    (home.root / "node" / "etc").mkdir()
    (home.root / "node" / "etc" / "npmrc").write_text("min-release-age=2\n")
    assert home.one(NpmInstallSettings).release_age == 2
    home.write(".npmrc", "min-release-age=3\n")
    assert home.one(NpmInstallSettings).release_age == 3
    home.environ["NPM_CONFIG_MIN_RELEASE_AGE"] = "4"
    assert home.one(NpmInstallSettings).release_age == 4
    assert home.one(NpmInstallSettings).ignore_scripts is True
    # A project, a copy and pnpm's file do not count for every folder.
    for name in ("project/.npmrc", ".npmrc.bak", ".config/pnpm/rc"):
        home.write(name, "min-release-age=9\nignore-scripts=false\n")
    assert home.one(NpmInstallSettings).release_age == 4
    assert home.one(NpmInstallSettings).ignore_scripts is True


def test_a_level_that_is_not_read_hides_those_below(home: Home) -> None:
    home.install_npm()
    (home.root / "node" / "etc").mkdir()
    (home.root / "node" / "etc" / "npmrc").write_text("ignore-scripts=true\n")
    (home.home / ".npmrc").mkdir()
    home.environ["npm_config_min_release_age"] = "7"
    fact = home.one(NpmInstallSettings)
    assert fact.release_age == 7
    with pytest.raises(NotKnownError):
        _ = fact.ignore_scripts


def test_settings_that_npm_cannot_read(home: Home) -> None:
    home.install_npm()
    home.write(".npmrc", "ignore-scripts=true\nmin-release-age=7\n".encode("utf-16"))
    fact = home.one(NpmInstallSettings)
    for name in ("ignore_scripts", "release_age"):
        with pytest.raises(NotKnownError) as told:
            getattr(fact, name)
        assert told.value.unknown.reason is Reason.MALFORMED


def test_settings_below_a_heading_are_none(home: Home) -> None:
    home.install_npm()
    home.write(".npmrc", "[mine]\nignore-scripts=true\n")
    assert home.one(NpmInstallSettings).ignore_scripts is False
    # npm takes a heading for one at the start of a line alone.
    home.write(".npmrc", " [mine]\nignore-scripts=true\n")
    assert home.one(NpmInstallSettings).ignore_scripts is True
