"""Whether the simulator takes and refuses what a control plane does, with the same defaults, reasons, fields and words.

`manifests/` holds manifests of every kind; `mutations` spoils them. With `--kubeconfig` both are asked the same dry
runs (`test_manifests`, `test_mutations`), also over the corpus that STSWIDGETS_CORPUS names. Without it the simulator
is compared with what a control plane answered once (`test_recorded`; `record` asks it anew). `search` is a tool that
looks for differences.
"""
