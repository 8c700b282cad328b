"""What to do about one person, out of what a run saw of them on both providers."""

from hardenme.derive.handover.asking import topics
from hardenme.derive.handover.earlier import with_earlier
from hardenme.derive.handover.needed import FACTS
from hardenme.derive.handover.person import PersonLeaving
from hardenme.derive.handover.tasks import handover

__all__ = ["FACTS", "PersonLeaving", "handover", "topics", "with_earlier"]
