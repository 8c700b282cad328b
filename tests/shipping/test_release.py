"""The release workflow's own shell does what its steps are called, and the documents agree."""

from __future__ import annotations

import hashlib
import shutil
import tomllib
from pathlib import Path

import pytest

from hardenme import __version__
from tests.shipping.workflows import READ, ROOT, TEXTS, ran, script, step_of

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
GH = """#!/bin/sh
echo "$*" >> "$CALLS"
case "$*" in
  *git/ref/tags/*) echo "$REFERENCE" ;;
  *git/tags/*) echo "$SIGNED" ;;
  *compare/main*) echo "$PLACE" ;;
  *actions/workflows/*) case "$*" in *"$RED.yml"*) echo 0 ;; *) echo 1 ;; esac ;;
esac
"""
DOCKER = """#!/bin/sh
echo "$*" >> "$CALLS"
[ "$1" = login ] && cat > "$CALLS.password"
[ "$1" = load ] && cat > /dev/null
[ "$1" = image ] && echo "$PUSHED"
exit 0
"""
COMMIT = "c0ffee" * 6 + "c0ff"
GOOD = {
    "GITHUB_REPOSITORY": "acme/hardenme",
    "GITHUB_REF_NAME": "v0.1.0",
    "GITHUB_SHA": COMMIT,
    "REFERENCE": "tag 7a67",
    "SIGNED": f"true commit {COMMIT}",
    "PLACE": "identical",
    "RED": "none",
}
BUILT = ("hardenme-0.1.0-py3-none-any.whl", "hardenme-0.1.0.tar.gz")
SUMS = "SHA256SUMS"
OWN, ALL = "Compare the package with what was built", "Compare what is released with what was made"
"""The steps that compare the artifact `dist`, and the artifact `release`."""
MORE = ("catalogue.json", "hardenme.cdx.json", "hardenme-image.tar.gz")


def shell(name: str, folder: Path, **environ: str) -> tuple[int, str]:
    """Run a step of the release workflow as GitHub does; its code, and what it said."""
    done = ran(
        "bash",
        *("--noprofile", "--norc", "-eo", "pipefail", "-c", script("release", name)),
        cwd=folder / step_of("release", name).get("working-directory", "."),
        env={"PATH": f"{folder / 'bin'}:/usr/bin:/bin", "CALLS": f"{folder}/calls", **environ},
    )
    return done.returncode, done.stdout + done.stderr


def stand_in(folder: Path, name: str, text: str) -> None:
    """A program that is found first."""
    (folder / "bin").mkdir(exist_ok=True)
    (folder / "bin" / name).write_text(text)
    (folder / "bin" / name).chmod(0o755)


def calls(folder: Path) -> list[str]:
    """What the stand-ins were asked for."""
    return (folder / "calls").read_text().splitlines()


def digests(*names: str) -> str:
    """Lines as sha256sum writes them, of files that hold their own names."""
    return "\n".join(f"{hashlib.sha256(name.encode()).hexdigest()}  {name}" for name in names)


def stored(folder: Path) -> None:
    """The files as other jobs stored them, each with its own name in it."""
    for place, names in (("dist", BUILT), ("release", (*BUILT, *MORE))):
        (folder / place).mkdir()
        for name in names:
            (folder / place / name).write_text(name)
    (folder / "release" / SUMS).write_text(digests(*BUILT, *MORE) + "\n")


MADE = {"BUILT": digests(*BUILT), "RELEASED": digests(*BUILT, *MORE)}
"""What the two jobs that make files pass on of their digests."""


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, 0),
        ({"REFERENCE": f"commit {COMMIT}"}, 1),
        ({"SIGNED": f"false commit {COMMIT}"}, 1),
        ({"SIGNED": "true commit 5eed"}, 1),
        ({"SIGNED": f"null commit {COMMIT}"}, 1),
        ({"SIGNED": ""}, 1),
        ({"REFERENCE": ""}, 1),
    ],
    ids=str,
)
def test_a_tag_without_a_verified_signature_is_not_released(
    tmp_path: Path, changed: dict[str, str], code: int
) -> None:
    stand_in(tmp_path, "gh", GH)
    found, said = shell("Verify the signature of the tag", tmp_path, **{**GOOD, **changed})
    assert found == code, said
    assert ("::error::" in said) == bool(code)
    assert calls(tmp_path)[0].startswith("api repos/acme/hardenme/git/ref/tags/v0.1.0 ")


