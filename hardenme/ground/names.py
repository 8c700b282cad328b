"""The one rule for the names of accounts, repositories and packages.

A name that a provider could not have is none, so that it never becomes part of an address.

Source: GitHub's "Username considerations for external authentication" (an enterprise's accounts end
in `_SHORTCODE`); npm's validate-npm-package-name.
"""

from __future__ import annotations

import re

LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}(?:_[A-Za-z0-9]{1,8})?")
"""An account or organization of GitHub."""
ENTERPRISE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,58}[A-Za-z0-9])?")
"""An enterprise of GitHub, as its page's address names it."""
REPOSITORY = re.compile(r"(?!\.{1,2}(?![A-Za-z0-9._-]))[A-Za-z0-9._-]{1,100}")
"""A repository's own name."""
FULL_NAME = re.compile(f"{LOGIN.pattern}/{REPOSITORY.pattern}")
"""A repository's name with its owner."""
SCOPE = re.compile(r"@[A-Za-z0-9~_-][A-Za-z0-9._~-]{0,212}")
"""A scope of npm."""
NPM_ACCOUNT = re.compile(SCOPE.pattern.removeprefix("@"))
"""The name of an account on npm: its scope has that name."""
PACKAGE = re.compile(
    r"(?=.{1,214}\Z)(?:@[A-Za-z0-9~_-][A-Za-z0-9._~-]*/)?[A-Za-z0-9~_-][A-Za-z0-9._~-]*"
)
"""A package of npm. Old ones have capital letters."""
