from __future__ import annotations

import json
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

import hardenme.collectors.transport.cache as module
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.transport.cache import Cache, KeptAnswer
from hardenme.model.secret import Secret
from hardenme.sandbox.http import LoopbackServer, Reply, Request
from tests.collectors.reader import QUICK, TOKEN, session
from tests.moment import NOW, standing_at

OTHER = "ghp_CANARYother00000000000000000000000000"
HEADERS = {"etag": '"a"', "content-type": "application/json"}
ASKED = (TOKEN, "https://api.example", "application/json", "/user")


def named(cache: Cache) -> str:
    return cache.name(*ASKED)


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "answers")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_an_answer_is_kept_for_its_owner_only(cache: Cache) -> None:
    name = named(cache)
    cache.store(name, HEADERS, b"[1]")
    assert cache.load(name) == KeptAnswer('"a"', HEADERS, b"[1]")
    assert mode(cache.folder) == 0o700
    assert {mode(path) for path in cache.folder.iterdir()} == {0o600}
    assert len(list(cache.folder.iterdir())) == 2  # the key and the answer


@pytest.mark.parametrize(
    "name",
    [
        "ghp_" + "Cn4ry" * 7 + "x",
        "npm_" + "Cn4ry" * 7 + "x",
        "github_pat_" + "Cn4ry" * 4 + "aa_" + "Cn4ry" * 11 + "abcd",
    ],
)
def test_a_name_that_looks_like_a_token_is_not_written(cache: Cache, name: str) -> None:
    told = {"login": name, "repositories": [{"name": f"x-{name}"}]}
    cache.store(named(cache), HEADERS, json.dumps(told).encode())
    cache.store("1" * 64, {**HEADERS, "link": f'<https://api.example/{name}>; rel="next"'}, b"[]")
    assert cache.load(named(cache)) is None
    assert all(name.encode() not in path.read_bytes() for path in cache.folder.iterdir())
    assert [path.name for path in cache.folder.iterdir()] == ["key"]


def test_an_open_folder_is_closed(cache: Cache) -> None:
    cache.folder.mkdir(mode=0o777)
    named(cache)
    assert mode(cache.folder) == 0o700


def test_the_name_hides_what_was_asked_and_by_whom(cache: Cache) -> None:
    cache.store(named(cache), HEADERS, b"{}")
    for path in cache.folder.iterdir():
        assert TOKEN.encode() not in path.read_bytes() + path.name.encode()
        assert "user" not in path.name


def test_the_name_differs_by_all_that_makes_the_answer(
    cache: Cache, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    names = {named(cache)}
    for index, other in enumerate((OTHER, "https://other.example", "text/html", "/user/keys")):
        parts = list(ASKED)
        parts[index] = other
        names.add(cache.name(*parts))
    monkeypatch.setattr(module, "__version__", "99.0")
    names.add(named(cache))
    names.add(named(Cache(tmp_path / "another")))
    assert len(names) == 7


def test_the_name_stays_from_run_to_run(cache: Cache) -> None:
    assert named(cache) == named(Cache(cache.folder))


@pytest.mark.parametrize("part", [b"etag", b"[1, 2]", b"application/json", b"\n"])
def test_a_changed_answer_is_not_used(cache: Cache, part: bytes) -> None:
    name = named(cache)
    cache.store(name, HEADERS, b"[1, 2]")
    path = cache.folder / name
    data = path.read_bytes()
    assert part in data
    path.write_bytes(data.replace(part, b"x" * len(part)))
    assert cache.load(name) is None


@pytest.mark.parametrize("length", [0, 1, 60, -1])
def test_a_truncated_answer_is_not_used(cache: Cache, length: int) -> None:
    name = named(cache)
    cache.store(name, HEADERS, b"[1, 2]")
    path = cache.folder / name
    path.write_bytes(path.read_bytes()[:length])
    assert cache.load(name) is None


def test_an_answer_in_the_place_of_another_is_not_used(cache: Cache) -> None:
    first, second = named(cache), cache.name(OTHER, *ASKED[1:])
    cache.store(first, HEADERS, b"[]")
    (cache.folder / first).rename(cache.folder / second)
    assert cache.load(second) is None


def test_a_forged_answer_without_the_key_is_not_used(cache: Cache) -> None:
    name = named(cache)
    head = json.dumps({"etag": '"a"', "headers": HEADERS}).encode()
    (cache.folder / name).write_bytes(b"0" * 64 + b"\n" + head + b"\n[]")
    assert cache.load(name) is None


def test_a_key_that_was_cut_is_made_anew(cache: Cache) -> None:
    name = named(cache)
    cache.store(name, HEADERS, b"[]")
    (cache.folder / "key").write_bytes(b"")
    again = Cache(cache.folder)
    assert named(again) != name
    assert (cache.folder / "key").stat().st_size == 32


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"content-type": "application/json"}, b"[]"),
        (HEADERS | {"x-github-sso": "partial-results; organizations=1"}, b"[]"),
        (HEADERS, b" " * (module.LARGEST + 1)),
    ],
    ids=["no mark", "partial", "too large"],
)
def test_what_is_not_kept(cache: Cache, headers: dict[str, str], body: bytes) -> None:
    cache.store(named(cache), headers, body)
    assert cache.load(named(cache)) is None


