"""No text prints a name that anyone could take: of a package, an image, an action, an account."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from hardenme import __version__
from hardenme.cli.schedule.machine import FOR_ALL, FORMS
from hardenme.ground import distribution
from hardenme.ground.distribution import BY_DIGEST, COMMIT, OWNER, install, install_into
from hardenme.ground.names import LOGIN, SCOPE
from hardenme.model import commands
from hardenme.reports.calls import placeholders
from hardenme.reports.schedule import workflow
from tests.cli.command import Command
from tests.each import each
from tests.reports.test_schedule import JOB
from tests.shipping.test_locked import script

ROOT = Path(__file__).parent.parent.parent
UNSHOWN = ("tests/", "requirements/", "benchmarks/")
"""What is no text for a user."""
OWN = "hardenme/ground/distribution.py"
"""The one module that may install by the name, since it knows whether that is ours."""
NAME = r"""(?:@[\w.-]+/)?hardenme(?![\w./-])"""
GAP = r"[^;&|`#]{0,80}?"
GETS = r"(?:install|add|i|get|dlx|exec|inject|upgrade|download|x|run|create|init|tool)"
BY_NAME = (
    # A package of any language.
    rf"\b(?:pip\d?|pipx|uv|poetry|pdm|rye|hatch|conda|mamba|pixi) {GAP}\b{GETS} {GAP}{NAME}",
    rf"\b(?:pip\d?|pipx|uv|poetry|pdm|rye|hatch|conda|mamba|pixi) {GETS} {GAP}{NAME}",
    rf"\b(?:npm|pnpm|yarn|bun|deno|cargo|gem|go|nix) {GETS} {GAP}{NAME}",
    rf"\b(?:brew|apt|apt-get|dnf|apk|snap|winget|choco|port) {GETS} {GAP}{NAME}",
    rf"\b(?:uvx|npx|bunx|pnpx) {GAP}{NAME}",
    # A requirement: with extras, or with a version.
    r"\bhardenme\[\w[\w,-]*\](?!\()",
    r"\bhardenme(?:\[[\w,]*\])? ?[=~<>!]= ?[\w@{]",
    # An image of a registry. That of a release is loaded from its file, or built here.
    rf"\b(?:docker|podman|nerdctl|crane|skopeo) {GAP}\b(?:pull|copy) {GAP}hardenme",
    rf"\b(?:docker|podman|nerdctl) run {GAP}[\w.-]+/hardenme(?![\w./-])",
    r"\b(?:ghcr\.io|quay\.io|docker\.io|index\.docker\.io)/[\w./-]*hardenme",
    r"docker://\S*hardenme|\bFROM \S*hardenme|\bimage: *\S*hardenme",
)
"""Ways to install by a name."""
PLACES = re.compile(
    r"(?:\buses: *|(?<!\S)-R[ =]|--repo(?:sitory)?[ =]|repository: *|github:|git\+\S*/"
    r"|(?:raw\.)?github(?:usercontent)?\.com[/:]|repo: *)(?P<name>[\w${}.@-]+/hardenme(?:@\S+)?)"
)
"""A repository of ours, with the commit of an action."""
OWNERS = frozenset({OWNER, "{owner}", "@OWNER@"})
"""What stands for the account that publishes hardenme."""
SITES = re.compile(r"\bhardenme\.(?:app|cloud|com|dev|info|net|org|pages|sh|github|readthedocs)\b")
"""Domains that would have to be registered."""
FOUND = (
    "pip install hardenme",
    "python -m pip install --upgrade 'hardenme'",
    "pip install --user\n  'hardenme[notify]'",
    'text = "run pip install"\n    " hardenme"',
    "pip install hardenme==0.1.0",
    "pipx install hardenme",
    "pipx run hardenme check",
    "uvx hardenme check",
    "uvx --from hardenme hardenme",
    "uv tool install hardenme",
    "uv pip install hardenme",
    "npx hardenme",
    "npm install -g @hardenme/cli hardenme",
    "brew install hardenme",
    "not installed: hardenme[dns]",
    "docker pull hardenme",
    "docker run --rm acme/hardenme check",
    "image: ghcr.io/acme/hardenme:1",
    "FROM acme/hardenme",
    "uses: acme/hardenme@v1",
    "uses: hardenme/hardenme@main",
    f"uses: {OWNER}/hardenme@v1",
    "gh attestation verify x.whl -R OWNER/hardenme",
    "pip install git+https://github.com/acme/hardenme",
    "https://hardenme.dev/schema.json",
)
ALLOWED = (
    "python3 .ci/install && .venv/bin/hardenme demo",
    f"uses: {OWNER}/hardenme@{COMMIT}",
    f"gh release verify v0.1.0 -R {OWNER}/hardenme",
    "docker run --rm --read-only --tmpfs /tmp hardenme:v0.1.0 demo",
    "install -d -m 0700 ~/.config/hardenme",
    "[tool.hardenme]",
)


def taken(text: str) -> list[str]:
    """What a text prints that anyone could take."""
    # A text may go on in the next line, or in the next string of a program.
    whole = re.sub(r"\"?[ \t]*\\?\n[ \t]*(?:#[ \t]*)?(?:[rf]{0,2}\")?", " ", text)
    whole = re.sub(r" {2,}", " ", whole)
    found = [match[0] for way in BY_NAME for match in re.finditer(way, whole)]
    found += [match[0] for match in SITES.finditer(whole)]
    for match in PLACES.finditer(whole):
        owner, _, rest = match["name"].partition("/")
        if owner not in OWNERS or rest not in {"hardenme", f"hardenme@{COMMIT}"}:
            found.append(match[0])
    return found


def shown() -> list[str]:
    """The files that a user reads, or that hold what is printed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    return [
        name
        for name in listed.stdout.split("\0")
        if name and not name.startswith(UNSHOWN) and (ROOT / name).is_file()
    ]


