"""A session on a loopback server with a visibly fake token, for tests of the transport."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from hardenme.collectors.transport.bounds import Bounds
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.collectors.transport.session import Session, Wait
from hardenme.model.unknown import Unknown

TOKEN = "ghp_CANARY000000000000000000000000000000"
QUICK = Bounds(connect=60.0, idle=60.0, deadline=60.0, retries=0, pause=0.0, patience=0.0)
"""No second tries and no waiting; no bound that a busy machine would reach."""


@dataclass
class Bearer:
    """A provider that sends a token and knows no limits but 429."""

    token: str = TOKEN

    def headers(self) -> Mapping[str, str]:
        return {"Accept": "application/json", "Authorization": f"Bearer {self.token}"}

    def limited(self, response: Response) -> Wait | None:
        told = response.headers.get("retry-after", "60")
        return Wait(float(told), "secondary") if response.status == 429 else None


def session(url: str, *, token: str = TOKEN, **more: Any) -> Session:
    """A session that tries once; `more` may name single bounds."""
    bounds = {name: more.pop(name) for name in Bounds.__dataclass_fields__ if name in more}
    more.setdefault("identity", lambda: token)
    return Session(url, Bearer(token), bounds=replace(QUICK, **bounds), **more)


def unanswered(ask: Callable[[], object]) -> Unknown:
    """Why a request got no answer; the test fails where it got one."""
    with pytest.raises(NoAnswerError) as caught:
        ask()
    return caught.value.unknown
