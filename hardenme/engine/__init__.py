"""From checks to facts, from facts to findings: the only maker of unknowns beside collectors."""
