"""Which rights facts take: the least token, what a token holds, and what a run would ask."""
