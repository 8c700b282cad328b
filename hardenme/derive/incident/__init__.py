"""The ledger of an incident: made of frozen answers, its record and later runs; no one is asked."""

from hardenme.derive.incident.accounting import attested_versions
from hardenme.derive.incident.beginning import began
from hardenme.derive.incident.ledger import ledger
from hardenme.derive.incident.observed import LedgerRun

__all__ = ["LedgerRun", "attested_versions", "began", "ledger"]
