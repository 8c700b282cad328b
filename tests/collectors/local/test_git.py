from __future__ import annotations

import os
import subprocess
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hardenme.collectors.local.git_syntax import parse
from hardenme.facts.local.git import HELPER, PASSWORD, GitCredentials, GitSigning
from hardenme.model.unknown import NotKnownError, Reason
from tests.collectors.local.home import GITHUB_TOKEN, Home


@pytest.mark.parametrize(
    ("text", "section", "scope", "name", "value"),
    [
        ("[user]\n\tname = Hazel Grove\n", "user", "", "name", "Hazel Grove"),
        ("[USER]\nNAME=x", "user", "", "name", "x"),
        ("[commit] gpgSign", "commit", "", "gpgsign", "true"),
        ("[commit] gpgSign =", "commit", "", "gpgsign", ""),
        (
            '[credential "https://h.example"]\nhelper = store',
            "credential",
            "https://h.example",
            "helper",
            "store",
        ),
        ('[a "b\\"c\\\\d"]\ne=f', "a", 'b"c\\d', "e", "f"),
        ("[a]\nb = c ; d", "a", "", "b", "c"),
        ("[a]\nb = c # d", "a", "", "b", "c"),
        ('[a]\nb = "c ; d"  ', "a", "", "b", "c ; d"),
        ('[a]\nb = " c "', "a", "", "b", " c "),
        ("[a]\nb = c\\\n d", "a", "", "b", "c d"),
        ('[a]\nb = "c\\td\\n\\"e\\\\"', "a", "", "b", 'c\td\n"e\\'),
        ("[a]\nb = c\\\\", "a", "", "b", "c\\"),
        ("[a] ; note\n# note\nb = c", "a", "", "b", "c"),
        ("[a]\nb = c\\", "a", "", "b", "c"),
    ],
)
def test_a_setting(text: str, section: str, scope: str, name: str, value: str) -> None:
    (found,) = parse(text)
    assert (found.section, found.scope, found.name, found.value) == (section, scope, name, value)


def test_lines_are_those_where_a_setting_begins() -> None:
    assert [item.line for item in parse("[a]\nb = 1\\\n2\nc = 3\n\n[d] e = 4")] == [2, 4, 6]
    assert parse("name = without a section") == ()


