"""A PostgreSQL database that keeps the books of a team: see `hub.sql`, which sets it up.

PostgreSQL does what it is good at: it keeps the files, lets reps log in, and shows each rep the
books they are a member of. All writing goes through functions of `hub.sql`, which check the rules,
so the hub need not trust anything here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from importlib import resources
from typing import TYPE_CHECKING, Any, LiteralString
from urllib.parse import urlsplit

from acctcli import extras
from acctcli.carriers import carrier
from acctcli.carriers.carrier import Device, Refused, Unreachable
from acctcli.errors import AcctError, Invalid, NotFound
from acctcli.text import quoted

if TYPE_CHECKING:
    import psycopg

VERSION = 1
"""The version of `hub.sql`: what `acct.version()` returns on a hub that has all that is needed."""

SCHEMES = ("postgresql", "postgres")

_CONNECT_SECONDS = 10
_ANSWER_SECONDS = 120
_LOCK_SECONDS = 30

_PART = 4 * 2**20
"""How many bytes of files to fetch at once; a larger file is fetched alone."""

_ROWS = 1000
"""How many names of files to fetch at once."""

_SETTINGS: LiteralString = """
    SELECT acct.version(),
           set_config('statement_timeout', %s, false), set_config('lock_timeout', %s, false),
           set_config('jit', 'off', false),  -- it would take longer than what it speeds up
           set_config('cursor_tuple_fraction', '1', false)  -- all of a list is read
"""

_LIST: LiteralString = """
    SELECT f.seq, f.dev, f.n, octet_length(f.blob), greatest(coalesce(s.n, 0), t.dropped)
    FROM acct.stream t
    LEFT JOIN unnest(%s::text[], %s::bigint[]) s(dev, n) ON s.dev = t.dev
    CROSS JOIN LATERAL (
      SELECT * FROM acct.file f
      -- Not greater than the greatest of both: row security would keep that out of the index.
      WHERE f.book = t.book AND f.dev = t.dev AND f.n > coalesce(s.n, 0) AND f.n > t.dropped
    ) f
    WHERE t.book = %s AND t.last > coalesce(s.n, 0)
    ORDER BY f.seq
"""

_FILES: LiteralString = """
    SELECT dev, n, blob FROM acct.file WHERE seq = ANY(%s) ORDER BY seq
"""

_DEVICES: LiteralString = """
    SELECT d.dev, d.name, d.series, d.rep, t.last, t.last_at
    FROM acct.stream t JOIN acct.device d USING (dev) WHERE t.book = %s
"""


def hub_sql() -> str:
    """Return the statements that set up a hub, with comments for its administrator."""
    return resources.files("acctcli.carriers").joinpath("hub.sql").read_text("utf-8")


def shown(address: str) -> str:
    """Return the address of a database without its password, and without options."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "postgresql://"
    login, at, host = parts.netloc.rpartition("@")
    return f"postgresql://{login.partition(':')[0]}{at}{host}{parts.path}"


