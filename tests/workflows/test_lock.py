"""The lock file of actions, on a server: what it pins, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from hardenme.ground.errors import ContentError
from hardenme.sandbox.npm import scenarios as npm
from hardenme.workflows.lock import lock, pin_of
from tests.running import NOW, Stage, stage
from tests.worlds import github

FOLDER = ".github/workflows/"
SHA = "08c6903cd8c0fde910a37f88322edcfb5dd907a8"
CODES = ("GHW201", "GHW208")
BODY = """\
on: push
permissions: {}
jobs:
  one:
    runs-on: ubuntu-24.04
    permissions: {contents: read}
    steps:
"""


def entry(ref: str, *uses: str, **more: str) -> str:
    """What a lock says of an action."""
    given = {"ref": ref, "commit": f"sha1-{SHA}", "owner_id": "44036562", "repo_id": "1"} | more
    lines = [f"        {key}: {value}" for key, value in given.items()]
    return "\n".join(
        [*lines, *(["        uses:"] if uses else []), *(f"        - {u}" for u in uses)]
    )


def written(
    uses: dict[str, tuple[str, ...]], actions: dict[str, str], version: str = "v0.0.2"
) -> str:
    """A lock file."""
    lines = [f"version: '{version}'", "workflows:" if uses else "workflows: {}"]
    for file, pins in uses.items():
        lines += [f"    '{FOLDER}{file}':" + ("" if pins else " []")]
        lines += [f"        - '{pin}'" for pin in pins]
    lines.append("dependencies:" if actions else "dependencies: {}")
    for pin, said in actions.items():
        lines += [f"    '{pin}':", said]
    return "\n".join(lines) + "\n"


CHECKOUT = "actions/checkout@v5"
LOCK = written({"ci.yml": (CHECKOUT,)}, {CHECKOUT: entry("v5")})


@pytest.fixture(scope="module")
def at() -> Iterator[Stage]:
    """An organization, with its owner's token."""
    world = github.strict_organization(NOW)
    with stage(world, npm.hardened_maintainer(NOW), github.STRICT_ORG_TOKEN) as found:
        yield found


def judged(at: Stage, steps: str, text: str | bytes | None, plan: str = "enterprise") -> Any:
    """What the two checks say of the one workflow of a repository, and the findings."""
    world: Any = at.github.world  # type: ignore[attr-defined]
    (cedar,) = world.organizations
    cedar.plan = plan
    cone = next(item for item in world.repositories if item.name == "cone")
    kept = {path: body for path, body in cone.files.items() if not path.startswith(FOLDER)}
    cone.files = kept | {f"{FOLDER}ci.yml": f"{BODY}{steps}".encode()}
    if text is not None:
        cone.files[f"{FOLDER}actions.lock"] = text if isinstance(text, bytes) else text.encode()
    report = at.audit(f"github:{cone.full_name}", select_=CODES)
    found = {item.code: item for item in report.findings if str(item.subject).endswith("ci.yml")}
    return [found[code].result for code in CODES], found


TAG = f"      - uses: {CHECKOUT}\n"
INIT = "github/codeql-action@v4"
WITH_PATH = "      - uses: GitHub/codeql-action/init@v4\n"


@pytest.mark.parametrize(
    ("steps", "text", "results"),
    [
        pytest.param(TAG, LOCK, ["passed", "passed"], id="locked"),
        pytest.param(TAG, None, ["failed", "not_applicable"], id="no lock"),
        pytest.param(TAG, written({}, {}), ["failed", "not_applicable"], id="not onboarded"),
        pytest.param(TAG, written({"ci.yml": ()}, {}), ["failed", "failed"], id="left out"),
        pytest.param(
            TAG,
            written({"ci.yml": (CHECKOUT,)}, {}),
            ["failed", "failed"],
            id="named, without a commit",
        ),
        pytest.param(
            TAG,
            written({"other.yml": (CHECKOUT,), "ci.yml": ()}, {CHECKOUT: entry("v5")}),
            ["failed", "failed"],
            id="locked for another workflow",
        ),
        pytest.param(
            TAG + "      - uses: actions/checkout@v4\n",
            LOCK,
            ["failed", "failed"],
            id="another tag of the same action",
        ),
        pytest.param(
            f"      - uses: actions/checkout@{SHA}\n",
            written({"ci.yml": ()}, {}),
            ["passed", "failed"],
            id="a commit that the lock lacks",
        ),
        pytest.param(
            WITH_PATH,
            written({"ci.yml": (INIT,)}, {INIT: entry("v4")}, "v0.0.3"),
            ["passed", "passed"],
            id="a folder, in other letters",
        ),
        pytest.param(
            TAG,
            written({"ci.yml": (CHECKOUT,)}, {CHECKOUT: entry("v5", "sprout/inner@v1")}),
            ["passed", "failed"],
            id="what the action uses is left out",
        ),
        pytest.param("      - run: make\n", LOCK, ["passed", "passed"], id="uses nothing"),
        pytest.param(
            "      - uses: docker://alpine:3\n" + TAG,
            LOCK,
            ["failed", "passed"],
            id="an image is not an action",
        ),
        pytest.param(
            TAG + "  two:\n    uses: sprout/flows/.github/workflows/a.yml@v1\n",
            written(
                {"ci.yml": (CHECKOUT, "sprout/flows@v1")},
                {CHECKOUT: entry("v5"), "sprout/flows@v1": entry("v1")},
            ),
            ["failed", "passed"],
            id="a call is never pinned by a lock",
        ),
    ],
)
def test_a_tag_is_pinned_by_the_lock_alone_that_names_it_for_this_workflow(
    at: Stage, steps: str, text: str | None, results: list[str]
) -> None:
    assert judged(at, steps, text)[0] == results


