"""What a user can get wrong with tokens and addresses, from the command line to the wire."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hardenme.sandbox.http import LoopbackServer, Reply, Request
from tests.cli.command import Command
from tests.cli.conftest import Accounts
from tests.collectors.raw_server import RawServer, says
from tests.collectors.test_in_transit import certificate, encrypting

NOW = datetime.now(UTC)
DISTRUST = (
    "the certificate of 127.0.0.1 is not trusted by this machine: behind a company's"
    " proxy, name the proxy's certificate with --ca-file FILE"
)


def test_a_token_that_can_do_more_is_told_with_the_least_that_is_enough(weak: Accounts) -> None:
    def powerful(_: Request, reply: Reply) -> Reply:
        reply.headers["x-oauth-scopes"] = "repo, admin:org, delete_repo"
        return reply

    weak.github.fault(".*", edit=powerful)
    ran = weak.check("--select", "GHT105,GHT106", "-f", "json", "--fail-on", "low")
    assert ran.code == 1
    found = {item["code"]: item for item in json.loads(ran.out)["findings"]}
    surplus, reading = found["GHT105"], found["GHT106"]
    assert surplus["outcome"] == reading["outcome"] == "failed"
    assert (surplus["severity"], reading["severity"]) == ("critical", "high")
    seen = surplus["evidence"]["seen"]
    assert seen["surplus"] == ["delete_repo"]
    assert "read:public_key" in seen["needed"]
    assert reading["evidence"]["seen"]["writing"] == ["admin:org", "delete_repo", "repo"]
    # How to come to the least one stands with it.
    assert surplus["fix"]["page"].endswith("/settings/tokens")
    assert reading["fix"]["page"].endswith("/settings/tokens")
    assert "read permissions only" in reading["fix"]["step"]


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    "url",
    [
        "https://169.254.169.254",
        "https://169.254.169.254/latest/meta-data",
        "https://[fe80::1]",
        "https://[febf::1]:8443",
        "https://[::ffff:169.254.169.254]",
        "https://2852039166",
        "https://0xa9fea9fe",
        "http://169.254.169.254",
        "http://metadata.example.test",
        "http://localhost:8080",
        "http://0.0.0.0:8080",
        "http://127.0.0.1.evil.example.test",
        "https://api.github.com@evil.example.test",
        "https://api.github.com\\@evil.example.test",
        "https://api.github.com%2eevil.example.test",
        "https://api.g\u0456thub.com",
        "https://api\u3002github.com",
        "https://api.github.com\r\nHost: evil.example.test",
        "https:evil.example.test",
        "//evil.example.test",
        "file:///etc/passwd",
    ],
)
@pytest.mark.parametrize("option", ["--github-url", "--npm-registry"])
def test_an_address_that_is_no_usable_one_is_refused_before_anything_is_sent(
    command: Command, option: str, url: str
) -> None:
    with LoopbackServer(lambda _: Reply(data={})) as evil:
        ran = command(
            *("check", "--no-local", option, url, "--select", "GHA101,NPA101"),
            HARDENME_GITHUB_TOKEN="ghp_CANARY000000000000000000000000000000",
            HARDENME_NPM_TOKEN="npm_CANARYnotarealtoken0000000000000000",
            HTTPS_PROXY=evil.url,
            HTTP_PROXY=evil.url,
        )
    assert (ran.code, ran.out, len(ran.told)) == (2, "", 1)
    assert evil.requests == []


def test_whatever_leads_to_another_host_is_not_followed(weak: Accounts) -> None:
    """Redirects, links to a next page, and addresses in bodies, from both providers in one run."""
    with LoopbackServer(lambda _: Reply(data=[])) as evil:

        def moved(status: int) -> Callable[[Request, Reply], Reply]:
            return lambda request, _: Reply(status, {}, {"Location": evil.url + request.path})

        def linked(_: Request, reply: Reply) -> Reply:
            reply.headers["link"] = f'<{evil.url}/keys?page=2>; rel="next"'
            return reply

        def told(_: Request, reply: Reply) -> Reply:
            names = ("url", "html_url", "repos_url", "organizations_url", "keys_url")
            reply.data |= dict.fromkeys(names, evil.url) | {"urls": {"next": f"{evil.url}/next"}}
            return reply

        weak.github.fault("/user", edit=told)
        weak.github.fault("/user/keys.*", edit=linked)
        weak.github.fault("/user/emails.*", edit=moved(301))
        weak.github.fault("/user/gpg_keys.*", edit=moved(302))
        weak.npm.fault("/-/npm/v1/user", edit=moved(308))
        weak.npm.fault("/-/npm/v1/tokens.*", edit=told)
        ran = weak.check("--select", "GHA,NPA,NPT", "-f", "json")
    assert evil.requests == []
    assert ran.code == 1
    unknown = {
        (item["code"], item["unknown"]["reason"])
        for item in json.loads(ran.out)["findings"]
        if item["outcome"] == "unknown" and item["subject"].endswith(":user/mallow")
    }
    assert unknown >= {
        ("GHA104", "INCOMPLETE"),
        ("GHA106", "NOT_PERMITTED"),
        ("GHA108", "NOT_VISIBLE"),
        ("NPA101", "NOT_VISIBLE"),
        ("NPT101", "INCOMPLETE"),
    }


def test_other_authorities_count_by_the_option_alone(command: Command, tmp_path: Path) -> None:
    path = certificate(tmp_path, NOW - timedelta(days=1), NOW + timedelta(days=1))
    keys = tmp_path / "keys"
    environ = {
        **dict.fromkeys(("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"), str(path)),
        "SSLKEYLOGFILE": str(keys),
        "HARDENME_GITHUB_TOKEN": "ghp_CANARY000000000000000000000000000000",
    }
    refused = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"
    with RawServer(says(refused), encrypting(path)) as server:
        asking = ("--github-url", server.url, "--npm-registry", "http://127.0.0.1:9")
        arguments = ("check", "--full", "--no-local", "--no-cache", *asking, "--select", "GHA101")
        ran = command(*arguments, **environ)
        assert ran.code == 3
        assert f"no answer: {DISTRUST}" in " ".join(ran.out.split())
        names = "SSL_CERT_FILE and REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE"
        assert f"{names} do not count: name certificate authorities with --ca-file" in ran.err
        screen = command(*(one for one in arguments if one != "--full"), **environ)
        assert f"1 {DISTRUST}" in " ".join(screen.out.split())
        assert server.heads == []
        ran = command(*arguments, "--ca-file", str(path), **environ)
        assert ran.code == 4
        assert b"token ghp_CANARY" in server.heads[0]
        assert "do not count" not in ran.err
        (command.folder / "empty.pem").write_text("-----BEGIN NOTHING-----\n")
        ran = command(*arguments, "--ca-file", "empty.pem")
        assert (ran.code, ran.err) == (
            2,
            "hardenme: --ca-file holds no certificate in PEM that can be read: empty.pem\n",
        )
    assert not keys.exists()
    told = command("doctor", "--offline", "--ca-file", str(path), **environ)
    assert f"only {path} (--ca-file)" in " ".join(told.out.split())
    told = command("doctor", "--offline", **environ)
    rows = " ".join(told.out.split())
    assert "certificates: the operating system's store" in rows
    assert "SSL_CERT_FILE: ignored: certificates come from the operating system" in rows


@pytest.mark.parametrize(
    "target",
    [
        "github:acme\r\nX-Evil: 1",
        "github:acme/web\r\nX-Evil: 1",
        "github:acme/web HTTP/1.1",
        "npm:a\r\nX-Evil: 1",
        "npm:@acme/..%2f..%2f-%2fwhoami",
        "npm:a?b=c",
        "github:acme/..",
        "github:a#b/c",
    ],
)
def test_a_name_that_would_be_another_request_is_no_target(weak: Accounts, target: str) -> None:
    ran = weak.check(target)
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.told) == 1
    assert weak.asked == 0


@pytest.mark.parametrize("command_name", ["check", "watch", "attest", "doctor", "demo"])
def test_no_option_turns_verification_off(command: Command, command_name: str) -> None:
    told = command(command_name, "--help-all" if command_name == "check" else "--help").out
    assert "--ca-file" in told or command_name == "demo"
    for word in ("insecure", "no-verify", "skip-tls", "--proxy"):
        assert word not in told
        assert command(command_name, f"--{word.strip('-')}").code == 2
