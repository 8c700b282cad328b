"""From what changed to a message for people, and to the text of an issue."""

from hardenme.ground.errors import UsageError
from hardenme.reports.message.compose import message, quiet, trouble
from hardenme.reports.message.issue import Issue, demand_repository, issue
from hardenme.reports.message.stored import Stored

__all__ = [
    "Issue",
    "Stored",
    "UsageError",
    "demand_repository",
    "issue",
    "message",
    "quiet",
    "trouble",
]
