"""The scheduler: which node a pod gets, in what words it gets none, and who makes room for it.

    scheduler    the queue, binding, conditions and events
    places       nodes with the pods on them, and what a pod asks for
    filters      one pod tried on every node: the plugins in their order
    selection, neighbours, spread, storage   what one plugin each looks at
    scores       which of the nodes that fit
    preemption   whom to send away when none fits

Rules and texts of `pkg/scheduler` (Kubernetes 1.37).
"""
