"""PostgreSQL and Chroma as processes of their own, on free ports, for the tests of a store on servers.

PostgreSQL comes from the system (Debian: `apt-get install postgresql`; `make test` does that); it refuses to
run as root, so its files and its process belong to Debian's user `postgres` then.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import sqlalchemy as sa

START_S = 90.0
USER, PASSWORD = "editor", "Tr0ub4dor"
MADE = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
ENGLISH = ("--locale-provider=icu", "--icu-locale=en-US")
QUICK = ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=200", "-c", "jit=off")


@dataclass
class Process:
    """A server that can be killed and started again, in the same place on the same port."""

    command: list[str]
    port: int
    folder: Path
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        with (self.folder.parent / f"{self.folder.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command, stdout=log, stderr=log, cwd=self.folder, start_new_session=True
            )

    def kill(self) -> None:
        """SIGKILL for the process and all its children."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()

    def printed(self) -> str:
        return (self.folder.parent / f"{self.folder.name}.log").read_text(errors="replace")[-2_000:]


class Postgres(Process):
    """A cluster whose texts sort as English does, not by code point: an order that must not matter."""

    _numbers = count()

    def url(self, database: str, password: str = PASSWORD, user: str = USER) -> str:
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def make_database(self, *, encoding: str = "UTF8") -> str:
        """The address of a fresh one."""
        name = f"news{next(self._numbers)}"
        locale = "" if encoding == "UTF8" else "LOCALE_PROVIDER libc LOCALE 'C'"
        self.run(f"CREATE DATABASE {name} ENCODING '{encoding}' {locale} TEMPLATE template0")
        return self.url(name)

    def run(self, statement: str, database: str = "postgres") -> list[sa.Row[tuple[object, ...]]]:
        engine = sa.create_engine(self.url(database).replace("postgresql", "postgresql+psycopg", 1))
        try:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                done = connection.exec_driver_sql(statement)
                return list(done.all()) if done.returns_rows else []
        finally:
            engine.dispose()

    def start(self) -> None:
        super().start()
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            try:
                self.run("SELECT 1")
            except sa.exc.OperationalError:
                assert self.process and self.process.poll() is None, self.printed()
                time.sleep(0.1)
            else:
                return
        raise AssertionError(f"PostgreSQL did not start: {self.printed()}")


class Chroma(Process):
    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        super().start()
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                assert self.process and self.process.poll() is None, self.printed()
                time.sleep(0.1)
            else:
                return
        raise AssertionError(f"Chroma did not start: {self.printed()}")


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A fresh cluster, gone after the block."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="dateline-postgres-"))
    own = _as_another(folder)
    data, secret = folder / "cluster", folder / "secret"
    secret.write_text(PASSWORD)
    secret.chmod(0o644)
    made = subprocess.run(
        [
            *own,
            str(programs / "initdb"),
            "-D",
            str(data),
            "--username",
            USER,
            "--pwfile",
            str(secret),
            *MADE,
            *ENGLISH,
        ],
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    port = free_port()
    command = [*own, str(programs / "postgres"), "-D", str(data), "-p", str(port), "-k", str(folder)]
    server = Postgres([*command, "-h", "127.0.0.1", *QUICK], port, data)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def chroma() -> Iterator[Chroma]:
    """A Chroma server over a fresh folder, gone after the block."""
    folder = Path(tempfile.mkdtemp(prefix="dateline-chroma-"))
    (folder / "vectors").mkdir()
    port = free_port()
    program = str(Path(sys.executable).with_name("chroma"))
    command = [program, "run", "--path", str(folder / "vectors"), "--host", "127.0.0.1", "--port", str(port)]
    server = Chroma(command, port, folder / "vectors")
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _programs() -> Path:
    """The folder of PostgreSQL's programs, which Debian keeps out of PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    named = shutil.which("initdb")
    if not found and not named:
        raise AssertionError(
            "PostgreSQL is needed for these tests. On Debian: apt-get install postgresql; "
            "elsewhere put its `initdb` and `postgres` in PATH (version 15 or newer)."
        )
    return found[-1].parent if found else Path(str(named)).resolve().parent


def _as_another(folder: Path) -> list[str]:
    """What stands before a command so that it is not run by root; gives the folder to that user."""
    if os.getuid() != 0:
        return []
    user = pwd.getpwnam("postgres")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
