"""What programs write to their logs, by image.

`{n}` is a running number, `{ms}` milliseconds, `{ip}` an address, `{id}` some hexadecimal name, `{kb}` a size.
"""

from __future__ import annotations

import msgspec


class Voice(msgspec.Struct, frozen=True):
    """How a program speaks: when it starts, while it works, when something is wrong, and last of all when it fails."""

    startup: tuple[str, ...]
    routine: tuple[str, ...]
    trouble: tuple[str, ...]
    last: tuple[str, ...] = ("fatal: unexpected end of configuration", "exit status 1")


_POSTGRES = Voice(
    (
        "PostgreSQL Database directory appears to contain a database; Skipping initialization",
        "LOG:  starting PostgreSQL on x86_64-pc-linux-gnu, compiled by gcc (Debian 12.2.0-14) 12.2.0, 64-bit",
        'LOG:  listening on IPv4 address "0.0.0.0", port 5432',
        'LOG:  listening on Unix socket "/var/run/postgresql/.s.PGSQL.5432"',
        "LOG:  database system was shut down cleanly",
        "LOG:  database system is ready to accept connections",
    ),
    (
        "LOG:  checkpoint starting: time",
        "LOG:  checkpoint complete: wrote {n} buffers (0.3%); write={ms} ms, sync=4 ms; distance={kb} kB",
        "LOG:  duration: {ms} ms  statement: SELECT id, total FROM orders WHERE customer = {n}",
        'LOG:  automatic vacuum of table "shop.public.orders": index scans: 1, pages: 0 removed, {n} remain',
        "LOG:  connection authorized: user=shop database=shop host={ip}",
    ),
    (
        'ERROR:  duplicate key value violates unique constraint "orders_pkey"',
        "ERROR:  canceling statement due to statement timeout level=error",
        "WARNING:  there is no transaction in progress",
    ),
    ("FATAL:  could not open configuration file: No such file or directory",),
)
_REDIS = Voice(
    (
        "1:C * oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo",
        "1:C * Redis version=7, bits=64, commit=00000000, modified=0, pid=1, just started",
        "1:M * monotonic clock: POSIX clock_gettime",
        "1:M * Running mode=standalone, port=6379.",
        "1:M * Ready to accept connections tcp",
    ),
    (
        "1:M * 100 changes in 300 seconds. Saving...",
        "1:M * Background saving started by pid {n}",
        "{n}:C * DB saved on disk",
        "{n}:C * Fork CoW for RDB: current {kb} MB, peak {kb} MB, average 0 MB",
        "1:M * Background saving terminated with success",
    ),
    (
        "1:M # WARNING Memory overcommit must be enabled! level=error",
        "1:M * Client id={n} addr={ip} closed: idle timeout",
    ),
)
_NGINX = Voice(
    (
        "/docker-entrypoint.sh: Configuration complete; ready for start up",
        '[notice] 1#1: using the "epoll" event method',
        "[notice] 1#1: start worker processes",
        "[notice] 1#1: start worker process 29",
    ),
    (
        '{ip} - - "GET / HTTP/1.1" 200 {n} "-" "kube-probe/1.37"',
        '{ip} - - "GET /products/{n} HTTP/1.1" 200 {kb} "-" "Mozilla/5.0 (X11; Linux x86_64)"',
        '{ip} - - "GET /static/app.{id}.js HTTP/1.1" 304 0 "-" "Mozilla/5.0 (Macintosh)"',
        '{ip} - - "POST /cart HTTP/1.1" 201 {n} "-" "Mozilla/5.0 (Windows NT 10.0)"',
    ),
    (
        '[error] 29#29: *{n} open() "/usr/share/nginx/html/favicon.ico" failed (2: No such file or directory)',
        '{ip} - - "GET /admin.php HTTP/1.1" 404 153 "-" "curl/8.5.0"',
        "[error] 29#29: *{n} upstream timed out (110: Connection timed out) level=error",
    ),
)
_RABBIT = Voice(
    (
        "[info] <0.230.0> Node: rabbit@localhost, home dir: /var/lib/rabbitmq",
        "[info] <0.230.0> Starting broker... completed with 7 plugins.",
        "[info] <0.9.0> Server startup complete; 7 plugins started.",
    ),
    (
        "[info] <0.{n}.0> accepting AMQP connection {ip} -> 10.244.1.9:5672",
        "[info] <0.{n}.0> connection {ip}: user 'shop' authenticated and granted access to vhost '/'",
        "[info] <0.{n}.0> closing AMQP connection ({ip}, vhost: '/', user: 'shop', duration: '{ms}ms')",
    ),
    ("[warning] <0.{n}.0> closing AMQP connection: client unexpectedly closed TCP connection",
     "[error] <0.{n}.0> Channel error on connection: no exchange 'orders.v3' in vhost '/' level=error"),
)  # fmt: skip
_GENERIC = Voice(
    (
        'level=info msg="starting" version=2.4.1 commit={id}',
        'level=info msg="configuration loaded" path=/etc/app/config.yaml',
        'level=info msg="listening" address=0.0.0.0:8080',
    ),
    (
        'level=info msg="request" method=GET path=/api/items/{n} status=200 duration={ms}ms client={ip}',
        'level=info msg="request" method=POST path=/api/items status=201 duration={ms}ms client={ip}',
        'level=debug msg="cache" hits={n} size={kb}kB',
        'level=info msg="job finished" job={id} duration={ms}ms',
        'level=info msg="café opened, 订单 received" order={n}',
    ),
    (
        'level=error msg="request failed" path=/api/items/{n} status=502 error="upstream closed the connection"',
        'level=warn msg="retrying" attempt=2 after={ms}ms',
        'level=info msg="comment saved" body="<b>not html</b><script>alert({n})</script>"',
    ),
    ('level=fatal msg="cannot read configuration" error="open /etc/app/config.yaml: no such file or directory"',),
)

_BY_WORD = (
    ("postgres", _POSTGRES),
    ("redis", _REDIS),
    ("valkey", _REDIS),
    ("nginx", _NGINX),
    ("rabbitmq", _RABBIT),
)

HOSTILE = 'level=info msg="feedback" text="<b>not html</b> <img src=x onerror=alert(1)>" id={n}'


def of(image: str) -> Voice:
    """The voice of an image."""
    return next((voice for word, voice in _BY_WORD if word in image), _GENERIC)
