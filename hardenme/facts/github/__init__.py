"""What GitHub shows about accounts, tokens, organizations and repositories."""
