"""Which `package.json` a way to release publishes; where that is not sure, nothing is accepted."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.derive.acceptance.attempt import Attempt
from hardenme.derive.acceptance.packages import own_manifest
from hardenme.derive.acceptance.table import judged
from hardenme.facts.github.release_job import SCRIPT
from hardenme.model.acceptance import AcceptanceState, ReleaseWay
from hardenme.model.unknown import NotKnownError
from tests.factories.acceptance import (
    attempt,
    command,
    folder_manifest,
    hand_attempt,
    manifest,
    monorepo,
    workspace_files,
)
from tests.factories.given import LOST, MISSING, REFUSED, every
from tests.factories.npm import PACKAGE
from tests.factories.npm_paths import package_repository

FOLDER = "packages/catkin"
PATH = f"{FOLDER}/package.json"
PNPM = {"workspaces": workspace_files(pnpm=("packages/*",))}
NO_WORKSPACES = {"manifest": manifest(name="root", private=True)}
DIRECT = {"folder": FOLDER}
TOOL = {"client": "changesets", "text": "npx changeset publish"}


def made(base: Any = attempt, *, parts: Any = None, **said: Any) -> Attempt:
    """An attempt to release a package of a monorepo by a command."""
    found: Attempt = base(**{**monorepo(), "command": command(**(said or DIRECT)), **(parts or {})})
    return found


def seen(found: Attempt) -> ReleaseWay:
    return judged(found, key="key", name="name")


SURE: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "in its folder": (DIRECT, {}),
    "the folder is named": ({"packed": f"./{FOLDER}"}, {}),
    "the folder is named from another": ({"folder": "packages", "packed": "./catkin/"}, {}),
    "npm, all workspaces": ({"members": ("*",)}, {}),
    "npm, by the name": ({"members": ("other", PACKAGE)}, {}),
    "npm, by the folder": ({"members": (f"./{FOLDER}",)}, {}),
    "pnpm, all": ({"client": "pnpm", "members": ("*",)}, PNPM),
    "pnpm, by the name": ({"client": "pnpm", "members": (PACKAGE,)}, PNPM),
    "pnpm, by the folder": ({"client": "pnpm", "members": (f"./{FOLDER}",)}, PNPM),
    "yarn, all": ({"client": "yarn", "members": ("*",)}, {}),
    "changesets": (TOOL, {}),
    "changesets with pnpm": (TOOL, {**NO_WORKSPACES, **PNPM}),
    "lerna": ({"client": "lerna"}, {}),
    "lerna by its own file": (
        {"client": "lerna"},
        {**NO_WORKSPACES, "workspaces": workspace_files(lerna=("packages/*",))},
    ),
}


@pytest.mark.parametrize("name", SURE)
def test_the_manifest_of_the_folder_counts(name: str) -> None:
    said, parts = SURE[name]
    found = own_manifest(made(parts=parts, **said))
    assert (found.path, found.name) == (PATH, PACKAGE)


NOT_SURE: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "a folder that is not followed": ({"folder": "packages/$p"}, {}, "which folder this publishes"),
    "a computed folder": ({"folder": "packages/${{ matrix.p }}"}, {}, "which folder"),
    "a computed argument": ({"packed": "./packages/$p"}, {}, "which folder this publishes"),
    "out of the repository": ({"folder": "..", "packed": "./catkin"}, {}, "which folder"),
    "an archive": ({"packed": "catkin-1.5.0.tgz"}, {}, "the archive that this publishes"),
    "a folder that npm takes for a repository": ({"packed": FOLDER}, {}, "write ./packages/catkin"),
    "another folder": ({"folder": "packages/other"}, {}, f"the package.json of {PACKAGE} in"),
    "a folder that is built": ({"packed": "./dist"}, {}, f"the package.json of {PACKAGE} in dist"),
    "the root": ({"folder": ""}, {}, "the one in the root of the repository is of root"),
    "other workspaces": ({"members": ("other",)}, {}, f"whether this publishes {PACKAGE}"),
    "a filter that is not followed": (
        {"client": "pnpm", "members": ("...[origin/main]",)},
        PNPM,
        f"whether this publishes {PACKAGE}",
    ),
    "an excluding filter": (
        {"client": "pnpm", "members": (f"!{PACKAGE}",)},
        PNPM,
        f"whether this publishes {PACKAGE}",
    ),
    "workspaces of a folder": (
        {"folder": "packages", "members": ("*",)},
        {},
        f"whether this publishes {PACKAGE}",
    ),
    "no workspaces": ({"members": ("*",)}, NO_WORKSPACES, f"whether {FOLDER} is a workspace"),
    "excluded from the workspaces": (
        TOOL,
        {"manifest": manifest(name="root", workspaces=(f"!{FOLDER}", "packages/*"))},
        f"whether {FOLDER} is a workspace",
    ),
    "a pattern that is not understood": (
        TOOL,
        {"manifest": manifest(name="root", workspaces=("packages/@(catkin|b)",))},
        f"whether {FOLDER} is a workspace",
    ),
    "two files that disagree": (
        TOOL,
        {"workspaces": workspace_files(pnpm=("apps/*",))},
        f"whether {FOLDER} is a workspace",
    ),
    "pnpm without its file": (
        {"client": "pnpm", "members": ("*",)},
        {},
        f"whether {FOLDER} is a workspace",
    ),
    "the root has the same name": (
        TOOL,
        {"manifest": manifest(workspaces=("packages/*",))},
        f"whether this publishes {PACKAGE}",
    ),
    "lerna publishes other folders": (
        {"client": "lerna", "flags": ("--contents",)},
        {},
        "which folder this publishes",
    ),
    "the newest release names a folder outside": (
        TOOL,
        {"home": package_repository(directory="../catkin")},
        "its newest release names: ../catkin",
    ),
    "no file there": (
        DIRECT,
        {"folders": every(folder_manifest(there=False, name=""))},
        f"there is none in {FOLDER}",
    ),
    "the file is another package's": (
        DIRECT,
        {"folders": every(folder_manifest(name="willow"))},
        f"the one in {FOLDER} is of willow",
    ),
    "the client publishes another folder": (
        {"client": "pnpm", "folder": FOLDER},
        {"folders": every(folder_manifest(directory="dist"))},
        "that publishConfig.directory names: dist",
    ),
    "a script": ({"client": SCRIPT, "text": "npm run release"}, {}, "is of root"),
    "the file is unread": (DIRECT, {"folders": every(missing=REFUSED)}, REFUSED.needed),
    "the file is not understood": (
        DIRECT,
        {"folders": every(folder_manifest(name=MISSING, there=MISSING))},
        MISSING.needed,
    ),
    "the files of workspaces are unread": (TOOL, {"workspaces": LOST}, LOST.needed),
    "the root is unread": (TOOL, {"manifest": REFUSED}, REFUSED.needed),
    "the folder is unread": (TOOL, {"home": REFUSED}, REFUSED.needed),
}


@pytest.mark.parametrize("name", NOT_SURE)
def test_where_it_is_not_sure_nothing_is_accepted(name: str) -> None:
    said, parts, needed = NOT_SURE[name]
    found = made(parts=parts, **said)
    with pytest.raises(NotKnownError) as raised:
        own_manifest(found)
    assert needed in raised.value.unknown.needed
    assert seen(found).verdict is AcceptanceState.UNKNOWN


def test_npm_publishes_the_folder_whatever_publish_config_names() -> None:
    parts = {"folders": every(folder_manifest(directory="dist"))}
    assert own_manifest(made(parts=parts)).path == PATH


def test_a_package_alone_needs_no_folder() -> None:
    parts = {"home": package_repository(), "manifest": manifest(), "folders": every(missing=LOST)}
    assert own_manifest(made(parts=parts, client="npm")).path == "package.json"
    assert own_manifest(made(parts=parts, **TOOL)).path == "package.json"
    assert own_manifest(made(hand_attempt, parts=parts)).path == "package.json"


def test_a_person_publishes_the_folder_that_the_newest_release_names() -> None:
    assert own_manifest(made(hand_attempt)).path == PATH
    for parts in (
        {"home": REFUSED},
        {"manifest": REFUSED},
        {"manifest": manifest()},
        {"home": package_repository(directory="packages/other")},
        {"home": package_repository(directory="")},
        {"folders": every(folder_manifest(directory="dist"))},
    ):
        with pytest.raises(NotKnownError):
            own_manifest(made(hand_attempt, parts=parts))


CAUSES: dict[str, tuple[dict[str, Any], dict[str, Any], str, str]] = {
    "private in its folder": (DIRECT, {"private": True}, "V1", f"{PATH} says"),
    "private in a workspace": (TOOL, {"private": True}, "V1", "so changesets skips it"),
    "repository.url is missing": (TOOL, {"repository": ""}, "P3", f"repository.url in {PATH} is"),
    "another registry": (TOOL, {"to_registry": "https://npm.acme.example"}, "CL6", "npm.acme"),
    "the dist-tag is a version": (TOOL, {"tag": "1.x"}, "V6", "1.x"),
    "a prerelease": (DIRECT, {"version": "2.0.0-rc.1"}, "V4", "2.0.0-rc.1"),
    "a lower version": (DIRECT, {"version": "1.3.9"}, "V5", "1.3.9 is below 1.4.0"),
    "a version that is out": (DIRECT, {"version": "1.3.0"}, "V2", "1.3.0 is already published"),
}


@pytest.mark.parametrize("name", CAUSES)
def test_its_rows_judge_the_manifest_of_the_folder(name: str) -> None:
    said, fields, row, cause = CAUSES[name]
    assert seen(made(**said)).accepted
    way = seen(made(parts={"folders": every(folder_manifest(**fields))}, **said))
    assert way.verdict is AcceptanceState.REFUSED
    assert {row: cause} == {
        one.row: cause for one in way.refused if cause in one.cause and one.row == row
    }


COMMANDS = st.sampled_from(
    [said for said, _ in SURE.values()] + [said for said, *_ in NOT_SURE.values()]
)
PARTS = st.sampled_from(
    [{}, *(parts for _, parts in SURE.values()), *(parts for _, parts, _ in NOT_SURE.values())]
)
LOSING = st.sampled_from(
    [{"home": LOST}, {"manifest": LOST}, {"folders": every(missing=LOST)}, {"workspaces": LOST}]
)


@given(st.sampled_from([attempt, hand_attempt]), COMMANDS, PARTS, LOSING)
def test_what_is_not_read_never_makes_it_calmer(
    base: Any, said: Any, parts: Any, lost: Any
) -> None:
    before = seen(made(base, parts=parts, **said))
    after = seen(made(base, parts={**parts, **lost}, **said))
    assert before.accepted or not after.accepted