PIECES = (
    *(
        "[a]",
        '[a "b"]',
        "[a.b]",
        '[A  \t"\\x"]',
        "b",
        " = ",
        "=",
        "c",
        '"',
        "\\",
        "\\\\",
        "\\n",
        "\\q",
    ),
    *(
        "#",
        ";",
        "\n",
        "\r\n",
        "\r",
        " ",
        "\t",
        "helper = store",
        "\ufeff",
        "é",
        "\f",
        "\n[credential]\n",
    ),
)


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@example("[credential]\n# a note \\\nhelper = store\n")
@example("[credential]\n\t; C:\\\nhelper = store")
@example("[credential] helper = x # \\\nhelper = store")
@example("[credential.example]\nhelper = store")
@example('[credential]\nhelper = "x\n')
@example("[credential]\nhelper = \\q")
@example("[credential\n]helper = store")
def test_git_itself_reads_the_same(text: str) -> None:
    git = subprocess.run(
        ["git", "config", "--file", "-", "--list", "--null"],  # noqa: S607 (as people have it)
        input=text.encode(),
        capture_output=True,
        check=False,
        env={"PATH": os.environ["PATH"], "HOME": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
    )
    try:
        found = parse(text)
    except ValueError:
        assert git.returncode != 0
        return
    assert git.returncode == 0
    listed = [one.decode().partition("\n") for one in git.stdout.split(b"\0")[:-1]]
    assert [(one.full_name, one.value) for one in found] == [
        (name, value if sign else "true") for name, sign, value in listed if "." in name
    ]


@pytest.mark.parametrize("mark", ["#", ";"])
def test_a_comment_does_not_hide_the_line_below(home: Home, mark: str) -> None:
    home.write(".gitconfig", f"[credential]\n\t{mark} C:\\Users\\\n\thelper = store\n")
    assert plain(home) == [(3, HELPER)]


def test_a_configuration_that_git_refuses_is_not_known(home: Home) -> None:
    home.write(".gitconfig", '[credential]\nhelper = "store\n')
    (why,) = [one.missing for one in home.answers(GitCredentials) if one.missing]
    assert why.reason is Reason.MALFORMED
    assert why.seen == "git does not read line 2"


@pytest.mark.parametrize("value", ["true", "yes", "ON", "1", "-1", "", "2"])
def test_yes(value: str) -> None:
    (found,) = parse(f"[commit]\ngpgsign = {value}" if value else "[commit]\ngpgsign")
    assert found.on


@pytest.mark.parametrize("value", ["false", "no", "off", "0", "", "maybe"])
def test_no(value: str) -> None:
    (found,) = parse(f"[commit]\ngpgsign = {value}")
    assert not found.on


def plain(home: Home, name: str = "~/.gitconfig") -> list[tuple[int, str]]:
    return [(item.line, item.what) for item in home.facts(GitCredentials)[name].plain]


@pytest.mark.parametrize(
    "text",
    [
        "[credential] helper = store",
        "[credential] helper = store --file ~/.passwords",
        '[credential] helper = "store --file=/x y"',
        "[credential] helper = /usr/lib/git-core/git-credential-store",
        "[credential] helper = !git credential-store",
        '[credential "https://git.example.test"] helper = store',
        "[credential] credentialStore = plaintext",
        # It takes back nothing that comes later, and nothing of another address.
        "[credential] helper = \n[credential] helper = store",
        '[credential] helper = store\n[credential "https://git.example.test"] helper =',
    ],
)
def test_a_helper_that_stores(home: Home, text: str) -> None:
    home.write(".gitconfig", text)
    assert [what for _, what in plain(home)] == [HELPER]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[credential] helper = osxkeychain",
        "[credential] helper = cache --timeout 3600",
        "[credential] helper = manager",
        "[credential] helper = !gh auth git-credential",
        "[credential] helper = restored",
        "[credential] credentialStore = secretservice",
        "[credential] helper = store\n[credential] helper = ",
        '[credential "https://git.example.test"] helper = store\n[credential] helper =',
        '[credential "https://git.example.test"]\nhelper = store\nhelper =',
        "[other] helper = store",
        '[remote "origin"] url = https://git.example.test/grove/catkin.git',
        '[remote "origin"] url = https://hazel@git.example.test/grove/catkin.git',
        '[remote "origin"] url = ssh://git@git.example.test:22/grove/catkin.git',
        '[remote "origin"] url = git@git.example.test:grove/catkin.git',
        '[credential] helper = "!f() { echo password=$TOKEN; }; f"',
        "[http] extraHeader = X-Name: hazel",
        '[url "https://git.example.test/"] insteadOf = git://git.example.test/',
    ],
)
def test_nothing_in_clear_text(home: Home, text: str) -> None:
    home.write(".gitconfig", text)
    assert plain(home) == []


@pytest.mark.parametrize(
    "text",
    [
        '[remote "origin"] url = https://hazel:CANARY@git.example.test/grove/catkin.git',
        f'[remote "origin"] url = https://{GITHUB_TOKEN}@git.example.test/grove/catkin.git',
        f'[remote "origin"] pushurl = https://{GITHUB_TOKEN}:@git.example.test/x.git',
        '[remote "origin"] url = https://:CANARY@git.example.test/x.git',
        '[url "https://hazel:CANARY@git.example.test/"] insteadOf = https://git.example.test/',
        '[http] extraHeader = "Authorization: Basic CANARY"',
        '[http "https://git.example.test/"] extraheader = AUTHORIZATION: bearer CANARY',
        '[credential] helper = "!f() { echo username=h; echo password=CANARY; }; f"',
        "[http] proxy = http://hazel:CANARY@proxy.example.test:8080",
    ],
)
def test_a_password_in_a_configuration(home: Home, text: str) -> None:
    home.write(".gitconfig", f"# mine\n{text}\n")
    assert plain(home) == [(2, PASSWORD)]
    assert "CANARY" not in repr(home.answers(GitCredentials))


