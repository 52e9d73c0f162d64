"""What runs pods, and what running pods look like: scheduler, kubelets, their machines, usage, logs and shells.

Nothing here runs a container. An image's name decides a container's fate (`fates`), a seed its appearance.
"""