@pytest.mark.parametrize(
    ("place", "code"), [("identical", 0), ("behind", 0), ("ahead", 1), ("diverged", 1), ("", 1)]
)
def test_a_commit_elsewhere_than_on_main_is_not_released(
    tmp_path: Path, place: str, code: int
) -> None:
    stand_in(tmp_path, "gh", GH)
    name = "Verify that its commit is on the default branch"
    found, said = shell(name, tmp_path, **{**GOOD, "PLACE": place})
    assert found == code, said
    assert f"compare/main...{COMMIT}" in calls(tmp_path)[0]


@pytest.mark.parametrize("red", ["none", "ci", "codeql", "dependencies", "workflows"])
def test_a_commit_whose_runs_are_not_green_is_not_released(tmp_path: Path, red: str) -> None:
    stand_in(tmp_path, "gh", GH)
    found, said = shell("Verify that its runs succeeded", tmp_path, **{**GOOD, "RED": red})
    assert found == (0 if red == "none" else 1), said
    for call in calls(tmp_path):
        for wanted in (f"head_sha={COMMIT}", "branch=main", "event=push", "status=success"):
            assert wanted in call
    asked = {name for name in TEXTS if any(f"/{name}.yml/runs" in call for call in calls(tmp_path))}
    assert red in {"none", *asked}
    if red == "none":
        # All that looks at each commit of main; scorecard judges the project.
        looking = {name for name, read in READ.items() if "pull_request" in read["on"]}
        assert asked == looking


def test_nothing_is_released_where_github_does_not_answer(tmp_path: Path) -> None:
    stand_in(tmp_path, "gh", "#!/bin/sh\nexit 1\n")
    for step in READ["release"]["jobs"]["verify"]["steps"]:
        assert shell(step["name"], tmp_path, **GOOD)[0] != 0


def test_the_version_is_the_same_at_both_places() -> None:
    assert __version__ == VERSION


@pytest.mark.parametrize(
    ("tag", "code"), [(f"v{VERSION}", 0), (f"v{VERSION}1", 1), (f"v1{VERSION}", 1), ("v", 1)]
)
def test_a_tag_of_another_version_is_not_released(tag: str, code: int) -> None:
    assert shell("Compare the tag with the version", ROOT, TAG=tag)[0] == code


