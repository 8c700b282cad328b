"""Every command that a finding of this machine prints closes the finding when it is run.

Each fault is made in a home of its own. The command is run there by a shell with the real npm, git
and ssh-keygen, and the machine is looked at again.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import NoEncryption

from hardenme.engine.catalogue import catalogue
from hardenme.model.finding import Finding
from hardenme.model.verdict import Failed
from hardenme.sandbox.github.server import github_sandbox
from hardenme.sandbox.npm import scenarios as npm
from hardenme.sandbox.npm.server import npm_sandbox
from hardenme.sandbox.npm.world import World
from tests.collectors.local.home import GITHUB_TOKEN, NOBODY, NPM_TOKEN, Home, shared_folder
from tests.collectors.local.keys import LOCKED_KEY
from tests.desk import Desk
from tests.posix import AS_ROOT
from tests.running import NOW, Stage, stage
from tests.workstations import STANDING, fill_orderly, private_key
from tests.worlds import github, npm_writes

NOT_RUN = {
    "LOC107": "it installs npm itself, from npm's own registry",
    "LOC109": "a person signs in at GitHub, in a browser",
}
"""Checks whose commands are not run here, and why."""
HOST = "registry.example.test"
TOKEN = f"//{HOST}/:_authToken={NPM_TOKEN}\n"
PROXY = "http://hazel:CANARY@proxy.example.test:8080"
CLOSED = {"passed", "not_applicable", "gone"}
BASIC = "AUTHORIZATION: basic Q0FOQVJZOkNBTkFSWQ=="


def git(home: Home, *words: str) -> None:
    environ = {"PATH": os.environ["PATH"], "HOME": str(home.home)}
    subprocess.run(["git", *words], cwd=home.project, env=environ, check=True)  # noqa: S603, S607


def tracked(home: Home, name: str = ".npmrc") -> None:
    git(home, "init", "--quiet")
    git(home, "add", name)


def workspace(home: Home) -> None:
    """The current folder is a package of a workspace; both have settings."""
    home.write("package.json", '{"workspaces": ["proj*"]}')
    home.write(".npmrc", "", mode=0o600)
    home.environ["NPM_CONFIG_USERCONFIG"] = str(home.home / "mine")


def two_tokens(home: Home) -> None:
    other = f"@grove:registry=https://{NPM_TOKEN}@npm.example.test/\n"
    home.write(".npmrc", f"{TOKEN}//npm.example.test/:_authToken={NPM_TOKEN}\n{other}color=true\n")


def linked(home: Home) -> None:
    home.write("project/dotfiles/npmrc", TOKEN)
    tracked(home, "dotfiles/npmrc")
    (home.home / ".npmrc").unlink()
    (home.home / ".npmrc").symlink_to("project/dotfiles/npmrc")


def above(home: Home) -> None:
    workspace(home)
    home.write(".npmrc", TOKEN)
    home.write("project/.npmrc", f"{TOKEN}save-exact=true\n")


def everywhere(home: Home, mode: int, text: str) -> None:
    home.write("project/.npmrc", text, mode)
    (home.root / "node" / "etc").mkdir()
    for path in (home.root / "node" / "etc", home.root / "node/lib/node_modules/npm"):
        (path / "npmrc").write_text(text)
        (path / "npmrc").chmod(mode)


def belongs_to_another(home: Home, name: str, text: str | bytes, mode: int) -> None:
    path = home.write(name, text, mode)
    os.chown(path, NOBODY, NOBODY)


def of_session(home: Home, **variables: str) -> None:
    home.environ |= variables


def an_older_npm(home: Home, text: str = "", **variables: str) -> None:
    package = home.root / "node/lib/node_modules/npm/package.json"
    package.write_text('{"name": "npm", "version": "11.19.1"}')
    home.write(".npmrc", text)
    home.environ |= variables


def parameters(home: Home, value: str) -> None:
    home.environ["GIT_CONFIG_PARAMETERS"] = value


def counted(home: Home, name: str, value: str) -> None:
    home.environ |= {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": name, "GIT_CONFIG_VALUE_0": value}


def keyring(home: Home, backend: str) -> None:
    home.write(".config/python_keyring/keyringrc.cfg", f"default-keyring={backend}\n[backend]\n")


SESSION_HOOK = '{"hooks": {"SessionStart": [{"hooks": [{"type": "command", "command": "id"}]}]}}'
NULL = "keyring.backends.null.Keyring"
Fault = Callable[[Home], object]
FAULTS: dict[str, dict[str, Fault]] = {
    "LOC101": {
        "the user's file": lambda home: home.write(".npmrc", f"{TOKEN}color=true\n"),
        "several tokens": two_tokens,
        "a token for any registry": lambda home: home.write(".npmrc", f"_authToken={NPM_TOKEN}"),
        "a token in another setting": lambda home: home.write(".npmrc", f"NPM_TOKEN={NPM_TOKEN}"),
        "a project": lambda home: home.write("project/.npmrc", f"{TOKEN}{TOKEN}save-exact=true\n"),
        "a workspace": above,
        "below a heading": lambda home: home.write(".npmrc", f"[mine]\n{TOKEN}"),
        "pnpm": lambda home: home.write(".config/pnpm/auth.ini", f"color=true\n{TOKEN}"),
        "a copy": lambda home: home.write(".npmrc.bak", TOKEN),
        "kept by git": lambda home: (home.write("project/.npmrc", TOKEN), tracked(home)),
        "a link to what git keeps": linked,
    },
    "LOC102": {
        "a secret that others read": lambda home: home.write(".npmrc", TOKEN, 0o644),
        "secrets elsewhere": lambda home: everywhere(home, 0o644, TOKEN),
        "others may change": lambda home: everywhere(home, 0o666, "color=true\n"),
        "others may change a secret": lambda home: everywhere(home, 0o666, TOKEN),
    },
    "LOC104": {
        "a password": lambda home: home.write(
            ".npmrc", f"color=true\n//{HOST}/:_password=Q0FOQVJZ\n//{HOST}/:_auth=Q0FOQVJZ\n"
        ),
        "addresses": lambda home: home.write(
            "project/.npmrc", f"registry=https://hazel:CANARY@{HOST}/\nproxy={PROXY}\na=b\n"
        ),
    },
    "LOC105": {
        "settings": lambda home: home.write(".npmrc", f"strict-ssl=false\nregistry=http://{HOST}/"),
        "variables": lambda home: of_session(home, NODE_TLS_REJECT_UNAUTHORIZED="0"),
        "a variable that no shell can name": lambda home: of_session(
            home, **{"npm_config_@grove:registry": f"http://{HOST}/", "npm_config_strict_ssl": "0"}
        ),
    },
    "LOC106": {
        "the session": lambda home: of_session(home, NPM_TOKEN="x", GH_TOKEN="x"),
        "a header": lambda home: counted(home, "http.extraheader", BASIC),
        "behind Bearer": lambda home: of_session(home, MINE="Bearer CANARY00CANARY00"),
        "an address": lambda home: of_session(home, HTTPS_PROXY=PROXY, OTHER="x"),
        "a variable that no shell can name": lambda home: of_session(
            home, **{f"npm_config_//{HOST}/:_authToken": "x"}
        ),
        "a start-up file": lambda home: home.write(
            ".bashrc", f"export A=1\nexport GH_TOKEN={GITHUB_TOKEN}\nexport HTTPS_PROXY={PROXY}\n"
        ),
    },
    "LOC108": {
        "scripts run": an_older_npm,
        "no waiting time": lambda home: home.write(".npmrc", "ignore-scripts=true"),
        "a variable says no": lambda home: an_older_npm(
            home, "ignore-scripts=true\nmin-release-age=7", NPM_CONFIG_IGNORE_SCRIPTS="false"
        ),
        "below a heading": lambda home: an_older_npm(home, "[mine]\nignore-scripts=true"),
    },
    "LOC110": {
        "a helper": lambda home: home.write(".gitconfig", "[credential]\n\thelper = store\n"),
        "helpers": lambda home: home.write(
            ".gitconfig",
            "[credential]\nhelper = !git credential-store\ncredentialStore = plaintext\n"
            "helper = cache\n"
            f'[credential "https://{HOST}"]\nhelper = store --file ~/passwords\nhelper = store\n',
        ),
        "a helper of a variable": lambda home: counted(home, "credential.helper", "store"),
        "a header": lambda home: parameters(home, f"'http.extraheader={BASIC}'"),
        "a password and a helper": lambda home: home.write(
            ".gitconfig", f"[credential]\nhelper = store\n[http]\nproxy = {PROXY}\n"
        ),
        "stored": lambda home: home.write(".git-credentials", f"https://h:CANARY@{HOST}\n"),
        "for curl": lambda home: home.write(".netrc", f"machine {HOST}\nlogin h\npassword x\n"),
    },
    "LOC111": {
        "not set": lambda home: home.write(".gitconfig", "[user]\nname = Hazel\n"),
        "a variable says no": lambda home: parameters(home, "'commit.gpgsign'='false'"),
    },
    "LOC112": {
        "open": lambda home: home.write(".ssh/id_ed25519", private_key(NoEncryption())),
        "open, and others read it": lambda home: home.write(
            ".ssh/id_ed25519", private_key(NoEncryption()), 0o644
        ),
        "others read it": lambda home: home.write(".ssh/id_ed25519", LOCKED_KEY, 0o640),
    },
    "LOC114": {
        "a session's hook": lambda home: home.write(".claude/settings.json", SESSION_HOOK),
        "a task": lambda home: home.write(
            "project/.vscode/tasks.json", '{"tasks": [{"runOptions": {"runOn": "folderOpen"}}]}'
        ),
        "a name with a blank": lambda home: home.write(
            ".config/Code - Insiders/User/tasks.json", '{"runOn": "folderOpen"}'
        ),
    },
    "LOC113": {
        "a variable": lambda home: of_session(home, PYTHON_KEYRING_BACKEND=NULL),
    },
}
OF_ANOTHER: dict[str, dict[str, Fault]] = {
    "LOC102": {
        "a file": lambda home: belongs_to_another(home, ".npmrc", "color=true\n", 0o600),
        "a file with a secret": lambda home: belongs_to_another(home, ".npmrc", TOKEN, 0o660),
        "a project's": lambda home: belongs_to_another(home, "project/.npmrc", TOKEN, 0o644),
    },
    "LOC112": {
        "locked": lambda home: belongs_to_another(home, ".ssh/id_ed25519", LOCKED_KEY, 0o600),
        "open": lambda home: belongs_to_another(
            home, ".ssh/id_ed25519", private_key(NoEncryption()), 0o644
        ),
    },
}
"""Faults that only an administrator can make."""
pytestmark = pytest.mark.needs("bash", "npm", "git", "ssh-keygen")


@pytest.fixture(scope="module")
def running() -> Iterator[Stage]:
    with stage(github.hardened_maintainer(NOW), npm.hardened_maintainer(NOW)) as found:
        yield found


def findings(running: Stage, home: Home, code: str, *targets: str) -> list[Finding]:
    running.others = lambda: {"local": home.station()}
    return list(running.audit(*(targets or ("local",)), select_=(code,), local=True).findings)


def close(running: Stage, home: Home, code: str, folder: Path, *targets: str) -> list[str]:
    """Run the command of each finding that failed, and look again; returns the commands."""
    failed = [one for one in findings(running, home, code, *targets) if one.result == "failed"]
    assert failed, "nothing is wrong"
    desk = Desk(home, folder / "tools")
    variables = dict(home.environ)
    assert not desk.run("true")
    assert home.environ == variables
    ran = []
    for finding in failed:
        assert isinstance(finding.outcome, Failed)
        command, seen = finding.outcome.fix.command, finding.outcome.seen
        wrong = desk.run(command, seen.get("lines") or ())  # type: ignore[arg-type]
        assert not wrong, (command, wrong)
        after = {one.subject: one.result for one in findings(running, home, code, *targets)}
        assert after.get(finding.subject, "gone") in CLOSED, (command, after)
        ran.append(command)
    return ran


def cases(faults: dict[str, dict[str, Fault]]) -> list[object]:
    return [
        pytest.param(code, fault, id=f"{code}: {name}")
        for code, those in faults.items()
        for name, fault in those.items()
    ]


@pytest.mark.parametrize(("code", "fault"), cases(FAULTS))
def test_a_command_closes_its_finding(
    code: str, fault: Fault, running: Stage, tmp_path: Path
) -> None:
    home = Home(tmp_path / "machine")
    fill_orderly(home)
    fault(home)
    close(running, home, code, tmp_path)


@AS_ROOT
@pytest.mark.parametrize(("code", "fault"), cases(OF_ANOTHER))
def test_a_command_closes_what_belongs_to_another(code: str, fault: Fault, running: Stage) -> None:
    with shared_folder() as folder:
        home = Home(folder / "machine")
        fill_orderly(home)
        fault(home)
        assert all(command.startswith("sudo ") for command in close(running, home, code, folder))


@contextmanager
def signed_in(**rights: object) -> Iterator[tuple[Stage, World]]:
    """A registry that takes changes, and a run that asks it by hazel's session."""
    world = npm.hardened_maintainer(NOW)
    world.tokens[:] = [replace(token, **rights) for token in world.tokens]  # type: ignore[arg-type]
    with (
        github_sandbox(github.hardened_maintainer(NOW)) as on_github,
        npm_sandbox(world, writes=npm_writes.ROUTES) as registry,
    ):
        yield Stage(on_github, registry, "", world.token("hazel")), world


