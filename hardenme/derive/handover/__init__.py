"""What to do about one person, out of what a run saw of them on both providers."""

from hardenme.derive.handover.asking import topics
from hardenme.derive.handover.making import PersonLeaving, handover
from hardenme.derive.handover.needed import FACTS

__all__ = ["FACTS", "PersonLeaving", "handover", "topics"]
