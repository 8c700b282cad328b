"""The account "mallow": a maintainer with the weaknesses that are typical."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from hardenme.sandbox.npm.granular import Mint
from hardenme.sandbox.npm.world import (
    Access,
    Credential,
    Kind,
    ListedToken,
    Organization,
    Package,
    Person,
    Provenance,
    Team,
    TrustedPublisher,
    User,
    Version,
    World,
    canary,
)

MALLOW = Person("mallow", "mallow@acorn-labs.example")
MALLOW_OLD = Person("mallow", "mallow@old-post.example")
CI_RUN = Person("GitHub Actions", "npm-oidc-no-reply@github.com")
OTHERS = tuple(
    Person(name, f"{name}@acorn-labs.example")
    for name in ("sorrel", "teasel", "yarrow", "burdock", "campion")
)
WRITERS = (MALLOW, *OTHERS)
SESSION = canary("mallowSESSION")
CI_TOKEN = canary("mallowCI")
ESC, BELL, RIGHT_TO_LEFT = "\x1b", "\x07", "\u202e"
HOSTILE_NAME = f"laptop {ESC}[2J{ESC}]8;;https://evil.example{BELL}<b>|`x`{RIGHT_TO_LEFT}nekot"
HOSTILE_TEXT = f"[click](javascript:alert(1)) <img src=x> {ESC}[31mred{RIGHT_TO_LEFT}\n| a | b |"


def world(now: datetime) -> World:
    """Everything about mallow, as of `now`."""
    mint = _mint(now)
    packages = [_bindery(now), _quill(now), _inkwell(now), _press(now), _marginalia(now)]
    return World(
        now=now,
        users=[
            User(
                "mallow",
                MALLOW.email,
                email_verified=False,
                tfa="auth-only",
                fullname="Mallow Vetch",
                github="mallow",
                created=now - timedelta(days=3100),
                updated=now - timedelta(days=700),
            ),
            *(User(p.name, p.email, tfa="auth-and-writes") for p in OTHERS),
        ],
        packages=[*packages, _hidden(now)],
        organizations=[
            Organization(
                "acorn-labs",
                {"mallow": "owner", "sorrel": "admin", "teasel": "developer"},
                teams=[
                    Team(
                        "developers",
                        ["mallow", "sorrel", "teasel"],
                        {"@acorn-labs/bindery": "write"},
                    )
                ],
                packages={p.name: "write" for p in packages if p.name.startswith("@acorn-labs/")},
            )
        ],
        tokens=mint.made,
        credentials=[
            Credential(SESSION, "mallow", Kind.SESSION, expires_at=now + timedelta(hours=2)),
            *mint.credentials,
            Credential(
                CI_TOKEN,
                "mallow",
                Kind.OIDC,
                expires_at=now + timedelta(hours=1),
                packages=("@acorn-labs/bindery",),
            ),
        ],
        web_login_as="mallow",
    )


def _repository(name: str) -> dict[str, str]:
    return {"type": "git", "url": f"git+https://github.com/{name}.git"}


def _own(people: tuple[Person, ...]) -> dict[str, Access]:
    return {person.name: "write" for person in people}


def _built(
    now: datetime, days: int, number: str, repository: str, *, scripts: dict[str, str] | None = None
) -> Version:
    """A release from a trusted publisher's workflow, with provenance."""
    return Version(
        number,
        now - timedelta(days=days),
        CI_RUN,
        trusted_publisher={
            "id": "github",
            "oidcConfigId": "oidc:5b1f0c1e-0000-4000-8000-00000000000a",
        },
        provenance=Provenance(f"https://github.com/{repository}"),
        scripts=scripts or {},
    )


def _bindery(now: datetime) -> Package:
    """Six writers; the newest release has provenance and no second person approved it."""
    return Package(
        "@acorn-labs/bindery",
        [
            Version("2.0.0", now - timedelta(days=400), MALLOW),
            _built(now, 60, "2.1.0", "acorn-labs/bindery"),
            _built(now, 12, "2.2.0", "acorn-labs/bindery"),
        ],
        list(WRITERS),
        _own(WRITERS),
        "Sews loose pages into a book",
        repository=_repository("acorn-labs/bindery"),
        publishers=[
            TrustedPublisher(
                "5b1f0c1e-0000-4000-8000-00000000000a",
                "github",
                {"repository": "acorn-labs/bindery", "workflow_ref": {"file": "publish.yml"}},
                permissions=None,
            )
        ],
        weekly_downloads=1_250_000,
        dependents=812,
    )


