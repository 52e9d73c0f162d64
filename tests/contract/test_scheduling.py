"""Where pods are put, and in what words they are not.

Nodes' names and sizes are the test rig's: cases ask for more than any node has, or name a node by its label.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from tests.contract import manifests, waiting
from tests.contract.client import PATCH, Client, Namespace, Object, path_of

HOST = "kubernetes.io/hostname"
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
GROUP = {"app": "x"}
NO_HELP = "Preemption is not helpful for scheduling"
NO_VICTIMS = "No preemption victims found for incoming pod"
OTHER_NODE = "node(s) didn't match Pod's node affinity/selector"
NOT_NAMED = "node(s) didn't satisfy plugin(s) [NodeAffinity]"


@pytest.fixture
def nodes(client: Client) -> list[str]:
    """The nodes' names."""
    found = client.request("GET", path_of("nodes")).ok()["items"]
    return [item["metadata"]["name"] for item in found]


@pytest.fixture
def priority(client: Client, namespace: Namespace) -> Iterator[Callable[..., str]]:
    """Makes PriorityClasses, and takes them away."""
    made: list[str] = []

    def make(value: int, **more: str) -> str:
        name = f"contract-{secrets.token_hex(4)}"
        client.request("POST", path_of("priorityclasses"), {"metadata": {"name": name}, "value": value, **more}).ok()
        made.append(name)
        # Admission sees a new class a moment later.
        trial = pod(priorityClassName=name)
        waiting.until(lambda: namespace.post("pods", trial, dryRun="All").code == 201, what="known class")
        return name

    yield make
    for name in made:
        client.request("DELETE", path_of("priorityclasses", name=name))


def pod(
    name: str = "one", *, labels: dict[str, str] | None = None, container: Object | None = None, **spec: Any
) -> Object:
    made = manifests.pod(name, **spec)
    made["metadata"]["labels"] = labels or {}
    made["spec"]["containers"][0].update(container or {})
    return made


def scheduled(namespace: Namespace, name: str = "one") -> Object:
    """The pod's PodScheduled condition, waited for."""

    def found() -> Object | None:
        conditions = namespace.read("pods", name)["status"].get("conditions", [])
        return next((item for item in conditions if item["type"] == "PodScheduled"), None)

    condition = waiting.until(found, what="PodScheduled")
    assert condition is not None
    return condition


def why(namespace: Namespace, manifest: Object) -> str:
    """Create a pod that fits nowhere; what its condition says."""
    namespace.post("pods", manifest).ok()
    condition = scheduled(namespace, manifest["metadata"]["name"])
    assert (condition["status"], condition["reason"]) == ("False", "Unschedulable")
    message: str = condition["message"]
    return message


def placed(namespace: Namespace, manifest: Object) -> str:
    """Create a pod that fits somewhere; where it is."""
    namespace.post("pods", manifest).ok()
    name = manifest["metadata"]["name"]

    def where() -> str:
        found = namespace.read("pods", name)
        return str(found["spec"].get("nodeName", ""))

    node = waiting.until(where, what="scheduled")
    assert scheduled(namespace, name)["status"] == "True"
    return node


def said(total: int, *reasons: str, after: tuple[str, ...] = ()) -> str:
    """A refusal; without `after`, no victim would help on any node."""
    last = ", ".join(after) or f"{total} {NO_HELP}"
    start = f"0/{total} nodes are available: "
    return f"{start}{', '.join(reasons)}. preemption: {start}{last}."


def asks(**resources: str) -> Object:
    return {"resources": {"requests": resources}}


def port(number: int, **more: str) -> Object:
    return {"ports": [{"containerPort": 80, "hostPort": number, **more}]}


def node_affinity(*terms: Object) -> Object:
    return {"affinity": {"nodeAffinity": {REQUIRED: {"nodeSelectorTerms": list(terms)}}}}


def expression(key: str, operator: str, *values: str) -> Object:
    return {"matchExpressions": [{"key": key, "operator": operator, **({"values": list(values)} if values else {})}]}


def name_in(*values: str) -> Object:
    return {"matchFields": [{"key": "metadata.name", "operator": "In", "values": list(values)}]}


def beside(kind: str, key: str = HOST, /, **more: Any) -> Object:
    term = {"labelSelector": {"matchLabels": GROUP}, "topologyKey": key, **more}
    return {"affinity": {kind: {REQUIRED: [term]}}}


def spread(key: str = HOST, **more: Any) -> Object:
    rule = {
        "maxSkew": 1,
        "topologyKey": key,
        "whenUnsatisfiable": "DoNotSchedule",
        "labelSelector": {"matchLabels": GROUP},
        **more,
    }
    return {"topologySpreadConstraints": [rule]}


