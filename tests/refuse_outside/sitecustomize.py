"""On PYTHONPATH, it refuses every connection but loopback, and notes it in the file $REFUSED_LOG."""

import os
import sys
from ipaddress import ip_address
from pathlib import Path

LOG = os.environ.get("REFUSED_LOG")


def _is_loopback(host: object) -> bool:
    if host in (None, "", "localhost", b"localhost"):
        return True
    try:
        address = ip_address(host.decode() if isinstance(host, bytes) else str(host))
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refuse(event: str, args: tuple) -> None:
    if event == "socket.connect":
        host = args[1][0] if isinstance(args[1], tuple) else None  # anything else is a Unix socket
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = args[0]
    else:
        return
    if not _is_loopback(host):
        with Path(LOG).open("a") as log:
            log.write(f"{event} {host} by {sys.argv}\n")
        raise ConnectionRefusedError(f"outside connection refused: {host}")


if LOG:
    sys.addaudithook(_refuse)