def test_a_standing_token_is_revoked_and_its_line_removed(tmp_path: Path) -> None:
    with signed_in(permissions=(("package", "write"),)) as (found, world):
        home = Home(tmp_path / "machine")
        host = found.npm.url.partition("//")[2]
        home.write(".npmrc", f"//{host}/:_authToken={STANDING}\ncolor=true\n")
        # What the fix needs: a session, with which npm asks in place of the token in the file.
        home.environ[f"npm_config_//{host}/:_authToken"] = found.npm_token
        close(found, home, "LOC103", tmp_path, "me")
        assert (home.home / ".npmrc").read_text() == "color=true\n"
        assert STANDING not in [one.value for one in world.credentials if not one.revoked]


def test_logging_out_ends_the_session(tmp_path: Path) -> None:
    """The sandbox speaks http alone, to which the printed address is changed."""
    with signed_in() as (found, world):
        home = Home(tmp_path / "machine")
        host = found.npm.url.partition("//")[2]
        home.write(".npmrc", f"//{host}/:_authToken={found.npm_token}\ncolor=true\n")
        (finding,) = findings(found, home, "LOC101")
        assert isinstance(finding.outcome, Failed)
        command = finding.outcome.fix.command.replace("https://", "http://")
        assert not Desk(home, tmp_path / "tools").run(command)
        assert (home.home / ".npmrc").read_text() == "color=true\n"
        assert found.npm_token not in [one.value for one in world.credentials if not one.revoked]


def test_a_keyring_that_a_file_names(running: Stage, tmp_path: Path) -> None:
    home = Home(tmp_path / "machine")
    home.write(".config/python_keyring/keyringrc.cfg", f"[backend]\ndefault-keyring={NULL}\n")
    (finding,) = findings(running, home, "LOC113")
    assert isinstance(finding.outcome, Failed)
    desk = Desk(home, tmp_path / "tools")
    assert not desk.run(finding.outcome.fix.command, (1, 2))
    assert [one.result for one in findings(running, home, "LOC113")] == ["passed"]


def test_every_check_of_this_machine_is_run_or_has_its_reason() -> None:
    codes = {check.code for check in catalogue() if check.family == "LOC"}
    assert codes == {*FAULTS, *NOT_RUN, "LOC103"}
