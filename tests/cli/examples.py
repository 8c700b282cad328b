"""The commands that help and documents show, and how each is run as its reader would.

A word in capitals, and a name that is only an example, stands for one that is there: an
organization and an npm account on loopback, and files that earlier runs left.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from hardenme.cli.main import root
from hardenme.ground.distribution import OWNER
from hardenme.sandbox.github.server import GitHubServer, github_sandbox
from hardenme.sandbox.github.state.connected import Installation
from hardenme.sandbox.github.world import App, Enterprise, SshKey
from hardenme.sandbox.npm import scenarios as npm
from hardenme.sandbox.npm.server import NpmSandbox, npm_sandbox
from hardenme.store.shared_answers import PURPOSE
from tests.cli.command import Command, Ran
from tests.cli.incident.conftest import made_token
from tests.credentials.app_keys import key_file, pem, public, rsa_key
from tests.worlds import github
from tests.worlds.organizations import base, weak_organization

ROOT = Path(__file__).parent.parent.parent
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
START = re.compile(r"(?:\$ )?(?:[A-Z_]+=\S+ )?(?:\S+ .*\| )?(?:\S*bin/)?hardenme(?= |$)")
"""How a line begins that is a command: of its own, of a pipe, after a variable."""
INSIDE = re.compile(r"(?:&& |=|\* )\S*bin/(hardenme .*)")
"""The same within a line of another program."""
EXPLAINED = re.compile(r"\s+#\s.*|\s{2,}.*")
"""What is said of a command after it."""
REPOSITORY, PACKAGE, OTHER = "bramble-labs/briar", "@acorn-labs/grater", "@acorn-labs/ladle"
APP = 5301
"""The ID of an app that is installed on an organization."""
STANDS_FOR = (
    (rf"{OWNER}/hardenme|{OWNER}/_REPO_|OWNER/REPO|\bacme/web\b", REPOSITORY),
    (r"\bORG\b|(?<=repo/)acme\b", base.WEAK),
    (r"npm:@acme/ui\b|npm:PACKAGE\b", f"npm:{PACKAGE}"),
    (r"npm:NAME\b", f"npm:{OTHER}"),
    (r"@SCOPE\b", "@acorn-labs"),
    (r"github:ACME\b", f"github:{base.WEAK}"),
    (r"github:BROOK\b", "github:acorn-labs"),
    (r"--app-id N\b", f"--app-id {APP}"),
    (r"\bLOGIN\b", "nettle"),
    (r"\bNEW\b", "thistle"),
    (r"--npm NAME\b", "--npm mallow"),
    (r"--from FILE\b", "--from report.json"),
    (r"\bNAME\b|\bCONTACT\b", "Rowan"),
    (r"%h/|\$HOME/", "~/"),
)
"""Example and placeholder, and what of the accounts takes its place."""


FLEET = (
    ("plan", f"github:{base.WEAK}", "github:acorn-labs", "--select", "GHO106", "-o", "plan.json"),
    ("run", "--plan", "plan.json", "--out", "results", "--index", "0"),
)
"""A plan, and the first of its two shards."""
RUN = re.compile(r"hardenme: (?:Demo r|R)un of ")
NUMBER = "+1 555 0100\n"
PRINTS = {
    "pass": f"{made_token('ghp_', 'examples')}\n",
    "echo": NUMBER,
    "git": "a line of a log\n",
}
"""What other programs of a pipe print."""


def help_examples() -> Iterator[tuple[str, str]]:
    """Each command of help, with the command whose help it is in."""

    def walk(command: Any, path: str) -> Iterator[tuple[str, str]]:
        for line in (command.help or "").splitlines():
            if START.match(line.strip()):
                yield f"{path} --help".strip(), line.strip()
        for name in getattr(command, "commands", ()):
            yield from walk(command.get_command(None, name), f"{path} {name}")

    yield from walk(root(), "hardenme")


def page_examples() -> Iterator[tuple[str, str]]:
    """Each command in a block of a document, with the document."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "checks").glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    for page in sorted(page for page in pages if page.name != "CHANGELOG.md"):
        for block in FENCE.finditer(page.read_text(encoding="utf-8")):
            for line in re.sub(r"\s*\\\n\s*", " ", block[3]).splitlines():
                found = INSIDE.search(line)
                text = found[1] if found else line.strip()
                if START.match(text):
                    yield str(page.relative_to(ROOT)), text.removeprefix("$ ")


@cache
def examples() -> dict[str, tuple[str, ...]]:
    """Each command without what is said of it, with the places that show it."""
    found: dict[str, list[str]] = {}
    for place, line in (*help_examples(), *page_examples()):
        command = EXPLAINED.sub("", line, count=1)
        found.setdefault(command, []).append(place)
    return {command: tuple(places) for command, places in found.items()}


