"""A PostgreSQL server for tests: in a folder of its own, stopped by its process id.

It outlives no run of the tests: a process waits for the end of the run, be it killed, stops the
server and removes its folder.

PostgreSQL does not run as root, so root starts it as another user. It listens on a socket in its
folder, where every login is trusted, and on a free port of this machine, where it asks for a
password. Books of all tests are in one database, which `fresh` empties.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from acctcli.carriers import postgres

DATABASE = "hub"
REPS = ("ann", "bob", "max", "ron", "eve")
"""Logins that may use the hub. `zoe` is one that may not."""

PASSWORD = "correct horse"
"""The password of each login, for connections over the network."""

_SECONDS = 60

_SWEEPING = """
read -r _
pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null) && kill -s QUIT "$pid"
rm -rf "$1" || { sleep 1 && rm -rf "$1"; }
"""
"""Waits for the end of its input, which comes however the tests end."""


def why_not() -> str:
    """Return why no server can be started here; an empty text if one can."""
    if os.name != "posix":
        return "the server for tests is started as on POSIX"
    if _program("postgres") is None:
        return "PostgreSQL is not installed (Debian: postgresql)"
    if os.geteuid() == 0 and _user() is None:
        return "root cannot start PostgreSQL, and there is no user postgres or nobody"
    return ""


def _program(name: str) -> Path | None:
    """Return a program of the newest server here, which Debian keeps off PATH."""
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=_version)
    if kept:
        return kept[-1]
    found = shutil.which(name)
    return Path(found) if found else None


def _version(path: Path) -> float:
    name = path.parent.parent.name
    return float(name) if name.replace(".", "", 1).isdigit() else 0


def _user() -> str | None:
    import pwd  # only POSIX has it

    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    return None


class Server:
    """A server in a folder. `durable` is what it must be where it is killed."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self.folder = folder
        self.port = 0
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            import pwd

            user = pwd.getpwnam(_user() or "")
            self._as = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            os.chown(folder, user.pw_uid, user.pw_gid)
        self._call("initdb", "--auth=trust", "--no-sync", "--username=postgres", "--encoding=UTF8")
        hba = f"local all all trust\nhost {DATABASE} all 127.0.0.1/32 scram-sha-256\n"
        (folder / "data" / "pg_hba.conf").write_text(hba)

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        for _ in range(3):  # somebody else may take the port meanwhile
            self.port = self.port or _free_port()
            self._process = self._run()
            if self._answers():
                return
            self.stop(signal.SIGQUIT)
            self.port = 0
        raise RuntimeError((self.folder / "log").read_text(errors="replace")[-2000:])

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT is `pg_ctl stop -m fast`, SIGQUIT `-m immediate`, as after a crash."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(_SECONDS)
            self._process = None

    def set_up(self) -> None:
        """Make the database of the hub and the logins."""
        with self.connected("postgres", "postgres") as con:
            con.execute(f"CREATE DATABASE {DATABASE}")
        with self.connected() as con:
            con.execute(postgres.hub_sql())
            for rep in (*REPS, "zoe"):
                con.execute(f"CREATE ROLE {rep} LOGIN PASSWORD '{PASSWORD}'")
            con.execute(f"GRANT acct_reps TO {', '.join(REPS)}")

    def fresh(self) -> None:
        """Remove all books."""
        with self.connected() as con:
            con.execute("TRUNCATE acct.book, acct.member, acct.device, acct.stream, acct.file")

    def url(self, rep: str, database: str = DATABASE) -> str:
        """Return an address for a login, over the socket."""
        return f"postgresql://{rep}@/{database}?host={self.folder}&port={self.port}"

    def network_url(self, rep: str, password: str = PASSWORD) -> str:
        """Return an address for a login, over the network, where it needs a password."""
        secret = password.replace(" ", "%20")
        return f"postgresql://{rep}:{secret}@127.0.0.1:{self.port}/{DATABASE}"

    def connected(
        self, rep: str = "postgres", database: str = DATABASE
    ) -> contextlib.closing[psycopg.Connection[tuple[Any, ...]]]:
        """Return a connection for plain SQL, as a login."""
        return contextlib.closing(psycopg.connect(self.url(rep, database), autocommit=True))

    def sql(self, rep: str, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Return what a login gets for a statement of its own."""
        with self.connected(rep) as con:
            done = con.execute(statement, values)
            return done.fetchall() if done.description else []

    def _call(self, name: str, *arguments: str) -> None:
        program = _program(name)
        assert program is not None
        subprocess.run(
            [program, "--pgdata", self.folder / "data", *arguments],
            check=True,
            capture_output=True,
            timeout=_SECONDS,
            cwd=self.folder,
            env=_environment(),
            **self._as,
        )

    def _run(self) -> subprocess.Popen[bytes]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": self.folder,
            "max_connections": 120,
            "shared_buffers": "32MB",
            "fsync": "on" if self._durable else "off",
            "synchronous_commit": "on" if self._durable else "off",
        }
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [str(_program("postgres")), "-D", str(self.folder / "data"), *words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env=_environment(),
                start_new_session=True,
                **self._as,
            )

    def _answers(self) -> bool:
        until = time.monotonic() + _SECONDS
        while time.monotonic() < until:
            assert self._process is not None
            if self._process.poll() is not None:
                return False
            with (
                contextlib.suppress(psycopg.OperationalError),
                self.connected("postgres", "postgres"),
            ):
                return True
            time.sleep(0.05)
        return False


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextlib.contextmanager
def running(*, durable: bool = False) -> Iterator[Server]:
    """Run a server with an empty hub until the end."""
    # A socket's path is short, and the server's user must get to it: pytest's folders are neither.
    place = Path("/dev/shm") if not durable and os.access("/dev/shm", os.W_OK | os.X_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="acct-hub-", dir=place))
    with _swept(folder):
        server = Server(folder, durable=durable)
        try:
            server.start()
            server.set_up()
            yield server
        finally:
            server.stop(signal.SIGINT)


@contextlib.contextmanager
def _swept(folder: Path) -> Iterator[None]:
    """Remove the folder at the end, or when this process is gone; then stop its server first.

    The process that waits has a session of its own: Ctrl-C does not end it.
    """
    with subprocess.Popen(
        ["sh", "-c", _SWEEPING, "sh", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
    ):
        yield
