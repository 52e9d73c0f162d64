"""A real Kubernetes control plane on loopback, with stand-in nodes: the reference that the simulator is held against.

Real: the API, validation, defaulting, admission, RBAC, watch, garbage collection, every controller, scheduling, claims
and the metrics API. Stand-in: what a kubelet does (`nodes.yaml` says it all): probes, images and grace periods are not
run, and an image's name picks a pod's fate (`broken`, `crash`, `unready`).

    python -m tests.controlplane                   starts one, prints its kubeconfig's path, ends with Ctrl-C
    python -m tests.controlplane -- COMMAND ...    runs a command with KUBECONFIG set to it, and ends with the command
    python -m tests.controlplane --build           builds the programs only
"""
