"""The runs that are kept: whole, private, few, and never mixed up."""

from __future__ import annotations

import stat
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from hardenme.ground import clock
from hardenme.ground.errors import OutputError, UnsafeFileError
from hardenme.model.report import Report
from hardenme.reports import pieces
from hardenme.reports.reading import ContentError, load
from hardenme.store.runs import DAYS, MOST, MOST_IN_ALL, WEEKS, KeptRun, Runs
from tests.moment import NOW, standing_at
from tests.store.stored import FIRST, child, dying, login, nobody, report


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def keep(state: Path, one: Report, how: str = "", *, demo: bool = False) -> KeptRun:
    return Runs(state, demo=demo).keep(one, pieces(one, "json"), how)


def weeks(state: Path) -> list[int]:
    found = []
    for run in Runs(state).all():
        with run.open() as file:
            found.append((load(file).started - FIRST) // timedelta(weeks=1))
    return found


def test_a_run_comes_back_as_it_was_kept(state: Path) -> None:
    kept = keep(state, report(3))
    assert Runs(state).all() == (kept,)
    with kept.open() as file:
        assert "".join(pieces(load(file), "json")) == "".join(pieces(report(3), "json"))
    assert kept.at == clock.now().replace(microsecond=0)
    assert kept.number == 1


def test_nobody_else_can_read_it(state: Path) -> None:
    kept = keep(state, report())
    Runs(state).note_shown(kept)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in kept.path.parent.iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE(kept.path.parent.stat().st_mode) == 0o700


def test_the_newest_of_the_same_targets_and_accounts_are_kept(state: Path) -> None:
    other = keep(state, report(0, targets=("npm:left-pad",)))
    account = keep(state, report(0, who="bob"))
    for week in range(MOST + 3):
        keep(state, report(week))
    runs = Runs(state).all()
    assert [run.number for run in runs] == sorted((run.number for run in runs), reverse=True)
    assert weeks(state)[:MOST] == list(range(MOST + 2, 2, -1))
    assert {other.path, account.path} <= {run.path for run in runs}
    assert len(runs) == MOST + 2


def test_targets_in_another_order_or_case_are_the_same(state: Path) -> None:
    first = keep(state, report(targets=("github:acme", "npm:ui")))
    assert keep(state, report(targets=("npm:ui", "github:ACME"))).whose == first.whose
    assert keep(state, report(targets=("npm:UI", "github:acme"))).whose != first.whose
    elsewhere = login("ada", host="https://other.example.test")
    assert keep(state, report(identities=(elsewhere,))).whose != keep(state, report()).whose


def test_a_folder_does_not_grow_without_end(state: Path) -> None:
    first = keep(state, report())
    for number in range(2, MOST_IN_ALL + 4):
        name = f"{number:06}-20260101T000000Z-{number:08x}-00000000.json"
        (first.path.parent / name).touch(mode=0o600)
    last = keep(state, report())
    runs = Runs(state).all()
    assert len(runs) == MOST_IN_ALL
    assert last == runs[0]
    assert not first.path.exists()


@pytest.mark.parametrize("hours", [1.0, 7.0, 30.0, 24 * 8.0])
@pytest.mark.second_tier("a year of kept runs a case")
def test_however_often_runs_are_kept_one_is_older_than_each_window(
    state: Path, hours: float
) -> None:
    made = report()
    age = timedelta(hours=0)
    while age < timedelta(days=70):
        with standing_at(NOW + age):
            keep(state, made)
        ages = [NOW + age - one.at for one in Runs(state).all()]
        assert len(ages) <= MOST + DAYS + WEEKS
        for window, period in ((timedelta(hours=48), 1), (timedelta(days=28), 7)):
            # The one that is left of a day or a week can be the last of it.
            old = timedelta(days=period) + window
            assert age < old or max(ages) >= window, (age, window)
        age += timedelta(hours=hours if age.days < 4 else max(hours, 11.0))


def test_of_a_day_the_run_that_read_most_is_kept(state: Path) -> None:
    with standing_at(NOW):
        kept = keep(state, report(warnings=("a clock",) * 100))
    for number in range(MOST + 3):
        with standing_at(NOW + timedelta(minutes=number)):
            keep(state, report())
    assert kept in Runs(state).all()


def test_the_demo_lies_apart(state: Path) -> None:
    own, demo = keep(state, report()), keep(state, report(1), demo=True)
    assert Runs(state).all() == (own,)
    assert Runs(state, demo=True).all() == (demo,)
    for port in range(MOST + 2):
        keep(state, report(identities=(login("ada", host=f"http://127.0.0.1:{port}"),)), demo=True)
    assert len(Runs(state, demo=True).all()) == MOST


def test_the_number_decides_where_the_clock_was_set_back(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(state, report(0))
    past = clock.now() - timedelta(days=400)
    monkeypatch.setattr(clock, "now", lambda: past)
    keep(state, report(1))
    assert weeks(state) == [1, 0]


def test_two_runs_at_once_keep_both_whole(state: Path) -> None:
    gate = threading.Barrier(8)

    def slowly(one: Report) -> Iterator[str]:
        gate.wait(60)
        yield from pieces(one, "json")

    def work(week: int) -> None:
        Runs(state).keep(report(week, targets=(f"npm:p{week}",)), slowly(report(week)))

    threads = [threading.Thread(target=work, args=(week,)) for week in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(weeks(state)) == list(range(8))
    assert sorted(run.number for run in Runs(state).all()) == list(range(1, 9))


@pytest.mark.sampled(3)
@pytest.mark.parametrize("at", range(1, 14))
def test_who_is_killed_leaves_whole_runs_alone(state: Path, at: int) -> None:
    keep(state, report(0))

    def work() -> None:
        dying(at)
        keep(state, report(1))

    child(work)
    assert weeks(state) in ([0], [1, 0])
    keep(state, report(2))
    assert weeks(state)[0] == 2


def test_what_killed_runs_left_goes_after_a_day(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = keep(state, report()).path.parent
    (folder / ".draft.abc").write_text("half")
    (folder / "mine.txt").write_text("kept")
    keep(state, report(1))
    assert (folder / ".draft.abc").exists()
    later = clock.now() + timedelta(days=1000)
    monkeypatch.setattr(clock, "now", lambda: later)
    keep(state, report(2))
    assert not (folder / ".draft.abc").exists()
    assert (folder / "mine.txt").exists()


def test_what_cannot_be_written_is_told_and_leaves_nothing(state: Path) -> None:
    def breaking() -> Iterator[str]:
        yield "{"
        raise OSError(28, "No space left on device")

    keep(state, report(0))
    with pytest.raises(OutputError, match="cannot be written: No space left on device"):
        Runs(state).keep(report(1), breaking())
    assert weeks(state) == [0]
    assert not [path for path in (state / "runs").iterdir() if path.name.startswith(".")]


def test_a_folder_that_is_not_ours_is_not_written(state: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    state.mkdir(mode=0o700)
    (state / "runs").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="a link to elsewhere"):
        keep(state, report())
    for work in (Runs(state).all, Runs(state).clear):
        with pytest.raises(UnsafeFileError):
            work()
    assert not list((tmp_path / "elsewhere").iterdir())


def test_a_home_that_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with nobody(), pytest.raises(OutputError):
        keep(tmp_path / "home" / "state", report())
    file = tmp_path / "file"
    file.write_text("in the way")
    with pytest.raises(OutputError):
        keep(file, report())
    assert Runs(file).all() == ()


class TestShown:
    """Which run was shown last."""

    def test_it_is_remembered(self, state: Path) -> None:
        assert Runs(state).last_shown() is None
        first, second = keep(state, report(0)), keep(state, report(1))
        Runs(state).note_shown(first)
        assert Runs(state).last_shown() == first
        Runs(state).note_shown(second)
        assert Runs(state).last_shown() == second
        assert Runs(state, demo=True).last_shown() is None

    def test_one_that_is_gone_was_shown_all_the_same(self, state: Path) -> None:
        kept = keep(state, report())
        Runs(state).note_shown(kept)
        kept.path.unlink()
        assert Runs(state).last_shown() == kept

    @pytest.mark.parametrize(
        "text", ["", "../secret", "nonsense", "\xff\xfe", "x" * 5000, "000001-x-y-z.json"]
    )
    def test_what_is_no_name_of_a_run_is_none(self, state: Path, text: str) -> None:
        note = keep(state, report()).path.parent / "shown"
        note.touch(mode=0o600)
        note.write_text(text)
        assert Runs(state).last_shown() is None

    def test_where_it_cannot_be_written_nothing_is_raised(self, state: Path) -> None:
        kept = keep(state, report())
        (state / "runs" / "shown").mkdir()
        Runs(state).note_shown(kept)
        assert Runs(state).last_shown() is None


def test_clearing_removes_runs_and_what_belongs_to_them(state: Path) -> None:
    kept = keep(state, report(0))
    keep(state, report(1))
    Runs(state).note_shown(kept)
    (state / "runs" / ".draft.x").touch()
    (state / "runs" / "mine.txt").touch()
    assert Runs(state).clear() == 2
    assert {path.name for path in (state / "runs").iterdir()} == {"lock", "mine.txt"}
    assert Runs(state).clear() == 0
    assert Runs(state / "nowhere").clear() == 0


def test_half_a_file_is_no_run(state: Path) -> None:
    kept = keep(state, report())
    kept.path.write_text(kept.path.read_text()[:300])
    with kept.open() as file, pytest.raises(ContentError):
        load(file)
    kept.path.chmod(0o644)
    with pytest.raises(UnsafeFileError, match="open to others"), kept.open():
        pass
