from __future__ import annotations

import json
import random
import re
import shlex
from dataclasses import replace
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from hardenme.model.finding import Finding
from hardenme.model.publishing import Publishing
from hardenme.model.severity import Severity
from hardenme.model.verdict import Fix
from hardenme.model.waiver import Waiver
from hardenme.reports.fixplan import FORMS, render
from hardenme.reports.fixplan.changes import StepEffect
from hardenme.reports.fixplan.plan import FixPlan
from hardenme.reports.fixplan.step_kind import When
from hardenme.reports.fixplan.words import HIDDEN, NOTHING, closing
from hardenme.reports.style import Style
from tests.reports import publishing_sample
from tests.reports.planned import WEB, failed, fix, plan, report, unknown
from tests.reports.sample import HOSTILE, hostile, large, maintainer

C, H, M, L = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW


def text(made: FixPlan, form: str = "table", width: int = 100) -> str:
    return render(made, form, Style(width=width))


def told(made: FixPlan) -> list[str]:
    """The first action of each step, in the finding's words."""
    return [step.actions[0].fix.step for step in made.steps]


def repositories(code: str, count: int, severity: Severity = H, **more: str) -> list[Finding]:
    return [
        failed(
            code,
            f"github:repo/acme/r{number}",
            fix(f"Tick {code} in acme/r{number}", f"{WEB}/acme/r{number}/{code}", **more),
            severity,
        )
        for number in range(count)
    ]


def test_the_worst_comes_first_and_then_what_closes_most() -> None:
    made = plan(
        [
            *repositories("GHR112", 3, M),
            *repositories("GHR101", 2, H),
            *repositories("GHR124", 4, H),
            *repositories("GHR126", 1, C),
            *repositories("GHR113", 9, L),
        ]
    )
    assert [step.codes[0] for step in made.steps] == [
        *("GHR126", "GHR124", "GHR101", "GHR112", "GHR113"),
    ]
    assert [step.closes for step in made.steps] == [1, 4, 2, 3, 9]
    assert [step.number for step in made.steps] == [1, 2, 3, 4, 5]


def test_what_is_alike_but_for_the_name_is_one_step() -> None:
    (step,) = plan(repositories("GHR101", 12)).steps
    assert set(step.names) == {f"acme/r{number}" for number in range(12)}
    assert len({one.fix.page for one in step.actions}) == 12
    assert step.title.endswith("in 12 repositories")
    shown = text(plan(repositories("GHR101", 45)))
    assert "(44 more actions, alike)" in shown
    assert "and 5 more" in shown


def test_one_kind_of_change_is_one_step_whichever_checks_ask_for_it() -> None:
    made = plan(
        [
            failed("GHR101", "github:repo/acme/web", fix("Scan", f"{WEB}/web"), H),
            failed("GHR102", "github:repo/acme/web", fix("Protect", f"{WEB}/web"), C),
            failed("GHR103", "github:repo/acme/app", fix("Alert", f"{WEB}/app"), L),
            failed("GHR101", "github:repo/elsewhere/app", fix("Scan", f"{WEB}/else"), L),
        ]
    )
    assert [step.closes for step in made.steps] == [3, 1]
    assert [action.fix.step for action in made.steps[0].actions] == ["Alert", "Scan", "Protect"]
    assert made.steps[0].title == (
        "Turn on secret scanning, push protection and alerts in acme/app and acme/web"
    )


def test_signs_of_an_attack_come_first_and_what_needs_preparation_last() -> None:
    made = plan(
        [
            failed("GHB101", "github:repo/acme/web", fix("Add a ruleset"), C),
            failed("GHA101", "github:user/a", fix("Turn it on"), L),
            failed("REL104", "npm:package/web@1.0.1", fix("Look at it"), M),
        ]
    )
    assert told(made) == ["Look at it", "Turn it on", "Add a ruleset"]
    assert [step.section for step in made.steps] == [*When]


def test_a_step_has_the_same_id_whatever_else_is_found() -> None:
    found = [
        *repositories("GHR101", 3),
        failed("GHA101", "github:user/a", fix("Turn it on"), C),
        failed("NPT107", "npm:token/1", fix("Revoke it", command="npm token revoke 1"), H),
        failed("NPT107", "npm:token/2", fix("Revoke it", command="npm token revoke 2"), H),
    ]
    every = {step.title: step.id for step in plan(found).steps}
    assert len(set(every.values())) == 4
    for alone in found:
        for step in plan([alone]).steps:
            assert step.id in every.values()


