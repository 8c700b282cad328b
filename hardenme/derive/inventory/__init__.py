"""The inventory: every key, hook, person, rule, package and so on that answers show.

Pure functions make it from the answers alone, so that a stored run gives the same one again. Values
of secrets are not part of facts. What changes by itself, like the last use of a key, is not part of
an item's state.
"""

from hardenme.derive.inventory.gathered import TABLE, Gathered, gather, place_of, together
from hardenme.derive.inventory.repository import archived

__all__ = ["TABLE", "Gathered", "archived", "gather", "place_of", "together"]
