"""What GitHub tells of accounts, tokens, organizations and repositories."""