def test_rules_of_a_place_are_one_ruleset() -> None:
    def ruleset(place: str, *rules: object) -> Fix:
        body = {
            "name": "default branch: x",
            "target": "branch",
            "enforcement": "active",
            "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}},
            "rules": rules,
        }
        call = f"gh api -X POST repos/{place}/rulesets --input -"
        return fix("Add it", command=f"echo {shlex.quote(json.dumps(body))} | {call}")

    def reviews(number: int, *, stale: bool) -> dict[str, object]:
        asked = {"required_approving_review_count": number, "dismiss_stale_reviews_on_push": stale}
        return {"type": "pull_request", "parameters": asked}

    (step,) = plan(
        [
            failed("GHB109", "github:repo/a/b", ruleset("a/b", {"type": "deletion"})),
            failed("GHB103", "github:repo/a/b", ruleset("a/b", reviews(2, stale=False))),
            failed("GHB104", "github:repo/a/b", ruleset("a/b", reviews(1, stale=True))),
            failed("GHB109", "github:repo/a/c", ruleset("a/c", {"type": "deletion"})),
        ]
    ).steps
    assert [len(action.closes) for action in step.actions] == [3, 1]
    first, second = (json.loads(call.body) for call in step.actions[0].calls)
    assert {rule["type"]: rule.get("parameters") for rule in first["rules"]} == {
        "deletion": None,
        "pull_request": reviews(0, stale=True)["parameters"],
    }
    assert second["rules"] == [reviews(2, stale=True)]


def test_a_token_that_nothing_uses_goes_with_all_that_is_found_of_it() -> None:
    made = plan(
        [
            failed("NPT107", "npm:token/1", fix("Revoke it", command="npm token revoke 1"), M),
            failed("NPT106", "npm:token/1", fix("Replace it", f"{WEB}/tokens"), H),
            unknown("NPT108", "npm:token/1"),
            failed("NPT106", "npm:token/2", fix("Replace it", f"{WEB}/tokens"), H),
            failed("NPP101", "npm:package/web", fix("Set up a publisher"), L),
        ]
    )
    first = made.steps[0]
    assert (first.closes, first.unknown, first.after) == (2, 1, ())
    assert len(first.actions) == 1
    assert [step.section for step in made.steps] == [When.TODAY, When.NEXT, When.NEXT]


def test_one_step_at_the_organization_closes_it_everywhere() -> None:
    wider = fix("For all of acme", f"{WEB}/orgs/acme", needs="organization owner")
    own = [
        failed(
            "GHW102",
            f"github:repo/acme/r{number}",
            fix("Tick it", f"{WEB}/acme/r{number}", wider=wider),
        )
        for number in range(3)
    ]
    top = failed("GHW102", "github:org/acme", wider)
    (step,) = plan([*own, top]).steps
    assert [action.fix for action in step.actions] == [wider]
    assert step.closes == 4
    assert step.names[0] == "acme"
    assert step.title == "Restrict Actions in acme"
    assert step.needs == "organization owner"
    assert len(step.apart) == 4
    (alone,) = plan(own[:1]).steps
    assert alone.apart == ()
    assert told(plan(own[:1])) == ["Tick it"]


def test_findings_that_one_command_closes_are_one_deed() -> None:
    command = "gh api -X DELETE user/keys/1"
    made = plan(
        [
            failed("GHA103", "github:ssh-key/1", fix("Delete it", command=command), M),
            failed("GHA104", "github:ssh-key/1", fix("Add a better one first", command=command), H),
        ]
    )
    (step,) = made.steps
    (action,) = step.actions
    assert action.fix.step == "Add a better one first. Delete it"
    assert step.codes == ("GHA104", "GHA103")
    assert step.change is StepEffect.REMOVES


def test_what_would_shut_people_out_waits_for_what_prevents_that() -> None:
    made = plan(
        [
            failed("GHO101", "github:org/acme", fix("Require it"), C),
            failed("GHO102", "github:member/acme/x", fix("Ask x"), M, "github:org/acme"),
            failed("GHO105", "github:org/acme", fix("Make a second owner", f"{WEB}/people"), L),
        ]
    )
    assert told(made)[-1] == "Require it"
    assert made.steps[-1].after == (1, 2)
    assert "After  steps 1, 2" in text(made)