def on(node: str) -> Object:
    return {"nodeSelector": {HOST: node}}


def one_node(total: int, reason: str) -> str:
    """A refusal of a pod that picks one node, where nobody of lower priority could leave."""
    return said(total, f"1 {reason}", f"{total - 1} {OTHER_NODE}", after=(f"1 {NO_VICTIMS}", f"{total - 1} {NO_HELP}"))


# Resources


def test_a_pod_that_fits_is_bound_and_an_event_says_where(namespace: Namespace) -> None:
    node = placed(namespace, pod())
    events = waiting.until(
        lambda: [item for item in namespace.items("events") if item["reason"] == "Scheduled"], what="event"
    )
    message = f"Successfully assigned {namespace.name}/one to {node}"
    assert [(item["type"], item["action"], item["message"]) for item in events] == [("Normal", "Binding", message)]


def test_a_pod_that_fits_nowhere_is_told_why_by_an_event(namespace: Namespace, nodes: list[str]) -> None:
    message = why(namespace, pod(container=asks(cpu="9000")))
    assert message == said(len(nodes), f"{len(nodes)} Insufficient cpu")
    events = waiting.until(
        lambda: [item for item in namespace.items("events") if item["reason"] == "FailedScheduling"], what="event"
    )
    first = events[0]
    assert (first["type"], first["action"], first["message"]) == ("Warning", "Scheduling", message)
    assert first["reportingComponent"] == "default-scheduler"


def test_each_resource_that_is_short_is_named(namespace: Namespace, nodes: list[str]) -> None:
    message = why(namespace, pod(container=asks(cpu="9000", memory="900Ti")))
    assert message == said(len(nodes), f"{len(nodes)} Insufficient cpu", f"{len(nodes)} Insufficient memory")


def test_a_resource_that_no_node_has_is_short(namespace: Namespace, nodes: list[str]) -> None:
    gpu = {"resources": {"limits": {"example.com/gpu": "1"}}}
    assert why(namespace, pod(container=gpu)) == said(len(nodes), f"{len(nodes)} Insufficient example.com/gpu")


def test_what_a_pod_asks_for_as_a_whole_counts(namespace: Namespace, nodes: list[str]) -> None:
    message = why(namespace, pod(resources={"requests": {"cpu": "9000"}}))
    assert message == said(len(nodes), f"{len(nodes)} Insufficient cpu")


def test_the_largest_init_container_counts(namespace: Namespace, nodes: list[str]) -> None:
    init = {"name": "init", "image": manifests.IMAGE, **asks(cpu="9000")}
    assert why(namespace, pod(initContainers=[init])) == said(len(nodes), f"{len(nodes)} Insufficient cpu")


def test_a_sidecar_counts_beside_the_containers(client: Client, namespace: Namespace, nodes: list[str]) -> None:
    most = max(
        int(cpu.removesuffix("m")) if cpu.endswith("m") else int(cpu) * 1000
        for cpu in (
            client.request("GET", path_of("nodes", name=name)).ok()["status"]["allocatable"]["cpu"] for name in nodes
        )
    )
    half = asks(cpu=f"{most // 2 + 1}m")
    sidecar = {"name": "proxy", "image": manifests.IMAGE, "restartPolicy": "Always", **half}
    message = why(namespace, pod(container=half, initContainers=[sidecar]))
    assert message == said(len(nodes), f"{len(nodes)} Insufficient cpu")


def test_huge_pages_of_a_pod_as_a_whole_count(namespace: Namespace, nodes: list[str]) -> None:
    own = {"cpu": "1m", "hugepages-2Mi": "4Mi"}
    message = why(namespace, pod(resources={"requests": own, "limits": own}))
    assert message == said(len(nodes), f"{len(nodes)} Insufficient hugepages-2Mi")


# Selectors and node affinity


def test_a_node_selector_that_no_node_meets(namespace: Namespace, nodes: list[str]) -> None:
    assert why(namespace, pod(nodeSelector={"no": "such"})) == said(len(nodes), f"{len(nodes)} {OTHER_NODE}")


def test_a_node_that_is_selected_and_too_small(namespace: Namespace, nodes: list[str]) -> None:
    message = why(namespace, pod(container=asks(cpu="9000"), **on(nodes[0])))
    assert message == said(len(nodes), "1 Insufficient cpu", f"{len(nodes) - 1} {OTHER_NODE}")


def test_node_affinity_picks_by_expression(namespace: Namespace, nodes: list[str]) -> None:
    assert placed(namespace, pod(**node_affinity(expression(HOST, "NotIn", *nodes[1:])))) == nodes[0]


