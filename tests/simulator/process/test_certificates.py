"""The certificate of one start."""

from __future__ import annotations

import socket
import ssl
import threading
from pathlib import Path

import pytest

from stswidgets.simulator import certificates


def test_the_curve_is_p256() -> None:
    # RFC 6979, A.2.5: a private key and its public point.
    secret = 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721
    x = 0x60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6
    assert certificates.multiply(secret)[0] == x


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_a_strict_client_trusts_it_for_loopback(name: str, tmp_path: Path) -> None:
    issued = certificates.issue()
    path = tmp_path / "server.pem"
    path.write_text(issued.certificate + issued.key)
    server_side = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server_side.load_cert_chain(path)
    client_side = ssl.create_default_context(cadata=issued.authority)
    client_side.verify_flags |= ssl.VerifyFlags.VERIFY_X509_STRICT
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection, server_side.wrap_socket(connection, server_side=True) as secured:
                secured.sendall(b"hi")

        thread = threading.Thread(target=serve)
        thread.start()
        with (
            socket.create_connection(listening.getsockname()) as plain,
            client_side.wrap_socket(plain, server_hostname=name) as secured,
        ):
            assert secured.recv(2) == b"hi"
        thread.join(5)
