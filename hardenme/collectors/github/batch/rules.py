"""What guards the default branch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.github.batch.part import QueryPart, RepositoryNode, each
from hardenme.collectors.github.protection import classic_from_graphql
from hardenme.collectors.github.rulesets import rulesets
from hardenme.facts.github.branch import ActiveRulesets, ClassicProtection
from hardenme.model.fact import Answer


def _classic(node: RepositoryNode) -> Iterator[Answer[Any]]:
    answer = classic_from_graphql(node.github, node.place, node.item, node.graph, node.path)
    if answer is not None:
        yield answer


PARTS = (
    QueryPart(
        name="ActiveRules",
        gives=(ActiveRulesets,),
        fields="""
  defaultBranchRef {
    name
    rules(first: 100) {
      totalCount
      nodes {
        type
        parameters {
          __typename
          ... on PullRequestParameters {
            requiredApprovingReviewCount requireCodeOwnerReview requireLastPushApproval
            dismissStaleReviewsOnPush requiredReviewThreadResolution
          }
          ... on RequiredStatusChecksParameters { requiredStatusChecks { context } }
        }
        repositoryRuleset { databaseId name createdAt updatedAt source { __typename } }
      }
    }
  }""",
        keys=(),
        read=each(lambda node: [rulesets(node.place, node.item, node.graph)]),
    ),
    QueryPart(
        name="ClassicProtection",
        gives=(ClassicProtection,),
        fields="""
  defaultBranchRef {
    name
    branchProtectionRule {
      isAdminEnforced requiresApprovingReviews requiredApprovingReviewCount dismissesStaleReviews
      requiresCodeOwnerReviews requireLastPushApproval requiresStatusChecks
      requiredStatusCheckContexts requiresCommitSignatures requiresLinearHistory
      requiresConversationResolution allowsForcePushes allowsDeletions restrictsPushes
      bypassPullRequestAllowances(first: 1) { totalCount }
      bypassForcePushAllowances(first: 1) { totalCount }
    }
  }""",
        keys=(),
        read=each(_classic),
        elsewhere=True,
    ),
)
