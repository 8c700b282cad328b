"""`hardenme auth`: tokens of the keyring, and what the tokens in use may do."""
