"""Reads what the jobs of a run printed, one job at a time.

Source: https://docs.github.com/en/rest/actions/workflow-jobs ("Download job logs"). The answer
leads to a store of files. Logs expire, and anyone who can write to the repository can delete them.
"""

from __future__ import annotations

from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.refusal import refusal
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.facts.github.endpoints import JOB_LOG
from hardenme.facts.github.environments import ACTIONS
from hardenme.model.unknown import Reason, Unknown

GONE = frozenset({404, 410})
"""Statuses of a log that expired or was deleted, and of one that is not shown."""


def job_log(github: GitHub, name: str, job: int) -> str | Unknown:
    """The log of a job, or why it was not read.

    Args:
        name: of the repository, with its owner.
        job: GitHub's number for it.
    """
    try:
        response = github.stored(JOB_LOG.at(name, job_id=job))
    except NoAnswerError as error:
        return error.unknown
    if response.status in GONE:
        seen = f"the log expired, was deleted, or is not shown ({response.status})"
        return Unknown(Reason.NOT_VISIBLE, "a log that is kept", seen, (response.atom,))
    if not response.ok:
        return refusal(response, ACTIONS, github.kind)
    return response.body.decode("utf-8", "replace")
