"""plotly figures from plain values, in two steps: a function computes an info value, a second one draws it.

A figure is a plain `{"data": [...], "layout": {...}}` (plotly's schema), so that a view sends it without importing
plotly; `to_plotly` makes a `plotly.graph_objects.Figure` of it. Knows no cluster, no state and no widget.
"""