def test_a_helper_of_the_machine_that_the_user_takes_back(home: Home) -> None:
    machine = home.write("etc/gitconfig", "[credential]\nhelper = store\n")
    del home.environ["GIT_CONFIG_NOSYSTEM"]
    home.environ["GIT_CONFIG_SYSTEM"] = str(machine)
    home.write(".gitconfig", "[user]\nname = h\n")
    assert plain(home, "~/etc/gitconfig") == [(2, HELPER)]
    home.write(".gitconfig", "[credential]\nhelper =\nhelper = manager\n")
    assert plain(home, "~/etc/gitconfig") == []


def test_files_that_are_included(home: Home) -> None:
    home.write(
        ".gitconfig",
        '[include]\npath = ~/git/common\n[includeIf "gitdir:~/projects/"]\npath = git/work\n'
        "[include]\npath = git/absent\n",
    )
    home.write("git/common", "[credential]\nhelper = store\n[include]\npath = ../.gitconfig\n")
    home.write("git/work", "[credential]\nhelper =\n")
    facts = home.facts(GitCredentials)
    assert set(facts) == {"~/.gitconfig", "~/git/common", "~/git/work"}
    # What counts in some folders only takes nothing back for the others.
    assert plain(home, "~/git/common") == [(2, HELPER)]


def test_files_without_end(home: Home) -> None:
    home.write(".gitconfig", "[include]\npath = deep/0\n")
    for number in range(20):
        home.write(f"deep/{number}", f"[include]\npath = {number + 1}\n")
    assert len(home.facts(GitCredentials)) == 6
    home.write(".gitconfig", "".join(f"[include]\npath = wide/{n}\n" for n in range(99)))
    for number in range(99):
        home.write(f"wide/{number}", "")
    assert len(home.facts(GitCredentials)) <= 51


def test_where_configurations_are(home: Home) -> None:
    home.write(".config/git/config", "")
    home.write(".gitconfig", "")
    home.write("project/.git/config", '[remote "o"]\nurl = https://h:CANARY@git.example.test/\n')
    assert set(home.facts(GitCredentials)) == {
        "~/.config/git/config",
        "~/.gitconfig",
        "~/project/.git/config",
    }
    assert plain(home, "~/project/.git/config") == [(2, PASSWORD)]
    home.environ |= {"GIT_CONFIG_GLOBAL": "other", "XDG_CONFIG_HOME": str(home.home / "xdg")}
    home.write("project/other", "")
    assert set(home.facts(GitCredentials)) == {"~/project/other", "~/project/.git/config"}


def test_a_further_work_tree_shares_its_configuration(home: Home) -> None:
    home.write("first/.git/config", "[credential]\nhelper = store\n")
    home.write("first/.git/worktrees/project/HEAD", "")
    home.write("project/.git", f"gitdir: {home.home}/first/.git/worktrees/project\n")
    assert plain(home, "~/first/.git/config") == [(2, HELPER)]


@pytest.mark.parametrize(
    ("name", "text", "lines"),
    [
        (".git-credentials", "https://hazel:CANARY@git.example.test\n", [1]),
        (".git-credentials", f"\nhttps://{GITHUB_TOKEN}@git.example.test\n", [2]),
        (".git-credentials", "https://hazel@git.example.test\n", []),
        (".git-credentials", "", []),
        (".config/git/credentials", "https://a:CANARY@h.test\nhttps://b:CA$NARY@h.test\n", [1, 2]),
        (".netrc", "machine git.example.test login hazel password CANARY\n", [1]),
        (".netrc", "machine git.example.test\n  login hazel\n  password CANARY\n", [3]),
        (".netrc", "default login hazel password\nCANARY\n", [1]),
        (".netrc", "# machine h.test password CANARY\nmachine h.test login hazel\n", []),
        (".netrc", "machine password.example.test login hazel\n", []),
    ],
)
def test_files_of_credentials(home: Home, name: str, text: str, lines: list[int]) -> None:
    home.write(name, text)
    assert plain(home, f"~/{name}") == [(line, PASSWORD) for line in lines]
    assert "CANARY" not in repr(home.answers(GitCredentials))