def test_headers_that_may_hold_secrets_are_not_kept(cache: Cache) -> None:
    cache.store(named(cache), HEADERS | {"set-cookie": "a=b", "authorization": TOKEN}, b"[]")
    entry = cache.load(named(cache))
    assert entry is not None
    assert entry.headers == HEADERS


def test_a_folder_that_cannot_be_used_only_means_that_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / "file" / "answers")
    assert named(cache) == ""
    cache.store("", HEADERS, b"[]")
    assert cache.load("") is None


def test_clearing_removes_everything(cache: Cache) -> None:
    cache.store(named(cache), HEADERS, b"[]")
    assert cache.clear() == 2
    assert not cache.folder.exists()
    assert cache.clear() == 0
    cache.store(named(cache), HEADERS, b"[]")
    assert cache.load(named(cache)) is not None


def tagged(request: Request) -> Reply:
    """One list for everybody, with the same mark for everybody: a careless server."""
    headers = {"etag": '"same"'}
    if request.headers.get("if-none-match") == '"same"':
        return Reply(304, headers=headers | {"content-type": "text/html"})
    return Reply(data=[request.headers["authorization"].rpartition(" ")[2][10:15]], headers=headers)


def test_not_modified_stands_for_the_kept_body(cache: Cache) -> None:
    with LoopbackServer(tagged) as server:
        first = session(server.url, cache=cache).get("/user/keys")
        asking = session(server.url, cache=cache)
        second = asking.get("/user/keys")
    assert (first.json(), first.cached, first.atom.cached) == (["00000"], False, False)
    assert (second.json(), second.status, second.atom.cached) == (["00000"], 200, True)
    assert server.requests[1].headers["if-none-match"] == '"same"'
    assert (asking.meter.sent, asking.meter.spared) == (1, 1)


def test_another_token_does_not_see_the_kept_body(cache: Cache) -> None:
    with LoopbackServer(tagged) as server:
        session(server.url, cache=cache).get("/user/keys")
        answer = session(server.url, token=OTHER, cache=cache).get("/user/keys")
    assert not answer.cached
    assert "if-none-match" not in server.requests[1].headers


def test_without_a_cache_nothing_is_kept_and_nothing_is_asked_by_mark() -> None:
    with LoopbackServer(tagged) as server:
        for _ in range(2):
            assert not session(server.url).get("/user/keys").cached
    assert all("if-none-match" not in request.headers for request in server.requests)


def test_a_partial_answer_is_not_made_whole_by_not_modified(cache: Cache) -> None:
    def answer(request: Request) -> Reply:
        if "if-none-match" in request.headers:
            return Reply(304)
        sso = {"etag": '"s"', "X-GitHub-SSO": "partial-results; organizations=7"}
        return Reply(data=[{"id": 1}], headers=sso)

    with LoopbackServer(answer) as server:
        for _ in range(2):
            github = GitHub.connect(server.url, Secret(TOKEN), cache=cache, bounds=QUICK)
            (response,) = github.pages("/user/memberships/orgs", counted=False).responses
            assert response.headers["x-github-sso"].endswith("organizations=7")


def test_pages_are_counted_from_the_cache_too(cache: Cache) -> None:
    def answer(request: Request) -> Reply:
        page = int(request.query.get("page", 1))
        headers = {"etag": f'"{page}"'}
        if page == 1:
            headers["link"] = '</user/keys?page=2&per_page=100>; rel="next"'
        if request.headers.get("if-none-match") == headers["etag"]:
            return Reply(304)
        return Reply(data=[{"id": page}], headers=headers)

    with LoopbackServer(answer) as server:
        for cached in (False, True):
            github = GitHub.connect(server.url, Secret(TOKEN), cache=cache, bounds=QUICK)
            listing = github.pages("/user/keys", counted=False)
            assert [item["id"] for item in listing.items] == [1, 2]
            assert listing.missing is None
            assert listing.evidence[0].cached is cached


def test_many_that_begin_at_once_share_one_key(cache: Cache) -> None:
    """Workers of a run, and another run beside it, all find what one of them kept."""
    caches = [cache, Cache(cache.folder), Cache(cache.folder)] * 6
    at_once = threading.Barrier(len(caches))

    def begin(one: Cache) -> str:
        at_once.wait()
        return named(one)

    with ThreadPoolExecutor(len(caches)) as pool:
        names = set(pool.map(begin, caches))
    assert len(names) == 1
    assert [path.name for path in cache.folder.iterdir()] == ["key"]


@pytest.mark.parametrize("date", ["Tue, 24 Nov 2026 13:00:00 GMT", "Sat, 01 Jan 2050 00:00:00 GMT"])
def test_a_kept_answer_is_as_old_as_it_is_whatever_a_server_says(cache: Cache, date: str) -> None:
    headers = {"etag": '"a"', "date": date}
    with LoopbackServer(lambda _: Reply(data=[], headers=headers)) as server:
        asking = session(server.url, cache=cache)
        seen = asking.get("/tags").observed_at
        assert abs(seen - NOW) <= timedelta(hours=1)
        with standing_at(NOW + timedelta(days=400)):
            kept = asking.kept("/tags")
        assert kept is not None
        assert (kept.observed_at, kept.cached) == (seen, True)
        with standing_at(NOW - timedelta(days=2)):
            assert asking.kept("/tags") is None, "from a time that is still to come"
