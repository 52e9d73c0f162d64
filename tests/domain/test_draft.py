"""Typing into a draft: what changes, what stays, and what is kept that is no value."""

from __future__ import annotations

import pytest

from stswidgets import errors
from stswidgets.domain import paths, starters
from stswidgets.domain.draft import Draft

IMAGE = "spec.template.spec.containers[0].image"
CPU = "spec.template.spec.containers[0].resources.requests[cpu]"
WEB = """\
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: web
spec:
  replicas: 3   # three zones
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: nginx
        image: nginx:1.27
"""


def keys(draft: Draft) -> dict[str, str]:
    return {problem.path: problem.key for problem in draft.problems()}


def named() -> Draft:
    return Draft.new(namespace="shop", name="db").set(IMAGE, "postgres:17")


def test_a_new_draft_needs_a_name_and_an_image() -> None:
    assert keys(Draft.new()) == {"metadata.name": "problem.required", IMAGE: "problem.required"}


def test_a_named_draft_with_an_image_has_no_problem() -> None:
    assert named().problems() == ()


def test_a_draft_is_never_changed_by_an_edit() -> None:
    draft = named()
    before = draft.yaml
    draft.set("spec.replicas", "5")
    assert draft.yaml == before
    assert draft.manifest["spec"]["replicas"] == 1


def test_what_was_given_may_be_changed_by_its_owner_afterwards() -> None:
    manifest = {"kind": "StatefulSet", "metadata": {"name": "a"}}
    draft = Draft(manifest)
    manifest["metadata"] = {}
    assert draft.shown("metadata.name") == "a"


@pytest.mark.parametrize("text", ["1.5", "abc", "1e3", "99999999999", "٣", "0x10", "--1", "1 2"])
def test_a_text_that_is_no_number_is_kept_and_the_last_number_too(text: str) -> None:
    draft = named().set("spec.replicas", text)
    assert draft.texts == {"spec.replicas": text}
    assert draft.shown("spec.replicas") == text
    assert draft.manifest["spec"]["replicas"] == 1
    assert keys(draft)["spec.replicas"] in {"problem.integer", "problem.integer_too_large"}


def test_a_negative_number_is_a_number_with_a_problem() -> None:
    draft = named().set("spec.replicas", "-1")
    assert draft.manifest["spec"]["replicas"] == -1
    assert keys(draft) == {"spec.replicas": "problem.negative"}


def test_a_number_in_place_of_the_text_clears_it() -> None:
    draft = named().set("spec.replicas", "1.5").set("spec.replicas", "2")
    assert (draft.texts, draft.manifest["spec"]["replicas"]) == ({}, 2)


def test_the_old_number_typed_again_clears_the_text() -> None:
    assert named().set("spec.replicas", "1.5").set("spec.replicas", "1").problems() == ()


def test_a_wrong_quantity_is_kept_as_typed() -> None:
    draft = named().set(CPU, "12Gx")
    assert draft.texts == {CPU: "12Gx"}
    assert "resources" not in draft.manifest["spec"]["template"]["spec"]["containers"][0]


def test_both_spellings_of_a_path_mean_the_same() -> None:
    dotted = CPU.replace("[cpu]", ".cpu")
    assert named().set(CPU, "12Gx").set(dotted, "1").texts == {}


def test_an_emptied_value_goes_with_the_maps_that_the_form_had_made() -> None:
    draft = named()
    assert draft.set(CPU, "1").set(CPU, "").manifest == draft.manifest


def test_an_emptied_value_leaves_the_empty_map_that_was_there_before() -> None:
    draft = Draft.from_yaml(WEB + "        resources: {}\n")
    assert draft.set(CPU, "1").set(CPU, "").yaml == draft.yaml


def test_a_whole_number_stays_a_number_in_the_yaml() -> None:
    draft = Draft.from_yaml(WEB + "        resources:\n          requests: {cpu: 1}\n").set(CPU, "2")
    assert "requests: {cpu: 2}" in draft.yaml


def test_a_comment_stays_beside_the_value_that_changed() -> None:
    assert "replicas: 5   # three zones" in Draft.from_yaml(WEB).set("spec.replicas", "5").yaml


def test_an_empty_variable_is_a_value() -> None:
    path = "spec.template.spec.containers[0].env"
    draft = named().add(path).set(f"{path}[0].name", "A").set(f"{path}[0].value", "x").set(f"{path}[0].value", "")
    assert paths.get(draft.manifest, paths.parse(f"{path}[0]").steps) == {"name": "A", "value": ""}


