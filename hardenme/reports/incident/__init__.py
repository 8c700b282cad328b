"""The state of an incident, and the review of a closed one."""
