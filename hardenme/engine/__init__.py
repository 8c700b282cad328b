"""From checks to facts, from facts to findings; makes the unknowns that collectors do not."""
