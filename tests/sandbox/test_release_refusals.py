"""The sandbox refuses a release as npm does, and the real client says so: one change each.

The names of the rows are those of the causes in `hardenme rehearse`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from hardenme.sandbox.http import Reply, Request
from hardenme.sandbox.npm.world import StagedVersion
from tests.sandbox.releasing import NAME, OWNER, PLACEHOLDER, SIGSTORE, Run, run
from tests.worlds.npm_releases import id_token

pytestmark = [
    pytest.mark.needs("npm", "node"),
    pytest.mark.second_tier("it starts the npm client for each row"),
]
Change = Callable[[Run], object]
EXCHANGED, FAILED, DENIED = ("exchange", 201), ("exchange", 404), ("exchange", 401)


@dataclass(frozen=True, slots=True)
class Row:
    """A cause: what is changed, what the client says, and how the registry answered."""

    name: str
    change: Change
    says: str
    answers: tuple[tuple[str, int], ...] = ()

    def __str__(self) -> str:
        return self.name


def staged(found: Run) -> None:
    found.world.staged.append(StagedVersion("1", NAME, "1.1.0", found.world.now, OWNER))


def expired(found: Run) -> None:
    found.publisher.created_at = found.world.now - timedelta(hours=49)
    found.publisher.proven = False


def manifest(**keys: object) -> Change:
    return lambda found: found.manifest.update(keys)


def claims(**named: str) -> Change:
    return lambda found: found.claims(**named)


def ids(**named: str) -> Change:
    return lambda found: found.ids.claims.update(named)


def command(*words: str, client: str = "") -> Change:
    def change(found: Run) -> None:
        found.command, found.client = words, client

    return change


def client(version: str, token: str | None = None) -> Change:
    def change(found: Run) -> None:
        found.client, found.token = version, token

    return change


def token(**given: object) -> Change:
    return lambda found: found.by_token(**given)


def both(*changes: Change) -> Change:
    return lambda found: [change(found) for change in changes]


def only(*permissions: str) -> Change:
    return lambda found: setattr(found.publisher, "permissions", permissions)


def removed(hours: int) -> Change:
    def change(found: Run) -> None:
        found.package.removed = {"1.0.0": found.world.now - timedelta(hours=hours)}
        found.package.versions.clear()

    return change


def values(**variables: str | None) -> Change:
    return lambda found: found.variables.update(variables)


def attribute(name: str, *, value: object) -> Change:
    return lambda found: setattr(found, name, value)


def revoked(found: Run) -> None:
    found.by_token(left=-1)


def owner_left(found: Run) -> None:
    found.by_token()
    found.package.collaborators.clear()


def disallowed(found: Run) -> None:
    found.by_token()
    found.package.mfa = "publish"


def without_two_factor(found: Run) -> None:
    found.by_hand()
    found.world.users[0].tfa = False


def by_hand(found: Run) -> None:
    found.by_hand()


def broken_ids(found: Run) -> None:
    found.ids.broken = True


def good_token(found: Run) -> None:
    found.by_token()
    found.oidc = True


def limited(found: Run) -> None:
    found.releases.limit = 0
    found.variables["NPM_CONFIG_FETCH_RETRIES"] = "0"


def other_name(found: Run) -> None:
    found.manifest["name"] = "lib-linux-x64"


def newest_npm(engines: str) -> Change:
    """What the registry has as npm's newest version, for these releases of Node."""

    def change(found: Run) -> None:
        name, number = "npm", "12.2.2"
        tarball = f"{found.sandbox.url}/npm/-/npm-{number}.tgz"
        version = {"name": name, "version": number, "engines": {"node": engines}}
        version["dist"] = {"tarball": tarball, "shasum": "0" * 40}
        body = {"name": name, "dist-tags": {"latest": number}, "versions": {number: version}}
        answer = found.sandbox.handler

        def handler(request: Request) -> Reply:
            return Reply(200, body) if request.path == "/npm" else answer(request)

        found.sandbox.handler = handler
        found.command = ("install", "--global", "npm@latest")
        found.variables["NPM_CONFIG_PREFIX"] = str(found.folder)

    return change


