"""What the checks of workflow files share: how they name things, and the pages of their fixes."""

from collections.abc import Iterable, Sequence

from hardenme.facts.github.site import GitHubFact, full_name
from hardenme.facts.github.workflow import ALL, Job
from hardenme.model.verdict import Fix, NotApplicable
from hardenme_checks.wording import listing

WRITER = "write access to the repository"
ARCHIVED = NotApplicable("archived: no workflow runs", {"isArchived": True})
KEPT = 20
"""How many of a list the message and the evidence have."""
LABELS = frozenset({"discussions", "issues", "pull-requests"})
"""Scopes with which a job labels and answers, and can neither change code nor publish."""


def listed(names: Iterable[str]) -> str:
    """These, in words."""
    return listing(list(dict.fromkeys(names)), KEPT)


def kept(names: Iterable[str]) -> list[str]:
    """The names that the evidence has."""
    return list(dict.fromkeys(names))[:KEPT]


def fix(fact: GitHubFact, step: str, lines: Sequence[int] = ()) -> Fix:
    """A fix that is a change of the workflow file, at the first of these lines if there are any."""
    path = f".github/workflows/{fact.label}"
    return Fix(
        step,
        page=fact.file_page(full_name(fact), path, lines[0] if lines else 0),
        needs=WRITER,
        undo="Revert the commit",
    )


def lines_of(found: Iterable[tuple[Job, str]]) -> list[int]:
    """The lines of what was found in these jobs, in that order; none where the file has none."""
    return [line for job, what in found if (line := job.line_of(what))]


def writing(job: Job, *, beyond: frozenset[str] = frozenset()) -> list[str]:
    """The scopes that a job's token writes, without those beyond; none where it does not say."""
    return [scope for scope in job.writes or () if scope not in beyond]


def in_words(scopes: Iterable[str]) -> str:
    """Scopes in words: `*` is everything."""
    return listed("everything" if scope == ALL else scope for scope in scopes)
