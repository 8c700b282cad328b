"""Jobs of Kubernetes that read a fleet's plan: an indexed one for its shards, and one that merges.

Source: the API reference of batch/v1 (`backoffLimitPerIndex` is stable since Kubernetes 1.33).
"""

from __future__ import annotations

from dataclasses import dataclass

from hardenme.ground import distribution

IMAGE = f"_REGISTRY_/{distribution.OWNER}/hardenme@sha256:_DIGEST_"
"""A placeholder: the image by the digest that the reader has verified."""
LARGEST = 1_000_000
"""Characters of a plan; Kubernetes takes 1 MiB in a ConfigMap."""
AT_ONCE = 8
"""How many shards are read at the same time, at most."""
JOBS = """\
# hardenme-fleet.yaml
# Printed by hardenme @VERSION@; nothing was installed. Save it under that name.
# It reads @ORGANIZATIONS@ of one plan in @SHARDS@, and merges them into one report.
#
# Fill in: the image by the digest that you verified, and the app's ID in place of _APP_ID_.
# Kubernetes 1.33 or newer. A volume that several nodes can write (ReadWriteMany).
#
# Use a namespace of its own. Anyone who can read its secrets can read the app's key, and anyone who
# can read its volumes or logs, the names of members, repositories and settings.
#
#   kubectl create namespace hardenme
#   kubectl --namespace hardenme create secret generic hardenme-app --from-file=app.pem
#   kubectl --namespace hardenme apply --filename hardenme-fleet.yaml
#   kubectl --namespace hardenme get jobs --watch        (until @NAME@-merge has ended)
#   kubectl --namespace hardenme logs job/@NAME@-merge > report.json
#   hardenme show report.json
#
# The job that merges waits for all shards, at most @WAIT@. Then it reports what is missing as not
# looked at. It counts as failed if it finds something, as the command does. To continue what is
# left of the same plan, delete both jobs, and apply the file again.
apiVersion: v1
kind: ConfigMap
metadata:
  name: @NAME@
immutable: true
data:
  # Names and IDs of organizations; no tokens.
  plan.json: |
@PLAN@
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: @NAME@
spec:
  accessModes: [ReadWriteMany]
  resources:
    requests:
      storage: 10Gi
---
apiVersion: batch/v1
kind: Job
metadata:
  name: @NAME@
spec:
  completionMode: Indexed
  completions: @COUNT@
  parallelism: @AT_ONCE@
  # A shard that is lost is started again, and reads what it has no receipt of.
  backoffLimitPerIndex: 2
  activeDeadlineSeconds: 21600
  ttlSecondsAfterFinished: 86400
  podFailurePolicy:
    rules:
      # A node that is drained is not the shard's fault.
      - action: Ignore
        onPodConditions:
          - type: DisruptionTarget
            status: "True"
      # A wrong option, or a key that is not accepted: trying again changes nothing.
      - action: FailIndex
        onExitCodes:
          containerName: read
          operator: In
          values: [2, 4]
  template:
    spec:
      restartPolicy: Never
@POD@
      containers:
        - name: read
          image: @IMAGE@
          # --index is JOB_COMPLETION_INDEX.
          args: [fleet, run, --no-config, --no-cache, --plan, /plan/plan.json, --out, /results,
            --app-id, "_APP_ID_", --app-key, /keys/app.pem]
@CONTAINER@
            - name: key
              mountPath: /keys
              readOnly: true
      volumes:
@VOLUMES@
        # With fsGroup, Kubernetes makes these root's, and readable by that group alone.
        - name: key
          secret:
            secretName: hardenme-app
            defaultMode: 256 # 0400
---
apiVersion: batch/v1
kind: Job
metadata:
  name: @NAME@-merge
spec:
  backoffLimit: 0
  activeDeadlineSeconds: 28800
  ttlSecondsAfterFinished: 86400
  template:
    spec:
      restartPolicy: Never
@POD@
      containers:
        - name: merge
          image: @IMAGE@
          # It judges what was read. It holds no key, and asks no one.
          args: [fleet, merge, --no-config, --no-keep, --quiet, --plan, /plan/plan.json,
            --in, /results, --wait, @WAIT@, --format, json]
@CONTAINER@
      volumes:
@VOLUMES@
"""
POD = """\
      automountServiceAccountToken: false
      enableServiceLinks: false
      securityContext:
        runAsNonRoot: true
        runAsUser: 65532
        runAsGroup: 65532
        fsGroup: 65532
        seccompProfile:
          type: RuntimeDefault"""
CONTAINER = """\
          securityContext:
            readOnlyRootFilesystem: true
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
          resources:
            requests: {cpu: 500m, memory: 512Mi}
            limits: {memory: 2Gi}
          volumeMounts:
            - name: temporary
              mountPath: /tmp
            - name: plan
              mountPath: /plan
              readOnly: true
            - name: results
              mountPath: /results"""
VOLUMES = """\
        - name: temporary
          emptyDir:
            sizeLimit: 2Gi
        - name: plan
          configMap:
            name: @NAME@
        - name: results
          persistentVolumeClaim:
            claimName: @NAME@"""
WAIT = "7h"
"""How long the merge waits: longer than the shards may take."""


@dataclass(frozen=True, slots=True)
class FleetRun:
    """A plan of a fleet, as a file that runs it needs it.

    Attributes:
        plan: its text; ASCII, in lines.
        number: its ID.
        organizations: how many are read.
        shards: in how many parts.
        version: of hardenme.
    """

    plan: str
    number: str
    organizations: int
    shards: int
    version: str

    @property
    def name(self) -> str:
        """What its objects are called."""
        return f"hardenme-{self.number[:8]}"


def kubernetes(run: FleetRun) -> str:
    """The plan, a volume and both jobs, with what to know at the head."""
    words = {
        "POD": POD,
        "CONTAINER": CONTAINER,
        "VOLUMES": VOLUMES,
        "NAME": run.name,
        "IMAGE": IMAGE,
        "WAIT": WAIT,
        "VERSION": run.version,
        "ORGANIZATIONS": f"{run.organizations} organizations",
        "SHARDS": f"{run.shards} shards",
        "COUNT": str(run.shards),
        "AT_ONCE": str(min(run.shards, AT_ONCE)),
        "PLAN": "".join(f"    {line}\n" for line in run.plan.splitlines()).rstrip("\n"),
    }
    text = JOBS
    for name, word in words.items():
        text = text.replace(f"@{name}@", word)
    return text