def test_old_ways_to_publish_end_after_the_new_one_is_there() -> None:
    made = plan(
        [
            failed("NPT101", "npm:token/1", fix("Revoke", command="npm token revoke 1"), C),
            failed("NPP101", "npm:package/web", fix("Set up a publisher"), L),
        ]
    )
    assert told(made) == ["Set up a publisher", "Revoke"]


def test_a_publisher_that_is_to_go_is_not_set_up_again() -> None:
    publisher, end = "npm:trusted-publisher/web/1", "npm trust revoke --id=1 web"
    again = f"{end} && npm trust github web --repo=gone/web --file=release.yml --env=npm"
    found = [
        failed("NPP102", publisher, fix("Set it up again", command=again), C, "npm:package/web"),
        failed("NPP104", publisher, fix("End it", command=end), H, "npm:package/web"),
    ]
    for order in (found, found[::-1]):
        (step,) = plan(order).steps
        assert ([one.fix.command for one in step.actions], step.closes) == ([end], 2)
    (step,) = plan(found[:1]).steps
    assert [one.fix.command for one in step.actions] == [again]


def test_archiving_comes_last_and_rests_on_nothing() -> None:
    page = f"{WEB}/settings"
    made = plan(
        [
            failed("GHR120", "github:repo/a/b", fix("Archive it", page), C),
            failed("GHR103", "github:repo/a/b", fix("Alerts", page), M),
            failed("GHR104", "github:repo/a/c", fix("Elsewhere", f"{WEB}/other"), L),
        ]
    )
    assert told(made) == ["Alerts", "Elsewhere", "Archive it"]
    assert made.steps[-1].after == ()


@pytest.fixture(scope="module")
def publishing() -> FixPlan:
    return plan(publishing_sample.five())


def test_each_step_of_a_package_stands_once_in_the_package_s_order(publishing: FixPlan) -> None:
    packages = publishing_sample.five().publishing
    assert packages is not None
    place = {
        (action.fix.step, action.fix.command): (step.number, number)
        for step in publishing.steps
        for number, action in enumerate(step.actions)
    }
    for package in packages.packages:
        order = [place[step.fix.step, step.fix.command] for step in package.steps]
        assert order == sorted(order)
    assert any(step.paths for step in publishing.steps)


def test_what_is_accepted_is_counted_and_left_out() -> None:
    first, second = repositories("GHR101", 2)
    waiver = Waiver("GHR101", "github:repo/acme/*", "meant", date(2027, 1, 1))
    made = plan([first, replace(second, waiver=waiver)])
    assert (made.failed, made.waived) == (1, 1)
    assert made.steps[0].names == ("acme/r0",)
    assert "1 finding waived" in text(made)


def test_where_no_path_is_known_to_be_open_there_is_nothing_to_close() -> None:
    package = publishing_sample.unclear("web")
    with_steps = replace(package, steps=publishing_sample.wide_open("web", "acme/web").steps)
    assert plan(report(publishing=Publishing((with_steps,)))).steps == ()
    wrong = failed("PUB101", "npm:package/web", with_steps.steps[0].fix)
    assert plan(report(wrong, publishing=Publishing((with_steps,)))).steps


def test_a_package_whose_open_paths_are_accepted_has_no_steps() -> None:
    package = publishing_sample.wide_open("web", "acme/web")
    wrong = failed("PUB101", "npm:package/web", package.steps[0].fix)
    waiver = Waiver("PUB101", "npm:package/web", "meant", date(2027, 1, 1))
    shown = report(wrong, publishing=Publishing((package,)))
    assert plan(shown).steps
    accepted = report(replace(wrong, waiver=waiver), publishing=Publishing((package,)))
    assert plan(accepted).steps == ()


def test_nothing_to_fix_says_so_in_every_form() -> None:
    made = plan([])
    assert NOTHING.rstrip(".") in text(made)
    assert NOTHING.rstrip(".") in text(made, "markdown")
    assert "# Nothing to fix" in text(made, "sh")
    assert json.loads(text(made, "json"))["steps"] == []


def test_a_report_that_is_not_whole_says_so_at_the_top() -> None:
    made = plan(report(*repositories("GHR101", 1), partial="interrupted"))
    for form in ("table", "markdown", "sh"):
        lines = text(made, form).splitlines()
        (at,) = [n for n, line in enumerate(lines) if "This report is not whole" in line]
        assert at < 10
    assert json.loads(text(made, "json"))["partial"] == "interrupted"


