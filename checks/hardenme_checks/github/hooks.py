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
            f"what happens is sent to {hook.host} in the clear",
            seen,
            fix=Fix(
                "Let the receiver answer https, and give the webhook that address",
                page=page,
                needs=needs,
                undo="Give the webhook its former address again",
            ),
        )
    seen["verifies_certificate"] = hook.verifies
    if hook.verifies:
        return Passed(f"{hook.host} is reached by https, and its certificate is checked", seen)
    page, path, needs = _where(hook)
    return Failed(
        f"the certificate of {hook.host} is not checked",
        seen,
        fix=Fix(
            "See that the receiver has a valid certificate, then enable SSL verification",
            page=page,
            command=hook.gh("api", "-X", "PATCH", f"{path}/config", "-f", "insecure_ssl=0"),
            needs=needs,
            undo="Disable SSL verification on the same page",
        ),
    )


def _signed(hook: Webhook) -> Verdict:
    seen: Seen = {"host": hook.host, "secret": hook.has_secret}
    if hook.has_secret:
        return Passed(f"what {hook.host} is sent is signed", seen)
    page, path, needs = _where(hook)
    return Failed(
        f"what {hook.host} is sent is not signed",
        seen,
        fix=Fix(
            "Make a long random secret, set it at the receiver and here, and let the receiver"
            " refuse what is not signed with it",
            page=page,
            command=hook.gh("api", "-X", "PATCH", f"{path}/config", "-F", "secret=@FILE"),
            needs=f"{needs}; the command reads the secret from FILE, which has no line break",
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
    """The organization's webhook sends by https to a receiver whose certificate is checked.

    ## Why
    An organization's webhook tells of every repository, the private ones too. Over plain http, or
    to whoever shows any certificate, everybody on the way reads it and can change it.

    ## Fix
    Give the receiver a valid certificate and the webhook its https address, then enable SSL
    verification. Look at the recent deliveries afterwards: they have to succeed.

    ## Limits
    A webhook that is switched off is judged too, for it can be switched on again. GitHub shows an
    owner no webhook that an OAuth app made.
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
    """The organization's webhook signs what it sends.

    ## Why
    A receiver that cannot tell GitHub's word from anybody's may be told of a push, a release or a
    merge that never was, and acts on it.

    ## Fix
    Set a secret here and at the receiver, which has to verify the header `X-Hub-Signature-256`.

    ## Limits
    Whether the receiver verifies the signature does not show, nor how strong the secret is. GitHub
    shows an owner no webhook that an OAuth app made.
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
    """The repository's webhook sends by https to a receiver whose certificate is checked.

    ## Why
    A webhook tells of pushes, branches and people. Over plain http, or to whoever shows any
    certificate, everybody on the way reads it and can change it.

    ## Fix
    Give the receiver a valid certificate and the webhook its https address, then enable SSL
    verification. Look at the recent deliveries afterwards: they have to succeed.

    ## Limits
    A webhook that is switched off is judged too, for it can be switched on again. GitHub shows
    nobody the webhooks that an OAuth app made.
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
    """The repository's webhook signs what it sends.

    ## Why
    A receiver that cannot tell GitHub's word from anybody's may be told of a push that never was:
    enough to start a build or a release from outside.

    ## Fix
    Set a secret here and at the receiver, which has to verify the header `X-Hub-Signature-256`.

    ## Limits
    Whether the receiver verifies the signature does not show, nor how strong the secret is. GitHub
    shows nobody the webhooks that an OAuth app made.
    """
    return _signed(hook)


CHECKS = (org_webhook_tls, org_webhook_secret, repo_webhook_tls, repo_webhook_secret)
