"""A ticket is whole for a reader without hardenme, and asks of that reader what is the reader's."""

from __future__ import annotations

import itertools
import re
import shlex
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from hardenme.engine.report_filter import ReportFilter, cut, each_place
from hardenme.model.finding import Finding
from hardenme.model.report import Identity, Report
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Fix, Manual
from hardenme.reports.calls import ProgramCall, plain_calls
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.fixplan.kinds import KINDS
from hardenme.reports.fixplan.plan import FixPlan
from hardenme.reports.outline.parts import sentence as sentence_of
from hardenme.reports.plain import SENTENCE_END, plain, timestamp
from hardenme.reports.ticket.changes import GONE, NONE_LEFT, SEND_ON
from hardenme.reports.ticket.confirming import confirmed_by
from hardenme.reports.ticket.content import of_member, of_place, of_repository, of_step, ticket_id
from hardenme.reports.ticket.drawing import WRITER, drawn
from hardenme.reports.ticket.own import TASKS, own_fix
from hardenme.reports.ticket.place_plan import OWNERS
from hardenme.reports.ticket.readers import THE_SENDER, sender_of
from hardenme.reports.ticket.shortened import shortened
from hardenme.reports.ticket.ticket import Ticket, TicketAction, TicketProblem, TicketTask
from tests.reports import planned, publishing_sample
from tests.reports.rich_sample import rich
from tests.reports.sample import large, maintainer, report_of
from tests.reports.test_report_members import about

HOST = "https://host.example.test"

REPORTS = [maintainer, publishing_sample.five, rich, lambda: large(60)]
HEADS = ("What is wrong", "What to do", "How to see that it is done")
CUT = re.compile(r"and [\d,]+ more|[\d,]+ more \w+|alike\)")
CODE = re.compile(r"\b(?:GH[A-Z]|NP[A-Z]|PUB|LOC|REL|ATT)\d{3}\b")
WRITES = {"-X", "--method", "--input", "-f", "-F", "set", "add", "rm", "revoke", "grant", "github"}


