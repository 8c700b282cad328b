"""What npm's registry tells of accounts, tokens and packages."""
