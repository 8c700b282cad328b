"""Who could do harm and who can stop whom, out of a report: a kept run tells it as a new one."""

from hardenme.derive.holders.holder_list import Link, holders, linked

__all__ = ["Link", "holders", "linked"]