def test_what_was_built_is_the_same_twice_and_its_digests_go_on(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    build = tmp_path / ".ci" / "build"
    build.write_text(
        '#!/bin/sh\nmkdir "$1" && cd "$1" && printf "%s" "${SAME:-$1}" > a.whl'
        " && sha256sum a.whl > SHA256SUMS\n"
    )
    build.chmod(0o755)
    output = tmp_path / "output"
    assert shell("Build", tmp_path, GITHUB_OUTPUT=str(output))[0] != 0
    shutil.rmtree(tmp_path / "dist")
    shutil.rmtree(tmp_path / "again")
    assert shell("Build", tmp_path, GITHUB_OUTPUT=str(output), SAME="a")[0] == 0
    digest = hashlib.sha256(b"a").hexdigest()
    assert output.read_text() == f"digests<<END\n{digest}  a.whl\nEND\n"
    # Nothing but distributions goes to the package index.
    assert [path.name for path in (tmp_path / "dist").iterdir()] == ["a.whl"]


def test_what_is_released_is_collected_and_its_digests_go_on(tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    for name in BUILT:
        (tmp_path / "dist" / name).write_text(name)
    for name in MORE:
        (tmp_path / name).write_text(name)
    output = tmp_path / "output"
    environ = {"BUILT": digests(*BUILT), "GITHUB_OUTPUT": str(output), "RUNNER_TEMP": str(tmp_path)}
    code, said = shell("Collect what is released", tmp_path, **environ)
    assert code == 0, said
    sums = (tmp_path / "release" / SUMS).read_text()
    assert sorted(sums.splitlines()) == sorted(digests(*BUILT, *MORE).splitlines())
    assert output.read_text() == f"digests<<END\n{sums}END\n"
    step = step_of("release", "Collect what is released")
    passed_on = READ["release"]["jobs"]["more"]["outputs"]
    assert passed_on == {"digests": f"${{{{ steps.{step['id']}.outputs.digests }}}}"}
    # The comparing jobs accept what this one collected.
    assert shell(ALL, tmp_path, BUILT=digests(*BUILT), RELEASED=sums.rstrip("\n"))[0] == 0


def test_what_the_build_did_not_make_is_not_collected(tmp_path: Path) -> None:
    stored(tmp_path)
    shutil.rmtree(tmp_path / "release")
    for name in MORE:
        (tmp_path / name).write_text(name)
    (tmp_path / "dist" / BUILT[0]).write_text("changed by a dependency of the tests")
    environ = {"BUILT": digests(*BUILT), "GITHUB_OUTPUT": str(tmp_path / "output")}
    assert shell("Collect what is released", tmp_path, **environ)[0] != 0
    assert not (tmp_path / "output").exists()


def test_each_job_compares_what_it_downloaded_before_anything_uses_it() -> None:
    seen = set()
    for name, job in READ["release"]["jobs"].items():
        downloads = [
            place
            for place, step in enumerate(job["steps"])
            if "download-artifact@" in step.get("uses", "")
        ]
        if not downloads:
            continue
        fetched = [job["steps"][place]["with"] for place in downloads]
        assert all(one["name"] == one["path"] for one in fetched), name
        wanted = [{"dist": OWN, "release": ALL}[one["name"]] for one in fetched]
        following = job["steps"][downloads[-1] + 1 :][: len(wanted)]
        assert [step["name"] for step in following] == wanted, name
        # Nothing but GitHub's own actions comes between a download and its comparison.
        assert downloads == list(range(downloads[0], downloads[-1] + 1)), name
        for step in following:
            assert step["env"] == {
                "BUILT": "${{ needs.build.outputs.digests }}",
                **(
                    {"RELEASED": "${{ needs.more.outputs.digests }}"} if step["name"] == ALL else {}
                ),
            }
            assert "if" not in step
            assert "continue-on-error" not in step
            needed = {text.split(".")[1] for text in step["env"].values()}
            assert needed <= set([job["needs"]] if name in {"test", "more"} else job["needs"])
        seen |= {(name, step["name"]) for step in following}
    assert {job for job, step in seen if step == ALL} == {"publish", "image", "announce"}
    assert {job for job, step in seen if step == OWN} == {"test", "more", "publish"}


@pytest.mark.parametrize("step", [OWN, ALL])
def test_what_was_made_is_accepted(tmp_path: Path, step: str) -> None:
    stored(tmp_path)
    code, said = shell(step, tmp_path, **MADE)
    assert code == 0, said


@pytest.mark.second_tier("runs the same shell for each file", one_of=5)
@pytest.mark.parametrize(
    "change",
    [
        *(f"dist/{name}" for name in BUILT),
        "dist/hardenme-0.1.0-cp311-cp311-linux_x86_64.whl",
        "dist/folder/a",
        *(f"release/{name}" for name in (*BUILT, *MORE, SUMS)),
        "release/hardenme-0.1.0-cp311-cp311-linux_x86_64.whl",
        "release/.hidden",
        "release/folder/a",
    ],
)
def test_what_another_job_changed_or_added_is_not_used(tmp_path: Path, change: str) -> None:
    stored(tmp_path)
    (tmp_path / change).parent.mkdir(exist_ok=True)
    (tmp_path / change).write_text("changed")
    code, said = shell(OWN if change.startswith("dist/") else ALL, tmp_path, **MADE)
    assert code != 0, said


@pytest.mark.second_tier("runs the same shell for each file", one_of=5)
@pytest.mark.parametrize(
    "name",
    [*(f"dist/{name}" for name in BUILT), *(f"release/{name}" for name in (*BUILT, *MORE, SUMS))],
)
def test_what_another_job_removed_is_missed(tmp_path: Path, name: str) -> None:
    stored(tmp_path)
    (tmp_path / name).unlink()
    code, said = shell(OWN if name.startswith("dist/") else ALL, tmp_path, **MADE)
    assert code != 0, said


@pytest.mark.parametrize("name", MORE)
def test_a_file_that_was_changed_together_with_its_digest_is_not_used(
    tmp_path: Path, name: str
) -> None:
    stored(tmp_path)
    (tmp_path / "release" / name).write_text("changed")
    sums = digests(*BUILT, *MORE).replace(
        hashlib.sha256(name.encode()).hexdigest(), hashlib.sha256(b"changed").hexdigest()
    )
    (tmp_path / "release" / SUMS).write_text(sums + "\n")
    assert shell(ALL, tmp_path, **MADE)[0] != 0


@pytest.mark.parametrize("given", [{"BUILT": ""}, {"RELEASED": ""}, {"BUILT": "", "RELEASED": ""}])
def test_nothing_is_used_without_digests(tmp_path: Path, given: dict[str, str]) -> None:
    stored(tmp_path)
    assert shell(ALL, tmp_path, **{**MADE, **given})[0] != 0
    if "BUILT" in given:
        assert shell(OWN, tmp_path, **{**MADE, **given})[0] != 0


def test_a_package_that_the_image_job_made_anew_is_not_released(tmp_path: Path) -> None:
    stored(tmp_path)
    (tmp_path / "release" / BUILT[0]).write_text("changed")
    sums = digests(*BUILT, *MORE).replace(
        hashlib.sha256(BUILT[0].encode()).hexdigest(), hashlib.sha256(b"changed").hexdigest()
    )
    (tmp_path / "release" / SUMS).write_text(sums + "\n")
    assert shell(ALL, tmp_path, BUILT=digests(*BUILT), RELEASED=sums)[0] != 0


def test_the_release_is_a_draft_until_all_files_are_there(tmp_path: Path) -> None:
    stand_in(tmp_path, "gh", GH)
    stored(tmp_path)
    code, said = shell("Make the release", tmp_path, **GOOD)
    assert code == 0, said
    first, second = calls(tmp_path)
    files = " ".join(f"release/{name}" for name in sorted((*BUILT, *MORE, SUMS)))
    assert first.split(" --draft")[0].split()[:3] == ["release", "create", "v0.1.0"]
    assert set(files.split()) <= set(first.split())
    assert "--draft --verify-tag" in first
    assert second == "release edit v0.1.0 --draft=false"


@pytest.mark.parametrize(
    ("pushed", "code"),
    [("images.example/acme/hardenme@sha256:12", 0), ("images.example/other@sha256:12", 1), ("", 1)],
)
def test_the_image_is_named_by_the_digest_that_the_registry_gave(
    tmp_path: Path, pushed: str, code: int
) -> None:
    stand_in(tmp_path, "docker", DOCKER)
    stored(tmp_path)
    output = tmp_path / "output"
    more = {"REGISTRY": "images.example", "TOKEN": "CANARYtoken", "GITHUB_ACTOR": "hazel"}
    environ = {**GOOD, **more, "GITHUB_REPOSITORY": "Acme/hardenme", "GITHUB_OUTPUT": str(output)}
    found, said = shell("Push the image", tmp_path, **{**environ, "PUSHED": pushed})
    assert found == code, said
    assert not [call for call in calls(tmp_path) if "CANARY" in call]
    assert (tmp_path / "calls.password").read_text() == "CANARYtoken\n"
    if not code:
        assert output.read_text() == "name=images.example/acme/hardenme\ndigest=sha256:12\n"
        assert calls(tmp_path)[-1] == "logout images.example"


def test_no_package_index_is_named_and_no_token_is_used() -> None:
    assert "password" not in str(READ["release"]["jobs"]["publish"])
    assert "secrets." not in TEXTS["release"]
    assert "repository-url" not in TEXTS["release"]
    assert "attestations: false" not in TEXTS["release"]
