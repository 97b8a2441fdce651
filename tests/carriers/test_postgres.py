"""The hub of a team: who may do what there, and what happens when it is away."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from typing import Any

import psycopg
import pytest
from tests import hub as servers
from tests.hub import Server

from acctcli.carriers import postgres
from acctcli.carriers.carrier import Carrier, Refused, Taken, Unreachable
from acctcli.carriers.postgres import Postgres
from acctcli.errors import AcctError, Invalid, NotFound, UsageError

ANN, BOB, MAX, EVE = "aaaa0001", "bbbb0002", "dddd0004", "eeee0005"

TABLES = ("book", "member", "device", "stream", "file")

As = Callable[[str], Postgres]


@pytest.fixture
def login(hub: Server) -> Iterator[As]:
    """Return what opens the hub as a rep."""
    made: list[Postgres] = []

    def as_rep(rep: str) -> Postgres:
        made.append(Postgres(hub.url(rep)))
        return made[-1]

    yield as_rep
    for one in made:
        one.close()


@pytest.fixture
def team(login: As) -> As:
    """A hub with two books: west of max, with ann (write) and ron (read); east of max and bob."""
    owner = login("max")
    for book, members in {"west": {"ann": "write", "ron": "read"}, "east": {"bob": "own"}}.items():
        owner.create(book)
        for rep, role in members.items():
            owner.add_member(book, rep, role)
    login("ann").put("west", ANN, 1, b"of ann")
    login("bob").put("east", BOB, 1, b"of bob")
    return login


def calls(carrier: Carrier, book: str, device: str) -> dict[str, Callable[[], object]]:
    """Every call about a book."""
    return {
        "put": lambda: carrier.put(book, device, 1, b"new"),
        "fetch": lambda: list(carrier.fetch(book, {})),
        "read": lambda: carrier.read(book, device, 1),
        "drop": lambda: carrier.drop(book, {device: 1}),
        "register": lambda: carrier.register(book, device, "laptop"),
        "devices": lambda: carrier.devices(book),
        "members": lambda: carrier.members(book),
        "add_member": lambda: carrier.add_member(book, "eve", "own"),
        "remove_member": lambda: carrier.remove_member(book, "max"),
    }


def test_each_rep_has_the_books_they_are_a_member_of(team: As) -> None:
    reps = ("ann", "bob", "max", "ron", "eve")
    assert {rep: team(rep).books() for rep in reps} == {
        "ann": {"west": "write"},
        "bob": {"east": "own"},
        "max": {"east": "own", "west": "own"},
        "ron": {"west": "read"},
        "eve": {},
    }


@pytest.mark.parametrize("call", calls(Postgres("postgresql://"), "", ""))
def test_a_stranger_is_refused(team: As, call: str) -> None:
    with pytest.raises(Refused, match='not a member of the book "west"') as error:
        calls(team("eve"), "west", EVE)[call]()
    assert error.value.exit_code == 4


@pytest.mark.parametrize("table", TABLES)
def test_a_stranger_sees_no_row_in_sql(team: As, hub: Server, table: str) -> None:
    count = f"SELECT count(*) FROM acct.{table}"
    assert hub.sql("eve", count) == [(0,)]
    assert hub.sql("postgres", count) != [(0,)]


@pytest.mark.parametrize("table", TABLES)
def test_a_member_sees_their_own_books_in_sql_and_no_others(
    team: As, hub: Server, table: str
) -> None:
    column = {"book": "id", "device": "dev"}.get(table, "book")
    found = {row for (row,) in hub.sql("ann", f"SELECT {column} FROM acct.{table}")}
    assert found == ({ANN} if table == "device" else {"west"})


def test_row_security_cannot_be_switched_off(team: As, hub: Server) -> None:
    with hub.connected("eve") as con:
        con.execute("SET row_security = off")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            con.execute("SELECT * FROM acct.file")


@pytest.mark.parametrize("call", ["put", "drop", "add_member", "remove_member"])
def test_a_reader_changes_nothing(team: As, call: str) -> None:
    reader = team("ron")
    assert [blob for _, _, blob in reader.fetch("west", {})] == [b"of ann"]
    with pytest.raises(Refused, match="is read, which does not allow that"):
        calls(reader, "west", "cccc0003")[call]()
    assert reader.register("west", "cccc0003", "reading") == "A"


@pytest.mark.parametrize("call", ["add_member", "remove_member"])
def test_only_owners_change_who_is_a_member(team: As, call: str) -> None:
    with pytest.raises(Refused, match="is write, which does not allow that"):
        calls(team("ann"), "west", ANN)[call]()
    assert team("ann").members("west") == {"ann": "write", "max": "own", "ron": "read"}


@pytest.mark.parametrize("call", ["put", "register"])
def test_nobody_writes_under_the_device_of_somebody_else(team: As, call: str) -> None:
    team("max").add_member("west", "bob", "own")
    with pytest.raises(Refused, match=f"the machine {ANN} belongs to another login"):
        calls(team("bob"), "west", ANN)[call]()
    assert team("max").devices("west")[0].rep == "ann"


WRITES = {
    "book": "INSERT INTO acct.book VALUES ('mine', false)",
    "member": "INSERT INTO acct.member VALUES ('west', 'eve', 'own')",
    "device": f"INSERT INTO acct.device VALUES ('{EVE}', 'ann')",
    "stream": f"INSERT INTO acct.stream VALUES ('west', '{ANN}', 7)",
    "file": "INSERT INTO acct.file (book, dev, n, rep, sha, blob) "
    f"VALUES ('west', '{ANN}', 2, 'ann', '', '')",
}


@pytest.mark.parametrize(
    ("rep", "statement"),
    [
        *product(("max", "eve"), WRITES.values()),
        *product(("max", "eve"), [f"DELETE FROM acct.{table}" for table in TABLES]),
        *product(("max", "eve"), [f"TRUNCATE acct.{table} CASCADE" for table in TABLES]),
        ("max", "UPDATE acct.member SET role = 'own'"),
        ("max", "UPDATE acct.file SET blob = ''"),
        ("max", "UPDATE acct.device SET rep = 'max'"),
        ("max", "DROP POLICY members ON acct.file"),
        ("max", "ALTER TABLE acct.file DISABLE ROW LEVEL SECURITY"),
        ("max", "CREATE TABLE acct.mine (a int)"),
        ("max", "SELECT acct.require('west', 'own')"),
        ("max", f"SELECT acct.claim('west', '{ANN}')"),
        ("max", "SET ROLE acct_owner"),
        ("max", "SET SESSION AUTHORIZATION postgres"),
        ("max", "GRANT acct_owner TO max"),
        ("zoe", "SELECT acct.version()"),
        ("zoe", "SELECT * FROM acct.book"),
    ],
)
def test_nothing_goes_past_the_functions(team: As, hub: Server, rep: str, statement: str) -> None:
    before = [hub.sql("postgres", f"SELECT * FROM acct.{table}") for table in TABLES]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        hub.sql(rep, statement)
    assert [hub.sql("postgres", f"SELECT * FROM acct.{table}") for table in TABLES] == before


def test_tables_and_functions_of_a_reps_own_lead_no_function_astray(team: As, hub: Server) -> None:
    with hub.connected("eve") as con:
        con.execute("CREATE TEMP TABLE member (book text, rep name, role text)")
        con.execute("INSERT INTO member VALUES ('west', 'eve', 'own')")
        con.execute("CREATE TEMP TABLE book AS SELECT 'west' AS id, false AS sealed")
        con.execute(
            "CREATE FUNCTION pg_temp.require(b text, VARIADIC roles text[]) RETURNS void "
            "LANGUAGE sql AS 'SELECT'"
        )
        con.execute(
            "CREATE FUNCTION pg_temp.same(a name, b name) RETURNS bool LANGUAGE sql "
            "AS 'SELECT true'"
        )
        con.execute(
            "CREATE OPERATOR pg_temp.= (leftarg = name, rightarg = name, function = pg_temp.same)"
        )
        con.execute("SET search_path = pg_temp, acct, pg_catalog")
        assert con.execute("SELECT count(*) FROM acct.file").fetchall() == [(0,)]
        for asked in (
            f"SELECT acct.put('west', '{EVE}', 1, 'x', false)",
            "SELECT acct.member_add('west', 'eve', 'own')",
            f"SELECT acct.drop_files('west', '{{{ANN}}}', '{{1}}')",
        ):
            with pytest.raises(psycopg.Error) as error:
                con.execute(asked)
            assert error.value.sqlstate == "AC002"


def test_an_owner_lets_others_in_and_out(team: As) -> None:
    owner = team("max")
    owner.add_member("west", "eve", "read")
    assert [blob for _, _, blob in team("eve").fetch("west", {})] == [b"of ann"]
    owner.add_member("west", "eve", "write")
    team("eve").put("west", EVE, 1, b"of eve")
    owner.remove_member("west", "eve")
    with pytest.raises(Refused, match="not a member"):
        list(team("eve").fetch("west", {}))
    assert len(list(owner.fetch("west", {}))) == 2


def test_the_last_owner_stays(team: As) -> None:
    owner = team("max")
    for change in (
        lambda: owner.remove_member("west", "max"),
        lambda: owner.add_member("west", "max", "read"),
    ):
        with pytest.raises(Invalid, match='"max" is the last owner of the book "west"'):
            change()
    owner.add_member("west", "ann", "own")
    owner.remove_member("west", "max")
    assert team("ann").members("west") == {"ann": "own", "ron": "read"}


def test_two_owners_who_remove_each_other_leave_one(team: As) -> None:
    team("max").add_member("west", "ann", "own")
    done: list[str] = []
    together = threading.Barrier(2)

    def remove(rep: str, other: str) -> None:
        carrier = team(rep)
        carrier.books()
        together.wait()
        with contextlib.suppress(AcctError):
            carrier.remove_member("west", other)
            done.append(rep)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(remove, ("max", "ann"), ("ann", "max")))
    (left,) = done
    assert team(left).members("west")[left] == "own"


def test_a_new_member_needs_a_login_that_may_use_the_hub(team: As) -> None:
    owner = team("max")
    with pytest.raises(NotFound, match='has no login "kim"'):
        owner.add_member("west", "kim", "read")
    with pytest.raises(NotFound, match='has no login "acct_reps"'):
        owner.add_member("west", "acct_reps", "read")
    with pytest.raises(Invalid, match='GRANT acct_reps TO "zoe"'):
        owner.add_member("west", "zoe", "read")
    with pytest.raises(Invalid, match='unknown role "admin"'):
        owner.add_member("west", "eve", "admin")
    with pytest.raises(Invalid, match="not a PostgreSQL login"):
        owner.add_member("west", "x" * 64, "read")
    with pytest.raises(NotFound, match='"eve" is not a member'):
        owner.remove_member("west", "eve")


def test_a_name_that_somebody_else_uses_starts_no_book(team: As) -> None:
    with pytest.raises(Invalid, match='already has a shared book "west"'):
        team("eve").create("west")
    assert team("eve").books() == {}


def test_a_book_that_others_see_only_when_they_are_members(team: As) -> None:
    assert team("ann").devices("west")[0].rep == "ann"
    with pytest.raises(NotFound, match='no shared book "north"'):
        team("ann").devices("north")


def test_a_device_that_a_snapshot_named_belongs_to_who_comes_first(team: As) -> None:
    """After the hub lost its files, a machine that has not come back yet has no login there."""
    ann = team("ann")
    ann.put("west", ANN, 8, b"everything", whole=True)
    ann.drop("west", {ANN: 7, MAX: 5})
    assert {one.id: (one.rep, one.last) for one in ann.devices("west")} == {
        ANN: ("ann", 8),
        MAX: ("", 5),
    }
    team("max").put("west", MAX, 6, b"of max")
    assert {one.id: one.rep for one in ann.devices("west")} == {ANN: "ann", MAX: "max"}


def test_files_that_came_after_a_snapshot_are_not_dropped(team: As, hub: Server) -> None:
    ann, owner = team("ann"), team("max")
    ann.put("west", ANN, 2, b"everything so far")
    owner.put("west", MAX, 1, b"later")
    with pytest.raises(Invalid, match="no later files"):
        ann.drop("west", {ANN: 1, MAX: 1})
    ann.drop("west", {ANN: 1})
    assert [blob for _, _, blob in owner.fetch("west", {})] == [b"everything so far", b"later"]


def test_the_statements_are_safe_to_run_again(team: As, hub: Server) -> None:
    before = [hub.sql("postgres", f"SELECT * FROM acct.{table}") for table in TABLES]
    with hub.connected() as con:
        con.execute(postgres.hub_sql())
    assert [hub.sql("postgres", f"SELECT * FROM acct.{table}") for table in TABLES] == before
    team("ann").put("west", ANN, 2, b"more")


@pytest.fixture
def second(hub: Server) -> Iterator[str]:
    """The name of another database, which belongs to an administrator who is no superuser."""
    with hub.connected() as con:
        con.execute("CREATE ROLE dba LOGIN CREATEROLE")
        con.execute("CREATE DATABASE second OWNER dba")
    yield "second"
    with hub.connected() as con:
        con.execute("DROP DATABASE second WITH (FORCE)")
        con.execute("DROP ROLE dba")


def set_up(hub: Server, database: str, *more: str) -> None:
    with hub.connected("dba", database) as con:
        for statement in (postgres.hub_sql(), *more):
            con.execute(statement)


def test_no_superuser_is_needed(hub: Server, second: str) -> None:
    set_up(hub, second)
    set_up(hub, second)
    with contextlib.closing(Postgres(hub.url("eve", second))) as carrier:
        carrier.create("north")
        carrier.put("north", EVE, 1, b"of eve")
        assert len(list(carrier.fetch("north", {}))) == 1


def test_a_schema_of_somebody_else_is_left_alone(hub: Server, second: str) -> None:
    with hub.connected("dba", second) as con:
        con.execute("CREATE SCHEMA acct")
        with pytest.raises(psycopg.errors.RaiseException, match="schema acct of another owner"):
            con.execute(postgres.hub_sql())
        con.execute("ROLLBACK")
        assert con.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'acct'"
        ).fetchall() == [(0,)]


def test_a_database_without_a_hub_is_said_so(hub: Server, second: str) -> None:
    with pytest.raises(NotFound, match="is not set up for acct yet") as error:
        Postgres(hub.url("ann", second)).books()
    assert error.value.exit_code == 3


def test_a_hub_of_an_older_version_is_said_so(hub: Server, second: str) -> None:
    older = "CREATE OR REPLACE FUNCTION acct.version() RETURNS int LANGUAGE sql AS 'SELECT 0'"
    set_up(hub, second, "SET ROLE acct_owner", older)
    with pytest.raises(Invalid, match="was set up for an older acct"):
        Postgres(hub.url("ann", second)).books()


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("53100", "can keep nothing more: the server said so"),
        ("25006", "can keep nothing more: the server said so"),
        ("57014", "does not answer in time: the server said so"),
        ("57P01", "cannot be reached: the server said so"),
        ("XX000", "cannot be reached: the server said so"),
    ],
)
def test_trouble_on_the_hub_is_said(hub: Server, second: str, code: str, says: str) -> None:
    set_up(
        hub,
        second,
        "SET ROLE acct_owner",
        "CREATE OR REPLACE FUNCTION acct.put(b text, d text, k bigint, content bytea, whole bool) "
        "RETURNS void LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE 'the server said so' USING errcode = '{code}'; END $$",
    )
    with contextlib.closing(Postgres(hub.url("ann", second))) as carrier:
        carrier.create("north")
        with pytest.raises(Unreachable) as error:
            carrier.put("north", ANN, 1, b"x")
    assert error.value.exit_code == 6
    assert error.value.message == f"{carrier.where} {says}"


def test_what_the_administrator_forbids_is_said_so(hub: Server, second: str) -> None:
    forbidden = "REVOKE EXECUTE ON FUNCTION acct.create_book FROM acct_reps"
    set_up(hub, second, "SET ROLE acct_owner", forbidden)
    with (
        contextlib.closing(Postgres(hub.url("ann", second))) as carrier,
        pytest.raises(Refused, match="not allow this login to do that: permission denied"),
    ):
        carrier.create("north")


CONNECTING: dict[str, tuple[Callable[[Server], str], int, str]] = {
    "a wrong password": (
        lambda hub: hub.network_url("ann", "wrong"),
        4,
        'refuses the login: password authentication failed for user "ann". Check user',
    ),
    "no password": (
        lambda hub: f"postgresql://ann@127.0.0.1:{hub.port}/hub",
        4,
        "refuses the login: fe_sendauth: no password supplied. Check user",
    ),
    "no such login": (
        lambda hub: hub.url("kim"),
        4,
        'refuses the login: role "kim" does not exist. Check user',
    ),
    "a login that may not use the hub": (
        lambda hub: hub.url("zoe"),
        4,
        'the login "zoe" may not use',
    ),
    "no such database": (
        lambda hub: hub.url("ann", "nowhere"),
        3,
        'is not there: database "nowhere" does not exist',
    ),
    "a server that refuses this network": (
        lambda hub: f"postgresql://ann@127.0.0.1:{hub.port}/postgres",
        4,
        "refuses the login: no pg_hba.conf entry",
    ),
    "no server": (lambda hub: "postgresql://ann@127.0.0.1:1/hub", 6, "Connection refused"),
    "no socket": (lambda hub: "postgresql://ann@/hub?host=/nowhere", 6, "no server is running"),
    "no TLS": (
        lambda hub: f"{hub.network_url('ann')}?sslmode=require",
        4,
        "does not offer TLS. Ask its administrator",
    ),
    "no address": (
        lambda hub: "postgresql://ann:secret@host:port/hub?colour=red",
        4,
        "is not the address of a database. Write it as postgresql://USER@HOST/DATABASE",
    ),
}


@pytest.mark.parametrize("case", CONNECTING)
def test_what_keeps_a_rep_out_is_said_with_what_to_do(hub: Server, case: str) -> None:
    address, code, says = CONNECTING[case]
    with pytest.raises(AcctError) as error:
        Postgres(address(hub)).register("west", ANN, "laptop")
    assert says in error.value.message
    assert error.value.exit_code == code


@pytest.mark.parametrize("case", CONNECTING)
def test_a_password_is_in_no_message(hub: Server, case: str) -> None:
    address, *_ = CONNECTING[case]
    with pytest.raises(AcctError) as error:
        Postgres(address(hub)).now()
    assert not {"wrong", "secret", "correct", "horse"} & set(error.value.message.split(":@ "))
    assert ":secret" not in error.value.message


def test_a_password_lets_a_rep_in_over_the_network(hub: Server) -> None:
    with contextlib.closing(Postgres(hub.network_url("ann"))) as carrier:
        assert carrier.books() == {}


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("postgresql://ann:s3:cr@t@db.example/hub", "postgresql://ann@db.example/hub"),
        ("postgres://ann@[::1]:5433/hub?password=s3cret", "postgresql://ann@[::1]:5433/hub"),
        ("postgresql://db.example", "postgresql://db.example"),
        ("postgresql:///hub?user=ann&password=s3cret", "postgresql:///hub"),
        ("postgresql://ann:s3cret@[broken/hub", "postgresql://"),
    ],
)
def test_an_address_is_shown_without_its_password(address: str, seen: str) -> None:
    assert Postgres(address).where == postgres.shown(address) == seen


@pytest.mark.parametrize(
    ("address", "variable", "asked"),
    [
        ("postgresql://ann@db.example/hub", "", "require"),
        ("postgresql://ann@localhost,db.example/hub", "", "require"),
        ("postgresql://ann@db.example/hub?sslmode=verify-full", "", None),
        ("postgresql://ann@db.example/hub", "verify-full", None),
        ("postgresql:///?service=hub", "", None),
        ("postgresql://ann@localhost/hub", "", None),
        ("postgresql://ann@127.0.0.1:5433/hub", "", None),
        ("postgresql:///hub", "", None),
        ("postgresql:///hub?host=/run/postgresql", "", None),
    ],
)
def test_other_machines_are_reached_by_tls_unless_somebody_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, address: str, variable: str, asked: str | None
) -> None:
    given: dict[str, Any] = {}

    def connect(address: str, **options: Any) -> None:
        given.update(options)
        raise psycopg.OperationalError("stop here")

    monkeypatch.setattr(psycopg, "connect", connect)
    if variable:
        monkeypatch.setenv("PGSSLMODE", variable)
    with pytest.raises(Unreachable, match="stop here"):
        Postgres(address).now()
    assert given.get("sslmode") == asked
    assert given["connect_timeout"] == 10


def test_a_certificate_that_is_not_trusted_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(address: str, **options: object) -> None:
        raise psycopg.OperationalError(
            'connection failed: connection to server at "10.0.0.7", port 5432 failed: SSL error: '
            "certificate verify failed"
        )

    monkeypatch.setattr(psycopg, "connect", connect)
    with pytest.raises(Refused, match="not trusted: SSL error: certificate verify failed"):
        Postgres("postgresql://ann@db.example/hub?sslmode=verify-full").now()


def test_a_hub_that_was_stopped_is_reached_again(team: As, hub: Server) -> None:
    ann = team("ann")
    ann.put("west", ANN, 2, b"more")
    hub.sql(
        "postgres",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'ann'",
    )
    with pytest.raises(Unreachable, match="terminating connection"):
        ann.put("west", ANN, 3, b"more")
    ann.put("west", ANN, 3, b"more")
    assert len(list(ann.fetch("west", {}))) == 3


def test_a_connection_that_breaks_during_a_fetch_is_said_so(
    team: As, hub: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_PART", 1)
    ann = team("ann")
    ann.put("west", ANN, 2, b"more")
    files = ann.fetch("west", {})
    assert next(files)[2] == b"of ann"
    hub.sql(
        "postgres",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'ann'",
    )
    with pytest.raises(Unreachable, match="terminating connection"):
        next(files)
    assert len(list(ann.fetch("west", {}))) == 2


def test_a_file_that_is_locked_is_not_waited_for_without_end(
    team: As, hub: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_LOCK_SECONDS", 0.1)
    with hub.connected() as con, con.transaction():
        con.execute("SELECT * FROM acct.stream FOR UPDATE")
        with pytest.raises(Unreachable, match="does not answer in time: canceling statement"):
            team("ann").put("west", ANN, 2, b"more")


def test_files_are_asked_for_in_small_parts(team: As, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = team("ann")
    sizes = [10, 20, 300, 10, 10, 10, 70, 10, 100, 1]
    for n, size in enumerate(sizes, 2):
        ann.put("west", ANN, n, b"x" * size)
    monkeypatch.setattr(postgres, "_PART", 100)
    monkeypatch.setattr(postgres, "_ROWS", 4)
    parts: list[int] = []
    ask = ann._ask

    def counted(statement: Any, *values: object) -> list[tuple[Any, ...]]:
        rows = ask(statement, *values)
        if statement == postgres._FILES:
            parts.append(sum(len(blob) for *_, blob in rows))
        return rows

    monkeypatch.setattr(ann, "_ask", counted)
    assert [len(blob) for _, _, blob in ann.fetch("west", {ANN: 1})] == sizes
    assert sum(parts) == sum(sizes)
    assert all(part <= 100 or part == 300 for part in parts)
    assert len(parts) < len(sizes)


def test_nothing_stays_open_on_the_hub_between_two_files(team: As, hub: Server) -> None:
    ann = team("ann")
    ann.put("west", ANN, 2, b"more")
    files = ann.fetch("west", {})
    next(files)
    states = hub.sql("postgres", "SELECT state FROM pg_stat_activity WHERE usename = 'ann'")
    assert set(states) == {("idle",)}
    files.close()  # type: ignore[attr-defined]  # it is a generator
    assert ann._ask("SELECT count(*) FROM pg_cursors WHERE name LIKE 'acct%%'") == [(0,)]


def test_a_fetch_that_is_given_up_leaves_nothing_behind(team: As) -> None:
    ann = team("ann")
    files = ann.fetch("west", {})
    next(files)
    ann.close()
    files.close()  # type: ignore[attr-defined]  # it is a generator
    assert len(list(ann.fetch("west", {}))) == 1


def test_a_file_that_is_dropped_during_a_fetch_ends_that_device(
    team: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_PART", 1)
    ann, owner = team("ann"), team("max")
    for n in (2, 3):
        ann.put("west", ANN, n, b"more")
    owner.put("west", MAX, 1, b"everything")
    files = owner.fetch("west", {})
    assert next(files)[:2] == (ANN, 1)
    owner.drop("west", {ANN: 2})
    assert [(device, n) for device, n, _ in files] == [(MAX, 1)]
    assert [(device, n) for device, n, _ in owner.fetch("west", {ANN: 1})] == [(ANN, 3), (MAX, 1)]


def test_two_that_write_as_one_device_at_once_are_found_out(team: As) -> None:
    def put(blob: bytes) -> str:
        carrier = team("ann")
        with contextlib.suppress(Taken):
            for n in range(2, 30):
                carrier.put("west", ANN, n, blob)
            return "all"
        return "taken"

    with ThreadPoolExecutor(2) as pool:
        assert "taken" in set(pool.map(put, (b"one", b"two")))
    numbers = [n for _, n, _ in team("ann").fetch("west", {})]
    assert numbers == list(range(1, len(numbers) + 1))


def test_no_two_that_join_at_once_get_one_series(team: As) -> None:
    def join(number: int) -> str:
        carrier = team("ann")
        try:
            return carrier.register("west", f"{number:08x}", "machine", "A")
        finally:
            carrier.close()

    with ThreadPoolExecutor(12) as pool:
        given = list(pool.map(join, range(40)))
    assert len(set(given)) == 40
    assert "AN" in given


@pytest.mark.slow
def test_a_hub_that_crashes_loses_nothing_that_it_confirmed() -> None:
    if why := servers.why_not():
        pytest.skip(why)
    confirmed: dict[str, int] = {}
    stopped = threading.Event()

    def write(server: Server, device: str) -> None:
        carrier = Postgres(server.url("ann"))
        n = 1
        while not stopped.is_set():
            with contextlib.suppress(Unreachable):
                carrier.put("west", device, n, f"{device} {n}".encode() * 100)
                confirmed[device] = n
                n += 1
        carrier.close()

    with servers.running(durable=True) as server:
        carrier = Postgres(server.url("ann"))
        carrier.create("west")
        devices = [f"{number:08x}" for number in range(4)]
        with ThreadPoolExecutor(4) as pool:
            writing = [pool.submit(write, server, device) for device in devices]
            try:
                for pause in (0.3, 0.15, 0.4):
                    time.sleep(pause)
                    server.stop(signal.SIGQUIT)
                    server.start()
            finally:
                stopped.set()
            for one in writing:
                one.result()
        carrier.close()
        kept: dict[str, int] = {}
        for device, n, blob in carrier.fetch("west", {}):
            assert blob == f"{device} {n}".encode() * 100
            assert n == kept.get(device, 0) + 1
            kept[device] = n
        carrier.close()
    assert min(confirmed.values()) > 3
    assert all(kept[device] >= n for device, n in confirmed.items())


def test_without_psycopg_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(UsageError, match="shared books in PostgreSQL need psycopg"):
        Postgres("postgresql://ann@db.example/hub")
