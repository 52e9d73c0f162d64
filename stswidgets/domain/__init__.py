"""Frozen values and pure rules of StatefulSets. No I/O, no threads, no UI, no clock.

Everything here is a function of its arguments: quantities, names, the form's table of fields, the draft (a manifest
that is edited by path and never rebuilt), problems, diffs, the meaning of a rollout, revisions, usage samples.
A time that a rule needs comes in as an argument. Anyone above may import this package; it imports `errors` alone.
"""
