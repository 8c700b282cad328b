"""What GitHub shows of accounts, tokens, organizations and repositories."""
