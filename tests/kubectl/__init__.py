"""What a StatefulSet's user types: an unmodified kubectl on the cluster under test.

`sessions/*.txt` hold what a control plane printed, command by command; `transcript` says how they are written. By
default
the simulator has to print the same; with --kubeconfig that cluster has to, and the simulator beside it. Masked is what
differs from run to run (ages, uids, addresses, node names). `record` writes them again.

The other modules state expectations of single commands, mostly of those that go on or change with time.
"""