def test_greater_than_needs_a_number(namespace: Namespace, nodes: list[str]) -> None:
    message = why(namespace, pod(**node_affinity(expression(HOST, "Gt", "3"))))
    assert message == said(len(nodes), f"{len(nodes)} {OTHER_NODE}")


def test_node_affinity_picks_by_name(namespace: Namespace, nodes: list[str]) -> None:
    assert placed(namespace, pod(**node_affinity(name_in(nodes[-1])))) == nodes[-1]


def test_a_named_node_that_is_too_small_leaves_the_others_to_the_plugin(namespace: Namespace, nodes: list[str]) -> None:
    message = why(namespace, pod(container=asks(cpu="9000"), **node_affinity(name_in(nodes[0]))))
    assert message == said(len(nodes), "1 Insufficient cpu", f"{len(nodes) - 1} {NOT_NAMED}")


def test_names_that_exclude_each_other_conflict(namespace: Namespace, nodes: list[str]) -> None:
    term = {"matchFields": name_in("a")["matchFields"] + name_in("b")["matchFields"]}
    message = why(namespace, pod(**node_affinity(term)))
    assert message == f"0/{len(nodes)} nodes are available: pod affinity terms conflict. not found"


def test_a_preferred_node_is_taken(namespace: Namespace, nodes: list[str]) -> None:
    wish = {"weight": 100, "preference": expression(HOST, "In", nodes[1])}
    assert placed(namespace, pod(affinity={"nodeAffinity": {PREFERRED: [wish]}})) == nodes[1]


def test_a_node_name_goes_past_the_scheduler(namespace: Namespace) -> None:
    namespace.post("pods", pod(nodeName="nowhere")).ok()
    assert namespace.read("pods", "one")["status"].get("conditions") is None


def test_another_scheduler_s_pod_is_left_alone(namespace: Namespace) -> None:
    namespace.post("pods", pod("theirs", schedulerName="other")).ok()
    placed(namespace, pod())
    assert "nodeName" not in namespace.read("pods", "theirs")["spec"]


def test_a_gated_pod_says_so(namespace: Namespace) -> None:
    created = namespace.post("pods", pod(schedulingGates=[{"name": "example.com/wait"}])).ok()
    (condition,) = created["status"]["conditions"]
    assert (condition["reason"], condition["status"]) == ("SchedulingGated", "False")
    assert condition["message"] == "Scheduling is blocked due to non-empty scheduling gates"


def test_a_pod_is_scheduled_once_its_gates_are_gone(namespace: Namespace) -> None:
    namespace.post("pods", pod(schedulingGates=[{"name": "example.com/wait"}])).ok()
    namespace.patch("pods", "one", "merge", {"spec": {"schedulingGates": []}}).ok()
    waiting.until(lambda: namespace.read("pods", "one")["spec"].get("nodeName"), what="scheduled")


def test_a_gate_cannot_be_added(namespace: Namespace) -> None:
    namespace.post("pods", pod(schedulingGates=[{"name": "example.com/wait"}])).ok()
    gates = [{"name": "example.com/wait"}, {"name": "example.com/more"}]
    answer = namespace.patch("pods", "one", "merge", {"spec": {"schedulingGates": gates}})
    message = "Forbidden: only deletion is allowed, but found new scheduling gate 'example.com/more'"
    assert ("spec.schedulingGates[1].name", "FieldValueForbidden", message) in answer.causes()


# Ports


def test_a_taken_host_port(namespace: Namespace, nodes: list[str]) -> None:
    placed(namespace, pod("first", container=port(21001), **on(nodes[0])))
    message = why(namespace, pod(container=port(21001), **on(nodes[0])))
    assert message == one_node(len(nodes), "node(s) didn't have free ports for the requested pod ports")


def test_a_host_port_of_two_addresses(namespace: Namespace, nodes: list[str]) -> None:
    placed(namespace, pod("first", container=port(21002, hostIP="127.0.0.1"), **on(nodes[0])))
    assert placed(namespace, pod(container=port(21002, hostIP="127.0.0.2"), **on(nodes[0]))) == nodes[0]


def test_a_host_port_of_all_addresses_meets_each(namespace: Namespace, nodes: list[str]) -> None:
    placed(namespace, pod("first", container=port(21003, hostIP="127.0.0.1"), **on(nodes[0])))
    message = why(namespace, pod(container=port(21003), **on(nodes[0])))
    assert message == one_node(len(nodes), "node(s) didn't have free ports for the requested pod ports")


# Pod affinity and anti-affinity


def test_affinity_to_nobody(namespace: Namespace, nodes: list[str]) -> None:
    message = why(namespace, pod(**beside("podAffinity")))
    assert message == said(len(nodes), f"{len(nodes)} node(s) didn't match pod affinity rules")