class Postgres:
    """A database as a `Carrier`.

    It connects when it is first needed, and again if the connection was lost.

    Raises `UsageError` if psycopg is not installed.
    """

    def __init__(self, address: str) -> None:
        try:
            import psycopg
        except ImportError:
            raise extras.missing("shared books in PostgreSQL need", "team") from None
        self._psycopg = psycopg
        self._address = address
        self._open: psycopg.Connection[tuple[Any, ...]] | None = None
        self._login = ""
        self._cursors = 0
        self.sealed = False
        self.older: Set[str] = frozenset()
        self.left: Mapping[tuple[str, str], AcctError] = {}

    @cached_property
    def where(self) -> str:
        """The address without its password."""
        return shown(self._address)

    def put(self, book: str, device: str, n: int, blob: bytes, *, whole: bool = False) -> None:
        """Keep a file: see `Carrier.put`."""
        carrier.checked_file(book, device, n, blob)
        with self._answering(book, device=device, n=n):
            self._ask("SELECT acct.put(%s, %s, %s, %b, %s)", book, device, n, blob, whole)

    def fetch(self, book: str, seen: Mapping[str, int]) -> Iterator[tuple[str, int, bytes]]:
        """Yield the files after `seen`, in the order in which they came: see `Carrier.fetch`.

        No transaction is open between two files, so that a slow merge holds up nothing on the hub.
        """
        carrier.checked_book(book)
        came: dict[str, int] = {}
        for names in self._parts(book, seen):
            for _, device, _, before in names:
                came.setdefault(device, before)
            with self._answering(book):
                files = self._ask(_FILES, [seq for seq, *_ in names])
            for device, n, blob in files:
                if n == came[device] + 1:
                    came[device] = n
                    yield device, n, blob

    def read(self, book: str, device: str, n: int) -> bytes | None:
        """Return one file: see `Carrier.read`."""
        carrier.checked_file(book, device, n, b"")
        with self._answering(book):
            self._stand(book)
            rows = self._ask(
                "SELECT blob FROM acct.file WHERE book = %s AND dev = %s AND n = %s",
                *(book, device, n),
            )
        return rows[0][0] if rows else None

    def drop(self, book: str, covers: Mapping[str, int]) -> None:
        """Delete what later files cover: see `Carrier.drop`."""
        carrier.checked_book(book)
        for device, n in covers.items():
            carrier.checked_file(book, device, max(n, 1), b"")
        with self._answering(book):
            self._ask("SELECT acct.drop_files(%s, %s, %s)", book, *_columns(covers))

    def register(self, book: str, device: str, name: str, wanted: str = "") -> str:
        """Let a device take part; return its series: see `Carrier.register`."""
        carrier.checked_book(book)
        carrier.checked_device(device)
        title = carrier.machine_name(name)
        with self._answering(book, device=device):
            asked = "SELECT acct.register(%s, %s, %s, %s)"
            return str(self._ask(asked, book, device, title, wanted)[0][0])

    def devices(self, book: str) -> list[Device]:
        """Return the devices of a book: see `Carrier.devices`."""
        carrier.checked_book(book)
        with self._answering(book):
            self._stand(book)
            rows = self._ask(_DEVICES, book)
        found = [
            Device(
                id=id,
                name=carrier.machine_name(name),
                series=series or "",
                rep=rep or "",
                last=last,
                at=at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else "",
            )
            for id, name, series, rep, last, at in rows
        ]
        return sorted(found, key=carrier.by_series)

    def books(self) -> dict[str, str]:
        """Return the role in each book of the caller, by name."""
        with self._answering():
            rows = self._ask(
                "SELECT book, role FROM acct.member WHERE rep = session_user ORDER BY book"
            )
        return dict(rows)

    def create(self, book: str) -> None:
        """Start a book: see `Carrier.create`."""
        carrier.checked_book(book)
        with self._answering(book):
            self._ask("SELECT acct.create_book(%s, %s)", book, self.sealed)

    def members(self, book: str) -> dict[str, str]:
        """Return the role of each member of a book: see `Carrier.members`."""
        carrier.checked_book(book)
        with self._answering(book):
            self._ask("SELECT acct.standing(%s)", book)
            asked = "SELECT rep, role FROM acct.member WHERE book = %s ORDER BY rep"
            return dict(self._ask(asked, book))

    def add_member(self, book: str, rep: str, role: str) -> None:
        """Let `rep` into a book, or change their role: see `Carrier.add_member`."""
        carrier.checked_book(book)
        carrier.checked_role(role)
        with self._answering(book, rep=rep):
            self._ask("SELECT acct.member_add(%s, %s, %s)", book, _login(rep), role)

    def remove_member(self, book: str, rep: str) -> None:
        """Take `rep` out of a book: see `Carrier.remove_member`."""
        carrier.checked_book(book)
        with self._answering(book, rep=rep):
            self._ask("SELECT acct.member_remove(%s, %s)", book, _login(rep))

    def now(self) -> datetime | None:
        """Return the time of the hub."""
        with self._answering():
            at: datetime = self._ask("SELECT clock_timestamp()")[0][0]
        return at.astimezone(UTC)

    def close(self) -> None:
        """End the connection, if there is one."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _parts(
        self, book: str, seen: Mapping[str, int]
    ) -> Iterator[Sequence[tuple[int, str, int, int]]]:
        """Yield which files there are after `seen`, in parts of some megabytes.

        Each is (place in the order, device, number, the number that this device begins after).
        """
        self._cursors += 1
        with self._answering(book):
            self._stand(book)
            # The hub keeps the list, and no transaction.
            names = self._connection().cursor(f"acct_{self._cursors}", withhold=True)
            names.execute(_LIST, (*_columns(seen), book))
        try:
            part: list[tuple[int, str, int, int]] = []
            size = 0
            while True:
                with self._answering(book):
                    rows = names.fetchmany(_ROWS)
                for seq, device, n, length, before in rows:
                    if part and size + length > _PART:
                        yield part
                        part, size = [], 0
                    part.append((seq, device, n, before))
                    size += length
                if part:
                    yield part
                    part, size = [], 0
                if len(rows) < _ROWS:
                    return
        finally:
            with self._answering(book):
                names.close()

    def _stand(self, book: str) -> None:
        """Raise the error of a book that is not there, not ours, or not sealed as expected.

        Without this, somebody who is not a member would only find that there is nothing.
        """
        ((_, kept_sealed),) = self._ask("SELECT role, sealed FROM acct.standing(%s)", book)
        if kept_sealed != self.sealed:
            raise carrier.unlike(self.where, book, kept_sealed=kept_sealed)

    def _ask(self, statement: LiteralString, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows that a statement answers. Each statement is a transaction of its own."""
        return self._connection().execute(statement, values, binary=True).fetchall()

    def _connection(self) -> psycopg.Connection[tuple[Any, ...]]:
        if self._open is None or self._open.closed:
            made = self._connected()
            try:
                seconds = (f"{_ANSWER_SECONDS}s", f"{_LOCK_SECONDS}s")
                ((version, *_),) = made.execute(_SETTINGS, seconds).fetchall()
            except BaseException:
                made.close()
                raise
            if version < VERSION:
                made.close()
                raise Invalid(f"{self.where} was set up for an older acct. {_SET_UP}")
            self._open = made
        return self._open

    def _connected(self) -> psycopg.Connection[tuple[Any, ...]]:
        try:
            known = self._psycopg.conninfo.conninfo_to_dict(self._address)
        except self._psycopg.Error:
            # What psycopg says may quote a part of the password.
            raise Invalid(
                f"{quoted(self.where)} is not the address of a database. Write it as "
                "postgresql://USER@HOST/DATABASE"
            ) from None
        wanted: dict[str, str | int] = {
            "application_name": "acct",
            "connect_timeout": _CONNECT_SECONDS,
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
        }
        if "service" not in known and not _is_here(str(known.get("host") or "")):
            wanted["sslmode"] = "require"
        variables = {"connect_timeout": "PGCONNECT_TIMEOUT", "sslmode": "PGSSLMODE"}
        more: dict[str, Any] = {
            name: value
            for name, value in wanted.items()
            if name not in known and not os.environ.get(variables.get(name, ""))
        }
        # Statements that the server keeps prepared would not survive a pooler.
        made: psycopg.Connection[tuple[Any, ...]] = self._psycopg.connect(
            self._address, autocommit=True, prepare_threshold=None, **more
        )
        self._login = made.info.user
        return made

    @contextmanager
    def _answering(
        self, book: str = "", *, device: str = "", n: int = 0, rep: str = ""
    ) -> Iterator[None]:
        """Turn errors of psycopg into our own."""
        try:
            yield
        except self._psycopg.Error as error:
            if self._open is not None and self._open.broken:
                self.close()
            raise self._explained(error, book, device, n, rep) from error

    def _explained(
        self, error: psycopg.Error, book: str, device: str, n: int, rep: str
    ) -> AcctError:
        code = error.sqlstate or ""
        detail = error.diag.message_detail or ""
        role = detail if detail in carrier.ROLES else "another one"
        where, name = self.where, quoted(book)
        match code:
            case "AC001":
                return carrier.not_there(where, book)
            case "AC002":
                return Refused(
                    f"you are not a member of the book {name} in {where}. Ask one of its owners "
                    "for: acct sync member add"
                )
            case "AC003":
                return Refused(
                    f"your role in the book {name} in {where} is {role}, which does not allow "
                    "that. Ask one of its owners for: acct sync member add"
                )
            case "AC004":
                return Refused(
                    f"the machine {device} belongs to another login in {where}. Use the login "
                    "that it joined with, or join again: acct sync join"
                )
            case "AC005":
                return carrier.taken(where, device, n)
            case "AC006":
                last = int(detail) if detail.isdigit() else n - 2
                return carrier.gap(where, last + 1, n - 1)
            case "AC007":
                return carrier.unlike(where, book, kept_sealed=not self.sealed)
            case "AC008":
                return carrier.exists(where, book)
            case "AC009":
                return NotFound(
                    f"{where} has no login {quoted(rep)}. Its administrator makes one as "
                    "acct sync hub-sql describes"
                )
            case "AC010":
                return Invalid(
                    f"the login {quoted(rep)} may not use {where} yet. Its administrator allows "
                    f"it with: GRANT acct_reps TO {_identifier(rep)}"
                )
            case "AC011":
                return Invalid(
                    f"{quoted(rep)} is the last owner of the book {name}. Make somebody else an "
                    "owner before"
                )
            case "AC012":
                return carrier.nothing_left(where, book)
            case "AC013":
                return NotFound(f"{quoted(rep)} is not a member of the book {name} in {where}")
            case "3F000" | "42P01" | "42883":
                return NotFound(f"{where} is not set up for acct yet. {_SET_UP}")
            case "42501" if self._open is not None:
                return Refused(f"{where} does not allow this login to do that: {_words(error)}")
            case "42501" if self._login:
                return Refused(
                    f"the login {quoted(self._login)} may not use {where} yet. Its administrator "
                    f"allows it with: GRANT acct_reps TO {_identifier(self._login)}"
                )
        return self._away(error)

    def _away(self, error: psycopg.Error) -> AcctError:
        """Return the error about a hub that cannot be used now, or that refuses the login.

        Before there is a connection, PostgreSQL says what is wrong in words only, which are the
        server's and in its language: those that are not known count as a hub that is away.
        """
        said = _words(error)
        where = self.where
        if _NO_DATABASE.search(said):
            return NotFound(f"{where} is not there: {said}")
        if _NO_LOGIN.search(said):
            return Refused(
                f"{where} refuses the login: {said}. Check user and password; a password goes "
                "into ~/.pgpass"
            )
        if "does not support SSL" in said:
            return Refused(
                f"{where} does not offer TLS. Ask its administrator for it, or add "
                "?sslmode=disable to the address if nobody else can read that network"
            )
        if "certificate" in said:
            return Refused(
                f"the certificate of {where} is not trusted: {said}. Check that the address is "
                "right, and add ?sslmode=verify-full&sslrootcert=FILE with the certificate that "
                "its administrator gave you"
            )
        if error.sqlstate in _SLOW:
            return Unreachable(f"{where} does not answer in time: {said}")
        if error.sqlstate in _FULL:
            return Unreachable(f"{where} can keep nothing more: {said}")
        return Unreachable(f"{where} cannot be reached: {said}")


