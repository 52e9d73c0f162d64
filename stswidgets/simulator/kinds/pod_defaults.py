"""What the API fills in in pod specs, templates and claim specs (core/v1 `SetDefaults_*`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from stswidgets.simulator.schema import quantity

Json = dict[str, Any]

MODE = 0o644
MODES = ("secret", "configMap", "downwardAPI", "projected")
IN_TREE: dict[str, Json] = {
    "iscsi": {"iscsiInterface": "default"},
    "rbd": {"pool": "rbd", "user": "admin", "keyring": "/etc/ceph/keyring"},
    "azureDisk": {"cachingMode": "ReadWrite", "fsType": "ext4", "readOnly": False, "kind": "Shared"},
    "scaleIO": {"storageMode": "ThinProvisioned", "fsType": "xfs"},
}
"""Old volume sources with defaults declared in their types; ISCSI and the others are the same in volumes and claims."""


def fill(obj: Json, defaults: Json) -> None:
    """Set what is absent or empty (zero and empty are the same to fields without a pointer)."""
    for key, value in defaults.items():
        if not obj.get(key) and obj.get(key) is not False:
            obj[key] = value


COMPONENT = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
DOMAIN_PART = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
DOMAIN = rf"(?:{DOMAIN_PART}(?:\.{DOMAIN_PART})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
IMAGE = re.compile(
    rf"(?:(?P<domain>{DOMAIN})/)?(?P<path>{COMPONENT}(?:/{COMPONENT})*)"
    r"(?::(?P<tag>\w[\w.-]{0,127}))?"
    r"(?:@(?P<digest>[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?",
    re.ASCII,
)
"""An image's reference (github.com/distribution/reference)."""
LONGEST_PATH = 255


def image_tag(image: str) -> str:
    """The tag that decides on the pull policy: `latest` without tag and digest, empty if the image is malformed."""
    found = IMAGE.fullmatch(image)
    if found is None or re.fullmatch("[a-f0-9]{64}", image):
        return ""
    domain = found["domain"] or ""
    local = not domain or (domain != "localhost" and not re.search("[.:A-Z]", domain))
    path = f"{domain}/{found['path']}" if domain and local else found["path"]
    if not domain and "/" not in path:
        path = f"library/{path}"
    if len(path) > LONGEST_PATH:
        return ""
    return found["tag"] or ("" if found["digest"] else "latest")


def pull_policy(image: str) -> str:
    """The default pull policy of an image."""
    return "Always" if image_tag(image) == "latest" else "IfNotPresent"


def containers(spec: Json) -> Iterator[Json]:
    """Init containers, containers and ephemeral containers of a pod spec."""
    for key in ("initContainers", "containers", "ephemeralContainers"):
        yield from spec.get(key) or ()


def pod_spec(spec: Json) -> None:
    """Defaults of every pod spec, in pods and in templates."""
    account = spec.get("serviceAccountName") or spec.get("serviceAccount")
    if account:
        spec["serviceAccountName"] = spec["serviceAccount"] = account
    fill(spec, {"dnsPolicy": "ClusterFirst", "restartPolicy": "Always", "schedulerName": "default-scheduler"})
    spec.setdefault("securityContext", {})
    spec.setdefault("terminationGracePeriodSeconds", 30)
    for volume in spec.get("volumes") or ():
        default_volume(volume)
    for container in containers(spec):
        default_container(container)
    resource_lists(spec.get("resources"))
    if "overhead" in spec:
        spec["overhead"] = rounded(spec["overhead"])


def default_container(container: Json) -> None:
    """Defaults of a container."""
    fill(
        container,
        {
            "imagePullPolicy": pull_policy(container.get("image", "")),
            "terminationMessagePath": "/dev/termination-log",
            "terminationMessagePolicy": "File",
        },
    )
    for port in container.get("ports") or ():
        fill(port, {"protocol": "TCP"})
    for variable in container.get("env") or ():
        source = variable.get("valueFrom") or {}
        if "fieldRef" in source:
            fill(source["fieldRef"], {"apiVersion": "v1"})
        if "fileKeyRef" in source:
            source["fileKeyRef"].setdefault("optional", False)
    resource_lists(container.get("resources"))
    for name in ("livenessProbe", "readinessProbe", "startupProbe"):
        if name in container:
            probe(container[name])
    for hook in (container.get("lifecycle") or {}).values():
        if isinstance(hook, dict) and "httpGet" in hook:
            fill(hook["httpGet"], {"path": "/", "scheme": "HTTP"})