def nearer_token(found: Run) -> None:
    """A token in the project, which npm takes before that of the person's session."""
    found.by_hand()
    host = found.sandbox.url.removeprefix("http:")
    found.folder.joinpath(".npmrc").write_text(f"{host}/:_authToken={PLACEHOLDER}\n")


NO_TOKEN = "ENEEDAUTH"
MISSING = "E404"
OTP = "EOTP"
PUT_403, PUT_404, PUT_401 = ("PUT", 403), ("PUT", 404), ("PUT", 401)
PUBLISHED = "You cannot publish over the previously published versions"
ACTION = "OIDC permission denied for this action"
CLIENT_10, CLIENT_11, LATE_11, NEWEST = "10.9.9", "11.14.1", "11.21.2", "12.2.2"
PNPM = ("pnpm-8.15.9", "pnpm-10.18.0")
through_pnpm = attribute("through", value=PNPM[-1])
ROWS = (
    Row("J3", attribute("oidc", value=False), NO_TOKEN),
    Row(
        "J3 with provenance",
        both(good_token, attribute("oidc", value=False), values(NPM_CONFIG_PROVENANCE="true")),
        'requires "write" access to the "id-token" permission',
    ),
    Row(
        "J12",
        both(attribute("oidc", value=False), values(GITHUB_ACTIONS=None, CI=None)),
        NO_TOKEN,
    ),
    Row("CL1", client(CLIENT_10), NO_TOKEN),
    Row("CL1 with a placeholder", client(CLIENT_10, PLACEHOLDER), MISSING, (PUT_404,)),
    Row("CL2", command("stage", "publish", client=CLIENT_11), 'Unknown command: "stage"'),
    Row("CL3", newest_npm("^26.0.0"), "EBADENGINE"),
    Row("CL3 by npm 10", both(newest_npm("^26.0.0"), client(CLIENT_10)), "EBADENGINE"),
    Row("CL4", command("publish", "--no-git-checks", client=NEWEST), "EUNKNOWNCONFIG"),
    *(
        Row(
            f"CL4 through {name}",
            both(
                command("publish", "--no-git-checks", client=NEWEST),
                attribute("through", value=name),
            ),
            "EUNKNOWNCONFIG",
        )
        for name in PNPM
    ),
    Row(
        "CL5 of yarn classic",
        both(
            command("publish", "--non-interactive", "--new-version", "1.1.0", client=LATE_11),
            attribute("through", value="yarn-1.22.22"),
        ),
        "No token found",
    ),
    Row(
        "CL5 of pnpm, which hands to npm 10",
        both(command("publish", "--no-git-checks", client=CLIENT_10), through_pnpm),
        NO_TOKEN,
    ),
    Row("CL6", manifest(publishConfig={"registry": "http://127.0.0.1:9/"}), NO_TOKEN),
    Row("CL7 of 12.0.0", client("12.0.0"), "MODULE_NOT_FOUND"),
    Row(
        "CL8",
        both(attribute("hosted", value=False), values(TF_BUILD="True", NPM_ID_TOKEN=id_token({}))),
        NO_TOKEN,
    ),
    Row("E2", lambda found: found.package.publishers.clear(), NO_TOKEN, (FAILED,)),
    Row("E3 case", claims(repository="Acme/lib"), NO_TOKEN, (FAILED,)),
    Row("E4", claims(repository="acme/old"), NO_TOKEN, (FAILED,)),
    Row("E5 name", claims(file="publish.yml"), NO_TOKEN, (FAILED,)),
    Row("E5 ending", claims(file="release.yaml"), NO_TOKEN, (FAILED,)),
    Row("E5 list", claims(file="release.yml, ci.yml"), NO_TOKEN, (FAILED,)),
    Row(
        "E6",
        both(
            claims(file="publish.yml"),
            ids(job_workflow_ref="acme/lib/.github/workflows/publish.yml@refs/heads/main"),
        ),
        NO_TOKEN,
        (FAILED,),
    ),
    Row("E7", expired, NO_TOKEN, (FAILED,)),
    Row("E8 none", claims(environment="npm"), NO_TOKEN, (FAILED,)),
    Row("E8 other", both(claims(environment="npm"), ids(environment="ci")), NO_TOKEN, (FAILED,)),
    Row("E11", ids(iss="https://token.actions.githubusercontent.com/acme"), NO_TOKEN, (DENIED,)),
    Row("E14", other_name, NO_TOKEN, (FAILED,)),
    Row("E16", broken_ids, NO_TOKEN),
    Row(
        "E17",
        both(attribute("oidc", value=False), values(GITHUB_ACTIONS=None, GITLAB_CI="true")),
        NO_TOKEN,
    ),
    Row("T10 comment", ids(event_name="issue_comment"), NO_TOKEN, (DENIED,)),
    Row("T10 target", ids(event_name="pull_request_target"), NO_TOKEN, (DENIED,)),
    Row("T12", ids(repository="someone/lib"), NO_TOKEN, (FAILED,)),
    Row(
        "exchange with a placeholder",
        both(claims(repository="a/b"), attribute("token", value=PLACEHOLDER)),
        MISSING,
        (FAILED, PUT_404),
    ),
    Row("P1", only("createStagedPackage"), ACTION, (EXCHANGED, PUT_403)),
    Row("P2", both(good_token, only("createStagedPackage")), ACTION, (EXCHANGED, PUT_403)),
    Row(
        "P1 of stage",
        both(only("createPackage"), command("stage", "publish")),
        ACTION,
        (EXCHANGED, ("POST", 403)),
    ),
    Row(
        "P9",
        both(by_hand, values(NPM_CONFIG_PROVENANCE="true")),
        "Automatic provenance generation not supported",
    ),
    Row(
        "P9 new",
        both(
            by_hand,
            attribute("hosted", value=True),
            attribute("oidc", value=True),
            manifest(name="@acme/new"),
            values(NPM_CONFIG_PROVENANCE="true"),
        ),
        "Can't generate provenance for new or private package",
        (FAILED,),
    ),
    Row(
        "P11",
        command("dist-tag", "add", "lib@1.0.0", "next", client="11.21.2"),
        "403",
        (EXCHANGED, PUT_403),
    ),
    Row("V1", manifest(private=True), "EPRIVATE", (EXCHANGED,)),
    Row("V2", manifest(version="1.0.0"), PUBLISHED, (EXCHANGED,)),
    Row(
        "V2 unpublished",
        lambda found: found.package.removed.update({"1.1.0": found.world.now}),
        PUBLISHED,
        (EXCHANGED, PUT_403),
    ),
    Row("V3", staged, "Cannot publish over previously staged version", (EXCHANGED, ("PUT", 409))),
    Row("V4", manifest(version="1.1.0-rc.1"), "You must specify a tag using --tag"),
    Row("V5", manifest(version="0.9.1"), "Cannot implicitly apply the", (EXCHANGED,)),
    Row("V6", command("publish", "--tag", "v1"), "Tag name must not be a valid SemVer range"),
    Row("V7", command("publish", "--access", "restricted"), "Can't restrict access", (EXCHANGED,)),
    Row("V8", both(manifest(packageExtensions={"a": {}}), client(NEWEST)), "EPACKAGEEXTENSIONS"),
    Row("V10", both(removed(3), token()), "cannot be republished until 24 hours", (PUT_403,)),
    Row(
        "K1",
        both(attribute("oidc", value=False), attribute("token", value="${NODE_AUTH_TOKEN}")),
        MISSING,
        (PUT_404,),
    ),
    Row("K1 empty", both(attribute("oidc", value=False), attribute("token", value="")), NO_TOKEN),
    Row("K2", revoked, MISSING, (PUT_404,)),
    Row(
        "K3 read",
        token(permissions=(("package", "read"),), bypass=False),
        "You may not perform that action",
        (PUT_403,),
    ),
    Row(
        "K3 other",
        token(scopes=(("package", "other"),)),
        "You may not perform that action",
        (PUT_403,),
    ),
    Row("K4", token(bypass=False), OTP, (PUT_401,)),
    Row("K5", disallowed, OTP, (PUT_401,)),
    Row("K6", token(bypass=False, publish_policy="stage_only"), "E_STAGE_REQUIRED", (PUT_403,)),
    Row("K7", token(cidr=("10.0.0.0/8",)), "EAUTHIP", (PUT_401,)),
    Row("K8", owner_left, MISSING, (PUT_404,)),
    Row("N3", both(manifest(name="@acme/new"), token()), "E402", (("PUT", 402),)),
    Row("H4", nearer_token, MISSING, (PUT_404,)),
    Row("H1", both(by_hand, attribute("token", value=None)), NO_TOKEN),
    Row("H2 no terminal", by_hand, OTP, (PUT_401,)),
    Row(
        "H2 no 2FA",
        without_two_factor,
        "Two-factor authentication or granular access token",
        (PUT_403,),
    ),
    Row("limit", limited, "rate limited exceeded", (EXCHANGED, ("PUT", 429))),
)