def joined(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("made", REPORTS)
def test_a_ticket_of_a_step_holds_all_that_it_takes(made: Callable[[], Report]) -> None:
    report = made()
    plan = plan_of(report)
    assert plan.steps
    for step in plan.steps:
        text = drawn(of_step(report, plan, step))
        assert not CUT.search(text), step.title
        heads = HEADS if step.closes + step.left else HEADS[1:]
        assert all(f"**{head}**" in text for head in heads), step.title
        assert f"Reference: `{step.id}`" in text
        words = joined(text)
        for action in step.actions:
            for said in (action.fix.page, *action.fix.commands):
                assert joined(plain(said)) in words, step.title
        titles = {one.title for one in report.findings if one.fails and one.code in step.codes}
        own = {task.title for task in TASKS.values()}
        assert all(joined(title) in words for title in titles - own), step.title


@pytest.mark.second_tier("takes long in all", one_of=4)
@pytest.mark.parametrize("made", REPORTS)
def test_each_change_has_the_ids_of_the_steps_that_close_it(made: Callable[[], Report]) -> None:
    report = made()
    plan = plan_of(report)
    closing = {
        (one.code, one.subject, one.within): step.id
        for step in plan.steps
        for action in step.actions
        for one in action.closes
    }
    of_this_run = f", from the check of {timestamp(report.started)}. "
    for step in plan.steps:
        assert f"Reference: `{step.id}`{of_this_run}" in drawn(of_step(report, plan, step))
    for place, part in each_place(report):
        ticket = of_place(part, place)
        text = drawn(ticket)
        assert f"Reference of this list: `{ticket.id}`{of_this_run}" in text
        keys = ((one.code, one.subject, one.within) for one in part.findings if one.fails)
        wanted = {closing[key] for key in keys if key in closing}
        shown = {name for task in ticket.tasks for name in task.steps}
        left = {one.id for one in plan.steps if one.title in (*ticket.owner, *ticket.sender)}
        assert shown <= {one.id for one in plan_of(part).steps}, place
        assert wanted - left <= shown | _of_owner(plan, wanted), place
        lines = re.findall(r"^Reference of this change: (.+)$", text, re.MULTILINE)
        assert [tuple(re.findall(r"[a-z2-7]{6}", line)) for line in lines] == [
            task.steps for task in ticket.tasks
        ]


def _of_owner(plan: FixPlan, ids: set[str]) -> set[str]:
    """Those steps that an owner takes: a list for an administrator names them by their titles."""
    return {one.id for one in plan.steps if one.id in ids and OWNERS.match(one.needs)}


@pytest.mark.parametrize("made", REPORTS)
def test_a_ticket_says_who_had_it_made_and_whom_to_ask(made: Callable[[], Report]) -> None:
    report = made()
    unsigned = replace(report, identities=())
    for one, who in ((report, "mallow"), (unsigned, THE_SENDER)):
        plan = plan_of(one)
        tickets = [of_step(one, plan, step) for step in plan.steps]
        tickets += [of_place(part, place) for place, part in each_place(one)]
        maker = f" for {who}" if who == "mallow" else ""
        for text in map(drawn, tickets):
            assert f"Made by hardenme{maker} on {one.started:%Y-%m-%d}, by a check of " in text
            assert f"The check changed nothing. Questions: ask {who}.\n" in text
            assert f"Name it when you ask {who} about this." in text
            assert (THE_SENDER in text.lower()) is (who == THE_SENDER)


def test_a_sender_with_two_names_has_both_and_more_than_two_are_no_one() -> None:
    names = ("mallow", "github"), ("fern", "npm"), ("wren", "github")
    made = [Identity(site, "h", login, "classic", "file") for login, site in names]
    report = replace(maintainer(), identities=(*made[:2], Identity("npm", "h", "", "", "")))
    assert sender_of(report) == "mallow on GitHub or fern on npm"
    assert sender_of(replace(report, identities=tuple(made))) == ""
    assert sender_of(replace(report, identities=(made[0], replace(made[1], login="mallow")))) == (
        "mallow"
    )


def test_a_member_s_list_is_signed_and_its_answer_goes_to_the_sender() -> None:
    fix = Fix("Ask hazel", f"{HOST}/people")
    found = about("GHO122", "hazel", Failed("no activity", {"on": False}, fix))
    own = own_fix(found)
    assert own is not None
    mine = replace(found, outcome=Failed("no activity", {"on": False}, own))
    report = replace(report_of([mine]), identities=())
    text = drawn(of_member(report, "hazel", (), "mallow"))
    assert "Made by hardenme for mallow on " in text
    assert "Questions: ask mallow, over a channel that you already had." in text
    assert "1. [ ] Answer mallow: do you still need access" in text
    assert "- mallow has your answer." in text
    assert THE_SENDER not in text.lower()


@pytest.mark.parametrize(
    ("needs", "command", "said"),
    [
        (
            "the account's owner; the command needs the scope admin:gpg_key",
            "gh api -X DELETE user/gpg_keys/7",
            "`gh`. Sign in with `gh auth login --scopes admin:gpg_key`, as mallow.",
        ),
        (
            "repository admin; the command needs the scope repo",
            "gh api --hostname h.example -X DELETE repos/a/b/keys/7",
            (
                "`gh`. Sign in with `gh auth login --hostname h.example`, as someone who has what"
                ' "You need" names.'
            ),
        ),
        (
            "repository admin",
            """echo '{"name": "x"}' | gh api -X POST repos/a/b/rulesets --input -""",
            '`gh`. Sign in with `gh auth login`, as someone who has what "You need" names.',
        ),
        (
            "write access to the package",
            "npm owner rm wren one --registry https://r.example.test",
            "`npm`. Sign in with `npm login --registry https://r.example.test`, as someone",
        ),
        ("a project", "npm audit signatures", "The commands need `npm`.\n"),
        ("a project", "", ""),
    ],
)
def test_commands_name_what_signs_in_and_as_whom(needs: str, command: str, said: str) -> None:
    subject = "github:user/mallow" if "account" in needs else "github:repo/a/b"
    fix = planned.fix("Do it", f"{HOST}/page", command, needs=needs)
    report = planned.report(planned.failed("GHR108", subject, fix))
    plan = plan_of(report)
    text = drawn(of_step(report, plan, plan.steps[0]))
    assert said in text
    assert ("The commands need" in text) == bool(command)


def test_advice_that_says_more_than_the_only_action_is_what_to_do() -> None:
    step = "Print the codes. Then add a passkey"
    advice = "Print the codes: without them you may lose the account. Add a passkey at home."
    (task,) = short(task_of(action=step, problems=(advised_by(advice),)))
    assert [one.text for one in task.actions] == [advice]
    assert task.problems[0].advice == ""
    less = "Print the codes: without them you may lose the account."
    (task,) = short(task_of(action=step, problems=(advised_by(less),)))
    assert [one.text for one in task.actions] == [step]
    (task,) = short(
        task_of(action=step, problems=(advised_by(advice), advised_by("Ask someone else.")))
    )
    assert [one.text for one in task.actions] == [step]


def advised_by(advice: str) -> TicketProblem:
    return TicketProblem("It is open", Severity.LOW, "", (("acme/web", "off"),), advice)


@pytest.mark.parametrize("made", [maintainer, rich])
def test_what_signs_in_for_the_commands_is_said_where_there_are_any(
    made: Callable[[], Report],
) -> None:
    report = made()
    plan = plan_of(report)
    said = set[tuple[bool, bool]]()
    for step in plan.steps:
        ticket = of_step(report, plan, step)
        lines = [line for task in ticket.tasks for one in task.actions for line in one.commands]
        programs = {name for name in ("gh", "npm") for line in lines if f"{name} " in line}
        text = drawn(ticket)
        takes = re.search(r"^The commands need .*$", text, re.MULTILINE)
        assert (takes is not None) is bool(programs)
        for program in programs:
            assert takes is not None
            assert f"`{program}`" in takes[0]
        said.add(("gh" in programs, "npm" in programs))
    assert len(said) > 1


def test_a_member_has_the_id_of_the_step_that_is_about_the_member() -> None:
    fix = Fix("hazel turns on 2FA", f"{HOST}/settings/security")
    found = about("GHO102", "hazel", Failed("2FA is off", {"on": False}, fix))
    report = report_of([found])
    (step,) = plan_of(report).steps
    (task,) = of_member(report, "hazel", (step,)).tasks
    assert task.steps == (step.id,)
    text = drawn(of_member(report, "hazel", (step,)))
    assert f"Reference of this change: `{step.id}`" in text
    assert "Reference of this list: `" in text


def test_files_are_committed_before_the_branch_takes_no_more_pushes() -> None:
    repository = "github:repo/acme/web"
    codes = (
        "GHB102",
        "GHW102",
        *(code for kind in KINDS if kind.commits for code in kind.codes),
    )
    committing = [kind for kind in KINDS if kind.commits]
    assert {"lock-file", "security-policy", "code-owners"} <= {kind.key for kind in committing}
    found = [planned.failed(code, repository, planned.fix(f"Do {code}")) for code in codes]
    ((place, part),) = each_place(planned.report(*found))
    tasks = of_place(part, place).tasks
    places = {one.actions[0].text: at for at, one in enumerate(tasks)}
    assert len(tasks) == len(committing) + 2
    branch = places.pop("Do GHB102")
    assert all(at < branch for text, at in places.items() if text != "Do GHW102")


@pytest.mark.parametrize(
    ("command", "gone"),
    [("gh api -X DELETE repos/acme/web/keys/7", True), ("gh api -X PUT repos/acme/web/x", False)],
)
def test_a_key_that_is_deleted_is_no_longer_listed(command: str, gone: bool) -> None:  # noqa: FBT001 (a case)
    found = planned.failed("GHR109", "github:repo/acme/web", planned.fix("Do it", command=command))
    report = planned.report(found)
    text = replace(report.checks["GHR109"], summary="The key is in use.")
    report = replace(report, checks={"GHR109": text})
    plan = plan_of(report)
    (task,) = of_step(report, plan, plan.steps[0]).tasks
    assert task.holds == (GONE if gone else "The key is in use.",)


def test_what_is_taken_in_order_keeps_it() -> None:
    report = publishing_sample.five()
    plan = plan_of(report)
    step = next(one for one in plan.steps if one.releases)
    assert step.ordered
    first, *rest = step.actions
    alike = replace(first, fix=replace(first.fix, page=f"{HOST}/another"))
    between = replace(rest[0], fix=replace(rest[0].fix, step="Add the environment"))
    (task,) = of_step(report, plan, replace(step, actions=(first, between, alike))).tasks
    assert [one.text for one in task.actions] == [
        first.fix.step,
        "Add the environment",
        first.fix.step,
    ]


@pytest.mark.parametrize("made", REPORTS)
def test_nothing_in_a_ticket_needs_hardenme(made: Callable[[], Report]) -> None:
    report = made()
    plan = plan_of(report)
    for step in plan.steps:
        ticket = of_step(report, plan, step)
        text = drawn(ticket)
        # What a check of the machine found may name the tool; a ticket adds nothing of it.
        for task in ticket.tasks:
            ours = (*task.before, *task.risks, *task.holds, *(one.why for one in task.problems))
            assert not any(CODE.search(one) or "hardenme" in one for one in ours), step.title
        assert not re.search(r"`hardenme ", text), step.title


@pytest.mark.second_tier("takes long in all", one_of=4)
@pytest.mark.parametrize("made", REPORTS)
def test_an_administrator_gets_no_task_of_an_owner(made: Callable[[], Report]) -> None:
    report = made()
    names = {
        place.name
        for one in report.findings
        for place in (one.subject, one.within)
        if (place.provider, place.kind) == ("github", "repo")
    }
    for name in names:
        part = cut(report, ReportFilter(repositories=(name,)))
        ticket = of_repository(part, name)
        assert not any(OWNERS.match(task.needs) for task in ticket.tasks)
        failed = {one.code for one in part.findings if one.fails}
        alone = plan_of(replace(part, whole=None))
        assert len(ticket.tasks) + len(ticket.owner) >= len(alone.steps) * bool(failed)
        assert bool(ticket.tasks or ticket.owner) == bool(failed)


def test_what_one_setting_does_for_all_is_named_beside_what_one_repository_does() -> None:
    wide = Fix(
        "Require it for all repositories",
        "https://host.example.test/organizations/acme/settings/rules",
        needs="organization owner",
    )
    own = Fix(
        "Require it here",
        "https://host.example.test/acme/web/settings/rules",
        needs="repository admin",
        wider=wide,
    )
    finding = about("GHB101", "web", Failed("off", {"on": False}, own))
    place = replace(finding.subject, kind="repo", name="acme/web")
    report = report_of([replace(finding, subject=place, within=place)])
    text = drawn(of_repository(cut(report, ReportFilter(repositories=("acme/web",))), "acme/web"))
    (task,) = of_repository(cut(report, ReportFilter(repositories=("web",))), "acme/web").tasks
    assert task.actions[0].pages == (own.page,)
    assert task.instead is not None
    assert task.instead[1] == wide.page
    assert "Once for all repositories of acme, by an organization owner" in text


def test_what_the_organization_s_own_step_closes_is_named_by_its_id() -> None:
    wide = Fix("Require it for all", f"{HOST}/organizations/acme/rules", needs="organization owner")
    findings = []
    for name in ("acme/web", "acme/api"):
        own = Fix("Require it here", f"{HOST}/{name}/rules", needs="repository admin", wider=wide)
        made = about("GHB101", name, Failed("off", {"on": False}, own))
        place = Subject("github", "repo", name)
        findings.append(replace(made, subject=place, within=place))
    report = report_of(findings)
    (above,) = plan_of(report).steps
    assert (above.needs, len(above.actions)) == (wide.needs, 1)
    for name in ("acme/web", "acme/api"):
        (task,) = of_repository(cut(report, ReportFilter(repositories=(name,))), name).tasks
        assert task.actions[0].pages == (f"{HOST}/{name}/rules",)
        who = "Once for all repositories of acme, by an organization owner"
        said = f"{who}: {above.title} (reference {above.id})."
        assert task.instead == (said, wide.page)


def test_a_step_of_people_is_in_their_words() -> None:
    asked = Fix("Ask hazel to turn on 2FA", "https://host.example.test/settings/security")
    report = report_of([about("GHO102", "hazel", Failed("2FA is off", {"on": False}, asked))])
    plan = plan_of(report)
    text = drawn(of_step(report, plan, plan.steps[0]))
    assert "For: hazel." in text
    assert "Ask hazel" not in text
    assert "Turn on two-factor authentication" in text
    assert "https://host.example.test/settings/security" in text


def test_what_members_do_themselves_is_sent_on_by_the_owner() -> None:
    asked = Fix("Ask hazel to turn on 2FA", f"{HOST}/settings/security", needs="their account")
    finding = about("GHO102", "hazel", Failed("2FA is off", {"on": False}, asked))
    report = report_of([finding])
    (task,) = of_place(report, finding.within).tasks
    assert (task.needs, task.risks) == ("", (SEND_ON,))
    plan = plan_of(report)
    (task,) = of_step(report, plan, plan.steps[0]).tasks
    assert SEND_ON not in task.risks


def test_an_id_is_of_what_the_ticket_is_about_and_of_nothing_else() -> None:
    assert ticket_id("repository", "acme/web") == ticket_id("repository", "Acme/Web")
    names = ("acme/web", "acme/api", "acme-web", "acme")
    found = {ticket_id(kind, name) for kind in ("repository", "member") for name in names}
    assert len(found) == 2 * len(names)
    assert all(re.fullmatch("[a-z2-7]{6}", one) for one in found)


@pytest.mark.parametrize("made", REPORTS)
def test_what_shows_a_change_changes_nothing(made: Callable[[], Report]) -> None:
    calls = [call for step in plan_of(made()).steps for one in step.actions for call in one.calls]
    for command in confirmed_by(calls):
        words = shlex.split(command)
        assert not WRITES & {*words[2:4], *(word for word in words if word.startswith("-"))}
        assert [*map(shlex.split, confirmed_by(plain_calls(command)))] == []


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("gh api -X DELETE repos/a/b/keys/3", "gh api repos/a/b/keys --paginate"),
        (
            "gh api --hostname h.example -X DELETE orgs/a/credential-authorizations/3",
            "gh api --hostname h.example orgs/a/credential-authorizations --paginate",
        ),
        (
            "gh api -X DELETE orgs/a/organization-roles/teams/t/8",
            "gh api orgs/a/organization-roles/8/teams --paginate",
        ),
        (
            "gh api -X PATCH repos/a/b -f security_and_analysis[x][status]=enabled",
            "gh api repos/a/b --jq .security_and_analysis",
        ),
        ("gh api -X PATCH user/email/visibility -f visibility=private", "gh api user/emails"),
        ("gh api -X POST repos/a/b/rulesets", "gh api repos/a/b/rulesets"),
        (
            "gh api -X PUT repos/a/b/collaborators/c -f permission=push",
            "gh api repos/a/b/collaborators/c/permission",
        ),
        ("npm dist-tag add @a/b@1.0.0 latest", "npm dist-tag ls @a/b"),
        ("npm dist-tag add b@1.0.0 latest", "npm dist-tag ls b"),
        ("npm access grant read-only a:t @a/b", "npm access list collaborators @a/b"),
        ("npm trust revoke --id=3 @a/b", "npm trust list @a/b"),
        ("npm token revoke 3f9c", "npm token list"),
    ],
)
def test_what_shows_a_change(command: str, shown: str) -> None:
    assert confirmed_by([ProgramCall(tuple(shlex.split(command)))]) == (shown,)


