"""What a person can ask of a view, by the names that the browser sends."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, cast

from stswidgets import errors
from stswidgets.state.desk import Answer

if TYPE_CHECKING:
    from stswidgets.apps.router import Router

Args = dict[str, Any]
Object = dict[str, Any]
Propagation = Literal["Background", "Foreground", "Orphan"]


def give(router: Router) -> None:
    """Name the router's commands (docs/architecture.md lists them with their arguments)."""
    these = router.parts
    form, plan = these.form, these.plan
    these.commands.add(
        open=lambda args: router.open(**args),
        set_options=lambda args: _set_options(router, args),
        select_namespace=lambda args: _select_namespace(router, _text(args, "namespace")),
        select_context=lambda args: these.session.connect(_text(args, "context")),
        reconnect=lambda _args: these.session.connect(),
        dismiss=lambda args: router.desk.notices.dismiss(_text(args, "id")),
        set=lambda args: form.set(_text(args, "path"), _text(args, "text")),
        add=lambda args: form.add(_text(args, "path")),
        remove=lambda args: form.remove(_text(args, "path")),
        rename=lambda args: form.rename(_text(args, "path"), _text(args, "key")),
        yaml=lambda args: form.yaml(_text(args, "text"), int(args.get("version") or 0)),
        use_starter=lambda args: form.use_starter(_text(args, "id")),
        new=lambda _args: _new(router),
        plan=lambda _args: _plan_form(router),
        apply=lambda args: plan.apply(
            confirm=_text(args, "confirm"), force=bool(args.get("force")), further=bool(args.get("further"))
        ),
        cancel_plan=lambda _args: _cancel(router),
        rebase=lambda _args: _rebase(router),
        plan_scale=lambda args: _plan_scale(router, args),
        plan_restart=lambda args: _plan_restart(router, args),
        plan_roll_back=lambda args: _plan_roll_back(router, args),
        plan_delete=lambda args: _plan_delete(router, args),
        edit=lambda args: _edit(router, args),
        compare=lambda args: these.history.compare(int(args["a"]), int(args["b"])),
        usage=lambda args: these.usage.choose(
            span=_text(args, "range"), by=_text(args, "by"), live=cast("bool | None", args.get("live"))
        ),
        logs=lambda args: _read_logs(router, args),
        stop_logs=lambda _args: these.logs.stop(),
    )


def begin_form(router: Router, namespace: str) -> None:
    """See that there is a form on the page `create`: the one begun before, or the stored set that the address names."""
    these, place = router.parts, router.parts.route.value
    draft = these.form.draft
    if place["tab"] == "edit" and place["name"]:
        opened = draft is not None and draft.is_edit and draft.manifest["metadata"].get("name") == place["name"]
        if not opened and router.desk.connected is not None:
            answer = _edit(router, {"namespace": namespace, "name": place["name"]})
            answer.then(lambda _result, error: router.desk.failed(error) if error else None)
    elif draft is None or draft.is_edit:
        these.form.new(namespace or "default", place["name"])


def offer_storage_classes(router: Router) -> None:
    """Offer the cluster's storage classes in the form. What may not be listed is not offered."""
    cluster = router.desk.cluster

    def read() -> list[str]:
        try:
            return [each["metadata"]["name"] for each in cluster.list("storageclasses")]
        except errors.ServerError:  # a suggestion less
            return []

    router.desk.work(read, lambda names: router.parts.form.suggest("claim.storage_class", names))


def _text(args: Args, name: str) -> str:
    value = args.get(name)
    return "" if value is None else str(value)


def _which(router: Router, args: Args) -> tuple[str, str]:
    """The set that a command is about: the one it names, else the page's."""
    subject = router.parts.subject
    namespace, name = _text(args, "namespace") or subject.namespace, _text(args, "name") or subject.name
    if not name:
        raise errors.StsWidgetsError("state.detail.none_chosen")
    return namespace, name


def _set_options(router: Router, args: Args) -> None:
    if args.get("lang"):
        router.speak(_text(args, "lang"))
    if args.get("theme"):
        router.dress(_text(args, "theme"))


def _select_namespace(router: Router, namespace: str) -> None:
    """Look at another namespace: on the list. A page of one set would be of another set there."""
    router.parts.session.select_namespace(namespace)
    router.parts.route.value = {**router.parts.route.value, "namespace": namespace}
    router.open("browse", namespace=namespace)


