"""Controllers: each watches objects and brings the cluster closer to what they say.

One module (or folder) a controller. They speak to the cluster through `Api` alone, run as callbacks of the clock, and
share `loop` (queues), `index` (lookups), `owners` and `recorder` (events).
"""
