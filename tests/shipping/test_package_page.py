"""The package's page on the index, and what its wheel has beside the code."""

from __future__ import annotations

import importlib.util
import re
import sys
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import pytest
from markdown_it import MarkdownIt
from ruamel.yaml import YAML

from hardenme.cli.completion.command import SCRIPTS
from hardenme.ground.distribution import OWNER
from tests.cli.command import Command
from tests.shipping.workflows import ROOT, ran

WHOLE = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROJECT = WHOLE["project"]
SOURCE = f"https://github.com/{OWNER}/hardenme"
HOOKS = {
    hook["id"]: hook
    for hook in YAML(typ="safe").load((ROOT / ".pre-commit-hooks.yaml").read_text())
}
GOOD = """\
on: push
permissions: {}
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - run: make
"""
BAD = GOOD.replace("make", 'echo "${{ github.event.head_commit.message }}"')


class Addresses(HTMLParser):
    """Collects where a page's links and pictures lead."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.pictures: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a":
            self.links.append(values["href"] or "")
        if tag == "img":
            self.pictures.append(values["src"] or "")


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module that builds the page, without what builds packages."""
    name = "hatchling.metadata.plugin.interface"
    for place in (name[: found.start()] for found in re.finditer(r"\.|$", name)):
        monkeypatch.setitem(sys.modules, place, ModuleType(place))
    interface = type("MetadataHookInterface", (), {"root": str(ROOT)})
    monkeypatch.setattr(sys.modules[name], "MetadataHookInterface", interface, raising=False)
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_link_and_picture_of_the_page_is_an_address(hook: ModuleType) -> None:
    metadata = {"urls": PROJECT["urls"], "version": PROJECT["version"]}
    hook.CustomMetadataHook().update(metadata)
    readme = metadata["readme"]
    assert readme["content-type"] == "text/markdown"
    page = Addresses()
    page.feed(MarkdownIt("gfm-like", {"linkify": False}).render(readme["text"]))
    assert page.pictures == [f"{SOURCE}/raw/v{PROJECT['version']}/docs/demo.svg"]
    assert len(page.links) > 25
    own = f"{SOURCE}/blob/v{PROJECT['version']}/"
    for link in page.links:
        assert link.startswith("https://"), link
        if link.startswith(own):
            assert (ROOT / link.removeprefix(own).partition("#")[0]).exists(), link
    assert len([link for link in page.links if link.startswith(own)]) > 20


def test_an_address_stays_as_it_is(hook: ModuleType) -> None:
    text = "[a](https://a.example/b) [c](#d) [e](f/g.md#h) ![i](j.svg)"
    assert hook.absolute(text, "https://s.example", "v1") == (
        "[a](https://a.example/b) [c](#d) [e](https://s.example/blob/v1/f/g.md#h)"
        " ![i](https://s.example/raw/v1/j.svg)"
    )


def test_the_page_says_where_everything_is() -> None:
    urls = PROJECT["urls"]
    assert {"Source", "Documentation", "Changelog", "Issues", "Security"} == set(urls)
    assert urls["Source"] == SOURCE
    assert all(url.startswith("https://") and OWNER in url for url in urls.values())
    for word in ("Operating System :: POSIX :: Linux", "Typing :: Typed", "Topic :: Security"):
        assert word in PROJECT["classifiers"]
    assert len(PROJECT["keywords"]) == len(set(PROJECT["keywords"])) > 8
    assert PROJECT["dynamic"] == ["readme"]


def test_the_wheel_has_the_manual_and_the_completions() -> None:
    shared = WHOLE["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert all((ROOT / path).is_file() for path in shared)
    places = {place: (ROOT / path).read_text() for path, place in shared.items()}
    assert places["share/bash-completion/completions/hardenme"] == SCRIPTS["bash"]
    assert places["share/fish/vendor_completions.d/hardenme.fish"] == SCRIPTS["fish"]
    assert places["share/zsh/site-functions/_hardenme"].startswith("#compdef hardenme\n")
    assert "share/man/man1/hardenme.1" in places


def test_the_hooks_take_no_token_and_are_those_of_the_page() -> None:
    page = (ROOT / "docs" / "install.md").read_text()
    (text,) = re.findall(r"```yaml\n(repos:.*?)```", page, re.DOTALL)
    (repo,) = YAML(typ="safe").load(text)["repos"]
    assert [one["id"] for one in repo["hooks"]] == list(HOOKS)
    assert repo["repo"] == SOURCE
    for hook in HOOKS.values():
        assert hook["language"] == "python"
        assert not re.search("token|github:|npm:", hook["entry"])


@pytest.mark.second_tier("starts zizmor")
@pytest.mark.parametrize(("text", "found"), [(GOOD, False), (BAD, True)])
def test_the_hook_for_workflow_files_sees_them(tmp_path: Path, text: str, *, found: bool) -> None:
    hook = HOOKS["hardenme-workflows"]
    path = ".github/workflows/ci.yml"
    assert re.search(hook["files"], path)
    assert not re.search(hook["files"], "docs/action.yml.md")
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text(text)
    done = ran(*hook["entry"].split(), path, cwd=tmp_path, env={"PATH": "/usr/bin:/bin"})
    assert (done.returncode != 0) == found, done.stdout


@pytest.mark.second_tier("runs a whole command twice")
def test_the_hook_for_this_machine_sees_a_token_in_a_file(tmp_path: Path) -> None:
    words = HOOKS["hardenme-local"]["entry"].split()
    assert words[0] == "hardenme"
    command = Command.within(tmp_path)
    clean = command(*words[1:])
    npmrc = command.home / ".npmrc"
    npmrc.write_text("//registry.example/:_authToken=CANARYnotoken\n")
    npmrc.chmod(0o644)
    found = command(*words[1:])
    assert clean.code in {0, 3}, clean.out
    assert found.code == 1, found.out
