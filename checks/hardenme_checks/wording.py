"""How a number and what it counts are put into words."""

ONE_CONFIGURATION = "Apply one enforced security configuration to all repositories"
"""How several features are switched on: a repository has one configuration at a time."""
CHANNEL = " over a channel that you already had"
"""How someone is asked whose account may be another's."""

TRANSFER = (
    'Choose "Transfer ownership", at the end of the page, to an organization with two owners. It'
    " is optional, and comes after every other change of the repository. Addresses, webhooks and"
    " trusted publishers that name the repository have to follow"
)
"""How a personal repository gets a second admin.

Source: docs.github.com, "Permission levels for a personal account repository".
"""


def count(number: int, what: str) -> str:
    """A number with its noun, like `1 day` or `412 days`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def listing(names: list[str], most: int) -> str:
    """The first of several names, and how many more there are."""
    shown = ", ".join(names[:most])
    more = len(names) - most
    return f"{shown} and {more} more" if more > 0 else shown


def these(names: list[str], most: int, what: str) -> str:
    """Several names, or of many how many there are, where a command for each names it."""
    return ", ".join(names) if len(names) <= most else f"these {count(len(names), what)}"
