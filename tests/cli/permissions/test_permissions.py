"""`hardenme permissions`: what it prints, as text, JSON, links and manifest."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hardenme.cli.options.least_token import LeastTokenOptions
from hardenme.engine.catalogue import catalogue
from hardenme.facts.github.permissions import ACCOUNT, APPS_ALONE, ORGANIZATION, REPOSITORY
from hardenme.model.least import Gap, LeastToken, Permissions, Right
from hardenme.reports.permissions import render
from hardenme.reports.permissions_brief import render as brief
from hardenme.reports.style import Style
from tests.cli.command import Command
from tests.printed import printed

pytestmark = pytest.mark.sampled(6)

URL_NAMES = ACCOUNT | REPOSITORY | ORGANIZATION
GITHUB = "https://github.com"
OWNERS = [f"github:{name}" for name in ("acme", "birch", "cedar", "dogwood", "elm", "fir")]


def document(command: Command, *arguments: str) -> dict[str, Any]:
    ran = command("permissions", "--format", "json", *arguments)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.isascii()
    found: dict[str, Any] = printed("permissions", ran.out)
    return found


def token(found: dict[str, Any], kind: str, owner: str = "") -> dict[str, Any]:
    (one,) = (t for t in found["tokens"] if (t["kind"], t["owner"]) == (kind, owner))
    return dict(one)


def query(link: str) -> dict[str, str]:
    return {name: value for name, (value,) in parse_qs(urlsplit(link).query).items()}


def rights(found: dict[str, Any]) -> dict[str, str]:
    return dict(right["name"].split(":") for right in found["rights"])


def test_ones_own_accounts(command: Command) -> None:
    found = document(command, "--profile", "solo")
    assert found["schema_version"] == "1.0"
    assert (found["targets"], found["depth"]) == (["me"], "standard")
    kinds = [one["kind"] for one in found["tokens"]]
    assert kinds == ["fine-grained", "classic", "oauth", "session", "granular"]
    own = token(found, "fine-grained")
    link = urlsplit(own["link"])
    assert (
        f"{link.scheme}://{link.netloc}{link.path}"
        == f"{GITHUB}/settings/personal-access-tokens/new"
    )
    asked = query(own["link"])
    assert asked.pop("name") == "hardenme"
    assert asked.pop("expires_in") == "30"
    assert len(asked.pop("description")) <= 1024
    assert asked == rights(own)
    assert "target_name" not in asked
    assert set(asked.values()) == {"read"}
    assert asked.keys() <= URL_NAMES
    assert {right["place"] for right in own["rights"]} == {"account", "repository"}


def test_an_organization(command: Command) -> None:
    found = document(
        command, "--for", "github:acme", "--profile", "org", "--depth", "deep", "--expires-in", "7"
    )
    asked = query(token(found, "fine-grained", "acme")["link"])
    assert asked.pop("target_name") == "acme"
    assert asked.pop("expires_in") == "7"
    app = token(found, "installation", "acme")
    assert rights(app).keys() - asked.keys() == APPS_ALONE
    assert all(right["linked"] for right in app["rights"])
    asked = query(app["link"])
    assert rights(app).items() <= asked.items()
    assert (asked["webhook_active"], asked["public"]) == ("false", "false")
    assert "personal-access-tokens" not in app["link"]
    roles = {role["name"] for role in token(found, "fine-grained", "acme")["roles"]}
    assert roles == {"organization owner", "repository admin"}
    assert not app["roles"], "an app has no account"


def test_several_owners_have_a_link_each(command: Command) -> None:
    named = ("me", "github:acme", "github:umbra/web")
    found = document(command, *(word for name in named for word in ("--for", name)))
    links = [one["link"] for one in found["tokens"] if one["kind"] == "fine-grained"]
    assert [query(link).get("target_name", "") for link in links] == ["", "acme", "umbra"]
    assert [query(link)["name"] for link in links] == [
        "hardenme",
        "hardenme-acme",
        "hardenme-umbra",
    ]
    assert token(found, "classic")["targets"] == list(named)


@pytest.mark.parametrize("owner", ["a" * 39, "b" * 30 + "-" + "c" * 8])
def test_a_name_fits(command: Command, owner: str) -> None:
    found = document(command, "--for", f"github:{owner}")
    name = query(token(found, "fine-grained", owner)["link"])["name"]
    app = query(token(found, "installation", owner)["link"])["name"]
    assert len(name) <= 40
    assert len(app) <= 34
    assert name.startswith("hardenme-")
    assert not name.endswith("-")


def test_the_classic_token_and_gh(command: Command) -> None:
    found = document(command, "--select", "GHA103,GHA108")
    classic = token(found, "classic")
    assert classic["link"] == (
        f"{GITHUB}/settings/tokens/new?description=hardenme&scopes=read:public_key,user:email"
    )
    assert [right["changes"] for right in classic["rights"]] == ["", ""]
    words = shlex.split(token(found, "oauth")["command"])
    assert words == [
        *("gh", "auth", "refresh", "-h", "github.com", "-s", "read:public_key,user:email"),
    ]
    own = token(document(command, "--select", "GHA112,GHB,GHA103"), "oauth")
    assert {right["name"] for right in own["rights"]} == {"read:org", "read:public_key", "repo"}
    assert own["command"] == "gh auth refresh -h github.com -s read:public_key"
    held = command("permissions", "--full", "--select", "GHA112", COLUMNS="200")
    assert "It holds them already" in held.out
    assert "gh auth refresh" not in held.out
    wide = token(document(command, "--for", "github:acme"), "classic")
    assert all(right["changes"] for right in wide["rights"])


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("named", "web", "prefilled"),
    [
        ("https://github.com/", GITHUB, True),
        ("api.github.com", GITHUB, True),
        ("https://acme.ghe.com", "https://acme.ghe.com", True),
        ("https://api.acme.ghe.com", "https://acme.ghe.com", True),
        ("https://ghes.example", "https://ghes.example", False),
        ("https://ghes.example/api/v3", "https://ghes.example", False),
        ("https://notghe.com.example", "https://notghe.com.example", False),
    ],
)
def test_another_host(command: Command, named: str, web: str, prefilled: bool) -> None:  # noqa: FBT001 (a case)
    found = document(command, "--github-url", named, "--for", "github:acme")
    own = token(found, "fine-grained", "acme")
    assert bool(own["link"]) is prefilled
    assert own["page"] == f"{web}/settings/personal-access-tokens/new"
    addresses = [own["link"] or own["page"], token(found, "classic")["link"]]
    assert all(address.startswith(f"{web}/") for address in addresses)
    ran = command(
        "permissions", "--full", "--github-url", named, "--for", "github:acme", COLUMNS="200"
    )
    assert ("This host has no page that can be filled in" in ran.out) is not prefilled
    for right in own["rights"]:
        assert right["name"] in ran.out, "the list is printed in any case"
        assert right["linked"] is prefilled
    assert ("No link can fill that in" in ran.out) is prefilled


def test_the_manifest_of_an_app(command: Command) -> None:
    ran = command("permissions", "--for", "github:acme", "--depth", "deep", "--app-manifest")
    assert ran.code == 0
    manifest = json.loads(ran.out)
    found = document(command, "--for", "github:acme", "--depth", "deep")
    assert manifest == token(found, "installation", "acme")["manifest"]
    assert manifest["default_permissions"] == rights(token(found, "installation", "acme"))
    assert set(manifest["default_permissions"].values()) == {"read"}
    assert manifest["default_events"] == []
    assert manifest["public"] is False
    assert manifest["hook_attributes"]["active"] is False
    assert manifest.keys() == {
        *("name", "description", "url", "public", "hook_attributes"),
        *("default_events", "default_permissions"),
    }
    (line,) = ran.told
    assert f"{GITHUB}/organizations/acme/settings/apps/new" in line
    named = re.findall(r"`(hardenme [^`]+)`", line)
    assert named == ["hardenme permissions --for github:acme --depth deep --full"]
    shown = command(*shlex.split(named[0])[1:], COLUMNS="2000").out
    assert token(found, "installation", "acme")["link"] in shown


ASKED = (
    ("--for", "github:acme"),
    ("--for", "github:acme", "--for", "npm:@acme/ui", "--select", "GHB,PUB", "--select", "NPP"),
    ("--for", "github:acme", "--profile", "org", "--depth", "deep", "--expires-in", "7"),
    ("--ignore", "GHA", "--github-url", "ghes.example", "--npm-registry", "https://npm.example"),
    (),
)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("options", ASKED)
def test_the_command_that_shows_everything_shows_it_of_the_same(
    command: Command, options: tuple[str, ...]
) -> None:
    last = command("permissions", *options).out.splitlines()[-1]
    named = last[last.index("hardenme permissions") :]
    assert shlex.split(named)[2:] == [*options, "--full"]
    assert command(*shlex.split(named)[1:]).out == command("permissions", *options, "--full").out


def test_npm(command: Command) -> None:
    found = document(command, "--for", "npm:@acme", "--depth", "deep", "--expires-in", "60")
    assert token(found, "session")["command"] == "npm login"
    granular = token(found, "granular")
    assert granular["command"] == npm_command("--scopes acme", "--orgs acme", days=60)
    assert {right["name"] for right in granular["rights"]} == {"org:read", "package:read"}
    whys = {gap["why"] for gap in granular["gaps"]}
    assert "npm promises it only to a session token, with a one-time password" in whys
    elsewhere = ("--for", "npm:@acme", "--npm-registry", "https://npm.example/")
    other = document(command, *elsewhere)
    assert token(other, "session")["command"] == "npm login --registry https://npm.example"
    ran = command("permissions", "--full", *elsewhere, COLUMNS="300")
    assert "Replace ORG" not in ran.out
    assert "Or create the token here" not in ran.out, "the address of an API is no such page"


def test_npm_makes_no_token_that_opens_nothing(command: Command) -> None:
    found = token(document(command, "--select", "NPA103"), "granular")
    assert found["rights"] == []
    assert found["command"] == (
        "npm token create --name hardenme --expires 30"
        " --packages PACKAGE --packages-and-scopes-permission read-only"
    )
    ran = command("permissions", "--full", "--select", "NPA103")
    assert "replace PACKAGE with one of your public packages" in " ".join(ran.out.split())


def npm_command(packages: str, organizations: str, days: int = 30) -> str:
    return (
        f"npm token create --name hardenme --expires {days}"
        f" {packages} --packages-and-scopes-permission read-only"
        f" {organizations} --orgs-permission read-only"
    )


@pytest.mark.parametrize(
    ("targets", "packages", "organizations"),
    [
        (("me",), "--packages-all", "--orgs ORG"),
        (("npm:@acme/web",), "--packages @acme/web", "--orgs ORG"),
        (
            ("npm:@acme", "npm:left-pad"),
            "--scopes acme --packages left-pad",
            "--orgs acme --orgs ORG",
        ),
        # One's own packages may be of any scope.
        (("npm:@acme", "me"), "--packages-all", "--orgs acme --orgs ORG"),
    ],
)
def test_an_npm_token_opens_what_is_named(
    command: Command, targets: tuple[str, ...], packages: str, organizations: str
) -> None:
    words = [word for name in targets for word in ("--for", name)]
    found = document(command, *words, "--select", "NPP109,PUB101")
    assert token(found, "granular")["command"] == npm_command(packages, organizations)
    ran = command("permissions", "--full", *words, "--select", "NPP109,PUB101", COLUMNS="300")
    assert "Replace ORG with the names of your organizations." in ran.out
    assert "Or create the token here:\n  https://www.npmjs.com/settings/~/tokens/" in ran.out


@pytest.mark.parametrize(
    ("arguments", "owner", "reach", "told"),
    [
        (("--for", "github:acme"), "acme", "all", "choose All repositories"),
        (
            ("--for", "github:acme/web", "--for", "github:acme/api"),
            *(
                "acme",
                "selected",
                "choose Only select repositories, and of these acme/web, acme/api",
            ),
        ),
        (("--for", "github:acme/web", "--for", "github:acme"), "acme", "all", "All repositories"),
        (("--for", "github:acme", "--select", "GHO101"), "acme", "public", "Public repositories"),
        (("--select", "GHA103"), "", "public", "choose Public repositories"),
        (("--select", "GHR110"), "", "all", "choose All repositories"),
        (("--for", "npm:left-pad", "--select", "REL"), "", "all", "choose All repositories"),
    ],
)
def test_a_token_is_given_no_more_repositories_than_are_looked_at(
    command: Command, arguments: tuple[str, ...], owner: str, reach: str, told: str
) -> None:
    found = document(command, *arguments)
    for kind in ("fine-grained", "installation") if owner else ("fine-grained",):
        one = token(found, kind, owner)
        assert one["reach"] == reach
        assert [f"github:{name}" for name in one["repositories"]] == (
            one["targets"] if reach == "selected" else []
        )
    assert {token(found, kind)["reach"] for kind in ("classic", "oauth")} == {""}
    text = " ".join(command("permissions", "--full", *arguments).out.split())
    assert f"{told}. No link can fill that in." in text
    installed = {"public": "install the app.", "all": "install the app: choose All repositories."}
    if owner:
        assert installed.get(reach, f"install the app: {told}.") in text


def test_what_no_link_fills_in_is_told() -> None:
    rights = (
        Right("keys:read", "account", ("GHA103",), linked=True),
        Right("tomorrow:read", "account", ("GHA103",)),
    )
    made = LeastToken(
        provider="github", kind="fine-grained", web=GITHUB, targets=("me",), checks=("GHA103",),
        answered=("GHA103",), rights=rights, reach="public", link=f"{GITHUB}/new?keys=read",
    )  # fmt: skip
    all_ = Permissions(targets=("me",), depth="standard", checks=("GHA103",), tokens=(made,))
    text = render(all_, Style(100, color=False, ascii_only=True))
    assert "The link does not fill in tomorrow:read: set that by hand." in text


def test_nothing_is_headed_under_which_nothing_stands() -> None:
    made = LeastToken(
        provider="github", kind="fine-grained", web=GITHUB, targets=("me",), checks=("GHA103",),
        gaps=(Gap("GitHub shows it to no such token", ("GHA101",)),),
    )  # fmt: skip
    all_ = Permissions(
        targets=("me",),
        depth="standard",
        checks=("GHA103",),
        tokens=(made,),
        unconcerned=("GHO101",),
    )
    text = render(all_, Style(100))
    assert "What stays unknown all the same" in text
    assert "Whatever the token" not in text
    person = replace(all_, person=(Gap("only you see it", ("NPA104",)),))
    assert "Whatever the token\n  NPA104: only you see it" in render(person, Style(100))


@pytest.mark.parametrize(
    ("arguments", "useless", "useful"),
    [
        (("--select", "GHA101"), {("fine-grained", "")}, {("classic", ""), ("oauth", "")}),
        (
            ("--select", "GHO115", "--for", "github:acme"),
            {("fine-grained", "acme"), ("classic", ""), ("oauth", "")},
            {("installation", "acme")},
        ),
        (("--select", "NPP101"), {("granular", "")}, {("session", "")}),
    ],
)
def test_a_token_that_answers_nothing_is_not_to_be_made(
    command: Command,
    arguments: tuple[str, ...],
    useless: set[tuple[str, str]],
    useful: set[tuple[str, str]],
) -> None:
    found = document(command, *arguments)
    for kind, owner in useless:
        one = token(found, kind, owner)
        assert one["answered"] == one["rights"] == []
        assert {one[how] for how in ("link", "page", "command", "store", "reach")} == {""}
        assert one["gaps"], "it is told why"
    for kind, owner in useful:
        one = token(found, kind, owner)
        assert one["answered"] == one["checks"]
        assert one["link"] or one["command"]
    assert {(one["kind"], one["owner"]) for one in found["tokens"]} == useless | useful
    ran = command("permissions", "--full", *arguments, COLUMNS="200")
    assert ran.out.count("No token of this kind answers any of these checks") == len(useless)


def test_what_takes_no_token(command: Command) -> None:
    local = document(command, "--for", "local")
    assert local["tokens"] == []
    assert set(local["free"]) == set(local["checks"])
    public = document(command, "--for", "npm:left-pad", "--select", "REL")
    assert {one["kind"] for one in public["tokens"]} == {"fine-grained", "classic", "oauth"}
    assert set(public["checks"]) - set(public["free"]) == {"REL105"}


def test_every_check_is_accounted_for(command: Command) -> None:
    targets = ("me", "github:acme", "npm:@acme", "npm:left-pad", "local")
    words = [word for name in targets for word in ("--for", name)]
    found = document(command, "--depth", "deep", *words)
    asked = {code for one in found["tokens"] for code in one["checks"]}
    assert asked | set(found["free"]) == set(found["checks"])
    left_out = sum(found["left_out"].values())
    assert len(found["checks"]) + len(found["unconcerned"]) + left_out == len(catalogue())
    assert found["unconcerned"] == []


@pytest.mark.sampled(2)
@pytest.mark.parametrize("columns", ["40", "80", "132"])
@pytest.mark.parametrize("full", [("--full",), ()], ids=["full", "brief"])
def test_lines_fit_the_terminal(command: Command, columns: str, full: tuple[str, ...]) -> None:
    ran = command("permissions", *full, "--for", "github:acme", "--for", "me", COLUMNS=columns)
    for line in ran.out.splitlines():
        begins = ("  gh ", "  npm ", "  hardenme ", "   hardenme ", "   Store it: ", "   Sign in: ")
        whole = "http" in line or line.startswith(begins)
        one_word = len(line.split()) == 1
        assert whole or one_word or len(line) <= int(columns), line


def test_what_a_person_reads(command: Command) -> None:
    ran = command("permissions", "--full", "--for", "github:acme", "--depth", "deep", COLUMNS="80")
    text = " ".join(ran.out.split())
    for told in (
        "Repository access: choose All repositories. No link can fill that in.",
        "If the link does not work, set the permissions above by hand:",
        "can change code, settings and webhooks of every repository that you can write to",
        "Choose one of GitHub's kinds",
        "GHO115: only a GitHub App can read it, with organization_personal_access_tokens:read",
        "it takes administration:write or organization_administration:write, which is what shows",
        "hardenme does not ask for it",
        "must be organization owner, for",
    ):
        assert told in text, told
    assert "\x1b" not in ran.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--for", "acme"), "did you mean npm:acme?"),
        (("--select", "GHX999"), "no check is called"),
        (("--depth", "abyss"), "depth"),
        (("--profile", "duo"), "--profile takes one of"),
        (("--profile", "org"), "--profile org is for an organization"),
        (("--format", "xml"), "--format takes one of: table, json"),
        (("--github-url", "http://plain.example"), "loopback"),
        (("--github-url", "https://user:secret@host.example"), "no password"),
        (("--app-manifest",), "for one organization"),
        (("--app-manifest", "--for", "github:a", "--for", "github:b"), "for one organization"),
        (("--expires-in", "0"), "0"),
        (("--expires-in", "400"), "400"),
    ],
)
def test_what_is_not_of_its_form(command: Command, arguments: tuple[str, ...], told: str) -> None:
    ran = command("permissions", *arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert told in ran.err


def test_a_profile_leaves_out_the_checks_of_others(command: Command) -> None:
    every, solo = document(command), document(command, "--profile", "solo")
    only = {check.code for check in catalogue() if check.profiles and "solo" not in check.profiles}
    assert only
    assert set(every["checks"]) - set(solo["checks"]) == only & set(every["checks"])
    assert solo["left_out"]["belongs to another profile"] == len(only)


@pytest.mark.parametrize(
    ("arguments", "links", "commands"),
    [
        (
            (),
            (f"{GITHUB}/settings/personal-access-tokens/new?name=hardenme&",),
            ("Store it: hardenme auth login github", "Sign in: hardenme auth login npm"),
        ),
        (
            ("--for", "github:acme", "--for", "github:birch"),
            (
                f"{GITHUB}/settings/personal-access-tokens/new?name=hardenme-acme&",
                f"{GITHUB}/settings/personal-access-tokens/new?name=hardenme-birch&",
            ),
            (
                "Store it: hardenme auth login github --owner acme",
                "Store it: hardenme auth login github --owner birch",
            ),
        ),
        (("--for", "npm:@acme", "--select", "NPO"), (), ("Sign in: hardenme auth login npm",)),
        (
            ("--select", "GHA101"),
            (f"{GITHUB}/settings/tokens/new?description=hardenme&scopes=user",),
            ("Store it: hardenme auth login github",),
        ),
        (
            ("--for", "github:acme", "--select", "GHO115"),
            (f"{GITHUB}/organizations/acme/settings/apps/new?name=hardenme-acme&",),
            ("hardenme check github:acme --app-id ID --app-key FILE",),
        ),
        (
            ("--for", "github:acme", "--github-url", "ghes.example"),
            ("https://ghes.example/settings/personal-access-tokens/new",),
            ("Store it: hardenme auth login github --host ghes.example --owner acme",),
        ),
        (("--for", "local"), (), ("13 checks need no token.",)),
    ],
)
def test_first_comes_the_link_and_the_next_command(
    command: Command, arguments: tuple[str, ...], links: tuple[str, ...], commands: tuple[str, ...]
) -> None:
    ran = command("permissions", *arguments)
    lines = ran.out.splitlines()
    found = [line.strip() for line in lines if line.strip().startswith("http")]
    assert [link.startswith(begun) for link, begun in zip(found, links, strict=True)] == [
        True for _ in links
    ]
    assert [line for line in commands if not any(one.endswith(line) for one in lines)] == []
    assert lines[-1].endswith(shlex.join(["hardenme", "permissions", *arguments, "--full"]))
    made = {one["link"] or one["page"] for one in document(command, *arguments)["tokens"]}
    assert set(found) <= made, "they are whole"


@pytest.mark.second_tier("the least tokens of many targets")
@given(st.lists(st.sampled_from(["me", "npm:@acme", "local", *OWNERS]), max_size=12, unique=True))
@example(["local", *OWNERS[:4]])
@settings(max_examples=6, deadline=None)
def test_it_is_twenty_lines_whatever_is_asked(targets: list[str]) -> None:
    asked = LeastTokenOptions(
        targets=targets, select=(), ignore=(), profile="", depth="standard", days=30,
        github_url=GITHUB, npm_registry="",
    )  # fmt: skip
    found = asked.permissions()
    for columns in (80, 100):
        style = Style(columns, color=False, ascii_only=False)
        lines = brief(found, style, asked.line).splitlines()
        assert len(lines) <= 20
        for provider in {one.provider for one in found.tokens}:
            assert any(line.lower().startswith(provider) for line in lines), "each has its own"
