"""Verifies the registry's signatures over newest releases with the keys that it publishes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.npm.asking import fetch, place
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.price import Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import all_known
from hardenme.facts.npm.package import NewestRelease, Signature
from hardenme.facts.npm.provenance import (
    ABSENT,
    EXPIRED_KEY,
    INVALID,
    UNKNOWN_KEY,
    VALID,
    RegistrySignature,
)
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer, key
from hardenme.model.subject import Subject
from hardenme.model.unknown import NotKnownError, Reason, Unknown
from hardenme.model.values import moment

KEYS = "hardenme.collectors.npm.registry_keys"
WORST_LAST = (VALID, EXPIRED_KEY, UNKNOWN_KEY, INVALID)
NO_KEYS = "a registry that publishes the keys that it signs with"


def _public(one: Mapping[str, Any]) -> Any:
    from hardenme.collectors.npm.registry_keys import public_key  # noqa: PLC0415 (memory)

    return public_key(one)


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a registry.

    Attributes:
        public: the key; unknown if its type is not understood.
        expires: until when it signs; None for no end, or unknown.
    """

    public: Any = key("key", "keytype", by=_public, beside=True)
    expires: Any = key("expires", nullable=True, by=moment)


@dataclass(frozen=True, slots=True)
class Keys:
    """The signing keys of a registry by their ids, and the answer that lists them."""

    by_id: dict[str, Key]
    atom: Atom


def signature(npm: Npm, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET /-/npm/v1/keys, once a run; the signatures are in the packument."""
    release = store.fact(NewestRelease, scope)
    if release is None:
        yield nothing(RegistrySignature, scope, Unknown(Reason.NOT_ASKED, "a newest release"))
        return
    keys: Keys | Unknown = npm.memo.get("the registry's keys", lambda: _keys(npm))
    if isinstance(keys, Unknown):
        yield nothing(RegistrySignature, scope, keys)
        return
    evidence = (*store.evidence(NewestRelease, scope), keys.atom)
    try:
        said = release.signatures
        fact = RegistrySignature(
            **place(npm, scope),
            package=scope.name,
            version=release.version,
            outcome=_outcome(scope.name, release, keys),
            keys=tuple(item.key for item in said),
            expires=_first_end(keys, said),
        )
    except NotKnownError as error:
        yield Answer(RegistrySignature, scope, (), evidence, error.unknown)
        return
    yield Answer(RegistrySignature, scope, (fact,), evidence)


def _keys(npm: Npm) -> Keys | Unknown:
    found = fetch(npm, RegistrySignature)
    if isinstance(found, Unknown):
        # A registry that signs nothing has no such address; another reason stays as it is.
        absent = found.reason is Reason.NOT_VISIBLE
        return replace(found, needed=NO_KEYS) if absent else found
    response, item = found
    if not item.lists("keys") or not item.data["keys"]:
        return Unknown(Reason.NOT_VISIBLE, NO_KEYS, "no keys", (response.atom,))
    by_id: dict[str, Key] = {}
    for one in item.items("keys"):
        name = one.data.get("keyid")
        if isinstance(name, str):
            # Of two keys by one name it is not known which one is meant.
            by_id[name] = Key(one.odd("keyid"), None) if name in by_id else Key(**read(Key, one))
    return Keys(by_id, response.atom)


def _first_end(keys: Keys, signed: tuple[Signature, ...]) -> Any:
    """When the first of the keys ends that are known by name."""
    ends = [keys.by_id[item.key].expires for item in signed if item.key in keys.by_id]
    known = [end for end in ends if isinstance(end, datetime)]
    return all_known(ends) or min(known, default=None)


def _outcome(package: str, release: NewestRelease, keys: Keys) -> Any:
    """How the signatures turn out, all together; unknown if one of them cannot be judged."""
    if not release.signatures:
        return ABSENT
    text = f"{package}@{release.version}:{release.integrity}".encode()
    found = [_one(text, item, keys, release) for item in release.signatures]
    # One that is known to be bad counts, whatever is not known of the others.
    bad = [word for word in WORST_LAST[1:] if word in found]
    return bad[-1] if bad else all_known(found) or VALID


def _one(text: bytes, signed: Signature, keys: Keys, release: NewestRelease) -> Any:
    key = keys.by_id.get(signed.key)
    if key is None:
        return UNKNOWN_KEY
    if isinstance(key.public, Unknown):
        return key.public
    from hardenme.collectors.npm.registry_keys import signs  # noqa: PLC0415 (memory)

    if not signs(key.public, signed.value, text):
        return INVALID
    if isinstance(key.expires, Unknown):
        return key.expires
    if key.expires is not None and release.published_at >= key.expires:
        return EXPIRED_KEY
    return VALID


def _loads(_: Subject, __: FactStore) -> tuple[str, ...]:
    return (KEYS,)


COLLECTORS = (
    Collector(
        "npm registry signature",
        (RegistrySignature,),
        signature,
        loads=_loads,
        priced=(Price(),),
    ),
)
