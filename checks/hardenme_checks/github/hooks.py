"""Checks of webhooks, of an organization and of a repository."""

from hardenme.facts.github.hooks import OrganizationHook, RepositoryHook, Webhook
from hardenme.facts.github.site import full_name
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, Passed, Verdict

OWNER = "organization owner"
ADMIN = "repository admin"


def _where(hook: Webhook) -> tuple[str, str, str]:
    """The page of a webhook, its path, and who may change it."""
    number = str(hook.number)
    if isinstance(hook, OrganizationHook):
        name = hook.within.name
        return hook.page("org-hook", org=name, hook=number), f"orgs/{name}/hooks/{number}", OWNER
    name = full_name(hook)
    return hook.page("repo-hook", repo=name, hook=number), f"repos/{name}/hooks/{number}", ADMIN


def _tls(hook: Webhook) -> Verdict:
    seen: Seen = {"host": hook.host, "scheme": hook.scheme}
    if hook.scheme == "http":
        page, _, needs = _where(hook)
        return Failed(
            f"events are sent to {hook.host} unencrypted",
            seen,
            fix=Fix(
                "Set up https at the receiver, and change the webhook's URL to https",
                page=page,
                needs=needs,
                undo="Restore the former URL on the same page",
            ),
        )
    seen["verifies_certificate"] = hook.verifies
    if hook.verifies:
        return Passed(f"events go to {hook.host} by https with certificate verification", seen)
    page, path, needs = _where(hook)
    return Failed(
        f"the certificate of {hook.host} is not verified",
        seen,
        fix=Fix(
            'Check that the receiver has a valid certificate. Choose "Enable SSL verification"',
            page=page,
            command=hook.gh("api", "-X", "PATCH", f"{path}/config", "-f", "insecure_ssl=0"),
            needs=needs,
            undo='Choose "Disable" under "SSL verification" on the same page',
        ),
    )


def _signed(hook: Webhook) -> Verdict:
    seen: Seen = {"host": hook.host, "secret": hook.has_secret}
    if hook.has_secret:
        return Passed(f"events sent to {hook.host} are signed", seen)
    page, _, needs = _where(hook)
    return Failed(
        f"events sent to {hook.host} are not signed",
        seen,
        fix=Fix(
            "Generate a long random secret, set it at the receiver and here, and have the"
            " receiver reject unsigned requests",
            page=page,
            needs=needs,
            undo="Clear the secret on the same page",
        ),
    )


@check(
    "GHO119",
    "org-webhook-tls",
    title="Organization webhook sends without verified TLS",
    severity=Severity.HIGH,
    since="0.1",
)
def org_webhook_tls(hook: OrganizationHook) -> Verdict:
    """The webhook uses https, and GitHub verifies the receiver's certificate.

    ## Why
    Without verified TLS, anyone on the network path can read and change events of every repository.

    ## Fix
    Install a valid certificate at the receiver, set the webhook's URL to https, and choose "Enable
    SSL verification". Check that "Recent Deliveries" succeed.

    ## Limits
    - Includes inactive webhooks.
    - GitHub shows owners no webhooks that an OAuth app created.
    """
    return _tls(hook)


@check(
    "GHO120",
    "org-webhook-secret",
    title="Organization webhook has no secret",
    severity=Severity.MEDIUM,
    since="0.1",
)
def org_webhook_secret(hook: OrganizationHook) -> Verdict:
    """The organization's webhook has a secret that signs its events.

    ## Why
    Without a signature, anyone can send the receiver a fake push, release or merge.

    ## Fix
    Generate a long random secret and set it here and at the receiver. Have the receiver verify the
    header `X-Hub-Signature-256`.

    ## Limits
    - Does not show whether the receiver verifies it, or how strong the secret is.
    - GitHub shows owners no webhooks that an OAuth app created.
    """
    return _signed(hook)


@check(
    "GHR110",
    "repo-webhook-tls",
    title="Repository webhook sends without verified TLS",
    severity=Severity.HIGH,
    since="0.1",
)
def repo_webhook_tls(hook: RepositoryHook) -> Verdict:
    """The webhook uses https, and GitHub verifies the receiver's certificate.

    ## Why
    Without verified TLS, anyone on the network path can read and change the webhook's events.

    ## Fix
    Install a valid certificate at the receiver, set the webhook's URL to https, and choose "Enable
    SSL verification". Check that "Recent Deliveries" succeed.

    ## Limits
    - Includes inactive webhooks.
    - GitHub shows no one the webhooks that an OAuth app created.
    """
    return _tls(hook)


@check(
    "GHR111",
    "repo-webhook-secret",
    title="Repository webhook has no secret",
    severity=Severity.MEDIUM,
    since="0.1",
)
def repo_webhook_secret(hook: RepositoryHook) -> Verdict:
    """The repository's webhook has a secret that signs its events.

    ## Why
    Without a signature, anyone can send the receiver a fake push, which may start a build or
    release.

    ## Fix
    Generate a long random secret and set it here and at the receiver. Have the receiver verify the
    header `X-Hub-Signature-256`.

    ## Limits
    - Does not show whether the receiver verifies it, or how strong the secret is.
    - GitHub shows no one the webhooks that an OAuth app created.
    """
    return _signed(hook)
