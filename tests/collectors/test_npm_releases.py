"""How old new dependencies are, and which tags recent releases have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.release_tags import release_tags
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.npm.releases import MOST, dependency_ages
from hardenme.collectors.transport.cache import Cache
from hardenme.facts.github.release_tags import ReleaseTag
from hardenme.facts.npm.history import PastRelease, ReleaseHistory
from hardenme.facts.npm.release import DependencyAge
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.secret import Secret
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.sandbox.http import LoopbackServer, Reply, Request
from tests.collectors.reader import QUICK, TOKEN
from tests.collectors.scripted import server
from tests.factories.given import LOST, MISSING, NOW
from tests.factories.npm_release import NAME, history, past_release
from tests.moment import standing_at

CATKIN = Subject("npm", "package", NAME)
OLD = past_release("1.4.0", NOW.time - timedelta(days=90), dependencies={"wick": "^1.0.0"})
TAGS = "/repos/hazel/catkin/git/matching-refs/tags"
WEB_DATE = "%a, %d %b %Y %H:%M:%S GMT"


def store(*found: PastRelease, at: timedelta = timedelta(), **more: Any) -> FactStore:
    """A store in which a package's history was read, some time after `NOW`."""
    written = FactStore()
    atom = Atom("GET /x", 200, NOW.time + at)
    fact = history(OLD, *found, **more)
    written.put(Answer(ReleaseHistory, CATKIN, (fact,), (atom,)))
    return written


def recent(hours: float = 3, number: str = "1.4.1", **more: Any) -> PastRelease:
    return past_release(number, NOW.time - timedelta(hours=hours), **more)


@dataclass
class Clock:
    """What the server's clock tells, after `NOW`."""

    at: timedelta = timedelta()

    def stamp(self, answer: Callable[[Request], Any]) -> Callable[[Request], Reply]:
        """Answers with an ETag and that time, and with "not modified" where they are known."""

        def say(request: Request) -> Reply:
            data = answer(request)
            if isinstance(data, Reply):
                return data
            date = (NOW.time + self.at).strftime(WEB_DATE)
            headers = {"etag": f'"{hash(str(data))}"', "date": date}
            if request.headers.get("if-none-match") == headers["etag"]:
                return Reply(304, headers=headers)
            return Reply(data=data, headers=headers)

        return say


def ages(client: Npm, known: FactStore) -> Answer[DependencyAge]:
    (answer,) = dependency_ages(client, CATKIN, known)
    return answer


def asked(running: LoopbackServer) -> list[str]:
    return [request.path for request in running.requests]


def created(days: float, name: str = "mesh") -> dict[str, Any]:
    then = (NOW.time - timedelta(days=days)).isoformat()
    return {"name": name, "versions": {}, "time": {"created": then}}


def test_only_what_a_recent_patch_newly_needs_is_asked_about() -> None:
    needs = {
        "wick": "^1.0.0",
        "mesh": "^1.0.0",
        "other": "npm:@stranger/wire@^2.0.0",
        "git": "github:stranger/x",
        "../up": "^1.0.0",
    }
    found = (
        past_release("1.3.9", NOW.time - timedelta(days=50), dependencies={"older": "*"}),
        recent(dependencies=needs),
        recent(2, "1.5.0", dependencies=needs | {"feature": "*"}),
    )
    paths = {"/mesh": created(2), "/@stranger%2Fwire": created(900, "@stranger/wire")}
    with server(paths) as running:
        answer = ages(Npm.connect(running.url, None, bounds=QUICK), store(*found))
        assert sorted(asked(running)) == ["/@stranger%2Fwire", "/mesh"]
    told = {(fact.version, fact.dependency): fact for fact in answer.facts}
    assert told.keys() == {("1.4.1", "mesh"), ("1.4.1", "other")}
    assert told["1.4.1", "mesh"].created == NOW.time - timedelta(days=2)
    assert {fact.within for fact in answer.facts} == {CATKIN}
    assert len(answer.evidence) == 3


def test_an_age_is_kept_and_asked_once_a_run(tmp_path: Path) -> None:
    found = [recent(3, f"1.4.{n}", dependencies={"mesh": "^1.0.0"}) for n in (1, 2)]
    with server({"/mesh": Clock().stamp(lambda _: created(2))}) as running:
        for _ in range(2):
            client = Npm.connect(running.url, None, bounds=QUICK, cache=Cache(tmp_path))
            assert len(ages(client, store(*found)).facts) == 2
        assert asked(running) == ["/mesh"]


