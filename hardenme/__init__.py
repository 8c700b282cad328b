"""hardenme audits npm and GitHub accounts and prints a checklist of least-privilege fixes."""

__version__ = "0.1.0"