_SET_UP = "Its administrator does it with: acct sync hub-sql | psql --set ON_ERROR_STOP=1 DATABASE"

_SLOW = {"57014", "55P03"}
_FULL = {"53100", "53200", "54000", "25006"}

_NO_DATABASE = re.compile('database ".*" does not exist')
_NO_LOGIN = re.compile(
    "authentication failed|no password supplied|no pg_hba.conf entry|not permitted to log in"
    '|role ".*" does not exist|permission denied for database'
)


def _words(error: psycopg.Error) -> str:
    """Return the message of the server or libpq, without the address and without hints."""
    lines = str(error.diag.message_primary or error).strip().splitlines() or [""]
    # If a name has several addresses, there is a line for each of them after the first.
    line = lines[-1] if lines[0].startswith("Multiple connection attempts") else lines[0]
    for before in (" failed: ", "FATAL: ", "connection is bad: "):
        line = line.rpartition(before)[2]
    if "No such file" in line:  # a socket
        return "no server is running"
    return line.strip().rstrip(".")


def _columns(numbers: Mapping[str, int]) -> tuple[list[str], list[int]]:
    return list(numbers), list(numbers.values())


def _login(rep: str) -> str:
    """Return the name of a login. Raises `Invalid` for one that PostgreSQL could not hold."""
    if not rep or "\0" in rep or len(rep.encode("utf-8", "replace")) > 63:
        raise Invalid(f"{quoted(rep)} is not a PostgreSQL login, which has 1 to 63 letters")
    return rep


def _identifier(name: str) -> str:
    """Return a name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def _is_here(host: str) -> bool:
    """Whether all hosts, separated by commas, are this machine: a socket or its own address."""
    return all(
        one in ("", "localhost", "127.0.0.1", "::1") or one[0] in "/@" for one in host.split(",")
    )
