"""A report as an outline, from which the terminal's text, Markdown and the page are drawn.

`report` says what a report holds and in which order; `terminal`, `markdown` and, for the page,
`hardenme.reports.html.blocks` how that looks.
"""