def test_the_first_of_a_group_that_wants_to_be_together_goes_anywhere(namespace: Namespace) -> None:
    assert placed(namespace, pod(labels=GROUP, **beside("podAffinity")))


def test_affinity_brings_pods_together(namespace: Namespace, nodes: list[str]) -> None:
    placed(namespace, pod("first", labels=GROUP, **on(nodes[1])))
    assert placed(namespace, pod(**beside("podAffinity"))) == nodes[1]


def test_a_pod_that_waits_for_company_is_placed_when_it_comes(namespace: Namespace, nodes: list[str]) -> None:
    why(namespace, pod(**beside("podAffinity")))
    placed(namespace, pod("first", labels=GROUP, **on(nodes[1])))
    found = waiting.until(lambda: namespace.read("pods", "one")["spec"].get("nodeName"), what="scheduled")
    assert found == nodes[1]


def test_anti_affinity_on_every_node(namespace: Namespace, nodes: list[str]) -> None:
    for number, node in enumerate(nodes):
        placed(namespace, pod(f"first-{number}", labels=GROUP, **on(node)))
    message = why(namespace, pod(labels=GROUP, **beside("podAntiAffinity")))
    total = len(nodes)
    reason = f"{total} node(s) didn't match pod anti-affinity rules"
    assert message == said(total, reason, after=(f"{total} {NO_VICTIMS}",))


def test_the_anti_affinity_of_those_who_are_there(namespace: Namespace, nodes: list[str]) -> None:
    placed(namespace, pod("first", labels=GROUP, **beside("podAntiAffinity", "kubernetes.io/os")))
    message = why(namespace, pod(labels=GROUP))
    total = len(nodes)
    reason = f"{total} node(s) didn't satisfy existing pods anti-affinity rules"
    assert message == said(total, reason, after=(f"{total} {NO_VICTIMS}",))


def test_a_term_means_the_pod_s_own_namespace(namespace: Namespace, nodes: list[str]) -> None:
    placed(namespace, pod("first", labels=GROUP, **on(nodes[0])))
    other = beside("podAntiAffinity", namespaces=["default"])
    assert placed(namespace, pod(labels=GROUP, **on(nodes[0]), **other)) == nodes[0]


def test_a_namespace_selector_that_selects_the_namespace(namespace: Namespace, nodes: list[str]) -> None:
    placed(namespace, pod("first", labels=GROUP, **on(nodes[0])))
    own = {"matchLabels": {"kubernetes.io/metadata.name": namespace.name}}
    message = why(namespace, pod(**on(nodes[0]), **beside("podAntiAffinity", namespaceSelector=own)))
    assert message == one_node(len(nodes), "node(s) didn't match pod anti-affinity rules")


def test_a_namespace_selector_that_selects_none(namespace: Namespace, nodes: list[str]) -> None:
    placed(namespace, pod("first", labels=GROUP, **on(nodes[0])))
    none = beside("podAntiAffinity", namespaceSelector={"matchLabels": {"a": "b"}})
    assert placed(namespace, pod(**on(nodes[0]), **none)) == nodes[0]


@pytest.mark.parametrize(
    ("field", "operator"), [("matchLabelKeys", "In"), ("mismatchLabelKeys", "NotIn")], ids=["match", "mismatch"]
)
def test_label_keys_are_written_out_in_the_selector(namespace: Namespace, field: str, operator: str) -> None:
    keys = beside("podAntiAffinity", HOST, **{field: ["v", "none"]})
    created = namespace.post("pods", pod(labels={"v": "1"}, **keys)).ok()
    (term,) = created["spec"]["affinity"]["podAntiAffinity"][REQUIRED]
    expressions = [{"key": "v", "operator": operator, "values": ["1"]}]
    assert term["labelSelector"] == {"matchLabels": GROUP, "matchExpressions": expressions}


# Topology spread


def test_a_skew_that_is_not_allowed(namespace: Namespace, nodes: list[str]) -> None:
    placed(namespace, pod("first", labels=GROUP, **on(nodes[0])))
    message = why(namespace, pod(labels=GROUP, **on(nodes[0]), **spread(nodeAffinityPolicy="Ignore")))
    assert message == one_node(len(nodes), "node(s) didn't match pod topology spread constraints")


def test_nodes_that_the_pod_does_not_want_do_not_count(namespace: Namespace, nodes: list[str]) -> None:
    placed(namespace, pod("first", labels=GROUP, **on(nodes[0])))
    assert placed(namespace, pod(labels=GROUP, **on(nodes[0]), **spread())) == nodes[0]