def test_an_age_that_is_not_told_is_unknown() -> None:
    found = recent(dependencies={"mesh": "*", "gone": "*"})
    with server({"/mesh": {"name": "mesh", "time": {}}}) as running:
        answer = ages(Npm.connect(running.url, None, bounds=QUICK), store(found))
    reasons = {fact.dependency: fact.unknown_fields()["created"].reason for fact in answer.facts}
    assert reasons == {"mesh": Reason.NOT_VISIBLE, "gone": Reason.NOT_VISIBLE}


def test_nothing_new_is_a_whole_answer_and_nothing_known_is_none() -> None:
    with server({}) as running:
        client = Npm.connect(running.url, None, bounds=QUICK)
        whole = ages(client, store(recent(dependencies={"wick": "^1.1.0"})))
        assert (whole.facts, whole.missing) == ((), None)
        assert whole.evidence
        assert ages(client, store(recent(dependencies=MISSING))).facts == ()
        lacking = FactStore()
        lacking.put(Answer(ReleaseHistory, CATKIN, (), (), LOST))
        assert ages(client, lacking).missing is LOST
        assert ages(client, FactStore()).missing is not None
        assert not running.requests


def test_a_release_with_a_thousand_new_dependencies_is_not_followed_up_in_full() -> None:
    needs = {f"part-{index}": "*" for index in range(1000)}
    with server({}) as running:
        answer = ages(
            Npm.connect(running.url, None, bounds=QUICK), store(recent(dependencies=needs))
        )
        assert len(running.requests) == len(answer.facts) == MOST


@contextmanager
def tags(*there: str, clock: Clock | None = None) -> Iterator[tuple[LoopbackServer, list[str]]]:
    """A repository with these tags, which may change."""
    names = list(there)

    def find(request: Request) -> Any:
        if not request.path.startswith(f"{TAGS}/"):
            return Reply(404, {"message": "Not Found"})
        start = request.path.removeprefix(f"{TAGS}/")
        return [{"ref": f"refs/tags/{name}"} for name in names if name.startswith(start)]

    with LoopbackServer((clock or Clock()).stamp(find)) as running:
        yield running, names


def github(running: LoopbackServer, folder: Path | None = None) -> GitHub:
    cache = Cache(folder) if folder else None
    return GitHub.connect(running.url, Secret(TOKEN), bounds=QUICK, cache=cache)


def looked(client: GitHub | None, known: FactStore) -> Answer[ReleaseTag]:
    (answer,) = release_tags(client, CATKIN, known)
    return answer


@pytest.mark.parametrize(
    ("name", "requests"),
    [
        ("v1.4.1", 1),
        (f"{NAME}@1.4.1", 2),
        ("1.4.1", 3),
        ("catkin@1.4.1", 4),
        ("catkin-v1.4.1", 4),
        ("catkin/v1.4.1", 4),
    ],
)
def test_each_usual_form_of_a_tag_is_found(name: str, requests: int) -> None:
    with tags(name, "v1.4.10", "v1.4.1-rc.1", "catkin-more@1.4.1") as (running, _):
        answer = looked(github(running), store(recent()))
        assert [fact.tag for fact in answer.facts] == [name]
        assert len(running.requests) == requests
    assert answer.facts[0].subject == Subject("npm", "package", f"{NAME}@1.4.1")
    assert answer.facts[0].repository == "hazel/catkin"


def test_the_form_that_was_found_is_tried_first_for_the_next_release() -> None:
    found = [recent(5 - n, f"1.4.{n}") for n in range(1, 4)]
    with tags(*(f"catkin@1.4.{n}" for n in range(1, 4))) as (running, _):
        answer = looked(github(running), store(*found))
        assert [fact.tag for fact in answer.facts] == [f"catkin@1.4.{n}" for n in range(1, 4)]
        assert len(running.requests) == 4


def test_no_tag_is_told_with_what_was_looked_for() -> None:
    with tags("v1.4.10") as (running, _):
        (fact,) = looked(github(running), store(recent())).facts
        assert fact.tag == ""
        assert fact.forms == ("v1.4.1", f"{NAME}@1.4.1", "1.4.1", "catkin@1.4.1")
        assert len(running.requests) == 4


