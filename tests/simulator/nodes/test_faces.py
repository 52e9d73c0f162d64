"""What running pods look like: usage, logs, a shell."""

from __future__ import annotations

from datetime import timedelta

from stswidgets.simulator.schema import quantity


def cpu(metrics):
    return quantity.parse(metrics["containers"][0]["usage"]["cpu"]).nano / 1e9


def memory(metrics):
    return quantity.parse(metrics["containers"][0]["usage"]["memory"]).nano / 1e9


def test_usage_stays_within_the_limits(world):
    world.a_set(replicas=1, cpu=("200m", "400m"), memory=("64Mi", "128Mi"))
    world.settle()
    seen = []
    for _ in range(300):
        world.wait(60)
        (metrics,) = world.cluster.usage.pods("default")
        seen.append((cpu(metrics), memory(metrics)))
    assert all(0 < used <= 0.4 and 0 < held <= 128 * 1024 * 1024 for used, held in seen)
    assert len({used for used, _ in seen}) > 250


def test_memory_grows_after_a_start(world):
    world.a_set(replicas=1, memory=("64Mi", "128Mi"))
    world.settle()
    world.wait(20)
    before = memory(world.cluster.usage.pods("default")[0])
    world.wait(3600)
    assert memory(world.cluster.usage.pods("default")[0]) > 1.5 * before


def test_usage_is_read_every_ten_seconds(world):
    world.a_set(replicas=1)
    world.settle()
    world.wait(20)
    first = world.cluster.usage.pods("default")
    world.wait(2)
    second = world.cluster.usage.pods("default")
    world.wait(10)
    assert first == second
    assert world.cluster.usage.pods("default") != first


def test_a_pod_that_does_not_run_has_no_usage(world):
    world.a_set(replicas=1, image="postgres:broken")
    world.wait(60)
    assert world.cluster.usage.pods("") == []


def test_a_node_uses_more_than_its_pods(world):
    world.a_set(replicas=3)
    world.settle()
    world.wait(20)
    used = {item["metadata"]["name"]: item["usage"] for item in world.cluster.usage.nodes()}
    pod = world.cluster.usage.pods("default")[0]
    node = world.pod(pod["metadata"]["name"])["spec"]["nodeName"]
    assert quantity.parse(used[node]["cpu"]).nano / 1e9 > cpu(pod)


def test_a_log_only_grows_and_is_in_order(world):
    world.a_set(replicas=1)
    world.settle()
    world.wait(600)
    before = list(world.cluster.logs(world.pod("db-0"), "postgres"))
    world.wait(60)
    after = list(world.cluster.logs(world.pod("db-0"), "postgres"))
    assert after[: len(before)] == before
    assert len(after) > len(before)
    assert [moment for moment, _ in after] == sorted(moment for moment, _ in after)
    assert after[-1][0] <= world.api.clock.now()


def test_a_log_begins_with_what_the_program_says_first(world):
    world.a_set(replicas=1)
    world.settle()
    world.wait(10)
    assert "Skipping initialization" in world.cluster.logs(world.pod("db-0"), "postgres")[0][1]


def test_a_log_of_many_days_was_rotated(world):
    world.a_set(replicas=1)
    world.settle()
    world.wait(timedelta(days=5).total_seconds())
    assert len(world.cluster.logs(world.pod("db-0"), "postgres")) == 2000


def test_hostile_text_and_errors_appear_in_logs(world):
    world.a_set(replicas=1, image="example.com/shop:1")
    world.settle()
    world.wait(86400)
    text = "\n".join(line for _, line in world.cluster.logs(world.pod("db-0"), "shop"))
    assert "<b>not html</b>" in text
    assert "level=error" in text


def test_the_log_before_a_crash_can_be_read(world):
    world.a_set(replicas=1, image="example.com/shop:crash")
    world.wait(60)
    previous = world.cluster.logs(world.pod("db-0"), "shop", previous=True)
    assert "cannot read configuration" in previous[-1][1]


def test_a_shell_answers_a_few_commands(world):
    world.a_set(replicas=1, env={"GREETING": "hello"})
    world.settle()
    pod = world.pod("db-0")
    assert world.cluster.shell(pod, "postgres", ["hostname"], "") == ("db-0\n", "", 0)
    assert world.cluster.shell(pod, "postgres", ["sh", "-c", "echo $GREETING; exit 3"], "") == ("hello\n", "", 3)
    assert world.cluster.shell(pod, "postgres", ["sh"], "echo one\nfalse\necho $?\n") == ("one\n1\n", "", 0)
    assert world.cluster.shell(pod, "postgres", ["cat", "/nowhere"], "")[2] == 1
    assert world.cluster.shell(pod, "postgres", ["rm"], "")[2] == 127