def test_fewer_domains_than_wanted_make_the_least_zero(namespace: Namespace, nodes: list[str]) -> None:
    placed(namespace, pod("first", labels=GROUP, **on(nodes[0])))
    message = why(namespace, pod(labels=GROUP, **on(nodes[0]), **spread(minDomains=2)))
    assert message == one_node(len(nodes), "node(s) didn't match pod topology spread constraints")


def test_a_topology_that_no_node_has(namespace: Namespace, nodes: list[str]) -> None:
    total = len(nodes)
    reason = f"{total} node(s) didn't match pod topology spread constraints (missing required label)"
    assert why(namespace, pod(labels=GROUP, **spread("no/such"))) == said(total, reason)


def test_spread_is_looked_at_before_anti_affinity(namespace: Namespace, nodes: list[str]) -> None:
    placed(namespace, pod("first", labels=GROUP, **on(nodes[0])))
    rules = {**spread(nodeAffinityPolicy="Ignore"), **beside("podAntiAffinity")}
    message = why(namespace, pod(labels=GROUP, **on(nodes[0]), **rules))
    assert message == one_node(len(nodes), "node(s) didn't match pod topology spread constraints")


# Claims


def mounts(claim: str) -> Object:
    return {"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": claim}}]}


def test_a_claim_that_is_not_there(namespace: Namespace, nodes: list[str]) -> None:
    message = why(namespace, pod(**mounts("none")))
    assert message == f'0/{len(nodes)} nodes are available: persistentvolumeclaim "none" not found. not found'


def test_a_claim_that_is_not_bound(namespace: Namespace, nodes: list[str]) -> None:
    namespace.post("persistentvolumeclaims", manifests.claim_template(storageClassName="none-such")).ok()
    message = why(namespace, pod(**mounts("data")))
    unbound = "pod has unbound immediate PersistentVolumeClaims"
    assert message == f"0/{len(nodes)} nodes are available: {unbound}. not found"


def test_a_pod_is_scheduled_once_its_claim_is_there(namespace: Namespace) -> None:
    why(namespace, pod(**mounts("data")))
    namespace.post("persistentvolumeclaims", manifests.claim_template()).ok()
    waiting.until(lambda: namespace.read("pods", "one")["spec"].get("nodeName"), what="scheduled")


# Preemption


def test_a_pod_of_higher_priority_takes_the_place(
    namespace: Namespace, nodes: list[str], priority: Callable[..., str]
) -> None:
    placed(namespace, pod("lesser", container=port(21011), **on(nodes[0])))
    winner = pod(container=port(21011), priorityClassName=priority(1000), **on(nodes[0]))
    namespace.post("pods", winner).ok()
    where = waiting.until(lambda: namespace.read("pods", "one")["spec"].get("nodeName"), what="scheduled")
    assert where == nodes[0]
    assert not namespace.exists("pods", "lesser")


def test_the_winner_s_event_says_how_many_have_to_go(
    namespace: Namespace, nodes: list[str], priority: Callable[..., str]
) -> None:
    placed(namespace, pod("lesser", labels=GROUP, **on(nodes[0])))
    winner = pod(priorityClassName=priority(1000), **on(nodes[0]), **beside("podAntiAffinity"))
    namespace.post("pods", winner).ok()
    events = waiting.until(
        lambda: [item for item in namespace.items("events") if item["reason"] == "FailedScheduling"], what="event"
    )
    total = len(nodes)
    reasons = f"1 node(s) didn't match pod anti-affinity rules, {total - 1} {OTHER_NODE}"
    found = f"found a potential placement for pod on node {nodes[0]}, preempting 1 victims"
    assert events[0]["message"] == f"0/{total} nodes are available: {reasons}. preemption: {found}"


def test_the_victim_is_told_who_takes_its_place(
    namespace: Namespace, nodes: list[str], priority: Callable[..., str]
) -> None:
    placed(namespace, pod("lesser", container=port(21012), **on(nodes[0])))
    winner = namespace.post("pods", pod(container=port(21012), priorityClassName=priority(1000), **on(nodes[0]))).ok()
    events = waiting.until(
        lambda: [item for item in namespace.items("events") if item["reason"] == "Preempted"], what="event"
    )
    message = f"Preempted by pod {winner['metadata']['uid']} on node {nodes[0]}"
    about = [(item["involvedObject"]["name"], item["type"], item["action"], item["message"]) for item in events]
    assert about == [("lesser", "Normal", "Preempting", message)]


