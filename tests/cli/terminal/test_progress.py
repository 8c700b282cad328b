"""What a run tells of itself, on a terminal and in a log."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest

from hardenme.cli.terminal.console import CLEAR, Console
from hardenme.cli.terminal.progress import NEWS, SURE, ProgressLine
from hardenme.collectors.transport.session import Wait
from tests.moment import NOW, standing_at


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def line(
    stream: io.StringIO,
    clock: Clock,
    environ: dict[str, str] | None = None,
    *,
    quiet: bool = False,
) -> ProgressLine:
    console = Console(io.StringIO(), stream, environ or {})
    return ProgressLine(console, quiet=quiet, seconds=clock)


def pictures(stream: io.StringIO) -> list[str]:
    return stream.getvalue().split(CLEAR)[1:]


def run(progress: ProgressLine, clock: Clock, count: int, seconds: float = 1.0) -> None:
    """Judge so many repositories of a thousand, each in so many seconds."""
    for done in range(1, count + 1):
        clock.now += seconds
        progress.found(done * 2)
        progress.repositories(done, 1000)


def test_a_terminal_shows_the_newest_question_until_repositories_come() -> None:
    stream, clock = Terminal(), Clock()
    progress = line(stream, clock)
    clock.now += 1
    progress.step(3, 7, "organization members")
    run(progress, clock, 2)
    assert pictures(stream)[0] == "3 of 7 read · organization members"
    assert pictures(stream)[-1] == "2 of 1000 repositories · 4 to fix"


def test_it_tells_what_is_left_of_the_hour_and_of_the_run() -> None:
    stream, clock = Terminal(), Clock()
    progress = line(stream, clock)
    progress.left(4321, 5000, NOW)
    run(progress, clock, SURE)
    assert pictures(stream)[-1] == (
        "20 of 1000 repositories · 40 to fix · 4321 requests left · about 16 min"
    )
    run(progress, clock, 995, 0.5)
    assert "about" in pictures(stream)[-1]
    assert pictures(stream)[-1].endswith(" s")


def test_the_line_is_drawn_ten_times_a_second_at_most_and_taken_away() -> None:
    stream, clock = Terminal(), Clock()
    progress = line(stream, clock)
    clock.now += 1
    for done in range(1000):
        clock.now += 0.001
        progress.step(done, 1000, "x")
    assert 8 <= len(pictures(stream)) <= 12
    progress.close()
    assert stream.getvalue().endswith(CLEAR)


@pytest.mark.parametrize("environ", [{}, {"TERM": "dumb"}])
def test_a_log_gets_a_plain_line_now_and_then(environ: dict[str, str]) -> None:
    stream, clock = Terminal() if environ else io.StringIO(), Clock()
    progress = line(stream, clock, environ)
    run(progress, clock, 29)
    progress.close()
    assert stream.getvalue() == "", "a short run says nothing"
    run(progress, clock, 300)
    lines = stream.getvalue().splitlines()
    assert len(lines) == 329 // int(NEWS)
    assert lines[-1].startswith("hardenme: ")
    assert "of 1000 repositories, " in lines[-1]
    assert lines[-1].isascii()


def test_a_wait_is_told_once_with_its_end() -> None:
    stream = io.StringIO()
    progress = line(stream, Clock())
    for seconds in (312.0, 311.0, 312.4):
        progress.wait(Wait(seconds, "primary"))
    assert stream.getvalue().splitlines() == [
        "hardenme: waiting 312 s for the primary rate limit, until 12:05 UTC"
    ]
    progress.wait(Wait(900.0, "secondary"))
    assert stream.getvalue().splitlines()[-1] == (
        "hardenme: waiting 900 s for the secondary rate limit, until 12:15 UTC"
    )


def test_a_wait_over_midnight_names_the_day() -> None:
    stream = Terminal()
    late = NOW + timedelta(hours=11, minutes=50)
    with standing_at(late):
        line(stream, Clock()).wait(Wait(1200.0, "primary"))
    (picture,) = pictures(stream)
    assert picture.endswith("until 2026-11-25 00:10 UTC")


@pytest.mark.parametrize("stream", [Terminal(), io.StringIO()])
def test_quiet_is_silent(stream: io.StringIO) -> None:
    clock = Clock()
    progress = line(stream, clock, quiet=True)
    run(progress, clock, 100)
    progress.step(1, 2, "x")
    progress.wait(Wait(100.0, "primary"))
    progress.close()
    assert stream.getvalue() == ""
