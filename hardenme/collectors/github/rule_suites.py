"""Reads whether pushes passed by the rules of a repository."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.answer import known, nothing
from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.asking import place
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.pages import LINK, PER_PAGE
from hardenme.collectors.github.protection import UPGRADE
from hardenme.collectors.github.refusal import refusal, sso_left_out
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item, all_known
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.facts.github.tag_rules import RuleBypasses, RuleSuite
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

QUERY = f"time_period=month&rule_suite_result=bypass&per_page={PER_PAGE}"
"""A month is as far back as GitHub shows."""
BYPASS = "bypass"


def bypasses(github: GitHub, scope: Subject, _: FactStore) -> Iterator[Answer[Any]]:
    """GET /repos/{owner}/{repo}/rulesets/rule-suites: the first page of those that passed by."""
    endpoint = RuleBypasses.endpoint
    try:
        response = github.get(endpoint.asking(QUERY).at(scope.name))
        if response.ok:
            data = response.json()
    except NoAnswerError as error:
        yield nothing(RuleBypasses, scope, error.unknown)
        return
    if response.status == 403 and response.message().lower().startswith(UPGRADE):  # noqa: PLR2004 (HTTP's number)
        # A feature that the plan does not offer is known: nothing was passed by.
        fact = RuleBypasses(**place(github, scope), offered=False, count=0, more=False, newest=None)
        yield known(RuleBypasses, scope, response, fact)
        return
    if not response.ok:
        why = refusal(response, RuleBypasses.requirement, github.kind)
        yield nothing(RuleBypasses, scope, why)
        return
    found = _counted(data, response, f"GET {endpoint.at(scope.name)}")
    if isinstance(found, Unknown):
        yield nothing(RuleBypasses, scope, found)
    else:
        yield known(
            RuleBypasses,
            scope,
            response,
            RuleBypasses(**place(github, scope), offered=True, **found),
        )


def _counted(data: Any, response: Response, endpoint: str) -> dict[str, Any] | Unknown:
    if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
        return Unknown(
            Reason.MALFORMED, f"{endpoint} must answer with a list", evidence=(response.atom,)
        )
    if (left_out := sso_left_out(response)) is not None:
        return left_out
    suites = [read(RuleSuite, Item(raw, endpoint)) for raw in data]
    seen = [suite["pushed_at"] for suite in suites if suite["result"] == BYPASS]
    more = LINK.search(response.headers.get("link", "")) is not None
    if not seen and more:
        return Unknown(
            Reason.INCOMPLETE, "every page of the list", "one page", evidence=(response.atom,)
        )
    if not seen and (unread := all_known(suite["result"] for suite in suites)) is not None:
        return unread
    newest = all_known(seen) or max(seen, default=None)
    return {"count": len(seen), "more": more, "newest": newest}


COLLECTORS = (Collector("bypassed rules", (RuleBypasses,), bypasses),)
