"""The kubelets: what runs the pods that are bound to a node, from the sandbox to the last container's end.

    kubelets     one for each node, and the loss of a node
    node         what a pod needs of its node
    machine      a node as its kubelet sees it: addresses, images, pods
    podrun       one pod: what starts, restarts and ends when
    containers   one container: its state and what is reported of it
    mounts       volumes of ConfigMaps and Secrets, and waiting for them
    filesystems  those that grow with their volumes
    images       pulls, and their back-off
    starting     from an image to a container that runs
    hooks        postStart: how long it takes, and in what words it fails
    probes       startup, readiness and liveness over time, and in what words they fail
    record       what is written about a pod into the API
    backoff      the wait before a container begins again
    restarts     whether a container that ended begins again
    anew         a whole pod that begins again
    ending       the graceful end: hooks, grace, sidecars last
    resize       resources changed in place
    podstatus    a pod's status from its containers
    heartbeat    node leases and node status

Rules and texts of `pkg/kubelet` (Kubernetes 1.37). Nothing runs: fates and probes say what would have happened.
"""