def _quill(now: datetime) -> Package:
    """One writer only."""
    return Package(
        "@acorn-labs/quill",
        [_built(now, 30, "1.0.0", "acorn-labs/quill")],
        [MALLOW],
        _own((MALLOW,)),
        "Writes with a feather",
        repository=_repository("acorn-labs/quill"),
        weekly_downloads=340,
        dependents=3,
    )


def _inkwell(now: datetime) -> Package:
    """The newest release lost the provenance that the one before it had."""
    return Package(
        "@acorn-labs/inkwell",
        [
            _built(now, 90, "0.9.0", "acorn-labs/inkwell"),
            Version("0.9.1", now - timedelta(days=4), MALLOW, dependencies={"quill-tip": "^1.0.0"}),
        ],
        [MALLOW, OTHERS[0]],
        _own((MALLOW, OTHERS[0])),
        "Holds the ink",
        repository=_repository("acorn-labs/inkwell"),
        weekly_downloads=21_000,
        dependents=44,
    )


def _press(now: datetime) -> Package:
    """Runs a script on its users' machines when it is installed."""
    newest = _built(now, 20, "3.4.0", "acorn-labs/press", scripts={"postinstall": "node build.js"})
    return Package(
        "@acorn-labs/press",
        [
            _built(now, 220, "3.3.0", "acorn-labs/press"),
            replace(newest, has_install_script=True),
        ],
        [MALLOW, OTHERS[0]],
        _own((MALLOW, OTHERS[0])),
        "Prints the sheets",
        repository=_repository("acorn-labs/press"),
        weekly_downloads=8_700,
        dependents=12,
    )


def _marginalia(now: datetime) -> Package:
    """An old address of mallow's in the packument, and a description made to break terminals."""
    return Package(
        "mallow-marginalia",
        [Version("0.1.0", now - timedelta(days=1500), MALLOW_OLD, signed=False)],
        [MALLOW_OLD, OTHERS[1]],
        _own((MALLOW_OLD, OTHERS[1])),
        HOSTILE_TEXT,
        repository="github:mallow/marginalia",
    )


def _hidden(now: datetime) -> Package:
    """A private package of somebody else: mallow gets a 404."""
    sorrel = OTHERS[0]
    return Package(
        "@sorrel-works/ledger",
        [Version("1.0.0", now - timedelta(days=80), sorrel)],
        [sorrel],
        _own((sorrel,)),
        private=True,
    )


def _mint(now: datetime) -> Mint:
    """Twelve listed tokens, so that the eleventh is on the second page of ten."""
    write: tuple[tuple[str, str], ...] = (("package", "write"),)
    bindery = (("package", "@acorn-labs/bindery"),)
    mint = Mint("mallow", now)
    mint.token(
        "ci-bindery", permissions=write, scopes=bindery, age=60, left=5, description="CI of bindery"
    )
    mint.token("install-read", scopes=bindery, left=500, description="Installs on the build box")
    mint.token(
        "org-helper",
        permissions=(("package", "write"), ("org", "write")),
        scopes=(("package", "@acorn-labs/press"), ("org", "acorn-labs")),
        age=40,
        left=45,
        idle=None,
        description="Tried once",
    )
    mint.token("", permissions=write, scopes=(("package", "@acorn-labs/quill"),), left=25)
    mint.token("old-laptop", permissions=write, scopes=bindery, age=500, left=-200, idle=320)
    for _ in range(2):
        mint.token(
            "release-bot", permissions=write, scopes=bindery, left=20, description="Releases"
        )
    mint.token(
        "stage-inkwell",
        permissions=write,
        scopes=(("package", "@acorn-labs/inkwell"),),
        left=6,
        idle=2,
        description="Stages from CI",
        publish_policy="stage_only",
    )
    mint.token(
        "lantern",
        scopes=(("package", "@acorn-labs/lantern-retired"),),
        age=300,
        left=65,
        idle=120,
        description="For a package that was given away",
    )
    mint.token("", permissions=write, age=2400, left=None, idle=600)
    _make_classic(mint.made[-1], mint.credentials[-1])
    mint.token(
        "deploy-all",
        permissions=write,
        age=420,
        left=None,
        idle=2,
        description="Publishes from the build box",
        bypass=True,
    )
    mint.token(HOSTILE_NAME, scopes=bindery, left=10, description=HOSTILE_TEXT)
    return mint


def _make_classic(entry: ListedToken, credential: Credential) -> None:
    """Give a token the shape of npm's classic ones."""
    entry.key = credential.key = hashlib.sha512(entry.key.encode()).hexdigest()
    entry.cidr = None
    entry.renamed = {"cidr": "cidr_whitelist"}
    entry.extra = {"readonly": False}
    entry.absent = frozenset(
        {
            "name",
            "description",
            "expiry",
            "bypass_2fa",
            "revoked",
            "accessed",
            "permissions",
            "scopes",
        }
    )