def test_text_stays_text_where_text_is_wanted() -> None:
    path = "spec.template.spec.containers[0].env"
    draft = named().add(path).set(f"{path}[0].name", "PORT").set(f"{path}[0].value", "8080")
    assert 'value: "8080"' in draft.yaml


def test_an_added_item_has_a_name_of_its_own() -> None:
    path = "spec.template.spec.containers"
    draft = named().add(path).add(path)
    assert [each["name"] for each in draft.manifest["spec"]["template"]["spec"]["containers"]] == [
        "main",
        "container",
        "container-2",
    ]


def test_texts_move_up_with_their_items() -> None:
    ports = "spec.template.spec.containers[0].ports"
    draft = named().add(ports).add(ports).set(f"{ports}[1].containerPort", "x").remove(f"{ports}[0]")
    assert draft.texts == {f"{ports}[0].containerPort": "x"}


def test_an_added_label_can_be_named_and_keeps_its_place() -> None:
    draft = Draft.from_yaml(WEB).add("metadata.labels").rename("metadata.labels[]", "app.kubernetes.io/name")
    draft = draft.set("metadata.labels[app.kubernetes.io/name]", "web")
    assert draft.manifest["metadata"]["labels"] == {"app.kubernetes.io/name": "web"}


def test_a_key_that_is_taken_renames_nothing() -> None:
    draft = Draft.from_yaml(WEB.replace("labels: {app: web}", "labels: {app: web, b: c}"))
    assert draft.rename("spec.template.metadata.labels.b", "app").manifest == draft.manifest


def test_no_value_can_stand_below_a_text() -> None:
    with pytest.raises(KeyError):
        named().set("metadata.name.first", "x")


# ---------------------------------------------------------------- YAML


def test_yaml_that_cannot_be_read_is_kept_with_its_line() -> None:
    draft = Draft.from_yaml(WEB).with_yaml(WEB.replace("replicas: 3", "replicas: [3"))
    assert "replicas: [3" in draft.yaml
    assert draft.manifest["spec"]["replicas"] == 3
    problem = draft.problems()[0]
    assert (problem.path, problem.severity) == ("", "error")
    assert problem.line is not None


def test_what_is_typed_into_the_form_while_the_yaml_is_broken_waits_and_is_not_lost() -> None:
    draft = Draft.from_yaml(WEB).with_yaml("{").set("spec.replicas", "9")
    assert (draft.shown("spec.replicas"), draft.yaml) == ("9", "{")
    assert keys(draft)["spec.replicas"] == "problem.yaml_first"
    assert draft.with_yaml(WEB).manifest["spec"]["replicas"] == 9


def test_typed_yaml_wins_over_a_text_in_the_form_for_the_same_value() -> None:
    draft = Draft.from_yaml(WEB).set("spec.replicas", "1.5").with_yaml(WEB.replace("replicas: 3", "replicas: 4"))
    assert (draft.texts, draft.shown("spec.replicas")) == ({}, "4")


def test_a_text_in_the_form_stays_while_other_yaml_is_typed() -> None:
    draft = Draft.from_yaml(WEB).set("spec.replicas", "1.5").with_yaml(WEB.replace("1.27", "1.28"))
    assert (draft.shown("spec.replicas"), draft.shown(IMAGE)) == ("1.5", "nginx:1.28")


def test_another_kind_is_named_with_its_line() -> None:
    with pytest.raises(errors.WrongKindError) as caught:
        Draft.from_yaml(WEB + "---\napiVersion: v1\nkind: ConfigMap\n")
    assert (caught.value.kind, caught.value.line) == ("v1 ConfigMap", 18)


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        (WEB + "kind: StatefulSet\n", "errors.yaml.duplicate", 16),
        ("a:\n\tb: 1\n", "errors.yaml.tab", 2),
        (WEB + "---\n" + WEB, "errors.yaml.twice", 17),
        ("", "errors.yaml.empty", 1),
        ("# nothing\n---\n", "errors.yaml.empty", 1),
        ("- 1\n", "errors.yaml.not_a_mapping", 1),
        ("[" * 200, "errors.yaml.too_deep", 1),
        ("a: .nan\n", "errors.yaml.value", 1),
        ("a: !!python/object:os.system x\n", "errors.yaml.value", 1),
        ("a: *b\n", "errors.yaml.syntax", 1),
        ("? [a]\n: b\n", "errors.yaml.key", 1),
        ("a: &a [*a]\n", "errors.yaml.syntax", 1),
        ("a: \x00\n", "errors.yaml.syntax", 1),
    ],
)
def test_each_kind_of_bad_yaml_has_its_words_and_its_line(text: str, key: str, line: int) -> None:
    problem = Draft.new().with_yaml(text).problems()[0]
    assert (problem.key, problem.line) == (key, line)


