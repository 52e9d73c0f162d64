"""`pods/exec` and `pods/attach` over WebSocket, in protocols v5 and v4 (apimachinery `pkg/util/remotecommand`).

A message is one byte for the channel, then data: 0 stdin, 1 stdout, 2 stderr, 3 the Status at the end, 4 the terminal's
size; in v5, 255 closes the channel that its second byte names.
"""

from __future__ import annotations

import asyncio
import contextlib
import shlex
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from aiohttp import WSMsgType, web

from stswidgets.simulator import api as apis
from stswidgets.simulator import status
from stswidgets.simulator.http import containers, logs
from stswidgets.simulator.http.exchange import Exchange, Served
from stswidgets.simulator.http.faces import Faces
from stswidgets.simulator.kinds import pods
from stswidgets.simulator.nodes import programs, shell

Json = dict[str, Any]

PROTOCOLS = ("v5.channel.k8s.io", "v4.channel.k8s.io")
STDIN, STDOUT, STDERR, ERROR, RESIZE, CLOSE = 0, 1, 2, 3, 4, 255

_PROMPT = "# "
_SIZE_WITHIN = 0.3  # seconds
_END_OF_FILE = 4  # Ctrl-D
_INTERRUPT = 3  # Ctrl-C
_BACKSPACE = (8, 127)


class Wanted(msgspec.Struct, frozen=True):
    """PodExecOptions."""

    container: str
    command: tuple[str, ...]
    stdin: bool
    tty: bool


class Session:
    """One command's streams over one socket."""

    def __init__(self, socket: web.WebSocketResponse, wanted: Wanted) -> None:
        self._socket = socket
        self.wanted = wanted

    async def send(self, channel: int, text: str) -> None:
        """Write to a channel. A terminal has one stream, and wants carriage returns."""
        if not text:
            return
        if self.wanted.tty:
            channel, text = STDOUT, text.replace("\n", "\r\n")
        await self._socket.send_bytes(bytes([channel]) + text.encode())

    async def end(self, code: int) -> None:
        """Say how the command ended, and close."""
        await self._socket.send_bytes(bytes([ERROR]) + msgspec.json.encode(ended(code)))
        await self._socket.close()

    async def sized(self) -> None:
        """Wait a moment for the terminal's size: kubectl complains if the command has ended before it could say it."""
        with contextlib.suppress(TimeoutError):
            await self._socket.receive(_SIZE_WITHIN)

    async def stdin(self) -> AsyncIterator[bytes]:
        """What the client writes, until it closes the channel or the socket."""
        async for message in self._socket:
            # The official Python client sends text as text messages, and the server reads them like the others.
            sent = message.data.encode() if message.type is WSMsgType.TEXT else message.data
            if message.type in (WSMsgType.BINARY, WSMsgType.TEXT) and sent:
                channel, data = sent[0], sent[1:]
                if channel == STDIN:
                    yield data
                elif channel == CLOSE and data[:1] == bytes([STDIN]):
                    return


def ended(code: int) -> Json:
    """The Status of a command that ended with an exit code."""
    if code == 0:
        return {"metadata": {}, "status": "Success"}
    return {
        "metadata": {},
        "status": "Failure",
        "message": f"command terminated with non-zero exit code: exit status {code}",
        "reason": "NonZeroExitCode",
        "details": {"causes": [{"reason": "ExitCode", "message": str(code)}]},
    }


async def answer(exchange: Exchange, served: Served, api: apis.Api, faces: Faces) -> web.StreamResponse:
    """Run a command in a container, or attach to what it runs."""
    pod = api.read(served.kind, served.namespace, served.target.name).obj
    parameters = exchange.parameters
    container = containers.choose(pod, parameters.text("container"))
    command = tuple(parameters.all("command"))
    if served.target.subresource == "exec" and not command:
        raise status.bad_request("you must specify at least 1 command for the container")
    if exchange.request.headers.get("Upgrade", "").lower() != "websocket":
        raise status.bad_request("the simulator speaks WebSocket here (v5.channel.k8s.io, v4.channel.k8s.io), not SPDY")
    _check_running(pod, container)
    socket = web.WebSocketResponse(protocols=PROTOCOLS, compress=False)
    await socket.prepare(exchange.request)
    wanted = Wanted(container, command, parameters.flag("stdin"), parameters.flag("tty"))
    session = Session(socket, wanted)
    if served.target.subresource == "attach":
        spec = next(item for item in pod["spec"]["containers"] if item["name"] == container)
        if wanted.stdin and programs.reads(spec):
            await _interactive(session, pod, faces, is_attached=True)
        else:
            await _attach(session, api, pod, faces)
    elif wanted.stdin and len(command) == 1 and command[0] in shell.SHELLS:
        await _interactive(session, pod, faces)
    else:
        await _once(session, pod, faces)
    return socket