def test_there_are_enough() -> None:
    assert len({row.name for row in ROWS}) == len(ROWS) >= 50
    assert len({row.name.split()[0] for row in ROWS}) >= 40


@pytest.mark.parametrize("version", ["", "11.5.1", CLIENT_11, "11.21.2", NEWEST])
def test_the_world_before_is_accepted(tmp_path: Path, version: str) -> None:
    with run(tmp_path) as found:
        found.client = version
        done = found.go()
        assert done.returncode == 0, done.stderr
        assert found.answers == [EXCHANGED, ("PUT", 201)]
        assert found.package.versions[-1].version == "1.1.0"
        assert found.publisher.proven


@pytest.mark.sampled(4)
@pytest.mark.parametrize("through", PNPM)
def test_pnpm_hands_a_release_to_npm(tmp_path: Path, through: str) -> None:
    """CL5: the npm that pnpm runs decides whether a trusted publisher is used."""
    with run(tmp_path) as found:
        found.command, found.client = ("publish", "--no-git-checks"), LATE_11
        found.through = through
        done = found.go()
        assert (done.returncode, found.answers) == (0, [EXCHANGED, ("PUT", 201)]), done.stderr


@pytest.mark.parametrize("given", [{}, {"bypass": True, "scopes": (("package", NAME),)}])
def test_a_token_is_accepted(tmp_path: Path, given: dict[str, object]) -> None:
    with run(tmp_path) as found:
        found.by_token(**given)
        done = found.go()
        assert (done.returncode, found.answers) == (0, [("PUT", 201)]), done.stderr


