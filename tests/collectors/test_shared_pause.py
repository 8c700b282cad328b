"""Where GitHub asks one process to pause, all that ask with the same app do."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from hardenme.collectors.github.client import GitHub
from hardenme.collectors.transport.bounds import Bounds
from hardenme.collectors.transport.pace import LONGEST_WAIT, Wait
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.collectors.transport.shared_pause import SharedPause
from hardenme.ground import clock
from hardenme.model.secret import Secret
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import LoopbackServer, Reply, Request
from tests.moment import NOW

APP = "http://127.0.0.1 app 1"


def test_all_keep_the_longest_pause(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [NOW]
    monkeypatch.setattr(clock, "now", lambda: moment[0])
    one, other = (SharedPause(tmp_path / "pauses", APP) for _ in range(2))
    assert one.news() == 0
    one.extend(60)
    other.extend(30)
    assert one.news() == 0, "its own pause is kept by itself"
    assert other.news() == pytest.approx(60)
    assert other.news() == 0, "it was seen"
    assert SharedPause(tmp_path / "pauses", "http://127.0.0.1 app 2").news() == 0
    moment[0] += timedelta(seconds=59)
    assert SharedPause(tmp_path / "pauses", APP).news() == pytest.approx(1)
    moment[0] += timedelta(seconds=2)
    assert SharedPause(tmp_path / "pauses", APP).news() == 0


@pytest.mark.parametrize(
    "text", ["", "soon", "nan", "inf", "-inf", str(NOW.timestamp() + LONGEST_WAIT + 10)]
)
def test_a_pause_that_cannot_be_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    SharedPause(tmp_path / "pauses", APP).extend(5)
    (file,) = (tmp_path / "pauses").iterdir()
    file.write_text(text)
    assert SharedPause(tmp_path / "pauses", APP).news() == 0


def test_where_none_can_be_kept_nothing_is_raised(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    pause = SharedPause(tmp_path / "file" / "pauses", APP)
    pause.extend(5)
    assert pause.news() == 0


def test_one_that_is_refused_holds_the_other(tmp_path: Path) -> None:
    refused: list[Request] = []

    def answer(request: Request) -> Reply:
        if not refused:
            refused.append(request)
            return Reply(429, {"message": "secondary rate limit"}, {"Retry-After": "1"})
        return Reply(data={})

    def client(url: str, bounds: Bounds) -> GitHub:
        pause = SharedPause(tmp_path / "pauses", APP)
        return GitHub.connect(
            url, Secret("ghs_CANARY"), bounds=bounds, pause=pause, on_wait=waits.append
        )

    waits: list[Wait] = []
    with LoopbackServer(answer) as server:
        assert client(server.url, Bounds()).get("/user").ok, "it waits, and is not denied"
        assert waits == [Wait(1, "secondary")]
        SharedPause(tmp_path / "pauses", APP).extend(500)
        asked = len(server.requests)
        with pytest.raises(NoAnswerError) as caught:
            client(server.url, Bounds(patience=5)).get("/orgs/acme")
        assert len(server.requests) == asked, "nothing is sent"
    assert caught.value.unknown.reason is Reason.RATE_LIMITED