@each(FOUND)
def test_every_way_to_install_by_a_name_is_found(text: str) -> None:
    assert taken(text)


@each(ALLOWED)
def test_what_installs_nothing_by_a_name_is_not(text: str) -> None:
    assert taken(text) == []


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="what is committed shows in a checkout")
@pytest.mark.second_tier("reads every file of the repository")
def test_no_file_prints_a_name_that_anyone_could_take() -> None:
    assert not distribution.RELEASED, "hold the index's page of the project against this test"
    texts = {name: (ROOT / name).read_bytes().decode(errors="replace") for name in shown()}
    assert len(texts) > 1000
    found = {name: taken(text) for name, text in texts.items() if name != OWN}
    assert {name: what for name, what in found.items() if what} == {}
    assert taken(texts[OWN]), "the module that knows the name is looked at like any other"


@pytest.mark.second_tier("runs the whole command")
@pytest.mark.parametrize("form", list(FORMS))
def test_what_is_printed_for_a_timer_installs_nothing_by_a_name(tmp_path: Path, form: str) -> None:
    ran = Command.within(tmp_path)("schedule", "print", f"--{form}", "github:acme", "npm:web")
    assert ran.code == 0
    assert taken(ran.out + ran.err) == []


@pytest.mark.second_tier("runs the whole command")
def test_what_is_printed_of_an_installation_installs_nothing_by_a_name(tmp_path: Path) -> None:
    command = Command.within(tmp_path)
    for words in (("--version", "--verbose"), ("doctor", "--offline"), ("--help",)):
        ran = command(*words)
        assert ran.out
        assert taken(ran.out + ran.err) == []


def test_the_workflow_takes_the_program_from_a_commit_by_digest() -> None:
    text = workflow(JOB)
    assert f"repository: {OWNER}/hardenme\n          ref: {COMMIT}\n" in text
    assert f'run: {BY_DIGEST} --into "$RUNNER_TEMP/venv"\n' in text
    assert FOR_ALL.startswith("sudo install -d")
    assert f" && {BY_DIGEST} --into /opt/hardenme && " in FOR_ALL


def test_no_account_can_have_the_name_that_stands_for_the_publisher() -> None:
    assert not LOGIN.fullmatch(OWNER)
    assert LOGIN.fullmatch(OWNER.strip("_"))
    assert not SCOPE.fullmatch(OWNER)


def test_once_the_name_is_ours_it_is_printed_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    assert install("dns") == f"in your checkout of hardenme, run {BY_DIGEST}"
    monkeypatch.setattr(distribution, "RELEASED", True)
    assert install("dns") == "pip install 'hardenme[dns]'"
    assert install_into("/opt/x", "notify", "provenance") == (
        "python3 -m venv /opt/x && /opt/x/bin/pip install"
        f" 'hardenme[notify,provenance]=={__version__}'"
    )
    text = workflow(JOB)
    assert "actions/checkout" not in text
    assert f"'hardenme[notify,provenance]=={__version__}'" in text


def test_a_command_that_is_run_as_it_is_printed_trusts_no_one() -> None:
    owner, _, repository = commands.REPOSITORY.partition("/")
    assert not LOGIN.fullmatch(owner)
    assert placeholders(f"npm trust github web --repo={commands.REPOSITORY}") == (owner, repository)
    texts = {name: (ROOT / name).read_bytes().decode(errors="replace") for name in shown()}
    open_ = re.compile(r"(?:--repo[ =]|repository=github:)OWNER/|npm trust[^\n]*OWNER/")
    assert [name for name, text in texts.items() if open_.search(text)] == []


def test_the_account_of_the_project_is_declared_once() -> None:
    owner = script("owner")
    texts = {name: (ROOT / name).read_bytes().decode(errors="replace") for name in shown()}
    naming = {name for name, text in texts.items() if owner.renamed(text, OWNER, "") != text}
    assert naming == set(owner.FILES)
    listed = re.findall(r"`([\w./]+)`", texts["docs/release.md"].partition("not registered yet")[2])
    assert set(owner.FILES) <= set(listed)


def test_a_rename_leaves_nothing_of_the_old_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = script("owner")
    for name in owner.FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    declared = tmp_path / "distribution.py"
    declared.write_text('OWNER = "acorn"\n')
    monkeypatch.setattr(owner, "ROOT", tmp_path)
    monkeypatch.setattr(owner, "DECLARED", declared)
    owner.main(OWNER)
    for name in owner.FILES:
        text = (tmp_path / name).read_text()
        assert "acorn" in text
        assert f"{OWNER}/" not in text
        assert f"{OWNER}." not in text
    with pytest.raises(SystemExit, match=r"CODEOWNERS does not name _OWNER_"):
        owner.main(OWNER)