@pytest.mark.sampled(12)
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_one_change_is_refused(tmp_path: Path, row: Row) -> None:
    with run(tmp_path) as found:
        row.change(found)
        before = len(found.package.versions) if found.world.package(NAME) else 0
        done = found.go()
        assert done.returncode != 0, done.stdout
        assert row.says in f"{done.stdout}{done.stderr}", done.stderr
        assert tuple(found.answers) == row.answers
        assert len(found.package.versions) == before
        assert found.world.package("lib-linux-x64") is None


@pytest.mark.parametrize("version", ["", "11.5.1", NEWEST])
@pytest.mark.parametrize(
    ("change", "signs"),
    [
        (both(), True),
        (manifest(publishConfig={"provenance": False}), True),
        (command("publish", "--no-provenance"), False),
        (values(NPM_CONFIG_PROVENANCE="false"), False),
    ],
    ids=["P6", "P7", "P7 option", "P7 variable"],
)
def test_the_manifest_does_not_switch_provenance_off(
    tmp_path: Path, version: str, change: Change, *, signs: bool
) -> None:
    """P7: npm goes on to sign what a public repository publishes."""
    with run(tmp_path) as found:
        found.variables["NPM_CONFIG_PROVENANCE"] = None
        change(found)
        found.client = version
        answer = found.sandbox.handler

        def visible(request: Request) -> Reply:
            # The registry shows a run whether its package is public.
            public = request.path.endswith("/visibility")
            return Reply(200, {"public": True}) if public else answer(request)

        found.sandbox.handler = visible
        done = found.go()
        assert (SIGSTORE in found.ids.audiences) is signs, done.stderr
        assert (found.answers == [EXCHANGED, ("PUT", 201)]) is not signs