def _new(router: Router) -> None:
    router.parts.plan.cancel()
    router.parts.form.close()
    router.open("create")


def _plan_form(router: Router) -> Answer:
    form = router.parts.form
    draft, opened = form.draft, form.opened
    if draft is None or not (form.value or {}).get("can_plan"):
        raise errors.StsWidgetsError("state.form.not_ready")
    plan = router.parts.plan
    objects = list(draft.objects)
    answer = plan.ask(lambda cluster, force: cluster.plan_apply(objects, opened=list(opened) or None, force=force))

    def tell(_result: object, error: Exception | None) -> None:
        if error is None and plan.plan is not None:
            form.refused((note.path, note.text(router.desk.lang)) for note in plan.plan.problems)

    answer.then(tell)
    return answer


def _cancel(router: Router) -> None:
    """Drop the plan. After it was applied the form has done its work, and the next one begins anew."""
    was_applied = router.parts.plan.is_applied
    router.parts.plan.cancel()
    if was_applied and router.parts.route.value["page"] == "create":
        place = router.parts.subject
        router.parts.form.close()
        router.open("detail", namespace=place.namespace, name=place.name)


def _plan_scale(router: Router, args: Args) -> Answer:
    namespace, name = _which(router, args)
    replicas = args.get("replicas")
    if isinstance(replicas, bool) or not isinstance(replicas, int) or replicas < 0:
        raise errors.StsWidgetsError("state.scale.not_a_number", value=_text(args, "replicas"))
    expected = args.get("expected")
    return router.parts.plan.ask(lambda cluster, _force: cluster.plan_scale(namespace, name, replicas, expected))


def _plan_restart(router: Router, args: Args) -> Answer:
    namespace, name = _which(router, args)
    return router.parts.plan.ask(lambda cluster, _force: cluster.plan_restart(namespace, name))


def _plan_roll_back(router: Router, args: Args) -> Answer:
    namespace, name = _which(router, args)
    revision = int(args.get("revision") or 0)
    return router.parts.plan.ask(lambda cluster, _force: cluster.plan_roll_back(namespace, name, revision))


def _plan_delete(router: Router, args: Args) -> Answer:
    namespace, name = _which(router, args)
    propagation = cast("Propagation", _text(args, "propagation") or "Background")
    claims, service = bool(args.get("claims")), bool(args.get("service"))
    return router.parts.plan.ask(
        lambda cluster, _force: cluster.plan_delete(
            namespace, name, propagation=propagation, claims=claims, service=service
        )
    )


def _edit(router: Router, args: Args) -> Answer:
    """Read the set and its Service as they are now, and open the form on them."""
    return _stored(router, *_which(router, args), router.edit)


def _rebase(router: Router) -> Answer:
    """Put the form's edit on top of what is stored now, and plan it again."""
    draft, plan = router.parts.form.draft, router.parts.plan
    if draft is None or not draft.is_edit:
        raise errors.StsWidgetsError("state.form.not_ready")

    def put(manifest: Object, service: Object | None) -> None:
        clashes = router.parts.form.rebase(manifest, service)
        if clashes:
            fields = ", ".join(clash.path for clash in clashes)
            router.desk.notices.say("warning", "state.form.clashes", fields=fields)
        if (router.parts.form.value or {}).get("can_plan"):
            _plan_form(router).then(lambda _result, error: router.desk.failed(error) if error else None)
        else:
            plan.cancel()

    meta = draft.manifest["metadata"]
    return _stored(router, meta["namespace"], meta["name"], put)


def _stored(router: Router, namespace: str, name: str, then: Callable[[Object, Object | None], None]) -> Answer:
    """Read a set and its Service (None where it has none), then go on with them."""
    cluster = router.desk.cluster

    def read() -> tuple[Object, Object | None]:
        found = cluster.read("statefulsets", namespace, name)
        return found, cluster.service_of(found)

    return router.desk.work(read, lambda found: then(*found))


def _read_logs(router: Router, args: Args) -> None:
    namespace = _text(args, "namespace") or router.parts.subject.namespace
    router.parts.logs.read(
        namespace,
        _text(args, "pod"),
        _text(args, "container"),
        previous=bool(args.get("previous")),
        follow=bool(args.get("follow", True)),
    )
