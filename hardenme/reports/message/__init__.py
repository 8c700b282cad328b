"""From what changed to a message for people, and to the text of an issue."""

from hardenme.reports.message.compose import message, trouble
from hardenme.reports.message.issue import Issue, NoRepositoryError, issue

__all__ = ["Issue", "NoRepositoryError", "issue", "message", "trouble"]