def test_what_cannot_be_read_by_itself_is_read_in_its_list() -> None:
    """GitHub answers 404 for each of these by itself, which would look as if it were gone."""
    for path in ("repos/a/b/invitations/3", "orgs/a/invitations/3", "orgs/a/hooks/3"):
        shown = confirmed_by([ProgramCall(("gh", "api", "-X", "DELETE", path))])
        assert not any("/3" in command for command in shown)


LONGEST_REPEATED = 40
"""Characters of a line that may stand twice, such as a heading or the page of two changes."""


@pytest.mark.second_tier("takes long", one_of=4)
@pytest.mark.parametrize("made", REPORTS)
def test_each_thing_is_said_once(made: Callable[[], Report]) -> None:
    report = made()
    for place, part in each_place(report):
        lines = drawn(of_place(part, place)).splitlines()
        said = [re.sub(r"^[\d\s.*\-\[\]]+", "", line) for line in lines]
        links = ("Page: ", "On this page: ", "For: ", "<", "Or run", "Run", "`", "#")
        twice = [
            one
            for one, number in Counter(said).items()
            if number > 1 and len(one) > LONGEST_REPEATED and not one.startswith(links)
        ]
        # What two changes need, or how both are undone, is in each: they are made apart.
        assert [one for one in twice if not one.startswith(("You need: ", "First: "))] == []


