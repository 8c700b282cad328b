"""Where text comes from: what is listed as harmless is, what is listed as outsiders' is theirs."""

from __future__ import annotations

import pytest

from hardenme.workflows.expressions import Path
from hardenme.workflows.level import Level
from hardenme.workflows.origins import BROUGHT, BY_MEMBERS, of_event
from hardenme.workflows.payloads import KNOWN
from hardenme.workflows.zizmor_harmless import harmless


@pytest.mark.parametrize(
    ("path", "level"),
    [
        ("github.sha", Level.NO),
        ("github.workspace", Level.NO),
        ("github.action", Level.NO),
        ("github.event.commits.*.id", Level.NO),
        ("github.event.merge_group.head_ref", Level.NO),
        ("github.event.label.name", Level.NO),
        ("github.head_ref", Level.YES),
        ("github.event.commits.*.message", Level.YES),
        ("github.event.merge_group.head_commit.message", Level.YES),
        ("github.event.workflow_run.path", Level.YES),
        ("github.event.workflow_run.display_title", Level.YES),
        ("github.event", Level.YES),
        ("github", Level.YES),
        ("github.*", Level.YES),
        ("github.event.new", Level.MAYBE),
        ("github.event.new.name", Level.MAYBE),
        ("github.new", Level.MAYBE),
    ],
)
def test_whose_text_it_is(path: str, level: Level) -> None:
    assert of_event(Path(tuple(path.split(".")))).text is level


@pytest.mark.parametrize(
    ("path", "level"),
    [
        ("github.actor", Level.YES),
        ("github.event.sender.login", Level.YES),
        ("github.event.comment.user.login", Level.YES),
        ("github.event.workflow_run.actor.login", Level.YES),
        ("github.repository_owner", Level.NO),
        ("github.event.repository.owner.login", Level.NO),
        ("github.event.pull_request.base.user.login", Level.NO),
        ("github.event.organization.login", Level.NO),
        ("github.event.comment.body", Level.NO),
    ],
)
def test_whose_account_it_is(path: str, level: Level) -> None:
    assert of_event(Path(tuple(path.split(".")))).account is level


def test_no_key_of_an_event_is_in_both_lists() -> None:
    assert not BROUGHT & BY_MEMBERS
    assert {"issue", "comment", "pull_request", "workflow_run"} <= BROUGHT & KNOWN


@pytest.mark.parametrize(
    ("expression", "spared"),
    [
        ("github.sha", True),
        ("GitHub['sha']", True),
        ("github.sha || github.head_ref", False),
        ("matrix.os", False),
        ("github.new", False),
        ("(github.sha", False),
        ("'x'", False),
        ("", False),
    ],
)
def test_an_expression_is_spared_for_all_that_it_looks_up(expression: str, *, spared: bool) -> None:
    assert harmless("template-injection", expression, "echo ${{ github.sha }}") is spared


@pytest.mark.parametrize(
    ("step", "spared"),
    [
        ('echo "A=${{ github.sha }}" >> $GITHUB_ENV', True),
        ('echo "A=$GITHUB_WORKSPACE" >> $GITHUB_ENV\n  printf b', True),
        ('echo "A=$(cat x)" >> $GITHUB_ENV', False),
        ('echo "A=`cat x`" >> $GITHUB_ENV', False),
        ('echo "A=$TITLE" >> $GITHUB_ENV', False),
        ('echo "A=${{ github.head_ref }}" >> $GITHUB_ENV', False),
        ("cat x >> $GITHUB_ENV", False),
        ("echo a | tee $GITHUB_ENV", False),
        ("{ echo a; cat x; } >> $GITHUB_ENV", False),
        ("echo a; cat x >> $GITHUB_ENV", False),
        ("echo a && cat x >> $GITHUB_ENV", False),
        ("", False),
    ],
)
def test_a_variable_is_spared_where_nothing_else_is_written(step: str, *, spared: bool) -> None:
    assert harmless("github-env", "", step) is spared
    assert not harmless("insecure-commands", "github.sha", step)