def test_a_victim_carries_the_reason_of_its_end(
    namespace: Namespace, nodes: list[str], priority: Callable[..., str]
) -> None:
    kept = pod("lesser", container=port(21013), terminationGracePeriodSeconds=30, **on(nodes[0]))
    kept["metadata"]["finalizers"] = ["example.com/keep"]
    placed(namespace, kept)
    namespace.post("pods", pod(container=port(21013), priorityClassName=priority(1000), **on(nodes[0]))).ok()

    def target() -> Object | None:
        conditions = namespace.read("pods", "lesser")["status"].get("conditions", [])
        return next((item for item in conditions if item["type"] == "DisruptionTarget"), None)

    found = waiting.until(target, what="DisruptionTarget")
    namespace.patch("pods", "lesser", "merge", {"metadata": {"finalizers": None}}).ok()
    assert found is not None
    assert (found["status"], found["reason"]) == ("True", "PreemptionByScheduler")
    assert found["message"] == "default-scheduler: preempting to accommodate a higher priority pod"


def test_the_winner_waits_with_a_nomination(
    namespace: Namespace, nodes: list[str], priority: Callable[..., str]
) -> None:
    kept = pod("lesser", container=port(21014), **on(nodes[0]))
    kept["metadata"]["finalizers"] = ["example.com/keep"]
    placed(namespace, kept)
    namespace.post("pods", pod(container=port(21014), priorityClassName=priority(1000), **on(nodes[0]))).ok()
    nominated = waiting.until(
        lambda: namespace.read("pods", "one")["status"].get("nominatedNodeName"), what="nominated"
    )
    namespace.patch("pods", "lesser", "merge", {"metadata": {"finalizers": None}}).ok()
    assert nominated == nodes[0]
    waiting.until(lambda: namespace.read("pods", "one")["spec"].get("nodeName"), what="scheduled")
    assert "nominatedNodeName" not in namespace.read("pods", "one")["status"]


def test_a_class_that_never_preempts(namespace: Namespace, nodes: list[str], priority: Callable[..., str]) -> None:
    placed(namespace, pod("lesser", container=port(21015), **on(nodes[0])))
    polite = priority(1000, preemptionPolicy="Never")
    message = why(namespace, pod(container=port(21015), priorityClassName=polite, **on(nodes[0])))
    ports = "1 node(s) didn't have free ports for the requested pod ports"
    start = f"0/{len(nodes)} nodes are available: {ports}, {len(nodes) - 1} {OTHER_NODE}. preemption: "
    assert message == start + "not eligible due to preemptionPolicy=Never."
    assert namespace.exists("pods", "lesser")


# Taints and cordons, on a node of the module's own that repels everybody else's pods


class Own:
    """A node whose pods are the cases' own: they tolerate its first taint."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.name = f"contract-{secrets.token_hex(4)}"
        self.key = f"example.com/{self.name}"
        self.guard = {"key": self.key, "effect": "NoSchedule"}
        room = {"cpu": "4", "memory": "8Gi", "pods": "110"}
        node = {
            "metadata": {"name": self.name, "labels": {HOST: self.name}},
            "spec": {"taints": [self.guard]},
            "status": {"allocatable": room, "capacity": room},
        }
        client.request("POST", path_of("nodes"), node).ok()
        waiting.until(lambda: self.taints() == [self.guard], what="a node that answers")

    def taints(self) -> list[Object]:
        """The node's taints."""
        found: list[Object] = self.read()["spec"].get("taints") or []
        return found

    def read(self) -> Object:
        return self.client.request("GET", path_of("nodes", name=self.name)).ok()

    def change(self, **spec: Any) -> None:
        """Merge into the node's spec."""
        self.client.request("PATCH", path_of("nodes", name=self.name), {"spec": spec}, content_type=PATCH["merge"]).ok()

    def taint(self, *taints: Object) -> None:
        """Give the node these taints besides its own."""
        self.change(taints=[self.guard, *taints])

    def pod(self, name: str = "one", *tolerations: Object, **spec: Any) -> Object:
        """A pod that goes nowhere else."""
        own = {"key": self.key, "operator": "Exists"}
        return pod(name, tolerations=[own, *tolerations], terminationGracePeriodSeconds=0, **on(self.name), **spec)


@pytest.fixture(scope="module")
def node_of_own(client: Client) -> Iterator[Own]:
    """A node more than the cluster has, until the module ends."""
    made = Own(client)
    yield made
    client.request("DELETE", path_of("nodes", name=made.name))


@pytest.fixture
def own(node_of_own: Own, namespace: Namespace) -> Iterator[Own]:
    """The node, which afterwards is as it was: without the case's pods and taints."""
    yield node_of_own
    for name in namespace.names("pods"):
        namespace.patch("pods", name, "merge", {"metadata": {"finalizers": None}})
    namespace.delete("pods", body={"gracePeriodSeconds": 0}).ok()
    node_of_own.change(unschedulable=None, taints=[node_of_own.guard])
    waiting.until(lambda: node_of_own.taints() == [node_of_own.guard], what="a node without taints")


NO_TAINT = "node(s) had untolerated taint(s)"


