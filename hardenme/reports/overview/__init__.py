"""The numbers of the page for a reader with five minutes: typed values, which a form draws."""