def test_what_changes_share_stands_above_them() -> None:
    def task(number: int, *risks: str, needs: str = "repository admin") -> TicketTask:
        page = f"https://host.example.test/{number}"
        action = TicketAction(f'Tick "Box {number}"', (f"acme/web: key {number}",), (page,), ())
        return TicketTask(
            title=f"Change {number}",
            problems=(
                TicketProblem("Box is off", Severity.HIGH, "why", (("acme/web", "`box` is off."),)),
            ),
            needs=needs,
            before=(),
            risks=(f'Tick "Box {number}". People notice.', *risks),
            instead=("Once for all", "https://host.example.test/all") if number < 3 else None,
            actions=(action,),
            undo=(),
            holds=("It is on.",),
            pages=(page,),
            shown_by=(),
        )

    tasks = (task(1, "It is at once."), task(2, "It is at once."), task(3, needs="owner"))
    short = shortened(Ticket("aaaaaa", "3 changes", (), tasks, place="acme/web"))
    assert short.needs == "repository admin"
    assert [one.needs for one in short.tasks] == ["", "", "owner"]
    assert {(one.changes, one.text) for one in short.notes} == {
        ("Changes 1 and 2", "It is at once."),
        ("Changes 1, 2 and 3", "People notice."),
    }
    assert [(one.changes, one.page) for one in short.wider] == [
        ("Changes 1 and 2", "https://host.example.test/all")
    ]
    assert all(one.risks == () and one.instead is None for one in short.tasks)
    assert [one.actions[0].names for one in short.tasks] == [(f"key {n}",) for n in (1, 2, 3)]
    assert all(problem.cases == () for one in short.tasks for problem in one.problems)