def test_netrc_of_windows(home: Home) -> None:
    home.write("_netrc", "machine h.test password CANARY")
    home.write(".gitconfig", "")
    assert "~/_netrc" not in home.facts(GitCredentials)
    home.system = "win32"
    assert plain(home, "~/_netrc") == [(1, PASSWORD)]


def test_no_git(home: Home) -> None:
    for kind in (GitCredentials, GitSigning):
        (answer,) = home.answers(kind)
        assert answer.missing is None
        assert answer.facts == ()
        assert answer.evidence


@pytest.mark.parametrize("name", [".gitconfig", ".git-credentials", ".netrc"])
def test_a_file_that_is_not_read_is_unknown(home: Home, name: str) -> None:
    (home.home / name).mkdir()
    (answer,) = home.answers(GitCredentials)
    assert answer.missing is not None
    assert answer.missing.reason is Reason.MALFORMED
    assert str(answer.scope).endswith(f"/~/{name}")


def test_a_repository_that_is_not_understood(home: Home) -> None:
    home.write("project/.git", "nonsense")
    (answer,) = home.answers(GitCredentials)
    assert answer.missing is not None
    home.write(".gitconfig", "[commit] gpgsign = true")
    assert home.one(GitSigning).commits is True


def signing(home: Home) -> Any:
    return home.one(GitSigning)


@pytest.mark.parametrize(
    ("text", "commits", "tags", "form"),
    [
        ("", False, False, "openpgp"),
        ("[commit] gpgsign = true\n[tag] gpgsign\n[gpg] format = ssh", True, True, "ssh"),
        ("[commit] gpgsign = true\n[commit] gpgsign = false", False, False, "openpgp"),
        ('[commit "x"] gpgsign = true', False, False, "openpgp"),
    ],
)
def test_signing(home: Home, text: str, *, commits: bool, tags: bool, form: str) -> None:
    home.write(".gitconfig", text)
    found = signing(home)
    assert (found.commits, found.tags, found.format) == (commits, tags, form)


def test_which_configuration_counts_for_signing(home: Home) -> None:
    home.write(".config/git/config", "[commit] gpgsign = true")
    home.write(".gitconfig", "[user] name = h")
    assert signing(home).commits is True
    home.write(".gitconfig", "[commit]\ngpgsign = true\n[include]\npath = late\n")
    home.write("late", "[commit]\ngpgsign = false\n")
    assert signing(home).commits is False
    home.write(".gitconfig", "[include]\npath = late\n[commit]\ngpgsign = true\n")
    assert signing(home).commits is True
    home.write(".config/git/config", "")
    home.write(".gitconfig", '[includeIf "gitdir:~/x/"]\npath = some\n')
    home.write("some", "[commit]\ngpgsign = true\n")
    assert signing(home).commits is False
    home.write("project/.git/config", "[commit] gpgsign = true")
    assert signing(home).commits is False


def test_signing_where_a_file_is_not_read(home: Home) -> None:
    (home.home / ".config" / "git" / "config").mkdir(parents=True)
    home.write(".gitconfig", "[commit] gpgsign = true\n[gpg] format = new")
    found = signing(home)
    assert found.commits is True
    for name in ("tags", "format"):
        with pytest.raises(NotKnownError):
            getattr(found, name)


def test_the_configuration_of_the_machine(home: Home) -> None:
    del home.environ["GIT_CONFIG_NOSYSTEM"]
    for system, name in (("linux", "/etc/gitconfig"), ("win32", "~/Git/Git/etc/gitconfig")):
        home.system = system
        looked = {atom.endpoint for answer in home.answers(GitSigning) for atom in answer.evidence}
        assert f"FILE {name}" in looked or os.path.exists(name)  # noqa: PTH110 (as it is written)