@contextmanager
def accounts() -> Iterator[tuple[GitHubServer, NpmSandbox, str]]:
    """A maintainer at GitHub and npm, with an organization; and the npm token."""
    now = datetime.now(UTC).replace(microsecond=0)
    world, organization = github.weak_maintainer(now), weak_organization(now)
    world.users += organization.users
    world.organizations += organization.organizations
    world.repositories += organization.repositories
    world.tokens += organization.tokens
    app = App(APP, "hardenme-audit", "linden", public(rsa_key()))
    world.apps.append(app)
    installed = Installation(9001, app, now - timedelta(days=400), {"metadata": "read"}, "all")
    organization.organizations[0].connected.installations.append(installed)
    world.enterprises.append(Enterprise(40, "acme", frozenset({"mallow"}), (base.WEAK,)))
    token = world.token(github.WEAK_TOKEN)
    assert token is not None
    token.scopes = token.scopes | {"read:enterprise"}
    registry = npm.weak_maintainer(now)
    with github_sandbox(world) as host, npm_sandbox(registry) as packages:
        yield host, packages, registry.token("mallow")


@dataclass(slots=True)
class Reader:
    """Someone who runs examples, with a maintainer's accounts and an organization's token.

    Attributes:
        above: an empty folder for what they have.
        github: where the accounts of GitHub are.
        npm: where the npm account is.
        npm_token: a token of that.
        number: how many examples were run.
        words: what stands in an example for something that only the accounts show.
    """

    above: Path
    github: GitHubServer
    npm: NpmSandbox
    npm_token: str
    number: int = 0
    words: dict[str, str] = field(default_factory=dict)

    @property
    def kept(self) -> Path:
        """What each example begins with."""
        return self.above / "kept"

    @property
    def tokens(self) -> dict[str, str]:
        """The variables of the maintainer."""
        return {
            "HARDENME_GITHUB_TOKEN": github.WEAK_TOKEN,
            f"HARDENME_GITHUB_TOKEN__{base.WEAK.upper().replace('-', '_')}": base.WEAK_CLASSIC,
            "HARDENME_NPM_TOKEN": self.npm_token,
            "LOGNAME": "hazel",
        }

    def prepare(self) -> None:
        """Check, report and keep files, as the examples take for granted."""
        self.kept.mkdir()
        command = self.command(self.kept)
        settings = command.home / ".config" / "hardenme" / "config.toml"
        settings.parent.mkdir(parents=True)
        settings.write_text(f'github-url = "{self.github.url}"\nnpm-registry = "{self.npm.url}"\n')
        settings.chmod(0o600)
        token = settings.parent / "github-token"
        token.write_text(github.WEAK_TOKEN)
        token.chmod(0o600)
        command.now = self.github.world.now - timedelta(days=3)
        ran = command("verify-request", "--add-contact", "Rowan", text=NUMBER)
        assert ran.code == 0, ran.err
        command.now = None
        key_file(command.folder, pem(rsa_key())).rename(command.folder / "app.pem")
        organization = f"github:{base.WEAK}"
        for words in (
            ("demo",),
            ("report",),
            ("report", organization),
            ("check", organization, "--save-facts", "facts.jsonl"),
            ("check", organization),
            ("exposed", "axios@1.14.1", "--between", "2026-03-31", "local"),
            ("check", "-f", "json", "-o", "monday.json"),
            *(("fleet", *words) for words in FLEET),
            ("check", "me", organization, "npm:@acorn-labs", "-f", "json", "-o", "report.json"),
        ):
            ran = command(*words)
            assert ran.code in {0, 1, 3}, (words, ran.err)
        for name in ("friday", "old", "before"):
            shutil.copy(command.folder / "monday.json", command.folder / f"{name}.json")
        self._answers(command)
        steps = json.loads(command("fix", "-f", "json").out)["steps"]
        self.words = {"tje6dl": steps[0]["id"], "4.2": "9.1", "15.1": "23.3"}
        changed = json.loads(command("recent", organization, "-f", "json").out)
        line = changed["to_confirm_by"][0]["id"]
        self.words |= {"recent-4f1c09ab32d7": line, "recent-ID": line}

    def _answers(self, command: Command) -> None:
        """The file of a member's answers, signed with a key that GitHub shows."""
        key = self.above / "key"
        keygen = shutil.which("ssh-keygen") or ""
        making = (keygen, "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(key))
        subprocess.run(making, check=True)  # noqa: S603 (a program of this machine)
        member = self.github.world.user("nettle")
        assert member is not None
        shown = key.with_suffix(".pub").read_text().strip()
        member.ssh_keys = [SshKey(9000, "key", shown, self.github.world.now - timedelta(days=9))]
        theirs = self.command(shutil.copytree(self.kept, self.above / "nettle"))
        answers = theirs.folder / "answers-nettle.json"
        for words in (("ATT105", "--yes"), ("export", "-o", answers.name)):
            ran = theirs("attest", *words, HARDENME_GITHUB_TOKEN=base.WEAK_MEMBER)
            assert ran.code == 0, ran.err
        shutil.copy(answers, command.folder)
        signing = (keygen, "-q", "-Y", "sign", "-n", PURPOSE, "-f", str(key), "answers-nettle.json")
        subprocess.run(signing, check=True, cwd=command.folder, capture_output=True)  # noqa: S603

    def command(self, folder: Path) -> Command:
        """The console script, in a home and working directory there."""
        for name in ("home", "here"):
            (folder / name).mkdir(exist_ok=True)
        return Command(folder / "home", folder / "here", self.tokens)

    def run(self, example: str, before: tuple[str, ...] = ()) -> Ran:
        """Run an example to its end, after those that it follows."""
        self.number += 1
        folder = self.above / str(self.number)
        shutil.copytree(self.kept, folder, symlinks=True)
        command = self.command(folder)
        for earlier in before:
            self._line(command, earlier)
        ran = self._line(command, example)
        shutil.rmtree(folder)
        return ran

    def _line(self, command: Command, line: str) -> Ran:
        text = NUMBER if "--add-contact" in line else ""
        *first, last = line.split(" | ")
        for part in first:
            words = self.filled(command, part)
            text = PRINTS[words[0]] if words[0] in PRINTS else self._call(command, words, text).out
        return self._call(command, self.filled(command, last), text)

    @staticmethod
    def _call(command: Command, words: list[str], text: str) -> Ran:
        variables: dict[str, str] = {}
        while re.fullmatch(r"[A-Z_]+=.*", words[0]):
            name, _, value = words.pop(0).partition("=")
            variables[name] = value
        if ">" in words:
            del words[words.index(">") :]
        assert words[0].rpartition("/")[2] == "hardenme", words
        return command(*words[1:], text=text, **variables)

    def filled(self, command: Command, line: str) -> list[str]:
        """The words of a line, with what is there for what stands for it."""
        for pattern, word in STANDS_FOR:
            line = re.sub(pattern, word, line)
        for example, word in self.words.items():
            line = re.sub(rf"\b{re.escape(example)}\b", word, line)
        line = re.sub(r"\bURL\b", self.github.url, line)
        return shlex.split(line.replace("~/", f"{command.home}/"))


def before(example: str) -> tuple[str, ...]:
    """The examples that one follows, so that there is what it is about."""
    demo = " --demo" if "--demo" in example else ""
    if "incident" in example and "incident open" not in example:
        return (f"hardenme incident open spring{demo}",)
    if "--withdraw recent" in example:
        return ("hardenme attest recent-4f1c09ab32d7 --yes",)
    if example == "hardenme diff last":
        return ("hardenme check github:ORG",)
    if "--withdraw" in example or "attest --list" in example:
        return ("hardenme attest NPP106 npm:PACKAGE --yes",)
    if "waive remove" in example:
        project = " --project" if "--project" in example else ""
        add = "hardenme waive add GHB103 github:acme/web --reason x --by hazel"
        return (f"{add}{project}",)
    if "fleet merge" in example:
        return ("hardenme fleet run --plan plan.json --out results --index 1",)
    if "fleet run" in example and "--app-id" in example:
        app = "--app-id N --app-key app.pem"
        return (f"hardenme fleet plan github:ACME --select GHO106 {app} -o plan.json",)
    if "attest export" in example:
        return ("hardenme attest ATT105 --yes",)
    return ()


def first_line(ran: Ran) -> str:
    """The first line that a reader sees of the result, else of what is said.

    Which run it is about, and how long ago that was, is not part of it.
    """
    lines = [line for text in (ran.out, ran.err) for line in text.splitlines() if line.strip()]
    return next((line for line in lines if not RUN.match(line)), "")


def row(example: str, ran: Ran) -> str:
    """The table's row of an example; its pattern leaves open what differs from run to run."""
    line = re.escape(first_line(ran)[:70]).replace(r"\ ", " ").replace(r"\-", "-")
    line = re.sub(r"\d+(?:[-:.TZ\\]+\d+)*Z?", r"\\d[\\d:.TZ-]*", line)
    text = f"[{json.dumps(example)}]\ncode = {ran.code}\nfirst = '''{line}'''\n"
    return text + ("person = true\n" if ran.code in {2, 4, 5} else "")


if __name__ == "__main__":
    with accounts() as _found, tempfile.TemporaryDirectory() as _folder:
        _reader = Reader(Path(_folder), *_found)
        _reader.prepare()
        # All, or those that begin with what is named.
        for _example in (one for one in examples() if one.startswith(tuple(sys.argv[1:] or [""]))):
            print(row(_example, _reader.run(_example, before(_example))), flush=True)  # noqa: T201
