"""From what changed to a message for people, and to the text of an issue."""

from hardenme.reports.message.compose import message, quiet, trouble
from hardenme.reports.message.issue import Issue, NoRepositoryError, demand_repository, issue

__all__ = [
    "Issue",
    "NoRepositoryError",
    "demand_repository",
    "issue",
    "message",
    "quiet",
    "trouble",
]