def test_npm_that_fits_its_node_is_not_refused_for_it(tmp_path: Path) -> None:
    """CL3: the archive is not on this registry, so that nothing is installed."""
    with run(tmp_path) as found:
        newest_npm(">=18")(found)
        done = found.go()
        assert "EBADENGINE" not in done.stderr
        assert MISSING in done.stderr


PROVENANCE = {
    "P3": ({}, {"repository": "git+https://github.com/acme/old.git"}, "expected to match"),
    "P3 case": ({}, {"repository": "https://github.com/Acme/Lib"}, "expected to match"),
    "P3 absent": ({}, {"repository": ""}, '"repository.url" is ""'),
    "P4": ({"runner_environment": "self-hosted"}, {}, 'runner environment: "self-hosted"'),
    "P5": ({"repository_visibility": "private"}, {}, 'repository visibility: "private"'),
    "P5 internal": ({"repository_visibility": "internal"}, {}, 'visibility: "internal"'),
}


@pytest.mark.parametrize("row", PROVENANCE)
def test_provenance_that_does_not_fit_is_refused(tmp_path: Path, row: str) -> None:
    """Signing takes Sigstore's public log, so an upload is sent as the client makes it."""
    run_claims, keys, why = PROVENANCE[row]
    with run(tmp_path) as found:
        status, _ = upload(found, {}, {})
        assert status == 201
        found.manifest["version"] = "1.2.0"
        status, said = upload(found, run_claims, keys)
        assert (status, why in said) == (422, True), said
        assert "Error verifying sigstore provenance bundle" in said


def upload(found: Run, run_claims: dict[str, str], keys: dict[str, str]) -> tuple[int, str]:
    """Exchange an id token, and send a version with a provenance bundle."""
    import requests  # noqa: PLC0415 (few tests need it)

    host = found.sandbox.url.partition("://")[2].partition(":")[0]
    token_ = id_token({**found.ids.claims, **run_claims, "aud": f"npm:{host}"})
    exchange = f"{found.sandbox.url}/-/npm/v1/oidc/token/exchange/package/{NAME}"
    made = requests.post(exchange, headers={"authorization": f"Bearer {token_}"}, timeout=30)
    assert made.status_code == 201
    own = {**found.manifest, **keys}
    version = own["version"]
    body = {
        "name": NAME,
        "dist-tags": {"latest": version},
        "versions": {version: own},
        "access": "public",
        "_attachments": {
            f"{NAME}-{version}.tgz": {"data": base64.b64encode(b"archive").decode()},
            f"{NAME}-{version}.sigstore": {"data": "{}"},
        },
    }
    reply = requests.put(
        f"{found.sandbox.url}/{NAME}",
        data=json.dumps(body),
        headers={"authorization": f"Bearer {made.json()['token']}"},
        timeout=30,
    )
    return reply.status_code, reply.json().get("error", "")


def test_only_a_person_approves(tmp_path: Path) -> None:
    """ST1: a run of CI cannot approve, and without a terminal no one can."""
    with run(tmp_path) as found:
        found.command = ("stage", "publish")
        assert found.go().returncode == 0
        (waiting,) = found.world.staged
        found.command = ("stage", "approve", waiting.id)
        found.by_hand()
        done = found.go()
        assert OTP in done.stderr
        found.token = next(iter(found.releases.runs))
        assert "E401" in found.go().stderr
        assert found.world.staged == [waiting]


def test_staging_twice_is_refused(tmp_path: Path) -> None:
    """ST2: staged numbers are taken."""
    with run(tmp_path) as found:
        found.command = ("stage", "publish")
        assert found.go().returncode == 0
        done = found.go()
        assert "Cannot publish over previously staged version" in done.stderr
        assert found.answers[-1] == ("POST", 409)


def test_several_publishers_are_alternatives(tmp_path: Path) -> None:
    with run(tmp_path) as found:
        other = replace(
            found.publisher, id="other", claims={**found.publisher.claims, "environment": "npm"}
        )
        found.package.publishers.insert(0, other)
        assert found.go().returncode == 0
