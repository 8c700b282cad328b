"""What to do on the day of an attack, out of what a kept run saw; no one is asked."""

from hardenme.derive.runbook.steps import runbook

__all__ = ["runbook"]
