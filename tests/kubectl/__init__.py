"""What a StatefulSet's user types: an unmodified kubectl on the cluster under test.

The same expectations hold on the simulator and, with --kubeconfig, on a real control plane: outputs are compared after
masking what differs from run to run (ages, hashes, addresses, node names).
"""
