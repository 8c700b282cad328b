from __future__ import annotations

from pathlib import Path

import pytest

from hardenme.collectors.local.npmrc import ends
from hardenme.collectors.npmrc.ini import settings
from hardenme.facts.local.npmrc import NpmrcFile, NpmrcSecrets, TokenLine
from hardenme.model.unknown import Reason
from tests.collectors.local.home import NPM_TOKEN, Home

KEY = "//registry.example.test/:_authToken"
SHOWN = "npm_CANA...0000"


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("a=b", "a", "b"),
        ("  a =  b  ", "a", "b"),
        ("a", "a", "true"),
        ("a=", "a", ""),
        ("a=b=c", "a", "b=c"),
        ("a[]=b", "a", "b"),
        ('a="b;c"', "a", "b;c"),
        ("'a'='b'", "a", "b"),
        ('a="b\\u0041"', "a", "bA"),
        ('a="b\\x"', "a", "b\\x"),
        ("a=b ; comment", "a", "b"),
        ("a=b # comment", "a", "b"),
        ("a=b\\;c", "a", "b;c"),
        ('"a"', "a", "true"),
    ],
)
def test_a_setting(text: str, name: str, value: str) -> None:
    (found,) = settings(f"; first\n# second\n\n[part]\n{text}\n")
    assert (found.line, found.name, found.value) == (5, name, value)


@pytest.mark.parametrize(
    ("value", "literal", "expanded"),
    [
        ("plain", "plain", "plain"),
        ("${SET}", "", "set"),
        ("${UNSET}", "", "${UNSET}"),
        ("${UNSET?}", "", ""),
        ("npm_${SET}", "npm_", "npm_set"),
        ("\\${SET}", "\\${SET}", "\\${SET}"),
        ("${SET", "${SET", "${SET"),
    ],
)
def test_references(value: str, literal: str, expanded: str) -> None:
    (found,) = settings(f"a={value}")
    assert found.literal == literal
    assert found.expanded({"SET": "set"}) == expanded


@pytest.mark.parametrize(
    ("line", "registry"),
    [
        (f"{KEY}={NPM_TOKEN}", "registry.example.test"),
        (f'{KEY}="{NPM_TOKEN}"', "registry.example.test"),
        (f"  {KEY} = {NPM_TOKEN} ; mine", "registry.example.test"),
        (
            f"//registry.example.test:8443/npm/:_authToken={NPM_TOKEN}",
            "registry.example.test:8443/npm",
        ),
        (f"_authToken={NPM_TOKEN}", ""),
    ],
)
def test_a_literal_token(home: Home, line: str, registry: str) -> None:
    home.write(".npmrc", f"registry=https://registry.example.test/\n{line}\n")
    fact = home.one(NpmrcSecrets)
    key = f"//{registry}/:_authToken" if registry else "_authToken"
    assert fact.tokens == (TokenLine(2, registry, SHOWN, key),)
    assert fact.passwords == ()
    assert fact.level == "user"
    assert NPM_TOKEN not in repr(fact)


@pytest.mark.parametrize(
    "line",
    [
        f"{KEY}=${{NPM_TOKEN}}",
        f"{KEY}=${{NPM_TOKEN?}}",
        f"{KEY}=npm_${{REST}}",
        f"{KEY}=",
        f"#{KEY}={NPM_TOKEN}",
        f"; {KEY}={NPM_TOKEN}",
        "//registry.example.test/:email=hazel@hazel-grove.example",
        "//registry.example.test/:username=hazel",
        "always-auth=true",
        "key=${KEY}",
    ],
)
def test_what_is_no_secret(home: Home, line: str) -> None:
    home.write(".npmrc", line)
    fact = home.one(NpmrcSecrets)
    assert fact.tokens == fact.passwords == ()


@pytest.mark.parametrize("line", [f"{KEY}=${{A}}{NPM_TOKEN}", f"{KEY}=\\${{NOT_A_REFERENCE}}"])
def test_a_reference_beside_a_token(home: Home, line: str) -> None:
    home.write(".npmrc", line)
    (token,) = home.one(NpmrcSecrets).tokens
    assert token.shown == ""


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("_auth=aGF6ZWw6Q0FOQVJZ", "_auth"),
        ("//registry.example.test/:_auth=aGF6ZWw6Q0FOQVJZ", "_auth"),
        ("//registry.example.test/:_password=Q0FOQVJZ", "_password"),
        ('key="-----BEGIN PRIVATE KEY-----\\nCANARY"', "key"),
    ],
)
def test_a_password(home: Home, line: str, name: str) -> None:
    home.write(".npmrc", f"\n{line}\n")
    fact = home.one(NpmrcSecrets)
    assert [(item.line, item.name) for item in fact.passwords] == [(2, name)]
    assert fact.tokens == ()


def test_a_password_by_reference(home: Home) -> None:
    home.write(".npmrc", "//registry.example.test/:_password=${PASSWORD}\n_auth=${AUTH}\n")
    assert home.one(NpmrcSecrets).passwords == ()


