"""Published standards, and which checks answer what they ask for: one module a standard.

A check is listed for a control only if its passing is part of what the control asks for. The rest
of the control is described in its gap, and what no check looks at is listed as not covered. The
titles are in our own words: the standards' texts are on their pages.
"""

MODULES = (
    "hardenme_checks.standards.osps",
    "hardenme_checks.standards.scm",
    "hardenme_checks.standards.cis",
    "hardenme_checks.standards.slsa",
    "hardenme_checks.standards.ssdf",
)
"""The modules of standards, one line each, as they are listed; each ends with its `STANDARD`."""