def test_a_tag_that_was_found_is_not_asked_for_again(tmp_path: Path) -> None:
    with tags("v1.4.1") as (running, _):
        for _ in range(3):
            assert looked(github(running, tmp_path), store(recent())).facts[0].tag == "v1.4.1"
        assert len(running.requests) == 1


def test_a_missing_tag_is_looked_for_again_for_a_day(tmp_path: Path) -> None:
    clock = Clock()
    counts = []
    with tags(clock=clock) as (running, names):
        # The release came out at NOW; these are minutes after it.
        for minutes in (5, 10, 65, 80, 200, 24 * 60 + 5, 24 * 60 + 10, 48 * 60):
            clock.at = timedelta(minutes=minutes)
            before = len(running.requests)
            with standing_at(NOW.time + clock.at):
                answer = looked(github(running, tmp_path), store(recent(0), at=clock.at))
            assert answer.facts[0].tag == ""
            counts.append(len(running.requests) - before)
        assert counts == [4, 4, 4, 0, 4, 4, 0, 0]
        names.append("v1.4.2")
        both = store(recent(0), recent(-48, "1.4.2"), at=clock.at)
        with standing_at(NOW.time + clock.at):
            answer = looked(github(running, tmp_path), both)
        assert [fact.tag for fact in answer.facts] == ["", "v1.4.2"]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(404, {"message": "Not Found"}), Reason.NOT_VISIBLE),
        (Reply(403, {"message": "Resource not accessible"}), Reason.NOT_PERMITTED),
        (Reply(500, {"message": "no"}), Reason.UNREACHABLE),
        (Reply(data={"ref": "refs/tags/v1.4.1"}), Reason.MALFORMED),
        (Reply(data=[{"name": "v1.4.1"}]), Reason.MALFORMED),
        (Reply(data=[], headers={"link": '<http://127.0.0.1/x>; rel="next"'}), Reason.INCOMPLETE),
        (Reply(200, None, {"content-type": "text/html"}, b"<html>"), Reason.MALFORMED),
    ],
)
def test_a_tag_that_is_not_told_is_unknown(reply: Reply, reason: Reason) -> None:
    with server({f"{TAGS}/v1.4.1": reply}) as running:
        (fact,) = looked(github(running), store(recent())).facts
        assert fact.unknown_fields()["tag"].reason is reason
        assert len(running.requests) == 1


def test_the_repository_is_the_one_that_was_named_before() -> None:
    with tags("v1.4.1") as (running, _):
        (fact,) = looked(github(running), store(recent(repository="stranger/catkin"))).facts
        assert (fact.repository, fact.tag) == ("hazel/catkin", "v1.4.1")


@pytest.mark.parametrize("name", ["", "..", "hazel/..", "hazel/a/b"])
def test_a_package_of_no_repository_on_github_is_not_asked_about(name: str) -> None:
    before = past_release("1.4.0", NOW.time - timedelta(days=90), repository=name)
    known = FactStore()
    fact = history(before, recent(repository=name))
    known.put(Answer(ReleaseHistory, CATKIN, (fact,), (Atom("GET /x", 200, NOW.time),)))
    with tags() as (running, _):
        (found,) = looked(github(running), known).facts
        assert (found.repository, found.tag) == ("", "")
        assert not running.requests


def test_a_version_that_is_none_is_not_made_a_path() -> None:
    with tags() as (running, _):
        (fact,) = looked(
            github(running), store(recent(number=".."), tags={"latest": "1.4.0"})
        ).facts
        assert "tag" in fact.unknown_fields()
        assert not running.requests


def test_without_github_or_without_releases_nothing_is_known() -> None:
    assert looked(None, store(recent())).missing is not None
    lacking = FactStore()
    lacking.put(Answer(ReleaseHistory, CATKIN, (), (), LOST))
    with tags() as (running, _):
        assert looked(github(running), lacking).missing is LOST
        whole = looked(github(running), store())
        assert (whole.facts, whole.missing) == ((), None)
        elsewhere = GitHub.connect("https://ghe.example/api/v3", Secret(TOKEN), bounds=QUICK)
        missing = looked(elsewhere, store(recent())).missing
        assert isinstance(missing, Unknown)
        assert missing.reason is Reason.NOT_ASKED
