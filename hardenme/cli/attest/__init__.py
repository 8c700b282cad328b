"""`hardenme attest`: what a person answers, and the record of it."""
