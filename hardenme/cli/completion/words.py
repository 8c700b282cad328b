"""Shell completion of words: codes, families, and the values of options.

A function gets the typed prefix, and returns each matching word with a short description.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

Offer = tuple[str, str]
"""A word, and what it means; empty if it says that itself."""

TARGETS: tuple[Offer, ...] = (
    ("me", "your accounts and this machine"),
    ("local", "this machine"),
    ("github:", "an owner, or OWNER/REPO"),
    ("npm:", "a package, or @SCOPE"),
)
PROVIDERS = ("github", "npm")
SHELLS = ("bash", "zsh", "fish")


def one_check(incomplete: str) -> list[Offer]:
    """Codes and slugs, for what takes one check."""
    return list(_checks(incomplete))


def checks(incomplete: str) -> list[Offer]:
    """Families, codes and slugs, for what takes several with commas between them.

    Nothing typed is answered with the families alone: there are hundreds of the others.
    """
    before, comma, last = incomplete.rpartition(",")
    found = list(_families(last))
    if last:
        found += _checks(last)
    return [(f"{before}{comma}{word}", text) for word, text in found]


def unknowns(incomplete: str) -> list[Offer]:
    """The same, and the reasons for not knowing."""
    from hardenme.model.unknown import Reason  # noqa: PLC0415 (start-up is a feature)

    before, comma, last = incomplete.rpartition(",")
    reasons = [(f"{before}{comma}{reason}", "") for reason in Reason if reason.startswith(last)]
    return [*checks(incomplete), *reasons]


def profiles(incomplete: str) -> list[Offer]:
    """The profiles."""
    from hardenme.model.profile import PROFILES  # noqa: PLC0415 (start-up is a feature)

    return _begun(incomplete, ((item.name, item.summary) for item in PROFILES.values()))


def depths(incomplete: str) -> list[Offer]:
    """The depths."""
    from hardenme.model.depth import Depth  # noqa: PLC0415 (start-up is a feature)

    return _begun(incomplete, ((str(depth), "") for depth in Depth))


def formats(incomplete: str) -> list[Offer]:
    """The forms of a report; some commands take a few of them."""
    from hardenme.reports import FORMATS  # noqa: PLC0415 (start-up is a feature)

    return _begun(incomplete, ((name, "") for name in FORMATS))


def severities(incomplete: str) -> list[Offer]:
    """The severities, worst first."""
    from hardenme.config.kinds import SEVERITY_WORDS  # noqa: PLC0415 (start-up is a feature)

    return _begun(incomplete, ((name, "") for name in SEVERITY_WORDS))


def targets(incomplete: str) -> list[Offer]:
    """How targets begin. Whose they are is not looked up: that would ask someone."""
    return _begun(incomplete, TARGETS)


def providers(incomplete: str) -> list[Offer]:
    """Whose token it is."""
    return _begun(incomplete, ((name, "") for name in PROVIDERS))


def token_files(incomplete: str) -> list[Offer]:
    """Whose token a file holds; the path is typed."""
    return _begun(incomplete, ((f"{name}:", "the path of its file") for name in PROVIDERS))


def engines(incomplete: str) -> list[Offer]:
    """What starts the shards of a fleet."""
    from hardenme.cli.options.fleet_plan import ENGINES  # noqa: PLC0415 (start-up is a feature)

    return _begun(incomplete, ((name, "") for name in ENGINES))


def shells(incomplete: str) -> list[Offer]:
    """The shells that can complete."""
    return _begun(incomplete, ((name, "") for name in SHELLS))


def _begun(incomplete: str, offers: Iterable[Offer]) -> list[Offer]:
    return [offer for offer in offers if offer[0].startswith(incomplete) and offer[0] != incomplete]


def _families(begun: str) -> Iterator[Offer]:
    from hardenme.engine.catalogue import families  # noqa: PLC0415 (start-up is a feature)

    for name, count in families().items():
        word = _cased(name, begun)
        if word.startswith(begun) and word != begun:
            yield word, f"{count} checks"


def _checks(begun: str) -> Iterator[Offer]:
    from hardenme.engine.catalogue import catalogue  # noqa: PLC0415 (start-up is a feature)

    for check in catalogue():
        word = _cased(check.code, begun)
        if word.startswith(begun):
            yield word, check.title
        elif begun and check.slug.startswith(begun):
            yield check.slug, check.title


def _cased(code: str, begun: str) -> str:
    """A code in the letters that were begun with: both are understood."""
    return code.lower() if begun.islower() else code
