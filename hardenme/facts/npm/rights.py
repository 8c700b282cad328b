"""The rights that an npm token needs to get an answer."""

from __future__ import annotations

from hardenme.model.permission import any_of, npm

SESSION_TOKEN = "session token"  # noqa: S105  # the name of one kind
ONE_TIME_PASSWORD = "one-time password"  # noqa: S105  # the name of a proof
ORG_READ = "org:read"
PACKAGE_READ = "package:read"

SESSION_ALONE = any_of(npm(SESSION_TOKEN))
"""What `npm login` gives, for two hours; npm documents nearly all of its API for it alone."""
OF_ORGANIZATIONS = any_of(npm(SESSION_TOKEN), npm(ORG_READ))
"""A granular token that may read an organization gets this answer, too.

Source: reports of those who use such tokens; npm's API documentation names session tokens alone.
"""
OF_PACKAGES = any_of(npm(SESSION_TOKEN), npm(PACKAGE_READ))
"""A granular token that may read a package gets this answer, too; so does anyone for a public
package.

Source: reports of those who asked without any token; npm's documentation names session tokens
alone.
"""
PRESENCE = any_of({npm(SESSION_TOKEN), npm(ONE_TIME_PASSWORD)})
"""A token of someone with write access, and that person, who proves to be there."""

WRITE = ("write", "read-write")
READ = ("read", "read-only")
"""What an account or a team can do with a package, in the words of npm's registry and of its
website."""
RIGHTS = READ + WRITE
