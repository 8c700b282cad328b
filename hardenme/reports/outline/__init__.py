"""A report as an outline, from which the terminal's text and Markdown are both drawn.

`whole` says what a report holds and in which order, `terminal` and `markdown` how that looks.
"""
