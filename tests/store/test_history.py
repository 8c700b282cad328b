from __future__ import annotations

import itertools
import os
import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from hardenme.ground.errors import OutputError
from hardenme.model.unknown import Reason
from hardenme.reports import pieces
from hardenme.store.history import History
from hardenme.store.series import Series
from tests.posix import ON_POSIX
from tests.store.stored import (
    HOST,
    KILLED,
    REGISTRY,
    SERIES,
    child,
    dying,
    files,
    history,
    login,
    nobody,
    put,
    report,
    weeks,
)

ADA = (login("ada"),)
BOB = (login("bob"),)
NOBODY = (login(""),)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def modes(folder: Path) -> set[tuple[str, int]]:
    paths = [folder, *folder.rglob("*")]
    return {("d" if one.is_dir() else "f", stat.S_IMODE(one.stat().st_mode)) for one in paths}


def test_a_report_comes_back_as_it_was_stored(state: Path) -> None:
    put(state, report(0))
    put(state, report(1))
    found = history(state).last(ADA)
    assert found is not None
    assert "".join(pieces(found, "json")) == "".join(pieces(report(1), "json"))
    assert files(state)[1].name.startswith("20260112T060000Z-000002-")
    assert weeks(history(state).reports(ADA)) == [0, 1]


def test_nothing_is_found_where_nothing_was_stored(state: Path) -> None:
    found = history(state)
    assert found.last(ADA) is None
    assert list(found.reports()) == found.problems == []
    assert not state.exists()


def test_files_are_their_owners_alone_whatever_the_umask(state: Path) -> None:
    before = os.umask(0)
    try:
        put(state, report(0))
    finally:
        os.umask(before)
    assert modes(state) == {("d", 0o700), ("f", 0o600)}


def test_folders_that_others_could_read_are_closed(state: Path) -> None:
    put(state, report(0))
    for folder in (state / "history", files(state)[0].parent):
        folder.chmod(0o755)
    put(state, report(1))
    assert modes(state / "history") == {("d", 0o700), ("f", 0o600)}


def test_a_series_is_its_targets_hosts_and_selection() -> None:
    other = [
        Series(("github:acorn",), SERIES.hosts, "all"),
        Series(SERIES.targets, (HOST, "https://other.example.test"), "all"),
        Series(SERIES.targets, SERIES.hosts, "REL"),
    ]
    assert len({one.folder for one in (SERIES, *other)}) == 4
    assert other[2].place == SERIES.place
    assert Series(("github:Acme",), SERIES.hosts, "all").folder == SERIES.folder
    assert Series(("b", "a"), (), "").folder == Series(("a", "b"), (), "").folder


@pytest.mark.parametrize("target", ["../../etc", "github:a/../b", "npm:@s/" + "x" * 300, "", "CON"])
def test_no_target_leads_out_of_the_folder(target: str) -> None:
    name = Series((target,), (HOST, REGISTRY), "all").folder
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(name) < 64


def test_accounts_have_histories_of_their_own(state: Path) -> None:
    put(state, report(0, who="ada"))
    put(state, report(1, who="bob"))
    put(state, report(2, who="ada"))
    put(state, report(3, who="bob"))
    found = history(state)
    assert weeks(found.reports(ADA)) == [0, 2]
    assert found.others == 1
    assert weeks(found.reports(BOB)) == [1, 3]
    assert found.last((login("eve"),)) is None
    assert found.others == 2


def test_a_login_has_no_case(state: Path) -> None:
    put(state, report(0, who="Ada"))
    assert history(state).last(ADA) is not None


def test_an_account_that_is_not_told_is_the_same_person_who_sees_less(state: Path) -> None:
    put(state, report(0, who="ada"))
    put(state, report(1, who=""))
    put(state, report(2, who=""))
    assert weeks(history(state).reports(NOBODY)) == [0, 1, 2]
    # The credential that ended does not open the history to somebody else.
    assert history(state).last(BOB) is None
    put(state, report(3, who="ada"))
    assert weeks(history(state).reports(ADA)) == [0, 1, 2, 3]


def test_another_token_beside_the_first_goes_on_with_the_same_history(state: Path) -> None:
    npm = replace(login("ada", host=REGISTRY), provider="npm")
    put(state, report(0))
    put(state, report(1, identities=(*ADA, npm)))
    put(state, report(2))
    assert weeks(history(state).reports(ADA)) == [0, 1, 2]
    assert weeks(history(state).reports((*ADA, npm))) == [0, 1, 2]
    other = history(state).last((*ADA, replace(npm, login="eve")))
    # What is of the npm account that is no more hers is left out; the rest is hers.
    assert weeks([other or report(9)]) == [0]


