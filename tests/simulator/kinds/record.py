"""Record `answers/changes.jsonl` and `answers/kinds.jsonl` anew from a control plane, by dry runs in namespace default.

    python -m tests.simulator.kinds.record KUBECONFIG

The requests stay, the answers are replaced: a diff of the files shows what a Kubernetes release changed.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from kubernetes import client, config

from stswidgets.simulator.kinds.registry import REGISTRY
from tests.simulator.kinds import given, test_answers

Json = dict[str, Any]
OWN = ("uid", "creationTimestamp", "managedFields", "resourceVersion")


def ask(api: client.ApiClient, manifest: Json) -> Json:
    """What the server answers to a dry create: code, and the object or the refusal."""
    kind = REGISTRY.by_kind(manifest["apiVersion"], manifest["kind"])
    root = f"/apis/{kind.group}/{kind.version}" if kind.group else f"/api/{kind.version}"
    namespace = "/namespaces/default" if kind.namespaced else ""
    url = f"{api.configuration.host}{root}{namespace}/{kind.plural}?dryRun=All&fieldValidation=Strict"
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    for value in api.configuration.auth_settings().values():
        headers[value["key"]] = value["value"]
    pool = api.rest_client.pool_manager
    response = pool.request("POST", url, body=json.dumps(manifest).encode(), headers=headers)
    body = json.loads(response.data)
    if response.status == 201:
        for key in OWN:
            body["metadata"].pop(key, None)
        return {"code": 201, "object": body}
    answer = {"code": response.status, "message": body["message"]}
    causes = body.get("details", {}).get("causes")
    return {**answer, "causes": causes} if causes else answer


def main() -> None:
    """Rewrite both files."""
    config.load_kube_config(sys.argv[1])
    api = client.ApiClient()
    for name, manifest_of in (("changes", test_answers.manifest), ("kinds", lambda answer: answer["manifest"])):
        lines = []
        for answer in given.answers(name):
            request = {key: answer[key] for key in ("base", "path", "drop", "value", "manifest") if key in answer}
            lines.append(json.dumps(request | ask(api, manifest_of(answer))))
        (given.ANSWERS / f"{name}.jsonl").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