def test_a_sentence_keeps_the_one_that_it_refers_to() -> None:
    action = TicketAction('Enable "Alerts"', (), (), ())
    note = 'Enable "Alerts". It opens no pull requests.'
    task = TicketTask("x", (), "", (), (note,), None, (action,), (), (), (), ())
    (short,) = shortened(Ticket("aaaaaa", "x", (), (task,))).tasks
    assert short.risks == (note,)


@pytest.mark.parametrize("made", REPORTS)
def test_advice_is_said_of_the_problem_that_it_is_about(made: Callable[[], Report]) -> None:
    report = made()
    plan = plan_of(report)
    advised = 0
    for step in plan.steps:
        ticket = of_step(report, plan, step)
        (task,) = ticket.tasks
        fixes = {report.checks[code].fix for code in step.codes if code in report.checks}
        for sentence in (one for risk in task.risks for one in SENTENCE_END.split(risk)):
            assert not any(sentence in fix for fix in fixes), step.title
        for problem in shortened(ticket).tasks[0].problems:
            if problem.advice:
                advised += 1
                lines = drawn(ticket).splitlines()
                begins = f"- {WRITER.words((sentence_of(problem.title),))} ("
                (at,) = (n for n, line in enumerate(lines) if line.startswith(begins))
                own = itertools.takewhile(lambda line: line.startswith("  - "), lines[at + 1 :])
                assert any(line.startswith("  - Advice: ") for line in own), step.title
    assert advised or not any(one.fix for one in report.checks.values())


