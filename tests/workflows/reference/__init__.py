"""GitHub's own evaluator of expressions and its descriptions of payloads, from npm."""
