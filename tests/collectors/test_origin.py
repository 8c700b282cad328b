from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.collectors.transport.origin import Origin, base_url, followed

HOST = "api.github.example"
BASE = f"https://{HOST}"


@pytest.mark.parametrize(
    "url",
    [
        "http://api.github.example",
        "http://localhost:8080",
        "http://127.0.0.1.evil.example",
        "http://2130706433/",
        "http://10.0.0.1/",
        "http://0.0.0.0/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::127.0.0.1]/",
        "http://[2002:7f00:1::1]/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "//api.github.example",
        "api.github.example",
        "",
        "https://",
        "https:///path",
        "https://user:pass@api.github.example",
        "https://user@api.github.example",
        "https://@api.github.example",
        "https://169.254.169.254/latest",
        "https://[fe80::1]/",
        "https://[fe80::1%25eth0]/",
        "https://[::ffff:169.254.169.254]/",
        "https://[febf::1]/",
        "https://[64:ff9b::a9fe:a9fe]/",
        "https://[2002:a9fe:a9fe::1]/",
        "https://2852039166/",
        "https://0xa9fea9fe/",
        "https://0xA9.0xFE.0xA9.0xFE/",
        "https://0251.0376.0251.0376/",
        "https://169.254.43518/",
        "https://169.254.169.254./",
        "https://api.github.example.1/",
        "https://api.github.ex\u00e4mple/",
        "https://\uff41pi.github.example/",
        "https://api.github.example\r\nX-Evil: 1",
        "https://api.github.example/\nX-Evil: 1",
        "https://api.github.example/a b",
        "https://api.github.ex\u0430mple",
        "https://api.github.example\u3002evil",
        "https://api%2egithub.example",
        "https://api.github.example\\.evil.example/",
        "https://api.github.example\\@evil.example/",
        "https://api.github.example:99999/",
        "https://api.github.example:port/",
        "https://api..github.example:-1/",
    ],
)
def test_an_address_that_is_never_asked(url: str) -> None:
    with pytest.raises(ValueError):
        Origin.of(url)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://API.GitHub.Example/", BASE),
        ("https://api.github.example./x", BASE),
        ("https://api.github.example:443/x", BASE),
        ("https://api.github.example:8443", f"{BASE}:8443"),
        ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080"),
        ("http://127.1.2.3", "http://127.1.2.3"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("http://[::ffff:127.0.0.1]:8080/", "http://[::ffff:127.0.0.1]:8080"),
        ("https://[2001:db8::1]/", "https://[2001:db8::1]"),
    ],
)
def test_an_origin_in_its_normal_form(url: str, shown: str) -> None:
    assert str(Origin.of(url)) == shown


def test_port_0_is_not_the_usual_port() -> None:
    assert Origin.of(f"{BASE}:0/") != Origin.of(BASE)


def test_a_base_address_keeps_its_path() -> None:
    assert base_url("https://GHE.Example/api/v3/") == "https://ghe.example/api/v3"


@pytest.mark.parametrize("url", [f"{BASE}/?a=1", f"{BASE}/#a", "http://ghe.example"])
def test_a_base_address_that_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        base_url(url)


EVIL = [
    "https://evil.example/",
    "//evil.example/",
    "//evil.example:443/x",
    f"https://{HOST}.evil.example/",
    f"https://{HOST}@evil.example/",
    f"https://{HOST}:443@evil.example/",
    f"https://evil.example#@{HOST}/",
    f"https://evil.example\\@{HOST}/",
    f"https://evil.example?@{HOST}/",
    f"https://evil.{HOST}/",
    f"http://{HOST}/",
    f"https://{HOST}:444/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:application/json,[]",
    "https:evil.example",
    "/\\evil.example/",
    "https://user:pass@" + HOST + "/",
    "/x\r\nHost: evil.example",
]


@pytest.mark.parametrize("link", EVIL)
def test_a_link_that_leaves_is_not_followed(link: str) -> None:
    target = followed(Origin.of(BASE), f"{BASE}/user/keys", link)
    # A relative path with an odd name stays; nothing may name another host.
    assert target is None or Origin.of(target) == Origin.of(BASE)
    if "evil" in link and not link.startswith("https:evil"):
        assert target is None


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("?page=2", f"{BASE}/user/keys?page=2"),
        ("/repositories/1", f"{BASE}/repositories/1"),
        (f"https://{HOST.upper()}:443/x", f"https://{HOST.upper()}:443/x"),
    ],
)
def test_a_link_that_stays_is_followed(link: str, target: str) -> None:
    assert followed(Origin.of(BASE), f"{BASE}/user/keys", link) == target


@given(st.text(max_size=80))
def test_any_text_is_an_address_of_the_origin_or_none(text: str) -> None:
    for link in (text, f"https://{text}", f"{BASE}{text}", f"//{text}"):
        target = followed(Origin.of(BASE), f"{BASE}/a", link)
        assert target is None or Origin.of(target) == Origin.of(BASE)
