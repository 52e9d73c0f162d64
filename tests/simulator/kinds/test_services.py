"""What the server gives a Service, and keeps."""

from stswidgets.simulator.kinds import service_allocation
from tests.simulator.kinds import given

MANIFEST = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "db", "namespace": "default"},
    "spec": {"ports": [{"port": 5432}], "selector": {"app": "db"}},
}


def test_no_two_services_have_the_same_address() -> None:
    others = [given.created({**MANIFEST, "metadata": {"name": f"s{number}"}}) for number in range(300)]
    seen: list[dict[str, object]] = []
    for service in others:
        service["spec"].pop("clusterIP")
        service["spec"].pop("clusterIPs")
        service_allocation.allocate(service, seen, False)
        seen.append(service)
    addresses = [service["spec"]["clusterIP"] for service in seen]
    assert len(set(addresses)) == len(addresses)


def test_a_headless_service_keeps_having_no_address() -> None:
    service = given.created({**MANIFEST, "spec": {**MANIFEST["spec"], "clusterIP": "None"}})
    assert service["spec"]["clusterIPs"] == ["None"]


def test_an_update_without_an_address_keeps_the_one_there_is() -> None:
    service = given.created(MANIFEST)
    code, updated = given.update({**MANIFEST, "metadata": service["metadata"]}, service)
    assert code == 200
    assert updated["spec"]["clusterIP"] == service["spec"]["clusterIP"]
