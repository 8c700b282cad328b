"""`hardenme watch`, by the real command: quiet while all is usual, loud where it is not."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hardenme.ground.lock import lock
from hardenme.model.secret import Secret
from hardenme.sandbox.github.limits import RateLimits
from hardenme.sandbox.github.server import GitHubServer, github_sandbox
from hardenme.sandbox.npm.server import NpmSandbox, npm_sandbox
from tests.cli.command import Command, Ran, script
from tests.worlds.incidents import INCIDENTS, Incident

PAGE = Path(__file__).parents[3] / "docs" / "watching.md"
NOTHING = re.compile(r"\d+ packages?, \d+ releases? looked at, nothing unusual\n")
SOON = timedelta(minutes=5)


@dataclass
class Post:
    """An incident that goes on, and the command that watches it.

    Attributes:
        incident: what happens.
        command: the console script.
        npm: the registry.
        github: where the repositories are.
    """

    incident: Incident
    command: Command
    npm: NpmSandbox
    github: GitHubServer

    def at(self, now: datetime) -> None:
        """Let it be that time, and forget what was asked before."""
        self.command.now = now
        self.npm.world = self.npm.desk.world = self.incident.npm(now)
        self.github.world = self.incident.github(now)
        self.github.limits = RateLimits(self.github.world)
        self.npm.requests.clear()
        self.github.requests.clear()

    def watch(self, *arguments: str, targets: tuple[str, ...] = (), **environ: str) -> Ran:
        """Watch all packages of the incident, with a GitHub token."""
        names = targets or tuple(f"npm:{name}" for name in self.incident.packages)
        tokens = {"HARDENME_GITHUB_TOKEN": self.incident.github_token}
        urls = ("--npm-registry", self.npm.url, "--github-url", self.github.url)
        return self.command("watch", *urls, *names, *arguments, **{**tokens, **environ})


@pytest.fixture
def post_of(command: Command) -> Iterator[object]:
    open_: list[NpmSandbox | GitHubServer] = []

    def start(name: str) -> Post:
        incident = INCIDENTS[name]
        npm = npm_sandbox(incident.npm(incident.calm_at)).__enter__()
        open_.append(npm)
        github = github_sandbox(incident.github(incident.calm_at)).__enter__()
        open_.append(github)
        command.now = incident.calm_at
        return Post(incident, command, npm, github)

    yield start
    for server in open_:
        server.__exit__()


@pytest.fixture
def axios(post_of: object) -> Post:
    assert callable(post_of)
    post: Post = post_of("axios")
    return post


def test_a_quiet_day_is_one_line(axios: Post) -> None:
    ran = axios.watch()
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "1 package, 0 releases looked at, nothing unusual\n"
    assert axios.watch("--quiet").out == ""


@pytest.mark.sampled(3, among="watch")
def test_the_attack_is_told_first_and_with_what_to_do(axios: Post) -> None:
    assert axios.watch().code == 0
    axios.at(axios.incident.attack_at + SOON)
    ran = axios.watch()
    assert ran.code == 1
    assert ran.out.startswith("ALERT: 1 package, 1 release unusual; ")
    (bad,) = axios.incident.attacks(axios.incident.attack_at + SOON)
    head, _, rest = ran.out.partition("\n\n")
    assert rest.startswith(f"{bad}\n")
    assert "seen 5 minutes after the release" in " ".join(rest.split())
    assert rest.count("First ") == 1
    assert f"npm deprecate {bad}" in rest
    assert re.findall(r"REL\d{3}", rest) == ["REL101", "REL103", "REL109", "REL105"]
    quiet = axios.watch("--quiet").out.splitlines()
    assert quiet[0] == head
    assert quiet[2].startswith(f"high     REL101, REL103, REL109, REL105 {bad}: ")
    assert quiet[3].startswith("  npm dist-tag add ")
    assert axios.watch("--lines").out.splitlines()[:3] == quiet[:3]
    # Without the command, and without that for an incident.
    assert len(axios.watch("--lines").out.splitlines()) == len(quiet) - 2
    # Unless alerts of this weight were not asked for.
    assert axios.watch("--fail-on", "critical").code == 0


@pytest.mark.sampled(3, among="watch")
def test_a_scope_is_listed_and_an_alert_outlives_it_by_no_memory(axios: Post) -> None:
    """A watch that begins in the middle of an attack sees it as well."""
    axios.at(axios.incident.over_at + SOON)
    ran = axios.watch(targets=("npm:@replay",), HARDENME_NPM_TOKEN=axios.incident.session)
    assert ran.code == 1
    assert ran.out.startswith("ALERT: 1 package, 2 releases unusual")
    axios.at(axios.incident.over_at + timedelta(days=4))
    assert axios.watch().code == 0
    assert axios.watch("--since", "5").code == 1


@pytest.mark.sampled(3, among="watch")
def test_many_releases_with_the_same_signs_are_told_together(post_of: object) -> None:
    assert callable(post_of)
    post: Post = post_of("tanstack")
    post.at(post.incident.over_at + SOON)
    ran = post.watch()
    assert ran.code == 1
    assert ran.out.startswith("ALERT: 42 packages, 84 releases unusual; ")
    assert "and 72 more" in " ".join(ran.out.split())
    assert len(ran.out.splitlines()) < 60


@pytest.mark.sampled(3, among="watch")
def test_what_is_asked(axios: Post) -> None:
    """One conditional request a package; nothing of accounts; more only of what is new."""
    for _ in range(2):
        axios.watch()
    assert [request.path for request in axios.npm.requests] == ["/@replay%2Faxle"] * 2
    assert ["if-none-match" in request.headers for request in axios.npm.requests] == [False, True]
    assert [request.path for request in axios.github.requests if request.path == "/user"] == []
    axios.at(axios.incident.attack_at + SOON)
    axios.watch()
    paths = [request.path for request in axios.npm.requests]
    assert sorted(paths) == ["/@replay%2Faxle", "/@replay%2Fplain-hash-js"]
    assert all("/git/matching-refs/tags/" in request.path for request in axios.github.requests)
    assert 1 <= len(axios.github.requests) <= 4
    axios.npm.requests.clear()
    axios.watch()
    assert len(axios.npm.requests) == 1


def test_my_packages(axios: Post) -> None:
    ran = axios.watch(targets=("me",), HARDENME_NPM_TOKEN=axios.incident.session)
    assert (ran.code, ran.out) == (0, "1 package, 0 releases looked at, nothing unusual\n")
    assert {request.path for request in axios.npm.requests} == {
        "/-/whoami",
        "/-/org/axle-lead/package",
        "/-/user/axle-lead/package",
        "/@replay%2Faxle",
    }
    assert axios.github.requests == []
    without = axios.watch(targets=("me",))
    assert without.code == 4
    assert "HARDENME_NPM_TOKEN" in without.err


@pytest.mark.sampled(3, among="watch")
def test_without_a_github_token_tags_are_left_out_with_a_sentence(axios: Post) -> None:
    axios.at(axios.incident.attack_at + SOON)
    ran = axios.watch(HARDENME_GITHUB_TOKEN="")
    assert ran.code == 1
    assert "REL105" in ran.err
    assert "REL105" not in ran.out
    assert axios.watch("--quiet", HARDENME_GITHUB_TOKEN="").err == ""
    assert axios.github.requests == []


@pytest.mark.sampled(3, among="watch")
def test_what_is_not_known_is_not_quiet(axios: Post) -> None:
    with npm_sandbox(axios.npm.world) as registry:
        registry.fault("/@replay%2Faxle", edit=lambda _, reply: replaced(reply))
        urls = ("--npm-registry", registry.url, "--github-url", axios.github.url)
        ran = axios.command("watch", *urls, "npm:@replay/axle")
    assert ran.code == 3
    assert ran.out.splitlines()[0] == "no release could be looked at"
    assert "REL101" in ran.out
    assert axios.watch(targets=("npm:@replay/absent",)).code == 5, "there is no such package"


def test_an_alert_is_one_where_github_has_enough(axios: Post) -> None:
    axios.at(axios.incident.attack_at + SOON)
    axios.github.world.limit = 2
    ran = axios.watch("--max-wait", "0")
    assert ran.code == 1
    assert ran.out.startswith("ALERT: ")
    assert "rate limit" in ran.out


def replaced(reply: object) -> object:
    reply.status = 503  # type: ignore[attr-defined]  # a reply of the sandbox
    return reply


@pytest.mark.sampled(3, among="watch")
def test_the_other_formats_are_those_of_check(axios: Post) -> None:
    axios.at(axios.incident.attack_at + SOON)
    report = json.loads(axios.watch("-f", "json").out)
    assert {finding["code"][:3] for finding in report["findings"]} == {"REL"}
    assert axios.watch("-f", "markdown").out.count("\n# hardenme checklist\n") == 1
    ran = axios.watch("-f", "mermaid")
    assert ran.code == 2
    assert "table, markdown, json" in ran.err


def test_only_packages_and_places_on_github_are_watched(axios: Post) -> None:
    ran = axios.watch(targets=("local",))
    assert ran.code == 2
    assert "npm:PACKAGE" in ran.err


def test_without_the_cache_it_says_what_that_costs(axios: Post) -> None:
    ran = axios.watch("--no-cache")
    assert ran.code == 0
    assert "without the cache" in ran.err
    assert not any("if-none-match" in request.headers for request in axios.npm.requests)


@pytest.mark.sampled(3, among="watch")
def test_two_do_not_overlap(axios: Post) -> None:
    names = f"watch {axios.github.url} {axios.npm.url} npm:@replay/axle"
    with lock(axios.command.home / ".local" / "state" / "hardenme", names):
        ran = axios.watch()
        assert ran.code == 75
        assert axios.npm.requests == []
        # A check of the same package is another thing.
        urls = ("--npm-registry", axios.npm.url, "--github-url", axios.github.url)
        assert axios.command("check", "npm:@replay/axle", *urls).code != 75
    assert axios.watch().code == 0


@pytest.mark.sampled(3, among="watch")
def test_the_lines_of_the_page_run_in_an_empty_environment(axios: Post, tmp_path: Path) -> None:
    """Cron's and systemd's, with their names filled in and not even a home or a path."""
    token = tmp_path / "github-token"
    token.write_text(axios.incident.github_token)
    token.chmod(0o600)
    Secret(axios.incident.github_token)
    page = PAGE.read_text(encoding="utf-8")
    cron = re.search(r"^\*/5 \* \* \* \* (.*)$", page, re.MULTILINE)
    unit = re.search(r"^ExecStart=(%h.*)$", page, re.MULTILINE)
    assert cron is not None
    assert unit is not None
    axios.at(axios.incident.attack_at + SOON)
    started = script(axios.command.now)
    for line in (cron[1], unit[1]):
        words = shlex.split(line)
        assert words[0].endswith("/.local/bin/hardenme")
        words = [f"github:{token}" if word.startswith("github:") else word for word in words[1:]]
        words = [word for word in words if word not in {"npm:PACKAGE", "npm:@SCOPE"}]
        options = ["--npm-registry", axios.npm.url, "--github-url", axios.github.url]
        done = subprocess.run(  # noqa: S603 (our own script)
            ["/usr/bin/env", "-i", *started, *words, *options, "--no-cache", "npm:@replay/axle"],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env={**os.environ, "PATH": ""},
        )
        assert done.returncode == 1, done.stderr
        assert done.stdout.startswith("ALERT: ")
        assert "REL105" in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.sampled(3, among="watch")
def test_with_once_an_alert_is_told_once_and_what_comes_after_it_again(axios: Post) -> None:
    told = axios.watch("--once", "--quiet")
    assert told.code == 0
    assert told.out.startswith("Baseline, not verified")
    axios.at(axios.incident.attack_at + SOON)
    told = axios.watch("--once", "--quiet")
    assert told.code == 1
    assert told.out.startswith("Changes ")
    assert "ALERT: 1 package, 1 release unusual" in told.out
    (bad,) = axios.incident.attacks(axios.incident.attack_at + SOON)
    assert bad in told.out.partition("ALERT")[0]
    told = axios.watch("--once", "--quiet")
    assert (told.code, told.out) == (0, "")
    axios.at(axios.incident.over_at + SOON)
    told = axios.watch("--once", "--quiet")
    assert told.code == 1
    changed = told.out.partition("ALERT")[0]
    assert all(
        one in changed for one in axios.incident.attacks(axios.incident.over_at) if one != bad
    )
    # Without it nothing is remembered: all that stands is told.
    assert axios.watch().code == 1


@pytest.mark.sampled(3, among="watch")
def test_with_once_an_ordinary_release_is_news_and_no_alert(axios: Post) -> None:
    """Its tag moves, and a release is new; what is unusual in it the checks say."""
    latest = [one for one in axios.incident.lines[0].issued if one.tag == "latest"]
    release = next(one.version for one in reversed(latest) if not one.attack)
    axios.at(release.published_at - SOON)
    assert axios.watch("--once", "--quiet").code == 0
    axios.at(release.published_at + SOON)
    told = axios.watch("--once", "--quiet")
    assert "1 dist-tag changed" in told.out
    assert f"version is {release.version}" in told.out
    assert told.code == 0
    axios.npm.fault("/@replay%2Faxle", edit=lambda _, reply: replaced(reply))
    told = axios.watch("--once", "--quiet", "--no-cache")
    assert "@replay/axle" in told.out
    assert told.code == 3


@pytest.mark.sampled(3, among="watch")
def test_with_the_organization_a_release_that_no_run_made_is_an_alert(axios: Post) -> None:
    """What GitHub and npm show comes in one look; nothing changed on GitHub."""
    targets = ("github:replay-works/axle", *map("npm:{}".format, axios.incident.packages))
    calm = axios.watch(targets=targets)
    assert "nothing unusual" in calm.out
    assert "Start: 1 repository read." in calm.out
    axios.at(axios.incident.attack_at + SOON)
    ran = axios.watch(targets=targets)
    text = " ".join(ran.out.split())
    assert ran.code == 1
    assert "No difference in what was read between" in text
    assert "ALERT: 1 package, 1 release unusual" in text
    assert "nothing shows that a workflow run made it: it was published without" in text
