"""Who can publish a package: every path, what closes it, and what each credential reaches."""

from hardenme.derive.publishing.future import publish_future
from hardenme.derive.publishing.organization import organization_writers
from hardenme.derive.publishing.paths import publish_paths
from hardenme.derive.publishing.routes import publisher_route

DERIVATIONS = (publisher_route, organization_writers, publish_paths, publish_future)
