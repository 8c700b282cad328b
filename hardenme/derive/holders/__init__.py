"""Who could do harm and who can stop whom, from a report, new or kept."""

from hardenme.derive.holders.holder_list import Link, holders, linked

__all__ = ["Link", "holders", "linked"]
