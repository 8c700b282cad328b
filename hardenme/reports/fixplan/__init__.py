"""The fix plan: what to do about a report, in order, in several forms."""