def test_a_hidden_character_in_a_key(home: Home) -> None:
    home.write(".npmrc", f"//registry.example.test\u202e/:_authToken={NPM_TOKEN}\n")
    (token,) = home.one(NpmrcSecrets).tokens
    assert token.registry == "registry.example.test\\u202e"


def test_ends() -> None:
    assert ends(NPM_TOKEN) == SHOWN
    assert ends("x" * 19) == ""
    assert ends("x" * 20) == "xxxxxxxx...xxxx"


def levels(home: Home) -> dict[str, str]:
    return {name: fact.level for name, fact in home.facts(NpmrcSecrets).items()}


def test_every_place(home: Home) -> None:
    folder = home.install_npm()
    (folder / "npmrc").write_text("")
    (home.root / "node" / "etc").mkdir()
    (home.root / "node" / "etc" / "npmrc").write_text("")
    for name in (".npmrc", ".npmrc.bak", ".npmrc~", ".config/pnpm/rc", ".config/pnpm/auth.ini"):
        home.write(name, "")
    home.write("project/.npmrc", "")
    home.write("project/src/.npmrc", "")
    above = str(home.root)
    assert levels(home) == {
        "~/.npmrc": "user",
        "~/project/.npmrc": "project",
        f"{above}/node/etc/npmrc": "global",
        f"{above}/node/lib/node_modules/npm/npmrc": "built-in",
        "~/.config/pnpm/rc": "pnpm",
        "~/.config/pnpm/auth.ini": "pnpm",
        "~/.npmrc.bak": "copy",
        "~/.npmrc~": "copy",
    }


def test_places_that_the_environment_names(home: Home) -> None:
    home.write("mine/npmrc", "")
    home.write("all/npmrc", "")
    home.write(".npmrc", "")
    home.environ |= {
        "NPM_CONFIG_USERCONFIG": str(home.home / "mine/npmrc"),
        "npm_config_globalconfig": str(home.home / "all/npmrc"),
    }
    assert levels(home) == {"~/mine/npmrc": "user", "~/all/npmrc": "global", "~/.npmrc": "copy"}


@pytest.mark.parametrize("how", ["variable", "setting", "reference"])
def test_the_prefix(home: Home, how: str) -> None:
    home.write("prefix/etc/npmrc", "")
    place = str(home.home / "prefix")
    if how == "variable":
        home.environ["NPM_CONFIG_PREFIX"] = place
    else:
        home.environ["PLACE"] = place
        home.write(".npmrc", f"prefix={place}\n" if how == "setting" else "prefix=${PLACE}\n")
    assert levels(home)["~/prefix/etc/npmrc"] == "global"


def test_a_prefix_in_the_home(home: Home) -> None:
    home.write(".npmrc", "prefix=~/prefix\n")
    home.write("prefix/etc/npmrc", "")
    assert levels(home)["~/prefix/etc/npmrc"] == "global"


def test_the_project_is_found_upwards(home: Home) -> None:
    home.write("project/.npmrc", "")
    inner = home.project / "src" / "deep"
    inner.mkdir(parents=True)
    (answer,) = home.answers(NpmrcFile, cwd=inner)
    assert str(answer.scope) == "local:npmrc/~/project/.npmrc"


def test_a_file_is_one_subject_only(home: Home) -> None:
    home.write(".npmrc", "")
    (answer,) = home.answers(NpmrcFile, cwd=home.home)
    assert answer.facts[0].level == "user"


def test_other_systems(home: Home) -> None:
    home.write("Library/Preferences/pnpm/rc", "")
    home.write("AppData/Local/pnpm/config/rc", "")
    home.write("AppData/Roaming/npm/etc/npmrc", "")
    home.system = "darwin"
    assert levels(home) == {"~/Library/Preferences/pnpm/rc": "pnpm"}
    home.system = "win32"
    assert levels(home) == {
        "~/AppData/Local/pnpm/config/rc": "pnpm",
        "~/AppData/Roaming/npm/etc/npmrc": "global",
    }


def test_a_file_that_is_a_folder_is_unknown(home: Home) -> None:
    (home.home / ".npmrc").mkdir()
    (answer,) = home.answers(NpmrcSecrets)
    assert answer.missing is not None
    assert answer.missing.reason is Reason.MALFORMED


def test_rights_of_a_file(home: Home) -> None:
    home.write(".npmrc", "", mode=0o644)
    fact = home.one(NpmrcFile)
    assert (fact.octal, fact.owned, fact.read_by_others) == ("0644", True, True)
    assert not fact.written_by_others


def test_at_most_twenty_copies(home: Home) -> None:
    for number in range(30):
        home.write(f".npmrc.{number:02}", "")
    assert len(levels(home)) == 20


def test_a_link_to_a_file_is_followed(home: Home) -> None:
    home.write("dotfiles/npmrc", f"{KEY}={NPM_TOKEN}\n")
    (home.home / ".npmrc").symlink_to(Path("dotfiles/npmrc"))
    assert len(home.one(NpmrcSecrets).tokens) == 1