def test_the_order_is_that_of_storing_although_the_clock_was_set_back(state: Path) -> None:
    put(state, report(60))
    put(state, report(1))
    put(state, report(2))
    assert weeks(history(state).reports(ADA)) == [60, 1, 2]
    put(state, report(2, started=report(2).started - timedelta(days=400)), keep=2)
    assert weeks(history(state).reports(ADA)) == [2, -56]


def test_two_reports_of_one_second_are_both_kept(state: Path) -> None:
    put(state, report(0))
    put(state, report(0))
    assert len(files(state)) == 2


def test_the_oldest_reports_of_an_account_go_first(state: Path) -> None:
    put(state, report(0, who="bob"))
    for week in range(1, 6):
        put(state, report(week), keep=3)
    assert weeks(history(state).reports(ADA)) == [3, 4, 5]
    assert weeks(history(state).reports(BOB)) == [0]


def test_the_last_complete_report_is_found_behind_others(state: Path) -> None:
    put(state, report(0))
    put(state, report(1, partial="interrupted"))
    put(state, report(2, halted=Reason.RATE_LIMITED))
    found = history(state)
    assert weeks([found.last(ADA) or report(9)]) == [2]
    assert weeks([found.last_complete(ADA) or report(9)]) == [0]


@pytest.mark.parametrize("length", [0, 1, 200, -2, -40])
def test_a_half_written_report_is_set_aside_and_the_one_before_counts(
    state: Path, length: int
) -> None:
    put(state, report(0))
    put(state, report(1))
    newest = files(state)[1]
    text = newest.read_bytes()
    newest.write_bytes(text[:length])
    found = history(state)
    assert weeks([found.last(ADA) or report(9)]) == [0]
    assert found.skipped
    [line] = found.problems
    assert "is not a whole report" in line
    assert (newest.parent / "aside" / newest.name).read_bytes() == text[:length]
    assert history(state).problems == []
    put(state, report(2))
    assert weeks(history(state).reports(ADA)) == [0, 2]


def test_a_report_of_a_later_version_stays_where_its_hardenme_finds_it(state: Path) -> None:
    put(state, report(0))
    put(state, report(1))
    newest = files(state)[1]
    newest.write_text(newest.read_text().replace('"schema_version": "1.', '"schema_version": "9.'))
    found = history(state)
    assert weeks([found.last(ADA) or report(9)]) == [0]
    assert found.skipped
    assert newest.exists()
    assert "is left alone: it is of version 9." in found.problems[0]
    put(state, report(2))
    assert files(state)[2].name.startswith("20260119T060000Z-000003-")


def test_what_is_no_report_is_told_and_not_touched(state: Path) -> None:
    put(state, report(0))
    folder = files(state)[0].parent
    (folder / "notes.txt").write_text("mine")
    found = history(state)
    assert found.last(ADA) is not None
    assert found.problems == [f"{folder / 'notes.txt'} is not a stored report, and is left alone"]
    assert (folder / "notes.txt").read_text() == "mine"


def test_no_link_is_followed(state: Path, tmp_path: Path) -> None:
    put(state, report(0))
    put(state, report(1))
    older, newest = files(state)
    elsewhere = tmp_path / "elsewhere.json"
    newest.rename(elsewhere)
    newest.symlink_to(elsewhere)
    found = history(state)
    assert weeks([found.last(ADA) or report(9)]) == [0]
    assert "is a link to elsewhere; it was set aside" in found.problems[0]
    assert elsewhere.exists()
    assert older.exists()


def test_a_report_that_others_could_have_written_is_not_used(state: Path) -> None:
    put(state, report(0))
    put(state, report(1))
    files(state)[1].chmod(0o666)
    found = history(state)
    assert weeks([found.last(ADA) or report(9)]) == [0]
    assert "is open to others; run: chmod 600" in found.problems[0]
    assert len(files(state)) == 2


def test_a_report_of_something_else_is_set_aside(state: Path) -> None:
    put(state, report(0))
    strange = report(1, targets=("github:other",))
    path = put(state, strange).path
    found = history(state)
    assert weeks([found.last(ADA) or report(9)]) == [0]
    assert "is a report of something else; it was set aside" in found.problems[0]
    assert not path.exists()


def test_a_report_of_somebody_else_is_not_taken_for_ones_own(state: Path) -> None:
    put(state, report(0, who="bob"))
    [path] = files(state)
    put(state, report(1, who="ada"))
    # Somebody gives it the name of a report of ada's.
    path.rename(path.with_name(files(state)[1].name.replace("000002", "000009")))
    found = history(state)
    assert weeks(one for one in found.reports(ADA) if one.identities == ADA) == [1]


