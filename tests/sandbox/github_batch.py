"""The one query that reads most of every repository, and what it answers by name."""

from __future__ import annotations

from typing import Any

BATCH = """
query($n: Int!, $after: String) {
  rateLimit { cost remaining resetAt nodeCount }
  viewer { repositories(first: $n, after: $after, ownerAffiliations: [OWNER],
                        orderBy: {field: NAME, direction: ASC}) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes {
      id databaseId nameWithOwner visibility isArchived isEmpty isFork pushedAt viewerPermission
      hasVulnerabilityAlertsEnabled isSecurityPolicyEnabled owner { __typename login }
      defaultBranchRef { name branchProtectionRule { ...BP }
        rules(first: 30) { nodes { type parameters { __typename
          ... on PullRequestParameters { requiredApprovingReviewCount requireLastPushApproval }
          ... on RequiredStatusChecksParameters { requiredStatusChecks { context integrationId } }
        } repositoryRuleset { databaseId name enforcement } } } }
      branchProtectionRules(first: 10) { nodes { ...BP } }
      deployKeys(first: 20) { totalCount nodes { title readOnly createdAt enabled } }
      environments(first: 10) { nodes { name
        protectionRules(first: 6) { nodes { type preventSelfReview timeout } } } }
      collaborators(first: 50, affiliation: DIRECT) { edges { permission node { login } } }
      vulnerabilityAlerts(first: 1, states: [OPEN]) { totalCount }
      releases(first: 1) { nodes { tagName } }
      codeowners: object(expression: "HEAD:.github/CODEOWNERS") { id }
      workflows: object(expression: "HEAD:.github/workflows") { ... on Tree { entries { name } } }
    }
  } }
}
fragment BP on BranchProtectionRule { pattern isAdminEnforced allowsForcePushes
  requiresApprovingReviews requiredApprovingReviewCount requiredStatusCheckContexts }
"""


def by_name(data: Any) -> dict[str, Any]:
    nodes = data["data"]["viewer"]["repositories"]["nodes"]
    return {node["nameWithOwner"]: node for node in nodes if node is not None}