@pytest.mark.parametrize("plan", ["free", "team", "business_plus", "something"])
def test_on_another_plan_it_is_not_known_whether_the_lock_counts(at: Stage, plan: str) -> None:
    results, found = judged(at, TAG, LOCK, plan)
    assert results == ["unknown", "passed"]
    assert "Enterprise Cloud" in found["GHW201"].outcome.needed
    assert judged(at, f"      - uses: actions/checkout@{SHA}\n", None, plan)[0][0] == "passed"


BROKEN = {
    "a version that comes": LOCK.replace("v0.0.2", "v0.1.0"),
    "no version": LOCK.replace("version: 'v0.0.2'\n", ""),
    "a foreign part": LOCK + "trusted: []\n",
    "a foreign key of an action": LOCK + "        trusted: true\n",
    "a host, before its version": LOCK + "        hostname: github.com\n",
    "a host of another kind": LOCK.replace("v0.0.2", "v0.0.3") + "        hostname: ghe.example\n",
    "a short commit": LOCK.replace(SHA, SHA[:39]),
    "a branch for a commit": LOCK.replace(f"sha1-{SHA}", "main"),
    "a commit of another kind": LOCK.replace("sha1-", "md5-"),
    "no owner": LOCK.replace("        owner_id: 44036562\n", ""),
    "an owner in words": LOCK.replace("44036562", "actions"),
    "a name with a folder": LOCK.replace("checkout@v5", "checkout/in@v5"),
    "a list for a mapping": "version: v0.0.2\nworkflows: []\n",
    "nothing for a mapping": "version: v0.0.2\nworkflows:\n",
    "a commit under the name of another": LOCK.replace("@v5", "@" + "1" * 40),
    "the same action twice": LOCK + f"    'Actions/checkout@v5':\n{entry('v5')}\n",
    "two documents": LOCK + "---\n" + LOCK,
    "an anchor and a merge": LOCK + "x: &x {a: b}\ny: {<<: *x}\n",
    "a tab": LOCK.replace("    '", "\t'"),
    "not YAML": "version: [",
    "a path, as of a link": "../locks/actions.lock",
    "empty": "",
    "no text": b"\0\1\2",
    "larger than is read": LOCK + "#" * 600_000,
    "very many actions": LOCK
    + "".join(f"    'sprout/a{number}@v1':\n{entry('v1')}\n" for number in range(6_000)),
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in BROKEN.items()])
def test_a_lock_that_is_not_understood_pins_nothing_and_is_unknown(
    at: Stage, text: str | bytes
) -> None:
    results, found = judged(at, TAG, text)
    assert results == ["unknown", "unknown"]
    assert all(found[code].outcome.needed for code in CODES)


def test_what_an_own_action_uses_is_not_pinned_by_the_lock(at: Stage) -> None:
    world: Any = at.github.world  # type: ignore[attr-defined]
    cone = next(item for item in world.repositories if item.name == "cone")
    path = "own/action.yml"
    cone.files[path] = f"runs:\n  using: composite\n  steps:\n    - uses: {CHECKOUT}\n".encode()
    try:
        assert judged(at, TAG + "      - uses: ./own\n", LOCK)[0] == ["failed", "passed"]
    finally:
        cone.files.pop(path, None)


NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,8}", fullmatch=True)
REFS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._/@-]{0,12}", fullmatch=True)


@given(owner=NAMES, name=NAMES, folder=st.lists(NAMES, max_size=2), ref=REFS)
def test_a_reference_and_its_pin_name_the_same(
    owner: str, name: str, folder: list[str], ref: str
) -> None:
    whole = "/".join([owner, name, *folder])
    assert pin_of(f"{whole}@{ref}") == f"{owner}/{name}".lower() + f"@{ref}"


@st.composite
def graphs(draw: Callable[..., Any]) -> tuple[dict[str, list[str]], list[str]]:
    """Actions with what each uses, and what a workflow uses; some are in no lock."""
    names = [f"o/a{number}@v1" for number in range(6)]
    held = draw(st.lists(st.sampled_from(names), unique=True))
    some = st.lists(st.sampled_from(names), max_size=3)
    return {name: draw(some) for name in held}, draw(some)


@given(graphs())
def test_open_ends_are_all_that_is_reached_and_not_held(
    graph: tuple[dict[str, list[str]], list[str]],
) -> None:
    held, direct = graph
    text = written(
        {"ci.yml": tuple(direct)}, {pin: entry("v1", *uses) for pin, uses in held.items()}
    )
    assert YAML(typ="safe").load(text)["version"] == "v0.0.2"
    found = lock(text).of(f"{FOLDER}ci.yml")
    assert found is not None
    reached = {pin for pin in direct if pin in held}
    for _ in held:
        reached |= {used for pin in reached for used in held[pin] if used in held}
    ends = {used for pin in reached for used in held[pin]} - held.keys()
    assert set(found.pins) == {pin for pin in direct if pin in held}
    assert set(found.open_ends) == ends


@given(st.text(max_size=200))
def test_any_text_is_a_lock_or_refused(text: str) -> None:
    with suppress(ContentError):
        assert lock(text).of("x") is None
