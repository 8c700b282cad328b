"""From what changed to a message for people, and to the text of an issue."""

from hardenme.reports.message.compose import message, quiet, trouble
from hardenme.reports.message.issue import Issue, NoRepositoryError, demand_repository, issue
from hardenme.reports.message.stored import Stored

__all__ = [
    "Issue",
    "NoRepositoryError",
    "Stored",
    "demand_repository",
    "issue",
    "message",
    "quiet",
    "trouble",
]
