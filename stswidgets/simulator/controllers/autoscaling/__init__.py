"""HorizontalPodAutoscalers: replicas that follow what the pods use.

`controller` looks at each autoscaler every 15 seconds, `metrics` and `calculation` say how many replicas are asked for,
`pace` how fast the count may change, `conditions` keeps what an autoscaler says of itself. Rules, reasons and texts are
those of kubernetes `pkg/controller/podautoscaler` (1.37).
"""
