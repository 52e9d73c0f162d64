"""Metrics as Prometheus scrapes them: what a kubelet, cAdvisor, kube-state-metrics and an API server give.

`text` writes the format, `nodes` is what stands behind a kubelet's addresses, `objects` and `podstates` what
kube-state-metrics makes of stored objects, `serving` the server's own. Names and labels are the usual ones, so that
people's dashboards find them.
"""
