"""The packages of "mallow", each with a weakness of its own."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

from hardenme.sandbox.npm.released import (
    Access,
    Package,
    Person,
    Provenance,
    StagedVersion,
    TrustedPublisher,
    Version,
)

MALLOW = Person("mallow", "mallow@acorn-labs.example")
MALLOW_OLD = Person("mallow", "mallow@old-post.example")
CI_RUN = Person("GitHub Actions", "npm-oidc-no-reply@github.com")
OTHERS = tuple(
    Person(name, f"{name}@acorn-labs.example")
    for name in ("sorrel", "teasel", "yarrow", "burdock", "campion")
)
WRITERS = (MALLOW, *OTHERS)
ESC, BELL, RIGHT_TO_LEFT = "\x1b", "\x07", "\u202e"
HOSTILE_NAME = f"laptop {ESC}[2J{ESC}]8;;https://evil.example{BELL}<b>|`x`{RIGHT_TO_LEFT}nekot"
HOSTILE_TEXT = f"[click](javascript:alert(1)) <img src=x> {ESC}[31mred{RIGHT_TO_LEFT}\n| a | b |"


def _repository(name: str) -> dict[str, str]:
    return {"type": "git", "url": f"git+https://github.com/{name}.git"}


def _own(people: tuple[Person, ...]) -> dict[str, Access]:
    return {person.name: "write" for person in people}


def _publisher(
    name: str, *, workflow: str | dict[str, str], permissions: tuple[str, ...] | None
) -> TrustedPublisher:
    """A trusted publisher without an environment: any branch of the repository may release."""
    claims = {"repository": name, "workflow_ref": workflow}
    return TrustedPublisher(_id(name), "github", claims, permissions)


def _id(repository: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, repository))


def _built(
    now: datetime,
    days: float,
    number: str,
    repository: str,
    *,
    scripts: dict[str, str] | None = None,
) -> Version:
    """A release from a trusted publisher's workflow, with provenance."""
    return Version(
        number,
        now - timedelta(days=days),
        CI_RUN,
        trusted_publisher={"id": "github", "oidcConfigId": f"oidc:{_id(repository)}"},
        provenance=Provenance(f"https://github.com/{repository}"),
        scripts=scripts or {},
    )


def ladle(now: datetime) -> Package:
    """Six writers; the newest release has provenance and no second person approved it."""
    return Package(
        "@acorn-labs/ladle",
        [
            Version("1.2.0", now - timedelta(days=400), MALLOW),
            _built(now, 120, "1.3.0", "mallow/ladle"),
            _built(now, 40, "1.4.0", "mallow/ladle"),
        ],
        list(WRITERS),
        _own(WRITERS),
        "Serves soup",
        repository=_repository("mallow/ladle"),
        publishers=[_publisher("mallow/ladle", workflow={"file": "release.yml"}, permissions=None)],
        weekly_downloads=1_250_000,
        dependents=812,
    )


def whisk(now: datetime) -> Package:
    """One writer only. Its newest release came after a long quiet time."""
    return Package(
        "@acorn-labs/whisk",
        [
            Version("0.1.0", now - timedelta(days=620), MALLOW),
            _built(now, 29.9, "1.0.0", "mallow/whisk"),
        ],
        [MALLOW],
        _own((MALLOW,)),
        "Beats eggs",
        repository=_repository("mallow/whisk"),
        publishers=[
            _publisher(
                "mallow/whisk",
                workflow="release.yml",
                permissions=("createPackage", "createStagedPackage"),
            )
        ],
        weekly_downloads=340,
        dependents=3,
    )


def sieve(now: datetime) -> Package:
    """The newest release lost the provenance that the one before it had.

    It needs a package that was new, and one from elsewhere, and mallow has another address since.
    Its second publisher names a repository that no longer exists, and its second writer has never
    released it.
    """
    before = (MALLOW_OLD, OTHERS[0])
    new = {"wire-mesh": "^1.0.0", "mesh-weaver": "github:sorrel/mesh-weaver"}
    return Package(
        "@acorn-labs/sieve",
        [
            Version("0.8.0", now - timedelta(days=500), MALLOW, maintainers=before),
            replace(_built(now, 90, "0.9.0", "mallow/sieve"), maintainers=before),
            Version("0.9.1", now - timedelta(days=4), MALLOW, dependencies=new),
        ],
        [MALLOW, OTHERS[0]],
        _own((MALLOW, OTHERS[0])),
        "Sifts flour",
        repository=_repository("mallow/sieve"),
        publishers=[
            _publisher(
                name,
                workflow={"file": "release.yml"},
                permissions=("createPackage", "createStagedPackage"),
            )
            for name in ("mallow/sieve", "mallow/strainer")
        ],
        weekly_downloads=21_000,
        dependents=44,
    )


def grater(now: datetime) -> Package:
    """Runs a script on its users' machines when it is installed.

    Its trusted publisher was taken away again. Its newest release is far larger than those before
    it, followed several that were removed, and took `latest` from a higher version.
    """
    newest = _built(now, 20, "3.4.0", "mallow/grater", scripts={"postinstall": "node build.js"})
    older = (("2.9.0", 460), ("3.0.0", 410), ("3.1.0", 350), ("3.2.0", 300), ("3.3.0", 220))
    return Package(
        "@acorn-labs/grater",
        [
            *(_built(now, days, number, "mallow/grater") for number, days in older),
            _built(now, 210, "4.0.0", "mallow/grater"),
            replace(newest, has_install_script=True, unpacked_size=3_400_000, file_count=61),
        ],
        [MALLOW, OTHERS[0]],
        _own((MALLOW, OTHERS[0])),
        "Grates cheese",
        repository=_repository("mallow/grater"),
        removed={
            f"3.3.{number}": now - timedelta(days=20, minutes=10 * number) for number in range(1, 5)
        },
        weekly_downloads=8_700,
        dependents=12,
    )


def trivet(now: datetime) -> Package:
    """An old address of mallow's in the packument, and a description made to break terminals.

    The registry signed its first release and not its newest.
    """
    return Package(
        "mallow-trivet",
        [
            Version("0.0.9", now - timedelta(days=1520), MALLOW_OLD),
            Version("0.1.0", now - timedelta(days=1500), MALLOW_OLD, signed=False),
        ],
        [MALLOW_OLD, OTHERS[1]],
        _own((MALLOW_OLD, OTHERS[1])),
        HOSTILE_TEXT,
        repository="github:mallow/soup-spoon",
    )


def mesh(now: datetime) -> Package:
    """An outsider's package, a day old when the sieve began to need it."""
    stranger = Person("weaver-9041", "weaver-9041@post.example")
    return Package(
        "wire-mesh",
        [Version("1.0.0", now - timedelta(days=5), stranger)],
        [stranger],
        _own((stranger,)),
        "Wires",
    )


def hidden(now: datetime) -> Package:
    """A private package of someone else: mallow gets a 404."""
    sorrel = OTHERS[0]
    return Package(
        "@sorrel-works/ledger",
        [Version("1.0.0", now - timedelta(days=80), sorrel)],
        [sorrel],
        _own((sorrel,)),
        private=True,
    )


def queue(now: datetime) -> list[StagedVersion]:
    """A version that none of the writers staged, and one that was forgotten."""
    return [
        StagedVersion(
            _id("staged ladle"),
            "@acorn-labs/ladle",
            "1.4.1",
            now - timedelta(hours=2),
            "nettle-build",
        ),
        StagedVersion(
            _id("staged whisk"),
            "@acorn-labs/whisk",
            "1.1.0",
            now - timedelta(days=33),
            MALLOW.name,
        ),
    ]
