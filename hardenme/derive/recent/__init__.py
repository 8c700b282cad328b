"""What appeared or changed lately, of one run and, where it helps, of a stored one.

Pure functions of reports, so a stored run shows the same as the run itself.
"""

from hardenme.derive.recent.events import USUAL_WINDOW, RecentQuery, marked_in, recent
from hardenme.derive.recent.people import newcomers
from hardenme.derive.recent.sources import FACTS
from hardenme.derive.recent.wording import Hosts

__all__ = ["FACTS", "USUAL_WINDOW", "Hosts", "RecentQuery", "marked_in", "newcomers", "recent"]