def only(reason: str, total: int) -> str:
    """A refusal of a pod that picks the node, which will not have it whoever leaves."""
    return said(total, *sorted([f"1 {reason}", f"{total - 1} {OTHER_NODE}"]))


def taint(effect: str, value: str = "red") -> Object:
    return {"key": "colour", "value": value, "effect": effect}


def toleration(**fields: Any) -> Object:
    return {"key": "colour", "operator": "Equal", "value": "red", **fields}


def events_of(namespace: Namespace, reason: str) -> list[str]:
    return [item["message"] for item in namespace.items("events") if item["reason"] == reason]


@pytest.mark.parametrize("effect", ["NoSchedule", "NoExecute"])
def test_a_taint_keeps_pods_away(namespace: Namespace, own: Own, nodes: list[str], effect: str) -> None:
    own.taint(taint(effect))
    assert why(namespace, own.pod()) == only(NO_TAINT, len(nodes))


@pytest.mark.parametrize(
    "given",
    [
        toleration(),
        toleration(effect="NoSchedule"),
        {"key": "colour", "value": "red"},
        {"key": "colour", "operator": "Exists"},
        {"operator": "Exists"},
        {"operator": "Exists", "effect": "NoSchedule"},
    ],
    ids=json.dumps,
)
def test_a_toleration_lets_a_pod_in(namespace: Namespace, own: Own, given: Object) -> None:
    own.taint(taint("NoSchedule"))
    assert placed(namespace, own.pod("one", given)) == own.name


@pytest.mark.parametrize(
    "given",
    [
        toleration(value="blue"),
        toleration(value=""),
        toleration(effect="NoExecute"),
        toleration(key="shape"),
        {"key": "shape", "operator": "Exists"},
        {"operator": "Exists", "effect": "PreferNoSchedule"},
    ],
    ids=json.dumps,
)
def test_another_toleration_does_not_let_a_pod_in(
    namespace: Namespace, own: Own, nodes: list[str], given: Object
) -> None:
    own.taint(taint("NoSchedule"))
    assert why(namespace, own.pod("one", given)) == only(NO_TAINT, len(nodes))


def test_every_taint_wants_its_toleration(namespace: Namespace, own: Own, nodes: list[str]) -> None:
    own.taint(taint("NoSchedule"), {"key": "shape", "effect": "NoSchedule"})
    assert why(namespace, own.pod("one", toleration())) == only(NO_TAINT, len(nodes))


def test_a_taint_is_told_before_anything_else_that_is_wrong(namespace: Namespace, own: Own, nodes: list[str]) -> None:
    own.taint(taint("NoSchedule"))
    assert why(namespace, own.pod(container=asks(cpu="9000"))) == only(NO_TAINT, len(nodes))


def test_a_pod_gets_in_once_the_taint_is_gone(namespace: Namespace, own: Own) -> None:
    own.taint(taint("NoSchedule"))
    why(namespace, own.pod())
    own.taint()
    assert waiting.until(lambda: namespace.read("pods", "one")["spec"].get("nodeName"), what="scheduled") == own.name


def test_a_preference_is_none_that_keeps_a_pod_away(namespace: Namespace, own: Own) -> None:
    own.taint(taint("PreferNoSchedule"))
    assert placed(namespace, own.pod()) == own.name


def test_a_node_that_prefers_no_pods_is_the_last_choice(namespace: Namespace, own: Own, nodes: list[str]) -> None:
    own.taint(taint("PreferNoSchedule"))
    body = own.pod()
    del body["spec"]["nodeSelector"]
    assert placed(namespace, body) != own.name


def test_a_cordoned_node_takes_no_pods(namespace: Namespace, own: Own, nodes: list[str]) -> None:
    own.change(unschedulable=True)
    assert why(namespace, own.pod()) == only("node(s) were unschedulable", len(nodes))


