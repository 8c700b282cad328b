"""Under which names tokens lie in the keyring: one for each address, and never one for two."""

from __future__ import annotations

from itertools import product

import pytest

from hardenme.collectors.github.client import api_url
from hardenme.collectors.transport.origin import base_url
from hardenme.credentials.stored import service_of
from hardenme.facts.npm.site import REGISTRY

LOCAL = "http://127.0.0.1:8080"


@pytest.mark.parametrize(
    ("provider", "base", "name"),
    [
        ("github", "https://api.github.com", "github.com"),
        ("github", "https://api.acme.ghe.com", "acme.ghe.com"),
        ("github", "https://github.example.test/api/v3", "github.example.test"),
        ("github", "https://github.example.test:8443/api/v3", "github.example.test:8443"),
        ("github", "https://github.example.test/other", "github.example.test/other"),
        ("github", LOCAL, LOCAL),
        ("npm", REGISTRY, f"{REGISTRY.removeprefix('https://')}/"),
        ("npm", "https://npm.example.test:4873/a/B", "npm.example.test:4873/a/B/"),
        ("npm", LOCAL, f"{LOCAL}/"),
    ],
)
def test_the_name_in_the_keyring(provider: str, base: str, name: str) -> None:
    assert service_of(provider, base) == f"hardenme:{name}"


@pytest.mark.parametrize(
    "base",
    [
        "https://github.com",
        "https://github.com/api/v3",
        "https://acme.ghe.com/api/v3",
        "https://api.acme.ghe.com/api/v3",
        "https://github.example.test",
        "http://github.example.test/api/v3",
        "https://api.github.com@evil.example.test",
        "",
    ],
)
def test_an_address_that_no_client_asks_has_no_name(base: str) -> None:
    with pytest.raises(ValueError, match="address"):
        service_of("github", base)


HOSTS = (
    *("github.com", "api.github.com", "github.com.evil.test", "api.acme.ghe.com"),
    *("acme.ghe.com", "api.api.acme.ghe.com", "example.test", "api.example.test"),
    *("127.0.0.1", "[::1]"),
)
PORTS = ("", ":443", ":80", ":8443")
PATHS = ("", "/api/v3", "/api", "/api/v3/api/v3", "/x/api/v3", "/x", "/github.com")


def test_fault_14_no_two_addresses_share_a_name() -> None:
    named: dict[str, tuple[str, str]] = {}
    for provider, scheme, host, port, path in product(
        ("github", "npm"), ("https", "http"), HOSTS, PORTS, PATHS
    ):
        url = f"{scheme}://{host}{port}{path}"
        try:
            base = api_url(url) if provider == "github" else base_url(url)
            name = service_of(provider, base)
        except ValueError:
            continue
        assert named.setdefault(name, (provider, base)) == (provider, base)
    assert len(named) > 200
