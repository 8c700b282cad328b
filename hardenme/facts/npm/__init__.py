"""What npm's registry shows about accounts, tokens and packages."""