def test_a_cordoned_node_is_tainted(own: Own) -> None:
    own.change(unschedulable=True)
    cordon = {"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}
    found = waiting.until(lambda: len(own.taints()) > 1 and own.taints(), what="the taint")
    assert [{key: item[key] for key in ("key", "effect")} for item in found or ()] == [own.guard, cordon]
    assert all("timeAdded" in item for item in found or () if item["key"] == cordon["key"])


def test_a_toleration_of_cordons_lets_a_pod_in(namespace: Namespace, own: Own) -> None:
    own.change(unschedulable=True)
    cordon = {"key": "node.kubernetes.io/unschedulable", "operator": "Exists"}
    assert placed(namespace, own.pod("one", cordon)) == own.name


def test_a_pod_that_is_there_stays_on_a_cordoned_node(namespace: Namespace, own: Own) -> None:
    placed(namespace, own.pod())
    own.change(unschedulable=True)
    waiting.until(lambda: len(own.taints()) > 1, what="the taint")
    assert "deletionTimestamp" not in namespace.read("pods", "one")["metadata"]


# Eviction by taints


def held(body: Object) -> Object:
    """The pod with a finalizer, so that it can be seen when it is gone."""
    body["metadata"]["finalizers"] = ["example.com/held"]
    return body


def is_evicted(namespace: Namespace, name: str = "one") -> bool:
    return "deletionTimestamp" in namespace.read("pods", name)["metadata"]


def test_a_pod_that_does_not_tolerate_a_taint_is_evicted(namespace: Namespace, own: Own) -> None:
    placed(namespace, held(own.pod()))
    own.taint(taint("NoExecute"))
    waiting.until(lambda: is_evicted(namespace), what="evicted")
    conditions = namespace.read("pods", "one")["status"]["conditions"]
    (target,) = [item for item in conditions if item["type"] == "DisruptionTarget"]
    assert (target["status"], target["reason"], target["message"]) == (
        "True",
        "DeletionByTaintManager",
        "Taint manager: deleting due to NoExecute taint",
    )
    message = f"Marking for deletion Pod {namespace.name}/one"
    found = waiting.until(lambda: events_of(namespace, "TaintManagerEviction"), what="event")
    assert found == [message]


def test_a_pod_that_tolerates_a_taint_for_ever_stays(namespace: Namespace, own: Own) -> None:
    placed(namespace, held(own.pod("one", toleration())))
    placed(namespace, held(own.pod("other")))
    own.taint(taint("NoExecute"))
    waiting.until(lambda: is_evicted(namespace, "other"), what="evicted")
    assert not is_evicted(namespace)


def test_a_pod_that_tolerates_a_taint_for_a_while_goes_then(namespace: Namespace, own: Own) -> None:
    placed(namespace, held(own.pod("one", toleration(effect="NoExecute", tolerationSeconds=2))))
    placed(namespace, held(own.pod("other")))
    own.taint(taint("NoExecute"))
    for name in ("other", "one"):
        waiting.until(lambda name=name: is_evicted(namespace, name), what="evicted")  # type: ignore[misc]
    one, other = (
        datetime.fromisoformat(namespace.read("pods", name)["metadata"]["deletionTimestamp"])
        for name in ("one", "other")
    )
    assert (one - other).total_seconds() >= 1


def test_a_taint_that_is_taken_back_in_time_evicts_nobody(namespace: Namespace, own: Own) -> None:
    placed(namespace, held(own.pod("one", toleration(effect="NoExecute", tolerationSeconds=300))))
    placed(namespace, held(own.pod("other")))
    own.taint(taint("NoExecute"))
    waiting.until(lambda: is_evicted(namespace, "other"), what="evicted")
    own.taint()
    cancelled = f"Cancelling deletion of Pod {namespace.name}/one"
    waiting.until(lambda: cancelled in events_of(namespace, "TaintManagerEviction"), what="event")
    assert not is_evicted(namespace)


@pytest.mark.parametrize(("seconds", "goes"), [((1, None), True), ((None, 1), False)])
def test_the_first_toleration_of_a_taint_counts(
    namespace: Namespace, own: Own, seconds: tuple[int | None, int | None], goes: bool
) -> None:
    given = [toleration(effect="NoExecute", **({"tolerationSeconds": item} if item else {})) for item in seconds]
    placed(namespace, held(own.pod("one", *given)))
    placed(namespace, held(own.pod("other", toleration(effect="NoExecute", tolerationSeconds=3))))
    own.taint(taint("NoExecute"))
    waiting.until(lambda: is_evicted(namespace, "other"), what="evicted")
    assert is_evicted(namespace) == goes


# Which nodes count when pods are spread


def test_a_tainted_node_counts_unless_it_is_told_not_to(namespace: Namespace, own: Own, nodes: list[str]) -> None:
    others = [node for node in nodes if node != own.name]
    for number, node in enumerate(others):
        placed(namespace, pod(f"there-{number}", labels=GROUP, **on(node)))
    assert placed(namespace, pod("two", labels=GROUP, **spread(nodeTaintsPolicy="Honor"))) in others
    namespace.delete("pods", "two", {"gracePeriodSeconds": 0}).ok()
    waiting.until(lambda: not namespace.exists("pods", "two"), what="without a second pod")
    victims = (f"1 {NO_HELP}", f"{len(others)} {NO_VICTIMS}")
    reasons = (f"1 {NO_TAINT}", f"{len(others)} node(s) didn't match pod topology spread constraints")
    assert why(namespace, pod(labels=GROUP, **spread())) == said(len(nodes), *reasons, after=victims)
