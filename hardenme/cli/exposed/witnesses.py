"""The logs of a run that is possible: one that names what is asked makes it confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hardenme.cli.exposed.question import ExposureQuestion
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.job_logs import job_log
from hardenme.exposure.logs import log_signs
from hardenme.model.exposure import (
    ExecutedStep,
    ExposureGrade,
    ExposureRow,
    ExposureSign,
    graded,
)
from hardenme.model.unknown import Unknown


def with_logs(
    question: ExposureQuestion,
    github: GitHub,
    name: str,
    row: ExposureRow,
    steps: Sequence[ExecutedStep],
) -> ExposureRow:
    """A row with what the logs of its jobs show; they are read only of what is possible.

    A log that shows nothing, or that is gone, changes no grade.

    Args:
        steps: those of the attempt that executed in the window.
    """
    if row.grade is not ExposureGrade.POSSIBLE:
        return row
    signs = list(row.signs)
    for job in dict.fromkeys(one.job for one in steps):
        log = job_log(github, name, job)
        if isinstance(log, Unknown):
            why = f"the log of job {job} was not read: {log.seen or log.in_words}"
            signs.append(ExposureSign(ExposureGrade.UNKNOWN, why))
        else:
            signs += log_signs(log, question.things, job)
    return replace(row, grade=graded(signs), signs=tuple(signs))