def _check_running(pod: Json, container: str) -> None:
    phase = (pod.get("status") or {}).get("phase", "Pending")
    if phase in ("Succeeded", "Failed"):
        raise status.ApiError(
            400, "BadRequest", f"cannot exec into a container in a completed pod; current phase is {phase}"
        )
    if not pod["spec"].get("nodeName"):
        raise status.bad_request(f"pod {pod['metadata']['name']} does not have a host assigned")
    if not containers.running(pod, container):
        raise status.ApiError(
            500, "InternalError", f'unable to upgrade connection: container not found ("{container}")'
        )


async def _once(session: Session, pod: Json, faces: Faces) -> None:
    """A command that reads all of its input, if it has any, and then writes."""
    wanted = session.wanted
    given = b""
    if wanted.tty:
        await session.sized()
    if wanted.stdin and not wanted.tty:
        async for part in session.stdin():
            given += part
    stdout, stderr, code = faces.shell(pod, wanted.container, wanted.command, given.decode(errors="replace"))
    await session.send(STDOUT, stdout)
    await session.send(STDERR, stderr)
    await session.end(code)


async def _interactive(session: Session, pod: Json, faces: Faces, *, is_attached: bool = False) -> None:
    """A shell: each line is run, until `exit` or the end of the input. If it is the container's own, that ends too."""
    wanted = session.wanted
    code = await _dialogue(session, pod, faces)
    if is_attached:
        faces.finish(pod, wanted.container, code)
    await session.end(0 if is_attached else code)  # who attaches is told no exit code: it is in the pod's status


async def _dialogue(session: Session, pod: Json, faces: Faces) -> int:
    """Run the lines; the shell's exit code."""
    wanted = session.wanted
    if wanted.tty:
        await session.send(STDOUT, _PROMPT)
    code = 0
    async for line in _lines(session):
        words = _words(line)
        if words[:1] == ["exit"]:
            return int(words[1]) % 256 if len(words) > 1 and words[1].isdigit() else code
        if words:
            stdout, stderr, code = faces.shell(pod, wanted.container, ["sh", "-c", line], "")
            await session.send(STDOUT, stdout)
            await session.send(STDERR, stderr)
        if wanted.tty:
            await session.send(STDOUT, _PROMPT)
    return code


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:
        return [line]


async def _lines(session: Session) -> AsyncIterator[str]:
    """The lines of the input; a terminal's are echoed and can be corrected."""
    waiting = bytearray()
    async for part in session.stdin():
        for byte in part:
            if byte in (10, 13):
                if session.wanted.tty:
                    await session.send(STDOUT, "\n")
                yield waiting.decode(errors="replace")
                waiting.clear()
            elif session.wanted.tty and byte in _BACKSPACE:
                if waiting:
                    waiting.pop()
                    await session.send(STDOUT, "\b \b")
            elif session.wanted.tty and byte == _INTERRUPT:
                waiting.clear()
                await session.send(STDOUT, "^C\n" + _PROMPT)
            elif session.wanted.tty and byte == _END_OF_FILE:
                if not waiting:
                    return
            else:
                waiting.append(byte)
                if session.wanted.tty:
                    await session.send(STDOUT, chr(byte) if byte < 128 else "")
    if waiting:
        yield waiting.decode(errors="replace")


async def _attach(session: Session, api: apis.Api, pod: Json, faces: Faces) -> None:
    """What the container writes from now on, until it ends or the client leaves."""
    container, metadata = session.wanted.container, pod["metadata"]
    seen = len(faces.logs(pod, container))

    async def show() -> None:
        nonlocal seen
        while True:
            stored = api.store.get(pods.KIND, metadata["namespace"], metadata["name"])
            now = stored.obj if stored is not None else pod
            lines = faces.logs(now, container)
            await session.send(STDOUT, logs.written(lines[seen:], timestamps=False).decode())
            seen = len(lines)
            if stored is None or not containers.running(now, container):
                await session.end(0)
                return
            await asyncio.sleep(logs.LOOK_EVERY)

    writer = asyncio.create_task(show())
    try:
        async for _ in session.stdin():
            pass
    finally:
        writer.cancel()
