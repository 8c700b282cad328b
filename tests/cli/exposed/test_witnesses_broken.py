"""Each answer about caches and logs, broken in each way, makes no run calmer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hardenme.cli.exposed.caches import GONE
from hardenme.cli.exposed.search import repository_exposure
from hardenme.model.exposure import ExposureGrade, RepositoryExposure
from hardenme.sandbox.github.store import STORE
from hardenme.sandbox.http import Reply, Request
from tests.cli.exposed.search_scene import INSIDE, OLD, attempt, question, run, served, world
from tests.cli.exposed.test_search_broken import WAYS, changed
from tests.cli.exposed.test_search_caches import CACHE, FILES, LATER
from tests.exposure.test_logs import FETCH, log

CONFIRMED, POSSIBLE, UNKNOWN, NOT_SEEN = ExposureGrade
NAME = "mallow/pantry"
CACHES, LOGS = r".*/actions/caches", r".*/actions/jobs/\d+/logs"
STORED = rf".*{STORE}.*"
ANSWERS = [Reply(status, {"message": "no"}) for status in (302, 401, 403, 404, 410, 500)]
BODIES = (b"", b"{}", b"[]", b"null", b"<html>")
ANSWERS += [Reply(200, None, {"content-type": "application/json"}, body) for body in BODIES]
KEYS = ("total_count", "actions_caches", "key", "ref", "created_at", "last_accessed_at")


def looked(path: str, edit: object) -> RepositoryExposure:
    """What is found of a run whose log names the version, and of one that restores its cache."""
    bad = run(2, INSIDE, "bad", attempt(INSIDE, log=log(FETCH)))
    there = world([OLD, bad, run(3, LATER, "good")], FILES)
    there.repositories[-1].caches = [CACHE]
    with served(there) as (server, github):
        if path:
            server.fault(path, edit=edit)  # type: ignore[arg-type]
        return repository_exposure(question("axios@1.14.1"), github, NAME, lambda _text: None)


def grades(found: RepositoryExposure) -> dict[int, ExposureGrade]:
    return {row.attempt.run: row.grade for row in found.rows}


def is_known_or_said(found: RepositoryExposure) -> bool:
    """Whether the later run is possible, or it is said that it is not known."""
    return grades(found).get(3) in {POSSIBLE, UNKNOWN} or set(found.faults) != {GONE}


def test_the_scene_is_confirmed_and_spreads() -> None:
    assert grades(looked("", None)) == {2: CONFIRMED, 3: POSSIBLE}


@pytest.mark.second_tier("a search for each answer", one_of=6)
@pytest.mark.sampled(3)
@pytest.mark.parametrize("answer", ANSWERS, ids=lambda one: f"{one.status} {one.body!r:.12}")
@pytest.mark.parametrize("path", [CACHES, LOGS, STORED])
def test_a_refusal_makes_no_run_calmer(path: str, answer: Reply) -> None:
    found = looked(path, lambda _request, _reply: answer)
    assert grades(found)[2] in {CONFIRMED, POSSIBLE}
    assert is_known_or_said(found)


def cases() -> Iterator[tuple[str, str]]:
    yield from ((key, way) for key in KEYS for way in WAYS)


@pytest.mark.second_tier("a search for each key", one_of=6)
@pytest.mark.sampled(3)
@pytest.mark.parametrize(("key", "way"), list(cases()))
def test_a_key_of_a_cache_that_is_broken_makes_no_run_calmer(key: str, way: str) -> None:
    def edit(_request: Request, reply: Reply) -> Reply:
        return Reply(reply.status, changed(reply.data, key, WAYS[way]), reply.headers)

    found = looked(CACHES, edit)
    assert grades(found)[2] is CONFIRMED
    assert is_known_or_said(found)


@pytest.mark.parametrize("cut", [0, 1, 60, 200])
def test_a_log_that_was_cut_leaves_the_run_possible(cut: int) -> None:
    def edit(_request: Request, reply: Reply) -> Reply:
        return Reply(reply.status, None, reply.headers, reply.body[:cut])

    assert grades(looked(STORED, edit))[2] in {CONFIRMED, POSSIBLE}