def probe(probe: Json) -> None:
    """Defaults of a probe."""
    fill(probe, {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3})
    if "httpGet" in probe:
        fill(probe["httpGet"], {"path": "/", "scheme": "HTTP"})
    if "grpc" in probe:
        probe["grpc"].setdefault("service", "")


def rounded(resources: Json) -> Json:
    """A resource list with its values rounded up to thousandths."""
    return {name: str(quantity.round_up_milli(quantity.parse(value))) for name, value in resources.items()}


def resource_lists(resources: Json | None) -> None:
    """Round requests and limits."""
    for key in ("limits", "requests"):
        if resources and key in resources:
            resources[key] = rounded(resources[key])


def default_volume(volume: Json) -> None:
    """Defaults of a volume; one without a source is an empty directory."""
    if len(volume) <= 1 and not set(volume) - {"name"}:
        volume["emptyDir"] = {}
    for source in MODES:
        if source in volume:
            volume[source].setdefault("defaultMode", MODE)
    if "hostPath" in volume:
        volume["hostPath"].setdefault("type", "")
    if "image" in volume:
        fill(volume["image"], {"pullPolicy": pull_policy(volume["image"].get("reference", ""))})
    if "downwardAPI" in volume:
        field_refs(volume["downwardAPI"].get("items"))
    for source in (volume.get("projected") or {}).get("sources") or ():
        if "downwardAPI" in source:
            field_refs(source["downwardAPI"].get("items"))
        if "serviceAccountToken" in source:
            source["serviceAccountToken"].setdefault("expirationSeconds", 3600)
    if "ephemeral" in volume and "volumeClaimTemplate" in volume["ephemeral"]:
        claim_spec(volume["ephemeral"]["volumeClaimTemplate"].get("spec", {}))
    for source, defaults in IN_TREE.items():
        if source in volume:
            fill(volume[source], defaults)


def field_refs(items: list[Json] | None) -> None:
    """Downward API items read fields of v1 pods."""
    for item in items or ():
        if "fieldRef" in item:
            fill(item["fieldRef"], {"apiVersion": "v1"})


def claim_spec(spec: Json) -> None:
    """Defaults of a claim's spec."""
    spec.setdefault("volumeMode", "Filesystem")
    resource_lists(spec.get("resources"))


def claim(claim: Json) -> None:
    """Defaults of a claim, also of one in a StatefulSet's templates."""
    claim_spec(claim.setdefault("spec", {}))
    status = claim.setdefault("status", {})
    fill(status, {"phase": "Pending"})
    for key in ("capacity", "allocatedResources"):
        if key in status:
            status[key] = rounded(status[key])


def pod(pod: Json) -> None:
    """Defaults of a pod; some hold for pods alone and not for templates (core/v1 `SetDefaults_Pod`)."""
    spec = pod.setdefault("spec", {})
    pod_spec(spec)
    if spec["terminationGracePeriodSeconds"] < 0:
        spec["terminationGracePeriodSeconds"] = 1
    for key in ("initContainers", "containers"):
        for container in spec.get(key) or ():
            resources = container.setdefault("resources", {})
            if resources.get("limits"):
                resources["requests"] = {**resources["limits"], **(resources.get("requests") or {})}
                resources["requests"] = dict(sorted(resources["requests"].items()))
    spec.setdefault("enableServiceLinks", True)
    if spec.get("hostNetwork"):
        for container in [*(spec.get("containers") or ()), *(spec.get("initContainers") or ())]:
            for port in container.get("ports") or ():
                fill(port, {"hostPort": port.get("containerPort", 0)})
    status = pod.setdefault("status", {})
    if status.get("podIP"):
        if (status.get("podIPs") or [{}])[0].get("ip") != status["podIP"]:
            status["podIPs"] = [{"ip": status["podIP"]}]
    elif status.get("podIPs"):
        status["podIP"] = status["podIPs"][0]["ip"]