@pytest.mark.parametrize("made", REPORTS)
def test_what_stays_is_named(made: Callable[[], Report]) -> None:
    report = made()
    plan = plan_of(report)
    titles = {(one.code, one.subject, one.within): one.title for one in report.findings}
    for step in (one for one in plan.steps if one.left):
        ticket = of_step(report, plan, step)
        (task,) = ticket.tasks
        left = {
            titles[one.code, one.subject, one.within]
            for action in step.actions
            for one in action.closes
            if one.until
        }
        held = " ".join(task.holds)
        if step.closes or len(step.stays) > 1:
            assert all(f'"{title}"' in held for title in left), step.title
        else:
            assert held.startswith('What is listed under "What is wrong" stays until ')


def test_a_ticket_that_asks_for_no_change_says_what_it_asks_for() -> None:
    place = Subject("github", "repo", "acme/web")
    asked = about("GHR129", "web", Manual("Are alerts on?", f"{HOST}/acme/web/settings"))
    asked = replace(asked, subject=place, within=place)
    broken = replace(asked, outcome=Failed("off", {"on": False}, Fix("Do it", f"{HOST}/x")))
    lost = replace(asked, outcome=Unknown(Reason.NOT_PERMITTED, "a token that sees it"))
    for findings, title in (
        ([asked], "# 1 question about acme/web"),
        ([asked, replace(broken, code="GHR104")], "# 1 change in acme/web"),
        ([lost], "# 0 changes about acme/web"),
    ):
        text = drawn(of_place(report_of(findings), place))
        assert text.splitlines()[0] == title


def test_a_member_is_told_the_organization_only_where_there_are_several() -> None:
    def made(organization: str) -> Finding:
        fix = Fix("hazel turns on 2FA", f"{HOST}/settings/security")
        return about("GHO102", "hazel", Failed("2FA is off", {"on": False}, fix), organization)

    one = drawn(of_member(report_of([made("acme")]), "hazel", ()))
    assert "**): 2FA is off." in one
    both = drawn(of_member(report_of([made("acme"), made("beech")]), "hazel", ()))
    assert "acme, beech: 2FA is off" in both.replace("`", "")
    assert ".." not in both


def test_what_ends_the_last_way_to_release_is_said_without_hardenme() -> None:
    report = publishing_sample.five()
    plan = plan_of(report)
    step = replace(plan.steps[0], held_for=("@acme/web",), risks=())
    (task,) = of_step(report, plan, step).tasks
    wanted = "Release @acme/web another way first, and see that npm accepts it."
    assert wanted in task.risks
    assert "hardenme" not in " ".join((*task.before, *task.risks))


