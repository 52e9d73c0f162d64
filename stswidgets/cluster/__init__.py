"""The only package that talks to an API server. Objects travel as plain JSON.

Connection and authentication come from the official client's configuration; requests go over its connection pool.
Failures leave as `stswidgets.errors`, with the server's reason, field and message. Every write is planned first
(`plan`) and then applied. Nothing here knows of widgets, traits or the event loop. `state` and `apps` import it.
"""
