"""What to do about one person, out of what a run saw of them on both providers."""

from hardenme.derive.handover.making import Person, handover
from hardenme.derive.handover.needed import FACTS

__all__ = ["FACTS", "Person", "handover"]