def test_aliases_cannot_grow_without_bound() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert Draft.new().with_yaml("\n".join(lines)).problems()[0].key == "errors.yaml.aliases"


def test_a_text_without_bound_is_not_read() -> None:
    assert Draft.new().with_yaml("#" * 1_000_001).problems()[0].key == "errors.yaml.too_long"


def test_words_are_booleans_as_for_kubernetes() -> None:
    draft = Draft.from_yaml(WEB.replace("{app: web}", "{app: on}"))
    assert draft.manifest["spec"]["selector"]["matchLabels"] == {"app": True}
    assert keys(draft)["spec.template.metadata.labels[app]"] == "problem.not_text"


# ---------------------------------------------------------------- what follows the name in a new draft


def test_labels_selector_and_service_follow_the_name_of_a_new_draft() -> None:
    draft = Draft.new(namespace="shop").set("metadata.name", "db").set("metadata.name", "store")
    assert draft.manifest["spec"]["selector"] == {"matchLabels": {"app": "store"}}
    assert draft.manifest["spec"]["serviceName"] == "store"
    assert draft.service is not None
    assert draft.service["metadata"] == {"name": "store", "namespace": "shop", "labels": {"app": "store"}}


def test_what_a_person_has_changed_does_not_follow_any_more() -> None:
    draft = named().set("spec.serviceName", "own").set("metadata.name", "store")
    assert draft.manifest["spec"]["serviceName"] == "own"
    assert draft.service is not None
    assert draft.service["metadata"]["name"] == "own"


def test_nothing_follows_in_a_manifest_that_was_opened() -> None:
    draft = Draft.from_yaml(WEB).set("metadata.name", "store")
    assert draft.manifest["spec"]["selector"] == {"matchLabels": {"app": "web"}}


def test_service_ports_follow_the_containers_ports() -> None:
    ports = "spec.template.spec.containers[0].ports"
    draft = named().add(ports).set(f"{ports}[0].containerPort", "5432").set(f"{ports}[0].name", "sql")
    assert draft.service is not None
    assert draft.service["spec"]["ports"] == [{"name": "sql", "protocol": "TCP", "port": 5432}]


def test_a_mount_follows_its_claim_and_goes_with_it() -> None:
    mount = "spec.template.spec.containers[0].volumeMounts[data].mountPath"
    draft = named().add("spec.volumeClaimTemplates").set(mount, "/data")
    renamed = draft.set("spec.volumeClaimTemplates[0].metadata.name", "files")
    containers = renamed.manifest["spec"]["template"]["spec"]["containers"]
    assert containers[0]["volumeMounts"] == [{"name": "files", "mountPath": "/data"}]
    removed = renamed.remove("spec.volumeClaimTemplates[0]").manifest
    assert "volumeMounts" not in removed["spec"]["template"]["spec"]["containers"][0]


def test_an_emptied_mount_path_at_the_claim_means_not_mounted() -> None:
    mount = "spec.template.spec.containers[0].volumeMounts[data].mountPath"
    draft = named().add("spec.volumeClaimTemplates")
    assert draft.set(mount, "/data").set(mount, "").manifest == draft.manifest


def test_the_service_comes_and_goes() -> None:
    draft = named().set("service:", "false")
    assert draft.objects == (draft.manifest,)
    again = draft.set("service:", "true")
    assert again.service == named().service


def test_the_service_comes_and_goes_in_typed_yaml() -> None:
    draft = Draft.from_yaml(WEB).set("spec.serviceName", "web")
    with_service = draft.set("service:", "true")
    assert with_service.yaml.startswith(draft.yaml)
    assert with_service.set("service:", "false").yaml == draft.yaml


@pytest.mark.parametrize("name", starters.IDS)
def test_a_starter_runs_as_it_is(name: str) -> None:
    draft = starters.draft(name, namespace="shop")
    assert draft.problems() == ()
    assert all(each["metadata"]["namespace"] == "shop" for each in draft.objects)
    assert draft.yaml.startswith("#")