def test_a_report_with_pseudonyms_gives_no_command() -> None:
    found = [
        failed("GHA103", "github:ssh-key/1", fix("Delete", command="gh api -X DELETE user/keys/1")),
        failed("GHR103", "github:repo/a/b", fix("On", command="gh api -X PUT repos/a/b/x")),
    ]
    made = plan(report(*found, redacted="redacted: names are pseudonyms"))
    assert made.hidden
    for form in FORMS:
        shown = text(made, form)
        assert "gh api" not in shown
        assert "hardenme check" not in shown
        assert HIDDEN.split(",", maxsplit=1)[0] in " ".join(shown.split()) or form in {"json", "sh"}


def test_a_right_picks_its_steps_and_their_numbers_stay() -> None:
    owner = fix("Own", needs="Organization OWNER")
    found = [*repositories("GHR101", 3), failed("GHO105", "github:org/acme", owner, L)]
    made = plan(found, needs="owner")
    assert [step.number for step in made.steps] == [2]
    assert made.others == 1
    assert "1 step for others left out" in text(made)
    none = plan(found, needs="nobody")
    assert "No step needs a right with 'nobody' in it." in text(none)


def test_the_order_of_findings_changes_nothing() -> None:
    findings = list(maintainer().findings)
    random.Random(6).shuffle(findings)  # noqa: S311 (an order, not a secret)
    shuffled = plan(replace(maintainer(), findings=findings))
    for form in FORMS:
        assert text(shuffled, form) == text(plan(maintainer()), form)


def test_every_failure_is_closed_by_one_action() -> None:
    for made_of in (maintainer(), publishing_sample.five(), hostile()):
        made = plan(made_of)
        closes = [one for step in made.steps for action in step.actions for one in action.closes]
        assert len(closes) == made.failed == sum(one.fails for one in made_of.findings)


def test_many_repositories_fit_on_a_terminal_and_the_script_has_them_all() -> None:
    few, many = plan(large(60)), plan(large(120))
    assert many.failed == 600
    for form, most in (("table", 250), ("markdown", 250)):
        lines = text(many, form).splitlines()
        assert len(lines) < most
        assert len(lines) - len(text(few, form).splitlines()) < 10
    assert "and 117 more: hardenme fix " in text(many)
    script = text(many, "sh")
    assert all(f"mallow/repository-{number:05}" in script for number in range(120))
    assert all(f"npm token revoke {number:06x}" in script for number in range(120))


@pytest.mark.parametrize(("form", "most"), [("table", 60), ("markdown", 150)])
def test_a_step_that_is_not_shown_is_counted_in_its_section(form: str, most: int) -> None:
    # Those of today are so many that none of the next section is among the first of the plan.
    made = plan(
        [
            *(failed("NPT107", f"npm:token/{one:06}", fix("Revoke it")) for one in range(170)),
            *(failed("REL101", f"npm:release/p{one}@1.0.0", fix("Look")) for one in range(90)),
            failed("GHB101", "github:repo/acme/web", fix("Protect it"), within="github:org/acme"),
        ]
    )
    sections = re.split(r"^(?:## |── )", text(made, form), flags=re.MULTILINE)
    for time, title in (
        (When.LOOK, "Look now"),
        (When.TODAY, "Do today"),
        (When.NEXT, "Do next"),
    ):
        section = next(one for one in sections if one.startswith(title))
        shown = sum(step.id in section for step in made.steps)
        left = re.search(r"and (\d+) more steps?:", section)
        counted = int(left[1]) if left else 0
        assert shown <= most
        assert shown + counted == sum(step.section is time for step in made.steps), title


@pytest.mark.parametrize("width", [30, 40, 60, 80, 200])
def test_sentences_fit_the_width_and_commands_stay_whole(width: int) -> None:
    for line in text(plan(maintainer()), width=width).splitlines():
        words = ("http", "hardenme ", "npm ", "gh api", "rm ", "chmod ")
        free = [word in line for word in words]
        assert len(line) <= width or any(free), line


def test_hostile_names_steer_nothing_in_any_form() -> None:
    made = plan(hostile())
    for form in FORMS:
        shown = text(made, form)
        assert not any(mark in shown for mark in "\x1b\x07\u202e\u200b\x00\x85\u2028\ud800")
        assert "CANARY" not in shown
        assert render(made, form, Style(ascii_only=True)).isascii()
    json.loads(text(made, "json"))
    for line in text(made, "markdown").splitlines():
        assert not line.startswith("# heading")
    assert len(HOSTILE) > 10


