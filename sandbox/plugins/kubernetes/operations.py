"""Create, update, read and delete one object."""

from dataclasses import replace

from sandbox.plugins.kubernetes import objects, waiting
from sandbox.plugins.kubernetes.cluster import Cluster
from sandbox.plugins.kubernetes.errors import (
    CONFLICT,
    FORBIDDEN,
    NOT_FOUND,
    ApiError,
    KubernetesError,
    NotReadyError,
)
from sandbox.plugins.kubernetes.ignored import keep_ignored
from sandbox.plugins.kubernetes.resource import PartialError, Resource
from sandbox.plugins.kubernetes.secrets import mark
from sandbox.plugins.kubernetes.settings import Settings
from sandbox.plugins.kubernetes.values import Tree, from_object, has_unknown

NOT_YET_DELAYS_S = (0.2, 0.4, 0.8, 1.6, 3.2)
"""How long a namespace or kind may take to appear that another resource has just made."""


class Operations:
    """The four operations on objects of one cluster."""

    def __init__(self, cluster: Cluster, settings: Settings, default_namespace: str) -> None:
        self.cluster = cluster
        self.settings = settings
        self.default_namespace = default_namespace

    def preview_create(self, resource: Resource) -> Tree | None:
        """Return the state that creating would give; None if nobody can know yet."""
        if (
            has_unknown(resource.inputs)
            or resource.type.is_patch
            or not self._can_preview(resource)
        ):
            return None
        try:
            live = self._apply(resource, {}, dry_run=True)
        except ApiError as error:
            # Its namespace may be made in the same run, or the object replaced.
            if error.status in (NOT_FOUND, FORBIDDEN, CONFLICT) or "immutable" in str(error):
                return None
            raise
        return self._state(resource, objects.as_preview(live), {})

    def create(self, resource: Resource, *, is_replacement: bool) -> tuple[str, Tree]:
        """Make the object and wait for it; return its id and state."""
        if not resource.type.is_patch:
            self._refuse_existing(resource, is_replacement=is_replacement)
        live = self._apply_when_possible(resource)
        return self._await(resource, live, {})

    def preview_update(self, resource: Resource, state: Tree) -> Tree | None:
        """Return the state that updating would give; None if nobody can know yet."""
        if has_unknown(resource.inputs) or not self._can_preview(resource):
            return None
        try:
            live = self._apply(resource, state, dry_run=True)
        except ApiError as error:
            if error.status in (NOT_FOUND, FORBIDDEN):
                return None
            raise
        return self._state(resource, objects.as_preview(live), state)

    def update(self, resource: Resource, state: Tree, identifier: str, ignored: list[str]) -> Tree:
        """Change the object and wait for it; return its state."""
        namespace, name = objects.split_id(identifier)
        live = self.cluster.get(resource.type.kind, namespace, name)
        if live is None:
            raise KubernetesError(f"{identifier} does not exist any more; run `pulumi refresh`")
        kept = keep_ignored(resource.inputs, live, ignored)
        changed = self._apply(replace(resource, inputs=kept), state)
        return self._await(resource, changed, state)[1]

    def read(self, resource: Resource, identifier: str, state: Tree) -> tuple[Tree, Tree] | None:
        """Return the state and the inputs of an object as it is now; None if it is gone."""
        namespace, name = objects.split_id(identifier)
        live = self.cluster.get(resource.type.kind, self._place(resource, namespace), name)
        if live is None:
            return None
        found = (
            objects.observed_inputs(resource.desired, live)
            if resource.inputs
            else objects.imported_inputs(live)
        )
        inputs = mark(from_object(found), resource.inputs)
        seen = replace(resource, inputs=inputs)
        now = self._state(seen, live, state)
        if resource.inputs and not resource.type.is_patch:
            health = waiting.readiness(self.cluster, live, resource.desired)
            if not health.is_ready:
                message = f"{objects.describe(live)}: {health.fault or health.waits_for}"
                raise PartialError(message, identifier, now, inputs)
        return now, inputs

    def delete(self, resource: Resource, identifier: str, state: Tree) -> None:
        """Remove the object and wait until it is gone."""
        kind = resource.type.kind
        namespace, name = objects.split_id(identifier)
        if not self.cluster.knows(kind):
            return
        if resource.type.is_patch:
            self._relinquish(resource, state)
            return
        live = self.cluster.get(kind, namespace, name)
        if live is None:
            return
        wish = objects.annotation(resource.desired, objects.DELETION_PROPAGATION).capitalize()
        propagation = wish if wish in ("Orphan", "Background") else "Foreground"
        if self.cluster.delete(kind, namespace, name, propagation=propagation):
            waiting.until_gone(self.cluster, live, within_s=resource.within_s)

    def is_unready_job(self, resource: Resource, identifier: str) -> bool:
        """Say whether a Job asks to be replaced because it has not completed."""
        kind = resource.type.kind
        if kind.kind != "Job" or not objects.is_set(resource.desired, objects.REPLACE_UNREADY):
            return False
        live = self.cluster.get(kind, *objects.split_id(identifier))
        return live is not None and not waiting.readiness(self.cluster, live, {}).is_ready

    def _can_preview(self, resource: Resource) -> bool:
        return self.settings.is_on("enableServerSideApply") and self.cluster.knows(
            resource.type.kind
        )

    def _place(self, resource: Resource, namespace: str | None) -> str | None:
        """Return the namespace of an object; the default where its kind needs one."""
        is_namespaced = self.cluster.endpoint(resource.type.kind).is_namespaced
        return (namespace or self.default_namespace) if is_namespaced else None

    def _placed(self, resource: Resource) -> Tree:
        desired = resource.desired
        place = self._place(resource, objects.metadata(desired).get("namespace"))
        return objects.with_namespace(desired, place)

    def _manager(self, resource: Resource, state: Tree) -> str:
        return objects.field_manager(resource.urn, resource.desired, state)

    def _apply(self, resource: Resource, state: Tree, *, dry_run: bool = False) -> Tree:
        desired = self._placed(resource)
        force = (
            self.settings.is_on("enablePatchForce")
            or not self.settings.is_on("enableServerSideApply")
            or objects.is_set(desired, objects.PATCH_FORCE)
        )
        return self.cluster.apply(
            desired, manager=self._manager(resource, state), force=force, dry_run=dry_run
        )

    def _apply_when_possible(self, resource: Resource) -> Tree:
        for delay_s in NOT_YET_DELAYS_S:
            try:
                return self._apply(resource, {})
            except ApiError as error:
                if error.status != NOT_FOUND:
                    raise
                resource.tell(f"waiting: {error}")
            self.cluster.pause(delay_s)
        return self._apply(resource, {})

    def _refuse_existing(self, resource: Resource, *, is_replacement: bool) -> None:
        """Refuse to take over someone else's object; one's own of a killed run is welcome."""
        if self.settings.is_on("upsertExistingObjects") or not self.cluster.knows(
            resource.type.kind
        ):
            return
        placed = self._placed(resource)
        data = objects.metadata(placed)
        live = self.cluster.get(resource.type.kind, data.get("namespace"), data["name"])
        if live is None:
            return
        if is_replacement or not objects.is_managed_by(live, self._manager(resource, {})):
            raise ApiError(
                CONFLICT,
                f"{objects.describe(live)} already exists in the cluster; import it, give the "
                "resource another name, or replace it with deleteBeforeReplace",
            )

    def _await(self, resource: Resource, live: Tree, state: Tree) -> tuple[str, Tree]:
        identifier = objects.object_id(live)
        if resource.type.is_patch:
            return identifier, self._state(resource, live, state)
        try:
            ready = waiting.until_ready(
                self.cluster,
                live,
                inputs=resource.desired,
                within_s=resource.within_s,
                tell=resource.tell,
            )
        except NotReadyError as error:
            now = self._state(resource, error.live, state)
            raise PartialError(str(error), identifier, now, resource.inputs) from error
        return identifier, self._state(resource, ready, state)

    def _state(self, resource: Resource, live: Tree, state: Tree) -> Tree:
        return objects.checkpoint(
            live,
            resource.inputs,
            manager=self._manager(resource, state),
            api_version=state.get(objects.API_VERSION, ""),
        )

    def _relinquish(self, resource: Resource, state: Tree) -> None:
        """Give up the fields of a Patch resource; who else owns them keeps them."""
        placed = self._placed(resource)
        data = objects.metadata(placed)
        bare = {name: data[name] for name in ("name", "namespace") if name in data}
        kind = resource.type.kind
        if self.cluster.get(kind, bare.get("namespace"), bare["name"]) is not None:
            self.cluster.apply(
                {"apiVersion": kind.api_version, "kind": kind.kind, "metadata": bare},
                manager=self._manager(resource, state),
            )
