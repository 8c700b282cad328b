"""The real npm client takes the names that our commands have, and refuses those that have none."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardenme.ground.names import PACKAGE
from hardenme.model.commands import npm, npm_takes, options, present, publisher_removed, tag_moved
from hardenme.model.npm_address import REGISTRY

pytestmark = pytest.mark.needs("npm")
SCRIPT = """
const [place, ...words] = process.argv.slice(1);
const npa = require(place);
const taken = (word) => {
  try {
    const found = npa(word, "/");
    return found.registry === true && found.name === word.replace(/(.)@.*/, "$1");
  } catch (error) {
    if (error.code === "EINVALIDPACKAGENAME" || error.code === "EINVALIDTAGNAME") return false;
    throw error;
  }
};
process.stdout.write(JSON.stringify(words.map(taken)));
"""
ENDS = ("", ".tgz", ".TAR", ".tar.gz", ".tgz.js")
LETTERS = "abzABZ019~_-"
PART = st.builds(
    "{}{}{}".format,
    st.sampled_from(LETTERS),
    st.text(f"{LETTERS}.", max_size=12),
    st.sampled_from(ENDS),
)
NAMES = st.one_of(PART, st.builds("@{}/{}".format, PART, PART))
VERSIONS = st.sampled_from(("", "1.0.0", "1.0.0-x.tgz", "1.0.0-tar", "2.0.0-0+b.tar"))
KNOWN = (("-dash", ""), ("-dash", "1.0.0"), ("_old", "1.0.0"), ("node_modules", ""), ("a.tgz", ""))


def by_client(words: list[str]) -> list[bool]:
    """What the parser of the client that is installed takes for a package of a registry."""
    client, node = shutil.which("npm"), shutil.which("node")
    assert client is not None
    assert node is not None
    place = Path(client).resolve().parents[1] / "node_modules" / "npm-package-arg"
    done = subprocess.run(  # noqa: S603 (node, with a script of ours)
        [node, "-e", SCRIPT, "--", str(place), *words], capture_output=True, text=True, check=True
    )
    found: list[bool] = json.loads(done.stdout)
    return found


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(NAMES, VERSIONS), min_size=40, max_size=80))
def test_what_the_client_takes(found: list[tuple[str, str]]) -> None:
    every = [*KNOWN, *found]
    words = [f"{name}@{version}" if version else name for name, version in every]
    taken = [npm_takes(name, version) for name, version in every]
    assert dict(zip(words, taken, strict=True)) == dict(zip(words, by_client(words), strict=True))
    assert not all(taken)


@given(NAMES)
def test_no_command_names_what_the_client_refuses(name: str) -> None:
    assert PACKAGE.fullmatch(name)
    commands = [
        npm(REGISTRY, *words)
        for words in (
            ("access", "grant", "read-only", "acme:developers", name),
            ("access", "set", "mfa=publish", name),
            ("deprecate", f"{name}@1.0.0", "text"),
            ("owner", "add", "mallow", name),
            ("owner", "rm", "mallow", name),
            ("trust", "github", name, *options("--repo=a/b")),
            ("trust", "list", name),
            ("unpublish", f"{name}@1.0.0"),
            ("view", name, "time"),
            publisher_removed(name, "12"),
            tag_moved(name, "1.0.0", "latest"),
        )
    ]
    assert len(present(*commands)) == (len(commands) if npm_takes(name) else 0)
