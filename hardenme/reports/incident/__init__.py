"""Where an incident stands, and the review of one that is closed."""