def test_actions_of_the_same_words_are_one_with_all_their_commands() -> None:
    page = ("https://host.example.test/keys",)
    actions = tuple(TicketAction("Delete it", (f"key {n}",), page, (f"rm {n}",)) for n in (1, 2))
    task = TicketTask("x", (), "", (), (), None, actions, (), ("It is gone.",), page, ())
    text = drawn(Ticket("aaaaaa", "x", (), (task,)))
    assert "- For: `key 1`, `key 2`" in text or "- For: key 1, key 2" in text
    assert text.index("`rm 1`") < text.index("`rm 2`")
    assert text.count(page[0]) == 1
    assert "- The page above shows it." in text


def test_whoever_can_change_a_place_is_addressed() -> None:
    outcome = Failed("off", {"on": False}, Fix("Do it", "https://host.example.test/x"))
    found = about("GHO101", "acme", outcome)
    for kind, provider, reader in (
        ("org", "github", "For: an owner of acme."),
        ("package", "npm", "For: a maintainer of acme on npm."),
        ("user", "github", "For: acme."),
        ("repo", "github", "For: an administrator of acme."),
    ):
        place = Subject(provider, kind, "acme")
        report = report_of([replace(found, subject=place, within=place)])
        text = drawn(of_place(report, place))
        assert reader in text
        assert text.count("hardenme") == text.count("Made by hardenme for mallow on ") == 1


def task_of(
    *risks: str,
    title: str = "Change it",
    action: str = 'Tick "Block force pushes"',
    problems: tuple[TicketProblem, ...] = (),
    undo: tuple[str, ...] = (),
    before: tuple[str, ...] = (),
    names: tuple[str, ...] = (),
) -> TicketTask:
    do = TicketAction(action, names, (), ())
    return TicketTask(title, problems, "", before, risks, None, (do,), undo, ("On.",), (), ())


def short(*tasks: TicketTask, place: str = "acme/web") -> tuple[TicketTask, ...]:
    return shortened(Ticket("aaaaaa", "x", (), tasks, place=place)).tasks


@pytest.mark.parametrize(
    ("note", "left"),
    [
        ('Tick "Block force pushes".', ()),
        ('Block force pushes: tick "Block force pushes". People notice.', ("People notice.",)),
        ('Do not tick "Block force pushes".', ('Do not tick "Block force pushes".',)),
        ('Tick "Block force pushes" once.', ('Tick "Block force pushes" once.',)),
        ('Tick "Block force pushes". Then wait.', ('Tick "Block force pushes". Then wait.',)),
        ("Count is 0. One person leaves it at 0.", ("Count is 0. One person leaves it at 0.",)),
    ],
)
def test_a_note_keeps_what_no_action_says(note: str, left: tuple[str, ...]) -> None:
    (task,) = short(task_of(note))
    assert task.risks == left


def test_of_two_notes_that_say_the_same_the_one_that_says_more_is_kept() -> None:
    less, more = "Direct pushes are refused.", "Direct pushes are refused, so bots need a bypass."
    for notes in ((less, more), (more, less), (more, more)):
        (task,) = short(task_of(*notes))
        assert task.risks == (more,)


def problem(title: str, *found: str, why: str = "why", name: str = "acme/web") -> TicketProblem:
    return TicketProblem(title, Severity.HIGH, why, tuple((name, text) for text in found))


def test_what_is_found_is_said_only_where_the_title_does_not_say_it() -> None:
    title = "Default branch can be deleted"
    found = {
        "the branch can be deleted": (),
        "the branch cannot be deleted": (("", "the branch cannot be deleted"),),
        "2 branches can be deleted": (("", "2 branches can be deleted"),),
    }
    for text, cases in found.items():
        (task,) = short(task_of(problems=(problem(title, text),)))
        assert task.problems[0].cases == cases


def test_a_reason_is_given_at_the_first_of_two_changes() -> None:
    tasks = short(*(task_of(title=f"T{n}", problems=(problem("Off", "x"),)) for n in (1, 2)))
    assert [one.problems[0].why for one in tasks] == ["why", ""]


def test_an_earlier_change_is_named_by_its_number() -> None:
    tasks = short(task_of(title="Add owners"), task_of(title="Ask them", before=("Add owners",)))
    assert tasks[1].before == ("change 1",)


def test_kinds_are_words_and_a_name_in_the_title_is_not_repeated() -> None:
    hook = 'acme/web: repo-hook "ci" (6)'
    off = problem("Off", "x", name=hook)
    (alone,) = short(task_of(title="Secure 1 webhook", problems=(off,), names=(hook,)))
    assert alone.problems[0].cases == (('webhook "ci" (6)', "x"),)
    (titled,) = short(task_of(title='Secure webhook "ci" (6)', problems=(off,), names=(hook,)))
    assert titled.problems[0].cases == (("", "x"),)
    assert titled.actions[0].names == ()
    other = problem("Off", "x", name='acme/web: repo-hook "ci" (66)')
    (both,) = short(task_of(title='Secure webhook "ci" (6)', problems=(off, other)))
    assert all(name for one in both.problems for name, _ in one.cases)


