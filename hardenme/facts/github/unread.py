"""Where GitHub shows what hardenme does not read, in the words of its documentation.

No request reads these facts. They are declared so that reports can name what was not looked at.
"""

from __future__ import annotations

from hardenme.facts.github import endpoints

ACCOUNT_CODESPACES_SECRETS = "GET /user/codespaces/secrets"
GISTS = "GET /gists"
ORGANIZATION_CODESPACES_SECRETS = "GET /orgs/{org}/codespaces/secrets"
CUSTOM_PROPERTIES = "GET /orgs/{org}/properties/values"
PRIVATE_REGISTRIES = "GET /orgs/{org}/private-registries"
BLOCKED_USERS = "GET /orgs/{org}/blocks"
CODING_AGENT_REPOSITORIES = "GET /orgs/{org}/copilot/coding-agent/permissions"
ORGANIZATION_RULESETS = endpoints.ORGANIZATION_RULESETS.source
COMPARED_COMMITS = endpoints.COMPARISON.source
RELEASES = endpoints.RELEASE.source.partition("?")[0]
REPOSITORY_VARIABLES = "GET /repos/{owner}/{repo}/actions/variables"
REPOSITORY_DEPENDABOT_SECRETS = "GET /repos/{owner}/{repo}/dependabot/secrets"
REPOSITORY_CODESPACES_SECRETS = endpoints.CODESPACES_SECRETS.source
CACHES = endpoints.CACHES.source
BRANCH_FILES = "POST /graphql repository.refs"
CODING_AGENT_SETTINGS = "GET /repos/{owner}/{repo}/copilot/cloud-agent/configuration"
PAGES = "GET /repos/{owner}/{repo}/pages"