def test_who_does_not_hold_the_lock_moves_nothing(state: Path) -> None:
    put(state, report(0))
    files(state)[0].write_text("{")
    looking = History(state, SERIES, history(state)._read, tidy=False)
    assert looking.last(ADA) is None
    assert len(looking.problems) == len(files(state)) == 1


def test_the_state_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "state").symlink_to(tmp_path / "real")
    put(tmp_path / "state", report(0))
    assert history(tmp_path / "real").last(ADA) is not None


@pytest.mark.parametrize("name", ["history", f"history/{SERIES.folder}"])
def test_a_folder_of_the_history_may_be_no_link(tmp_path: Path, name: str) -> None:
    state, elsewhere = tmp_path / "state", tmp_path / "elsewhere"
    elsewhere.mkdir()
    link = state / name
    link.parent.mkdir(parents=True, mode=0o700)
    link.symlink_to(elsewhere)
    with pytest.raises(OutputError, match="is a link to elsewhere"):
        history(state).draft(report(0), ["{}"])
    assert list(elsewhere.iterdir()) == []
    found = history(state)
    assert found.last(ADA) is None
    assert "is a link to elsewhere" in found.problems[0]


def test_a_state_folder_that_others_can_write_is_refused(state: Path) -> None:
    state.mkdir()
    state.chmod(0o777)
    with pytest.raises(OutputError, match="others can write"):
        history(state).draft(report(0), ["{}"])


def test_without_a_home_nothing_is_stored_and_that_is_told() -> None:
    place = history(Path("/dev/null/hardenme"))
    assert place.last(ADA) is None
    with pytest.raises(OutputError, match="cannot be made: Not a directory"):
        place.draft(report(0), ["{}"])


def test_a_folder_that_cannot_be_written_leaves_what_is_there(tmp_path: Path) -> None:
    # Whoever runs the tests as root is somebody else for a moment, whom rights bind.
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(folder.stat().st_mode | 0o055)
    state = tmp_path / "state"
    put(state, report(0))
    folder = files(state)[0].parent
    for one in (state, folder.parent, folder):
        one.chmod(0o500)

    def work() -> None:
        with nobody(), pytest.raises(OutputError, match=r"cannot be (?:made|written)"):
            history(state).draft(report(1), ["{}"])

    assert child(work) == 0
    for one in (folder, folder.parent, state):
        one.chmod(0o700)
    assert weeks(history(state).reports(ADA)) == [0]


@ON_POSIX
def test_a_disk_that_fills_up_leaves_what_is_there(state: Path) -> None:
    put(state, report(0))

    def work() -> None:
        import resource  # noqa: PLC0415 (Windows has none)

        place = history(state)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
        with pytest.raises(OutputError, match="cannot be written: File too large"):
            place.draft(report(1), ("x" * 1000 for _ in range(9)))

    assert child(work) == 0
    [kept] = files(state)
    assert [one.name for one in kept.parent.iterdir()] == [kept.name]
    assert weeks(history(state).reports(ADA)) == [0]


@pytest.mark.second_tier("kills processes")
def test_who_is_killed_at_any_write_leaves_the_old_report_or_the_new_one(state: Path) -> None:
    put(state, report(0))
    put(state, report(1))
    last = []
    for step in itertools.count(1):

        def work(at: int = step) -> None:
            each = dying(at)
            place = history(state)
            place.last(ADA)

            def parts() -> object:
                for piece in pieces(report(2), "json"):
                    each()
                    yield piece * 1
                    each()

            place.draft(report(2), parts()).keep(2)

        code = child(work)
        found = history(state)
        last += weeks([found.last(ADA) or report(9)])
        assert not found.problems
        assert not found.skipped
        if code == 0:
            break
        assert code == KILLED
        if last[-1] == 2:
            files(state)[-1].unlink()
            put(state, report(0)).path.unlink()
    assert step > 8
    assert set(last[:-1]) <= {1, 2}
    assert last[0] == 1
    assert last[-1] == 2


def test_what_a_killed_run_left_goes_when_it_is_old(state: Path) -> None:
    folder = put(state, report(0)).path.parent
    left = [folder / ".20260101T000000Z-000001-aaaaaaaa.json.x1", folder / ".20260101T000000Z-n"]
    for path in left:
        path.write_text("half")
    os.utime(left[0], (0, 0))
    put(state, report(1))
    assert [path.exists() for path in left] == [False, True]
    assert history(state).problems == []


def test_a_draft_that_is_not_kept_leaves_no_trace(state: Path) -> None:
    history(state).draft(report(0), ["{}"]).discard()
    assert files(state) == []
    assert [path for path in state.rglob("*") if path.is_file()] == []
