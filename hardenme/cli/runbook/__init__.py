"""`hardenme runbook`: the plan for the day of an attack, made of the last run."""
