"""What Kubernetes does, as cases for any cluster: the simulator by default, another with --kubeconfig PATH.

They use no code of stswidgets: they judge it. Where a pod's fate or timing is the test rig's, the case says so.
"""
