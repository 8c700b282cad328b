"""Every code of the catalogue: its slug and its severity.

Codes and slugs are stable: people name them in configuration, waivers and reports. A code that was
ever released is never given to another check, and a check that is withdrawn keeps its line here.
"""

from __future__ import annotations

from typing import NamedTuple

from hardenme.model.severity import Severity


class Row(NamedTuple):
    """What is promised of a check."""

    slug: str
    severity: Severity


_LINES = """
ATT101 github-hardware-key high
ATT102 github-recovery-codes-offline medium
ATT103 github-grants-reviewed medium
ATT104 out-of-band-contacts high
ATT105 security-drill-done medium
ATT106 incident-runbook-rehearsed high
ATT107 publishing-separate-from-daily-work medium
ATT108 org-access-reviewed medium
ATT109 alert-channel-independent medium
ATT110 dependency-audit-regular low
GHA101 account-two-factor-enabled critical
GHA102 account-two-factor-not-by-text high
GHA103 ssh-key-in-use medium
GHA104 ssh-key-strong high
GHA105 ssh-key-recent low
GHA106 gpg-key-valid low
GHA107 signing-key-present low
GHA108 email-verified medium
GHA109 email-domain-alive high
GHA110 email-private low
GHA111 owner-role-used medium
GHA112 invitation-answered low
GHB101 branch-protected high
GHB102 branch-requires-pull-request high
GHB103 branch-requires-approval high
GHB104 branch-dismisses-stale-approvals medium
GHB105 branch-requires-last-push-approval medium
GHB106 branch-requires-code-owner medium
GHB107 branch-requires-status-checks medium
GHB108 branch-blocks-force-push high
GHB109 branch-blocks-deletion medium
GHB110 branch-binds-admins medium
GHB111 branch-requires-signatures low
GHB112 branch-resolves-conversations low
GHB113 branch-linear-history low
GHB114 branch-restricts-pushes low
GHB115 release-tag-protected high
GHB116 rule-bypass-unused low
GHB117 release-branches-protected high
GHO101 org-two-factor-required critical
GHO102 member-two-factor-enabled critical
GHO103 member-two-factor-secure high
GHO104 outside-collaborator-two-factor high
GHO105 org-owner-count medium
GHO106 org-base-permission-minimal high
GHO107 org-public-repository-creation-restricted medium
GHO108 org-repository-deletion-restricted medium
GHO109 org-visibility-change-restricted medium
GHO110 org-outside-invitation-restricted medium
GHO111 org-private-fork-restricted low
GHO112 org-issue-deletion-restricted low
GHO113 org-domain-verified low
GHO114 org-classic-tokens-restricted medium
GHO115 org-token-grant-bounded high
GHO116 org-sso-credential-bounded high
GHO117 org-app-permissions-minimal high
GHO118 org-app-active low
GHO119 org-webhook-tls high
GHO120 org-webhook-secret medium
GHO121 org-invitation-recent low
GHO122 member-active medium
GHO123 outside-collaborator-minimal high
GHO124 org-security-configuration-enforced medium
GHO125 org-immutable-releases-enforced medium
GHO126 org-deploy-keys-restricted low
GHO127 org-ruleset-on-default-branches low
GHO128 org-secret-scoped high
GHO129 org-secret-rotated medium
GHO130 org-runner-group-private high
GHO131 org-oauth-apps-restricted medium
GHO132 org-token-approval-required medium
GHO133 org-role-minimal high
GHO134 org-single-sign-on-enforced medium
GHO135 org-ip-allow-list-covers-apps low
GHO136 org-audit-log-streamed low
GHR101 repo-secret-scanning high
GHR102 repo-push-protection high
GHR103 repo-dependabot-alerts medium
GHR104 repo-critical-alerts-closed medium
GHR105 repo-private-reporting medium
GHR106 repo-security-policy low
GHR107 repo-code-scanning low
GHR108 deploy-key-read-only high
GHR109 deploy-key-in-use medium
GHR110 repo-webhook-tls high
GHR111 repo-webhook-secret medium
GHR112 repo-admin-count medium
GHR113 repo-outside-collaborator-minimal high
GHR114 repo-invitation-recent low
GHR115 repo-immutable-releases medium
GHR116 repo-npm-token-absent high
GHR117 publish-secret-in-environment medium
GHR118 publish-environment-guarded high
GHR119 repo-oidc-subject-immutable medium
GHR120 repo-active-or-archived low
GHR121 repo-code-owners medium
GHR122 repo-lockfile medium
GHR123 repo-dependency-updates low
GHR124 repo-no-committed-npm-token critical
GHR125 release-sbom low
GHR126 repo-secret-alerts-closed critical
GHR127 repo-secret-rotated medium
GHR128 environment-binds-admins high
GHR129 repo-malware-alerts-closed critical
GHR130 repo-without-autorun high
GHT101 token-fine-grained medium
GHT102 token-expires high
GHT103 token-short-lived low
GHT104 token-not-about-to-expire info
GHT105 token-scopes-minimal high
GHT106 token-read-only high
GHT107 token-reach-minimal medium
GHT108 token-sees-everything info
GHW101 actions-selected medium
GHW102 actions-pinning-required medium
GHW103 workflow-token-read-only high
GHW104 actions-cannot-approve high
GHW105 fork-pull-request-approval medium
GHW106 fork-pull-request-without-secrets high
GHW107 runner-not-on-public-repository high
GHW108 workflow-execution-protected medium
GHW109 no-policy-allows-pull-request-target high
GHW201 workflow-actions-pinned medium
GHW202 workflow-trigger-safe critical
GHW203 workflow-permissions-minimal high
GHW204 workflow-without-injection high
GHW205 release-workflow-without-cache medium
GHW206 release-workflow-isolated high
GHW207 workflow-agent-closed high
GHW208 workflow-lock-complete medium
GHW209 cache-not-writable-by-strangers high
LOC101 npmrc-without-literal-token high
LOC102 npmrc-private high
LOC103 npm-session-not-standing-token high
LOC104 npmrc-without-password high
LOC105 npm-transport-safe high
LOC106 environment-without-token medium
LOC107 npm-client-current medium
LOC108 npm-install-scripts-blocked medium
LOC109 gh-token-in-keyring medium
LOC110 git-credential-not-plaintext high
LOC111 git-signing-configured low
LOC112 ssh-private-key-protected high
LOC113 keyring-backend-secure medium
LOC114 workstation-without-autorun high
NPA101 npm-two-factor-enabled critical
NPA102 npm-two-factor-for-writes high
NPA103 npm-two-factor-webauthn high
NPA104 npm-recovery-codes-offline medium
NPA105 npm-email-verified high
NPA106 npm-email-domain-alive high
NPA107 npm-public-email-current low
NPA108 npm-account-linked-for-recovery low
NPO101 npm-org-two-factor-enforced high
NPO102 npm-org-owner-count medium
NPO103 npm-developers-team-read-only high
NPO104 npm-org-member-needed medium
NPO105 npm-outside-writer medium
NPP101 package-trusted-publisher high
NPP102 trusted-publisher-stages medium
NPP103 trusted-publisher-environment medium
NPP104 trusted-publisher-repository critical
NPP105 trusted-publisher-workflow high
NPP106 package-disallows-tokens high
NPP107 package-provenance medium
NPP108 package-staged-release low
NPP109 package-writers-minimal medium
NPP110 package-writer-active medium
NPP111 package-has-second-owner low
NPP112 package-stage-queue-known high
NPP113 package-signature-valid high
NPP114 package-without-install-script low
NPP115 package-repository-matches medium
NPP116 trusted-publisher-needed medium
NPP117 package-version-not-blocked critical
NPT101 npm-token-without-bypass critical
NPT102 npm-token-survives-2027 medium
NPT103 npm-no-standing-write-token high
NPT104 npm-token-names-packages high
NPT105 npm-token-without-org-write high
NPT106 npm-token-expires high
NPT107 npm-token-in-use medium
NPT108 npm-token-cidr medium
NPT109 npm-token-named low
NPT110 npm-token-list-tidy low
NPT111 npm-token-not-legacy critical
NPT112 npm-token-scope-owned low
PUB101 publish-path-closed critical
PUB102 publish-path-survives-2027 medium
PUB103 publish-path-two-people medium
PUB104 next-release-accepted high
PUB105 release-way-lasting medium
REL101 release-trust-kept high
REL102 release-publisher-known high
REL103 release-dependency-aged high
REL104 release-install-script-expected high
REL105 release-tag-exists medium
REL106 dist-tag-forward medium
REL107 release-burst high
REL108 release-after-dormancy medium
REL109 maintainer-set-stable high
REL110 release-dependency-from-registry high
REL111 release-content-expected medium
"""


def _read(line: str) -> tuple[str, Row]:
    code, slug, severity = line.split()
    return code, Row(slug, Severity.parse(severity))


TABLE = dict(_read(line) for line in _LINES.split("\n") if line)
"""By code."""