def test_what_stays_wrong_is_said_and_not_that_it_is_gone() -> None:
    for made in REPORTS:
        report = made()
        plan = plan_of(report)
        for step in plan.steps:
            holds = " ".join(
                one for task in of_step(report, plan, step).tasks for one in task.holds
            )
            assert (NONE_LEFT not in holds) or not step.left
            if step.left:
                assert "until" in holds, step.title


@pytest.mark.parametrize(
    ("code", "page", "shown"),
    [
        ("GHR122", f"{HOST}/acme/web", "The default branch has the change."),
        ("GHW102", f"{HOST}/acme/web/settings/actions", "The page above shows it."),
        ("GHB115", f"{HOST}/acme/web/settings/rules/new?target=tag", ""),
        ("NPP113", f"{HOST}/support", ""),
        ("NPP114", f"{HOST}/package/@acme/web", ""),
    ],
)
def test_a_page_is_named_only_where_it_can_show_the_change(
    code: str, page: str, shown: str
) -> None:
    report = planned.report(planned.failed(code, "github:repo/acme/web", planned.fix("Do", page)))
    plan = plan_of(report)
    text = drawn(of_step(report, plan, plan.steps[0])).partition("How to see that it is done")[2]
    assert shown in text
    assert ("page" in text and "above" in text) == shown.startswith("The page")
    assert ("default branch" in text) == shown.startswith("The default")


def test_each_key_of_a_member_is_named_and_has_one_change() -> None:
    keys = {number: f"github:ssh-key/{number}" for number in (1, 2)}
    delete = "Delete the key, unless you know which machine needs it"
    fixes = {
        number: planned.fix(delete, f"{HOST}/keys", f"gh api -X DELETE user/keys/{number}")
        for number in keys
    }
    account = "github:user/mallow"
    found = [
        planned.failed("GHA103", keys[number], fixes[number], within=account) for number in keys
    ]
    weak = planned.fix("Add a new key, then delete this one", f"{HOST}/keys", fixes[1].command)
    found.append(planned.failed("GHA104", keys[1], weak, within=account))
    report = planned.report(*found)
    plan = plan_of(report)
    mine = of_member(report, "mallow", plan.steps, "mallow")
    assert len(mine.tasks) == len(keys)
    titles = [task.title for task in mine.tasks]
    assert len({*titles}) == len(keys)
    assert all(title.startswith(f"{delete}: ssh key ") for title in titles)
    text = drawn(mine)
    assert text.count("Only if this applies, and what comes first is done, run: `gh api") == 2
    assert text.count("Or you keep what is there, for a reason, and mallow has that reason.") == 2
    assert "`gh api user/keys --paginate`: does not list what was removed" in text
    # Someone else's plan names others: only the member's own findings count there.
    other = of_member(replace(report, identities=()), "mallow", plan.steps, "wren")
    assert len(other.tasks) == len(found)


def test_a_token_of_a_member_keeps_what_comes_before_it_is_revoked() -> None:
    step = "Publish from a workflow, then revoke the token"
    account, command = "npm:user/mallow", "npm token revoke 0f754593"
    finding = planned.failed(
        "NPT103", "npm:token/0f754593", planned.fix(step, command=command), within=account
    )
    report = planned.report(finding)
    (found,) = plan_of(report).steps
    (action,) = found.actions
    revoked = replace(action, fix=replace(action.fix, step="Revoke the token; what uses it fails"))
    (task,) = of_member(
        report, "mallow on npm", [replace(found, actions=(revoked,))], "mallow"
    ).tasks
    assert task.actions[0].text == step


@pytest.mark.parametrize(
    ("needs", "passed_on"),
    [
        ("repository admin; on a private repository a plan with rulesets", False),
        ("the repository's owner", True),
    ],
)
def test_a_plan_or_a_scope_is_not_another_right(needs: str, passed_on: bool) -> None:  # noqa: FBT001 (a case)
    found = [
        planned.failed("GHB101", f"github:repo/a/{name}", planned.fix(f"Do {name}", needs=right))
        for name, right in (("b", "repository admin"), ("c", "repository admin"), ("d", needs))
    ]
    report = planned.report(*found)
    plan = plan_of(report)
    (step,) = plan.steps
    text = drawn(of_step(report, plan, step))
    assert ("Parts that need another right name it" in text) is passed_on