def test_json_is_by_its_schema() -> None:
    path = Path(__file__).parents[2] / "docs" / "schemas" / "plan.schema.json"
    schema = json.loads(path.read_text())
    for made_of in (maintainer(), hostile(), publishing_sample.five(), report()):
        document = json.loads(text(plan(made_of), "json"))
        jsonschema.Draft202012Validator(schema).validate(document)


def test_quiet_is_the_steps_alone() -> None:
    made = plan(repositories("GHR101", 1))
    (page,) = {one.fix.page for one in made.steps[0].actions}
    title = "Turn on secret scanning, push protection and alerts in acme/r0"
    line = f"1. {made.steps[0].id} {title}\n"
    assert render(made, "table", Style(quiet=True)) == f"{line}   {page}\n"
    assert render(made, "table", Style(quiet=True, lines=True)) == line
    assert render(made, "markdown", Style(quiet=True)).startswith("- [ ] **1** ")
    assert render(plan([]), "table", Style(quiet=True)) == ""


def test_what_one_of_many_actions_leaves_out_is_a_line_without_an_empty_label() -> None:
    # So many kinds of action of one step that the last ones are counted.
    many = [
        failed("GHR124", f"github:repo/acme/r{one}", fix(f"Do the {chr(97 + one)}th thing"))
        for one in range(9)
    ]
    (step,) = plan(many).steps
    for form in ("table", "markdown"):
        shown = text(plan(many), form)
        assert "and 3 more actions: " in shown
        assert "- :" not in shown
        assert " For " in shown or "- For: " in shown
        nobody = replace(step, actions=tuple(replace(one, names=()) for one in step.actions))
        shown = text(replace(plan(many), steps=(nobody,)), form)
        assert not re.search(r"^ +(?:- )?For:? *$", shown, re.MULTILINE)


def test_closes_is_what_a_later_run_shows_closed() -> None:
    """What is deprecated stays failed, and so does a tag rule that leaves creation to a person."""
    version, tag = "npm:package/web@1.0.1", "npm:package/web@latest"
    moved = "npm dist-tag add web@1.0.0 latest"
    made = plan(
        [
            failed("REL101", version, fix("Look", command=f"{moved}\nnpm deprecate web@1.0.1 no")),
            failed("REL104", version, fix("Look", command=f"{moved}\nnpm deprecate web@1.0.1 no")),
            failed("REL106", tag, fix("Move it", command=moved)),
            failed("GHB115", "github:repo/acme/web", fix("Add a ruleset", command="gh api x")),
        ]
    )
    release, rules = made.steps
    assert (release.closes, release.left) == (1, 2)
    assert sum(release.counts.values()) == 3
    assert "2 findings stay failed until npm has removed the version" in closing(release)
    assert (rules.closes, rules.left) == (0, 1)
    assert closing(rules).startswith("nothing yet: 1 finding stays failed until you limit")


@pytest.mark.parametrize("codes", [("GHR116", "GHR117", "GHR127"), ("GHR127", "GHR117", "GHR116")])
def test_a_secret_that_is_deleted_is_not_rotated_as_well(codes: tuple[str, ...]) -> None:
    words = {
        "GHR116": ("Set up trusted publishing, then delete the secret", H),
        "GHR117": ("Add the secret to the environment, then delete it here", M),
        "GHR127": ("Create a new value at the provider", M),
    }
    found = [
        failed(code, "github:secret/acme/web/NPM_TOKEN", fix(words[code][0]), words[code][1])
        for code in codes
    ]
    other = failed("GHR127", "github:secret/acme/web/DEPLOY_KEY", fix(words["GHR127"][0]), M)
    deleted, rotated = plan([*found, other]).steps
    assert (deleted.title.split()[0], deleted.closes) == ("Delete", 3)
    assert [one.fix.step for one in deleted.actions] == [words["GHR116"][0]]
    assert (rotated.title.split()[0], rotated.closes) == ("Rotate", 1)


def test_what_can_be_done_today_does_not_wait_for_the_end_of_a_secret() -> None:
    subject = "github:org-secret/acme/NPM_TOKEN"
    delete = failed("GHR116", subject, fix("Delete the secret"), H)
    limit = failed("GHO128", subject, fix("Limit the access"), H)
    assert [step.section for step in plan([delete, limit]).steps] == [When.TODAY, When.NEXT]
