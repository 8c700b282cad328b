"""The script of issues, run by sh with GitHub's own gh against a server that takes writes."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event

import pytest

from hardenme.reports.ticket.drawing import reference_of
from hardenme.reports.ticket.issues import LONGEST_BODY, MARK, issue_body, issues_script
from hardenme.reports.ticket.ticket import Ticket
from hardenme.sandbox.http import LoopbackServer, Reply, Request
from tests.gh import real
from tests.reports.sample import HOSTILE, maintainer

SH = shutil.which("sh")
TOKEN = "ghp_CANARYissues0000000000000000000000000"
TICKETS = (
    ("acme/web", Ticket("aaaaaa", "2 changes in acme/web", ("For: an administrator.",), ())),
    ("acme/api", Ticket("bbbbbb", "1 change in acme/api", ('It\'s `$(id)` \\ "x".',), ())),
)


@dataclass(slots=True)
class Tracker:
    """Repositories with issues, as gh asks for them.

    Attributes:
        visibility: of each repository.
        issues: of each repository, the newest last.
        broken: the list of issues cannot be read.
        asked: it was asked for a list of issues.
        answers: it answers those who ask for one.
    """

    visibility: Mapping[str, str]
    issues: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    broken: bool = False
    asked: Event = field(default_factory=Event)
    answers: Event | None = None

    def answer(self, request: Request) -> Reply:
        path = request.path.removeprefix("/api/v3").removeprefix("/api")
        if path == "/graphql":
            return self._graphql(json.loads(request.body))
        if listed := re.fullmatch(r"/repos/(.+)/issues", path):
            assert dict(request.query)["state"] == "all"
            self.asked.set()
            if self.answers is not None:
                assert self.answers.wait(60)
            return Reply(502, {}) if self.broken else Reply(200, self.issues.get(listed[1], []))
        named = path.removeprefix("/repos/")
        if named not in self.visibility:
            return Reply(404, {"message": "Not Found"})
        return Reply(200, {"full_name": named, "visibility": self.visibility[named]})

    def _graphql(self, asked: dict[str, dict[str, str]]) -> Reply:
        given = asked.get("variables", {})
        if "mutation" in str(asked["query"]):
            made = dict(given["input"])  # type: ignore[arg-type]  # an object of GraphQL's
            own = self.issues.setdefault(made["repositoryId"], [])
            made["html_url"] = f"https://host.example.test/{made['repositoryId']}/{len(own) + 1}"
            own.append(made)
            issue = {"id": "I_1", "url": made["html_url"]}
            return Reply(200, {"data": {"createIssue": {"issue": issue}}})
        name = f"{given['owner']}/{given['name']}" if "owner" in given else ""
        repository = {
            "id": name,
            "name": given.get("name", ""),
            "owner": {"login": given.get("owner", "")},
            "hasIssuesEnabled": True,
            "viewerPermission": "WRITE",
        }
        return Reply(200, {"data": {"repository": repository}})


@contextmanager
def shell(tracker: Tracker, folder: Path) -> Iterator[dict[str, str]]:
    with LoopbackServer(tracker.answer) as server, real.relay(server.url) as place:
        yield real.environment(folder, place, TOKEN) | {"XDG_RUNTIME_DIR": str(folder)}


def run(script: str, environ: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    assert SH is not None
    return subprocess.run(  # noqa: S603 (our own script)
        [SH, "-s", "--", *words],
        input=script,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def script(tickets: tuple[tuple[str, Ticket], ...] = TICKETS) -> str:
    report = maintainer()
    host = replace(report.identities[0], provider="github", host="http://127.0.0.1:1")
    return issues_script(replace(report, identities=(host,)), tickets)


@pytest.mark.sampled(2, among="issues")
@pytest.mark.needs("gh")
def test_it_creates_each_issue_once_in_private_repositories(tmp_path: Path) -> None:
    tracker = Tracker({"acme/web": "private", "acme/api": "private"})
    with shell(tracker, tmp_path) as environ:
        first = run(script(), environ)
        assert first.returncode == 0, first.stderr
        made = {place: [*those] for place, those in tracker.issues.items()}
        assert {place: len(those) for place, those in made.items()} == {
            "acme/web": 1,
            "acme/api": 1,
        }
        for place, ticket in TICKETS:
            (issue,) = made[place]
            assert issue["body"].rstrip("\n") == issue_body(ticket)
            assert issue["title"] == f"{ticket.title} [{ticket.id}]"
        again = run(script(), environ)
        assert again.returncode == 0, again.stderr
        assert tracker.issues == made
        assert again.stdout.count("already there: https://host.example.test/") == 2


@pytest.mark.sampled(2, among="issues")
@pytest.mark.needs("gh")
def test_of_two_runs_at_once_one_creates_them(tmp_path: Path) -> None:
    tracker = Tracker({"acme/web": "private", "acme/api": "private"}, answers=Event())
    assert SH is not None
    assert tracker.answers is not None
    with shell(tracker, tmp_path) as environ:
        file = tmp_path / "issues.sh"
        file.write_text(script())
        with subprocess.Popen([SH, str(file)], env=environ) as first:  # noqa: S603 (our own script)
            assert tracker.asked.wait(60)
            second = run(script(), environ)
            tracker.answers.set()
        assert first.returncode == 0
        assert second.returncode == 1
        assert "another run creates them" in second.stderr
        made = {place: len(those) for place, those in tracker.issues.items()}
        assert made == {"acme/web": 1, "acme/api": 1}
        again = run(script(), environ)
    assert again.stdout.count("already there") == len(TICKETS)


@pytest.mark.sampled(2, among="issues")
@pytest.mark.needs("gh")
@pytest.mark.parametrize("seen", ["public", "internal", "", None])
def test_it_creates_nothing_unless_all_are_private(seen: str | None, tmp_path: Path) -> None:
    places = {"acme/web": "private"} | ({} if seen is None else {"acme/api": seen})
    tracker = Tracker(places)
    with shell(tracker, tmp_path) as environ:
        done = run(script(), environ)
    assert done.returncode == 1
    assert tracker.issues == {}
    assert "acme/api is " in done.stderr
    assert "not private" in done.stderr


@pytest.mark.needs("gh")
def test_it_creates_nothing_where_it_cannot_see_what_is_there(tmp_path: Path) -> None:
    tracker = Tracker({"acme/web": "private", "acme/api": "private"}, broken=True)
    with shell(tracker, tmp_path) as environ:
        done = run(script(), environ)
    assert done.returncode != 0
    assert tracker.issues == {}


@pytest.mark.parametrize("text", HOSTILE)
def test_names_of_others_stay_text(text: str, tmp_path: Path) -> None:
    ticket = Ticket("cccccc", text, (text, "$(touch made)", "`touch made`"), ())
    quoted = script((("acme/$(touch made)", ticket), ("acme/'; touch made; '", ticket)))
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "gh").write_text('#!/bin/sh\n[ "$1" = issue ] && cat >/dev/null\necho private\n')
    (tools / "gh").chmod(0o700)
    assert SH is not None
    done = subprocess.run(  # noqa: S603 (our own script)
        [SH, "-s"],
        input=quoted.encode(errors="surrogateescape"),
        env={"PATH": f"{tools}:/usr/bin:/bin", "TMPDIR": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "made").exists()


def test_a_body_fits_and_says_what_does_not() -> None:
    lead = tuple(f"word {number}" * 50 for number in range(3))
    questions = tuple(
        (f"Is setting {number} on?" * 20, "https://a.example/") for number in range(400)
    )
    ticket = Ticket("dddddd", "1 change", lead, (), questions=questions, run="2026-11-24T16:03:00Z")
    body = issue_body(ticket)
    assert len(body) < LONGEST_BODY
    assert "1 section did not fit into this issue" in body
    assert body.startswith(f"<!-- {MARK}dddddd -->")
    assert body.endswith(reference_of(ticket))
    assert "`dddddd`, from the check of 2026-11-24T16:03:00Z" in reference_of(ticket)


def test_shellcheck_finds_nothing(tmp_path: Path) -> None:
    file = tmp_path / "issues.sh"
    file.write_text(script(), encoding="utf-8")
    program = Path(sys.executable).with_name("shellcheck")
    done = subprocess.run(  # noqa: S603 (the installed shellcheck)
        [program, "--severity=style", file], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")
