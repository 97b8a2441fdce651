"""`acct sync` as it is typed, on two machines with a folder between them."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sqlite3
import stat
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from tests import books, syncing
from tests.conftest import Program, Result
from tests.store.sync import clashing

from acctcli.carriers.folder import Folder
from acctcli.cli import completion
from acctcli.cli.sync import _for_others
from acctcli.main import root
from acctcli.store.sync import machine, rounds
from acctcli.store.sync.machine import Machine

Typed = Callable[..., Result]

ID = "00000000-0000-5000-8000-00000000aaaa"


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    folder = tmp_path / "hub"
    folder.mkdir()
    return folder


def on(run: Program, folder: Path, who: str) -> Typed:
    """Return what runs commands on a machine of its own; the clock is the real one."""
    folder.mkdir(parents=True)
    books.create(folder / "book.db")

    def typed(*words: str | Path, input: str = "") -> Result:
        env = {"ACCTCLI_DB": str(folder / "book.db"), "ACCTCLI_WHO": who, "ACCTCLI_TODAY": ""}
        os.environ.pop("ACCTCLI_TODAY", None)
        del env["ACCTCLI_TODAY"]
        return run(*words, env=env, input=input)

    return typed


@pytest.fixture
def laptop(run: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    monkeypatch.delenv("ACCTCLI_TODAY", raising=False)
    return on(run, tmp_path / "laptop", "Ann")


@pytest.fixture
def desktop(run: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    monkeypatch.delenv("ACCTCLI_TODAY", raising=False)
    return on(run, tmp_path / "desktop", "Ben")


@pytest.fixture
def both(laptop: Typed, desktop: Typed, hub: Path) -> tuple[Typed, Typed]:
    """Let the laptop share its book, and the desktop join."""
    laptop("account", "add", "GreenTech Ltd", "--city", "Lyon")
    assert laptop("sync", "init", hub, "--name", "laptop").code == 0
    assert desktop("sync", "join", hub, "--name", "desktop").code == 0
    return laptop, desktop


def clashed(laptop: Typed, desktop: Typed) -> str:
    """Change a city on both machines; return the short id of the conflict on the desktop."""
    laptop("account", "edit", "greentech", "--city", "Paris")
    desktop("account", "edit", "greentech", "--city", "Rome")
    laptop("sync", "now")
    done = desktop("sync", "now")
    assert "1 conflict: acct sync conflicts" in done.err
    laptop("sync", "now")
    return desktop("sync", "conflicts").out.partition("\t")[0][-4:]


class TestBeginning:
    @pytest.mark.parametrize(
        "words",
        [
            ("now",),
            ("status",),
            ("leave", "--yes"),
            ("compact",),
            ("member", "list"),
        ],
    )
    def test_a_book_that_is_not_shared_says_how_to_begin(
        self, laptop: Typed, words: tuple[str, ...]
    ) -> None:
        refused = laptop("sync", *words)
        assert (refused.code, refused.out) == (3, "")
        assert "this book is not shared yet. To share it in a folder" in refused.err
        assert "acct sync join" in refused.err

    def test_it_is_shared_and_sent(self, laptop: Typed, hub: Path, tmp_path: Path) -> None:
        laptop("account", "add", "GreenTech Ltd")
        done = laptop("sync", "init", hub)
        assert (done.code, done.out) == (0, "book\n")
        assert done.err == f"Sharing this book as book in {hub}. Sent 1 change.\n"
        assert list(hub.rglob("*.acct"))
        assert not list(hub.rglob("*.db"))
        file = tmp_path / "laptop" / "book.db.sync.toml"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        again = laptop("sync", "init", hub)
        assert again.code == 4
        assert "shared already" in again.err
        assert laptop("sync", "join", hub).code == 4

    def test_as_json(self, laptop: Typed, desktop: Typed, hub: Path) -> None:
        laptop("account", "add", "GreenTech Ltd")
        begun = laptop("sync", "init", hub, "--book", "west", "--name", "mine", "-f", "json").json()
        assert (begun["books"], begun["home"], begun["common"]) == (["west"], "west", "west")
        assert (begun["name"], begun["series"], begun["sent"]) == ("mine", "A", 1)
        joined = desktop("sync", "join", hub, "-f", "json").json()
        assert (joined["books"], joined["series"], joined["taken"]) == (["west"], "B", 1)
        assert joined["machines"][0]["name"] == "mine"
        assert joined["machines"][0]["rep"] == "Ann"

    @pytest.mark.parametrize("name", ["West", "a b", "../x", "con"])
    def test_a_name_that_some_system_cannot_keep_is_refused(
        self, laptop: Typed, hub: Path, name: str
    ) -> None:
        refused = laptop("sync", "init", hub, "--book", name)
        assert refused.code == 4
        assert "name of a shared book" in refused.err
        assert list(hub.iterdir()) == []

    def test_a_book_goes_by_the_name_of_its_file(
        self, run: Program, tmp_path: Path, hub: Path
    ) -> None:
        for file, name in (("Ann's 2027.db", "ann-s-2027"), ("日本.db", "book")):
            path = tmp_path / "files" / file
            assert run("--db", path, "db", "init").code == 0
            assert run("--db", path, "sync", "init", hub).out == f"{name}\n"

    def test_a_folder_that_holds_the_book_is_refused(self, laptop: Typed, tmp_path: Path) -> None:
        laptop("db", "backup")
        for place in ("laptop", ".", "laptop/book-backups"):
            refused = laptop("sync", "init", tmp_path / place)
            assert refused.code == 4
            assert "holds the book itself or its backups" in refused.err
        assert laptop("sync", "join", tmp_path).code == 4

    def test_a_place_that_is_not_there(self, laptop: Typed, tmp_path: Path, hub: Path) -> None:
        missing = laptop("sync", "init", tmp_path / "no such")
        assert missing.code == 3
        assert f"mkdir -p '{tmp_path / 'no such'}'" in missing.err
        assert not (tmp_path / "no such").exists()
        assert laptop("sync", "join", tmp_path / "no such").code == 3
        nothing = laptop("sync", "join", hub)
        assert nothing.code == 3
        assert "acct sync init" in nothing.err
        assert laptop("sync", "init", "ftp://hub").code == 4
        assert laptop("sync", "init", "").code == 2
        assert not machine.is_shared(tmp_path / "laptop" / "book.db")

    def test_several_books_and_which_is_meant(
        self, run: Program, tmp_path: Path, laptop: Typed, desktop: Typed, hub: Path
    ) -> None:
        laptop("sync", "init", hub, "--book", "west")
        other = on(run, tmp_path / "other", "Kim")
        assert other("sync", "init", hub, "--book", "common").code == 0
        asked = desktop("sync", "join", hub)
        assert asked.code == 2
        assert "several shared books" in asked.err
        assert "common and west" in asked.err
        unknown = desktop("sync", "join", hub, "--book", "west,east")
        assert unknown.code == 3
        assert "east" in unknown.err
        assert desktop("sync", "join", hub, "--book", "west,common").code == 2
        wrong = desktop("sync", "join", hub, "--book", "west,common", "--home", "east")
        assert wrong.code == 2
        wrong = desktop(
            *("sync", "join", hub, "--book", "west,common", "--home", "west", "--common", "east")
        )
        assert wrong.code == 2
        assert desktop("sync", "join", hub, "--book", ",").code == 2
        done = desktop(
            *("sync", "join", hub, "--book", "west,common", "--home", "west", "-f", "json")
        )
        assert (done.json()["home"], done.json()["common"]) == ("west", "common")
        assert "New records belong to west, products and settings to common." in done.err

    def test_where_both_have_records_both_are_kept(
        self, laptop: Typed, desktop: Typed, hub: Path
    ) -> None:
        laptop("account", "add", "GreenTech Ltd")
        desktop("account", "add", "Acme")
        laptop("sync", "init", hub)
        joined = desktop("sync", "join", hub)
        assert "acct account dupes" in joined.err
        laptop("sync", "now")
        for one in (laptop, desktop):
            assert one("account", "list", "--columns", "name").out == "Acme\nGreenTech Ltd\n"

    def test_new_accounts_have_numbers_of_their_own_series(self, both: tuple[Typed, Typed]) -> None:
        laptop, desktop = both
        laptop("account", "add", "Acme")
        desktop("account", "add", "Kan Code")
        desktop("sync", "now")
        laptop("sync", "now")
        numbers = laptop("account", "list", "--columns", "number").out.split()
        assert sorted(numbers) == ["A-0001", "A-0002", "B-0001"]

    def test_two_computers_of_one_name_are_told_apart(
        self, laptop: Typed, desktop: Typed, hub: Path
    ) -> None:
        laptop("sync", "init", hub)
        name = desktop("sync", "join", hub, "-f", "json").json()["name"]
        assert name == f"{machine.host()} 2"
        assert desktop("sync", "leave", "--yes").code == 0
        assert desktop("sync", "join", hub, "--name", " ").code == 2

    def test_where_nothing_may_be_changed(
        self, laptop: Typed, hub: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("ACCTCLI_READ_ONLY", "1")
        for words in (("init", hub), ("join", hub)):
            assert laptop("sync", *words).code == 4
        assert list(hub.iterdir()) == []


class TestWhatIsThereAlready:
    def test_the_command_that_the_refusal_names_joins_it(
        self, laptop: Typed, desktop: Typed, tmp_path: Path
    ) -> None:
        folder = tmp_path / "my drop"
        folder.mkdir()
        assert laptop("sync", "init", folder).code == 0
        refused = desktop("sync", "init", folder)
        assert refused.code == 4
        command = refused.err.rpartition("To take part in it: ")[2]
        assert desktop(*shlex.split(command)[1:]).code == 0


class TestSealed:
    def test_who_has_the_key_reads_it(
        self, laptop: Typed, desktop: Typed, hub: Path, tmp_path: Path
    ) -> None:
        pytest.importorskip("pyrage", reason="the extra seal is not installed")
        laptop("account", "add", "GreenTech Ltd")
        done = laptop("sync", "init", hub, "--seal")
        assert done.code == 0
        key = tmp_path / "laptop" / "book.db.sync.key"
        assert f"the key is in {key}" in done.err
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        refused = desktop("sync", "join", hub)
        assert refused.code == 4
        assert "--key" in refused.err
        assert desktop("sync", "join", hub, "--key", tmp_path / "no.key").code == 3
        shutil.copy(key, tmp_path / "copied.key")
        assert desktop("sync", "join", hub, "--key", tmp_path / "copied.key").code == 0
        assert "GreenTech" in desktop("account", "list").out
        assert b"GreenTech" not in b"".join(f.read_bytes() for f in hub.rglob("*.acct"))


class TestNow:
    def test_one_line_says_what_went_and_came(self, both: tuple[Typed, Typed]) -> None:
        laptop, desktop = both
        assert laptop("sync", "now").err == "Nothing to send or take in.\n"
        laptop("account", "edit", "greentech", "--city", "Paris")
        desktop("account", "add", "Acme")
        assert laptop("sync", "now").err == "Sent 1 change.\n"
        done = desktop("sync", "now")
        assert (done.out, done.err) == ("", "Sent 1 change, took in 1 (Ann 1).\n")
        assert laptop("sync", "now").err == "Took in 1 change (Ben 1).\n"
        assert "Paris" in desktop("account", "show", "greentech").out

    def test_ones_own_machines_go_by_their_names(
        self, run: Program, tmp_path: Path, both: tuple[Typed, Typed], hub: Path
    ) -> None:
        laptop, _ = both
        phone = on(run, tmp_path / "phone", "Ann")
        phone("sync", "join", hub, "--name", "phone")
        laptop("account", "add", "Acme")
        laptop("sync", "now")
        assert phone("sync", "now").err == "Took in 1 change (laptop 1).\n"

    def test_as_json(self, both: tuple[Typed, Typed]) -> None:
        laptop, desktop = both
        laptop("account", "add", "Acme")
        sent = laptop("sync", "now", "-f", "json").json()
        assert (sent["sent"], sent["taken"], sent["quiet"]) == (1, 0, False)
        taken = desktop("sync", "now", "-f", "json").json()
        assert taken["taken"] == 1
        assert taken["machines"][0]["changes"] == 1
        quiet = desktop("sync", "now", "-f", "json").json()
        assert quiet == {
            **dict.fromkeys(("sent", "taken", "conflicts", "waiting", "aside"), 0),
            **{"machines": [], "refused": "", "quiet": True},
        }

    def test_quiet_says_nothing(self, both: tuple[Typed, Typed]) -> None:
        laptop, _ = both
        laptop("account", "add", "Acme")
        assert laptop("sync", "now", "-q") == (0, "", "")

    def test_a_dry_run_changes_nothing(
        self, both: tuple[Typed, Typed], hub: Path, tmp_path: Path
    ) -> None:
        laptop, desktop = both
        laptop("account", "add", "Acme")
        desktop("account", "add", "Kan Code")
        laptop("sync", "now")
        files = sorted(hub.rglob("*.acct"))
        before = books.dump(tmp_path / "desktop" / "book.db")
        would = desktop("sync", "now", "--dry-run")
        assert would.err == "Would send 1 change, take in 1 (Ann 1).\n"
        assert books.dump(tmp_path / "desktop" / "book.db") == before
        assert sorted(hub.rglob("*.acct")) == files
        assert desktop("sync", "now").err == "Sent 1 change, took in 1 (Ann 1).\n"

    def test_what_another_program_changed_goes_with_full(
        self, both: tuple[Typed, Typed], tmp_path: Path
    ) -> None:
        laptop, desktop = both
        books.change(tmp_path / "laptop" / "book.db", "UPDATE account SET city = 'Nice'")
        assert laptop("sync", "now").err == "Nothing to send or take in.\n"
        assert laptop("sync", "now", "--full").err == "Sent 1 change.\n"
        desktop("sync", "now")
        assert "Nice" in desktop("account", "show", "greentech").out

    def test_a_folder_that_is_away(self, both: tuple[Typed, Typed], hub: Path) -> None:
        laptop, desktop = both
        laptop("account", "add", "Acme")
        hub.rename(hub.with_name("away"))
        failed = laptop("sync", "now")
        assert failed.code in (3, 6)
        assert "verything is saved here and goes out with the next sync" in failed.err
        assert not hub.exists()
        hub.with_name("away").rename(hub)
        assert laptop("sync", "now").err == "Sent 1 change.\n"
        assert desktop("sync", "now").err == "Took in 1 change (Ann 1).\n"

    def test_another_sync_that_takes_too_long_is_named(
        self, both: tuple[Typed, Typed], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        laptop, _ = both
        monkeypatch.setattr(rounds, "WAIT_SECONDS", 0)
        with rounds.alone(tmp_path / "laptop" / "book.db"):
            refused = laptop("sync", "now")
        assert refused.code == 5
        assert "another sync" in refused.err

    def test_history_says_who_and_where_and_undo_passes_it_over(
        self, both: tuple[Typed, Typed]
    ) -> None:
        laptop, desktop = both
        desktop("account", "add", "Acme")
        laptop("account", "edit", "greentech", "--tier", "key")
        laptop("sync", "now")
        desktop("sync", "now")
        lines = desktop("history", "greentech", "-f", "table").out
        assert "Ann, laptop" in lines
        undone = desktop("undo")
        assert "Acme" in undone.err

    def test_a_copied_book_syncs_as_a_new_machine(
        self, run: Program, both: tuple[Typed, Typed], tmp_path: Path
    ) -> None:
        laptop, _ = both
        shutil.copytree(tmp_path / "laptop", tmp_path / "copy")
        env = {"ACCTCLI_DB": str(tmp_path / "copy" / "book.db"), "ACCTCLI_WHO": "Ann"}
        done = run("sync", "now", env=env)
        assert done.code == 0
        assert "copied or moved here, so it syncs as a new machine" in done.err
        assert "copied" not in run("sync", "now", env=env).err
        ours, theirs = (machine.read(tmp_path / one / "book.db") for one in ("laptop", "copy"))
        assert ours
        assert theirs
        assert ours.device != theirs.device
        run("account", "add", "From the copy", env=env)
        run("sync", "now", env=env)
        laptop("sync", "now")
        assert "From the copy" in laptop("account", "list").out

    def test_what_a_reader_changed_before_is_named_each_time(
        self, both: tuple[Typed, Typed], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        laptop, desktop = both
        desktop("account", "add", "Acme")
        with monkeypatch.context() as patched:
            patched.setattr("acctcli.carriers.folder.Folder.books", lambda self: {"book": "read"})
            for words in (("sync", "now"), ("sync", "now", "-q")):
                refused = desktop(*words)
                assert refused.code == 4
                assert "you may only read the shared book book" in refused.err
            assert "you may only read" in desktop("sync", "status").out
        assert desktop("sync", "now").code == 0
        laptop("sync", "now")
        assert "Acme" in laptop("account", "list").out

    def test_who_may_only_read_is_refused_before_anything_is_written(
        self, both: tuple[Typed, Typed], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        laptop, desktop = both
        id = clashed(laptop, desktop)
        path = tmp_path / "desktop" / "book.db"
        with monkeypatch.context() as patched:
            patched.setattr("acctcli.carriers.folder.Folder.books", lambda self: {"book": "read"})
            assert desktop("sync", "now").code == 0
        before = books.dump(path)
        for words in (
            ("account", "add", "Acme"),
            ("undo",),
            ("sync", "take", id),
            ("config", "set", "cadence.key", "10"),
        ):
            refused = desktop(*words)
            assert refused.code == 4
            assert "you may only read the shared book book" in refused.err
            assert "acct sync leave" in refused.err
        assert books.dump(path) == before
        assert desktop("sync", "dismiss", id).code == 0  # of this machine alone
        assert desktop("account", "list").code == 0
        laptop("account", "add", "Later")
        laptop("sync", "now")
        assert "Took in" in desktop("sync", "now").err  # the role is asked for anew
        assert desktop("account", "add", "Acme").code == 0
        books.change(path, "UPDATE sync_state SET v = 'book' WHERE k = 'reads'")
        assert desktop("account", "add", "Kan").code == 4
        assert desktop("sync", "leave", "--yes", "--no-sync").code == 0
        assert desktop("account", "add", "Kan").code == 0

    def test_who_may_write_some_of_the_books_is_told_which(
        self, run: Program, tmp_path: Path, laptop: Typed, desktop: Typed, hub: Path
    ) -> None:
        laptop("sync", "init", hub, "--book", "west")
        on(run, tmp_path / "other", "Kim")("sync", "init", hub, "--book", "east")
        desktop("sync", "join", hub, "--book", "west,east", "--home", "west")
        path = tmp_path / "desktop" / "book.db"
        books.change(path, "INSERT OR REPLACE INTO sync_state VALUES ('reads', 'east')")
        done = desktop("account", "add", "Acme")
        assert done.code == 0
        assert "you may only read the shared book east" in done.err
        copied = on(run, tmp_path / "copied", "Kim")
        shutil.copy(path, tmp_path / "copied" / "book.db")
        assert "only read" not in copied("account", "add", "Kan").err  # it is not shared there


class TestStatus:
    def test_it_names_machines_that_still_have_somebody_erased(
        self, both: tuple[Typed, Typed]
    ) -> None:
        laptop, desktop = both
        laptop("account", "add", "Acme")
        laptop("contact", "add", "Mei Tan", "--account", "Acme")
        laptop("sync", "now")
        desktop("sync", "now")
        desktop("account", "edit", "Acme", "--city", "Rome")
        desktop("sync", "now")
        time.sleep(1)  # the moments of files are said in seconds
        laptop("contact", "delete", "Mei Tan", "--erase", "--yes")
        laptop("sync", "now")
        (name,) = laptop("sync", "status", "-f", "json").json()["not_erased"]
        assert f"is still on {name}, until" in laptop("sync", "status", "-f", "table").out
        desktop("sync", "now")
        laptop("sync", "now")
        assert laptop("sync", "status", "-f", "json").json()["not_erased"] == []

    def test_it_says_how_things_stand(self, both: tuple[Typed, Typed], hub: Path) -> None:
        laptop, desktop = both
        laptop("account", "add", "Acme")
        laptop("sync", "now")
        desktop("account", "add", "Kan Code")
        found = desktop("sync", "status", "-f", "json").json()
        assert (found["where"], found["books"]) == (str(hub), ["book"])
        assert (found["unsent"], found["conflicts"], found["newer"], found["missing"]) == (1,) + (
            0,
        ) * 3
        assert found["last_sync"].endswith("Z")
        assert found["problem"] == ""
        mine, other = found["machines"]
        assert (mine["name"], mine["here"], mine["files"]) == ("desktop", True, 0)
        assert (other["name"], other["rep"], other["series"]) == ("laptop", "Ann", "A")
        assert other["files"] == 1
        page = desktop("sync", "status", "-f", "table").out
        assert "1 change" in page
        assert re.search(r"laptop +Ann +A-0001… +last seen .*1 file to take in", page)
        assert max(len(line) for line in page.splitlines()) <= 80

    def test_without_the_folder_it_says_what_is_known(
        self, both: tuple[Typed, Typed], hub: Path
    ) -> None:
        _, desktop = both
        hub.rename(hub.with_name("away"))
        found = desktop("sync", "status", "-f", "json")
        assert found.code == 0
        assert found.json()["problem"]
        assert {one["files"] for one in found.json()["machines"]} == {None}
        assert "laptop" in {one["name"] for one in found.json()["machines"]}
        assert "!" in desktop("sync", "status").out


class TestAddedToWhatWasDeleted:
    """One machine deletes an account while the other logs a call there."""

    @pytest.fixture
    def told(self, both: tuple[Typed, Typed]) -> tuple[Typed, Typed]:
        laptop, desktop = both
        laptop("account", "add", "Globex")
        laptop("sync", "now")
        desktop("sync", "now")
        desktop("account", "delete", "Globex", "--yes")
        laptop("log", "call", "Globex", "They want a quote")
        for one in (desktop, laptop, desktop):
            assert one("sync", "now").code == 0
        return laptop, desktop

    @pytest.mark.parametrize("taker", [0, 1])
    def test_taking_it_brings_both_back_on_either_machine(
        self, told: tuple[Typed, Typed], taker: int
    ) -> None:
        one = told[taker]
        (found,) = one("sync", "conflicts", "-f", "ids").out.split()
        done = one("sync", "take", found[-8:])
        assert (done.code, done.out.count("\n")) == (0, 1)
        assert done.err.startswith("Brought back interaction They want a quote and account Glob")
        for each in (one, told[1 - taker]):
            assert each("sync", "now").code == 0
            assert "They want a quote" in each("account", "show", "globex").out
            assert each("db", "check", "-f", "json").code == 0

    def test_what_a_conflict_lists_waits_for_nothing(self, told: tuple[Typed, Typed]) -> None:
        for one in told:
            found = one("sync", "status", "-f", "json").json()
            assert (found["conflicts"], found["missing"]) == (1, 0)
            one("sync", "dismiss", *one("sync", "conflicts", "-f", "ids").out.split())
            found = one("sync", "status", "-f", "json").json()
            assert (found["conflicts"], found["missing"]) == (0, 0)


class TestConflicts:
    def test_there_are_none(self, both: tuple[Typed, Typed]) -> None:
        laptop, _ = both
        assert laptop("sync", "conflicts", "-f", "json").json() == []
        assert laptop("sync", "conflicts", "-f", "table").err == "No conflicts.\n"

    def test_the_list_has_the_options_of_every_list(self, both: tuple[Typed, Typed]) -> None:
        laptop, desktop = both
        for name in ("GreenTech Ltd", "Acme", "Globex"):
            laptop("account", "add", name)
        laptop("sync", "now")
        desktop("sync", "now")
        for name in ("GreenTech Ltd", "Acme", "Globex"):
            laptop("account", "edit", name, "--city", "Paris")
            desktop("account", "edit", name, "--city", "Rome")
        laptop("sync", "now")
        desktop("sync", "now")

        def listed(*words: str) -> list[str]:
            return desktop("sync", "conflicts", "--columns", "account", *words).out.split("\n")[:-1]

        assert listed("--sort", "account", "-f", "tsv") == ["Acme", "Globex", "GreenTech Ltd"]
        assert listed("--sort", "-account", "--limit", "1", "-f", "tsv") == ["GreenTech Ltd"]
        page = ("--sort", "kind,-account", "--offset", "1", "--limit", "1", "-f", "tsv")
        assert listed(*page) == ["Globex"]
        assert listed("--sort", "seen_at,account", "-f", "tsv")[0] == "Acme"
        drawn = desktop("sync", "conflicts", "--limit", "1", "-f", "table").out
        assert drawn.count("stands") == 1
        for words, says in (
            (("--sort", "acount"), '--sort: no conflict field "acount". Did you mean account?'),
            (("--sort", "fields"), '--sort: no conflict field "fields".'),
            (("--limit", "-1"), "--limit -1 is negative"),
        ):
            refused = desktop("sync", "conflicts", *words)
            assert refused.code == 2
            assert says in refused.err
        nothing = desktop("sync", "conflicts", "--offset", "3", "-f", "table")
        assert nothing.err == "Nothing left at --offset 3: there are 3 conflicts.\n"

    def test_an_interaction_is_called_so(self, both: tuple[Typed, Typed]) -> None:
        """The column `kind` has the word that --kind takes, as in a search and the history."""
        laptop, desktop = both
        laptop("account", "add", "Globex")
        laptop("log", "call", "Globex", "They want a quote")
        laptop("sync", "now")
        desktop("sync", "now")
        id = laptop("log", "list", "-f", "ids").out.strip()
        laptop("log", "edit", id, "--outcome", "agreed")
        desktop("log", "edit", id, "--outcome", "refused")
        laptop("sync", "now")
        desktop("sync", "now")
        drawn = desktop("sync", "conflicts", "-f", "table").out
        assert drawn.startswith("Globex: interaction They want a quote, outcome")
        [one] = desktop("sync", "conflicts", "-f", "json").json()
        assert one["kind"] == "log"
        done = desktop("sync", "take", one["id"][-8:])
        assert done.err == "Set outcome of interaction They want a quote to agreed again.\n"

    def test_they_say_what_stands_and_what_was_set_aside(self, both: tuple[Typed, Typed]) -> None:
        laptop, desktop = both
        id = clashed(laptop, desktop)
        [one] = desktop("sync", "conflicts", "-f", "json").json()
        assert one["id"].endswith(id)
        assert (one["fields"], one["stands"], one["set_aside"]) == (["city"], "Rome", "Paris")
        assert (one["stands_by"], one["set_aside_by"]) == ("this machine", "Ann, laptop")
        assert (one["account"], one["kind"], one["why"]) == ("GreenTech Ltd", "account", "both")
        [theirs] = laptop("sync", "conflicts", "-f", "json").json()
        assert theirs["id"] == one["id"]
        assert (theirs["stands_by"], theirs["set_aside_by"]) == ("Ben, desktop", "this machine")
        drawn = desktop("sync", "conflicts", "-f", "table").out
        assert drawn.splitlines()[0].startswith("GreenTech Ltd, city")
        assert drawn.splitlines()[0].endswith(id)
        assert "set aside  Paris  Ann, laptop, today" in drawn
        assert desktop("sync", "conflicts", "greentech", "-f", "ids").out.strip() == one["id"]
        desktop("account", "add", "Acme")
        assert desktop("sync", "conflicts", "acme", "-f", "json").json() == []

    def test_an_amount_and_its_currency_are_one(self, both: tuple[Typed, Typed]) -> None:
        laptop, desktop = both
        laptop("deal", "add", "greentech", "Rollout", "--amount", "SGD 5k")
        laptop("sync", "now")
        desktop("sync", "now")
        laptop("deal", "edit", "rollout", "--amount", "EUR 4k")
        desktop("deal", "edit", "rollout", "--amount", "USD 45k")
        laptop("sync", "now")
        desktop("sync", "now")
        [one] = desktop("sync", "conflicts", "-f", "json").json()
        assert (one["fields"], one["stands"], one["set_aside"]) == (
            ["amount"],
            "45,000 USD",
            "4,000 EUR",
        )
        done = desktop("sync", "take", one["id"])
        assert done.err == "Set amount of deal Rollout to 4,000 EUR again.\n"
        desktop("sync", "now")
        laptop("sync", "now")
        shown = laptop("deal", "list", "--columns", "amount,currency")
        assert shown.out == "4000.00\tEUR\n"
        assert laptop("sync", "conflicts", "-f", "json").json() != []  # each dismisses for itself

    def test_taking_is_an_edit_that_travels_and_can_be_undone(
        self, both: tuple[Typed, Typed]
    ) -> None:
        laptop, desktop = both
        id = clashed(laptop, desktop)
        done = desktop("sync", "take", id)
        assert done.code == 0
        assert done.err == "Set city of account GreenTech Ltd to Paris again.\n"
        assert desktop("sync", "conflicts").out == ""
        assert len(desktop("sync", "conflicts", "--all").out.splitlines()) == 1
        desktop("sync", "now")
        laptop("sync", "now")
        assert "Paris" in laptop("account", "show", "greentech").out
        assert desktop("undo").code == 0
        assert "Rome" in desktop("account", "show", "greentech").out
        assert desktop("sync", "take", "nope").code == 3

    def test_dismissing_keeps_what_stands(self, both: tuple[Typed, Typed]) -> None:
        laptop, desktop = both
        id = clashed(laptop, desktop)
        assert desktop("sync", "dismiss", id).err == "Dismissed 1 conflict.\n"
        assert desktop("sync", "conflicts").out == ""
        assert "Rome" in desktop("account", "show", "greentech").out
        listed = laptop("sync", "conflicts", "-f", "ids").out
        assert laptop("sync", "dismiss", "-", input=listed).err == "Dismissed 1 conflict.\n"
        assert laptop("sync", "dismiss", id).err == "Nothing to dismiss: read before.\n"

    def test_what_was_deleted_there_and_edited_here_comes_back_whole(
        self, both: tuple[Typed, Typed]
    ) -> None:
        laptop, desktop = both
        laptop("contact", "add", "Mei Tan", "--account", "greentech")
        laptop("sync", "now")
        desktop("sync", "now")
        desktop("account", "edit", "greentech", "--city", "Rome")
        desktop("log", "note", "greentech", "Call again")
        laptop("account", "delete", "GreenTech Ltd", "--yes")
        laptop("sync", "now")
        desktop("sync", "now")
        assert desktop("account", "list").out == ""
        [one] = [
            row
            for row in desktop("sync", "conflicts", "-f", "json").json()
            if row["kind"] == "account"
        ]
        assert (one["stands"], one["why"], one["fields"]) == ("deleted", "deleted", ["city"])
        assert one["record"] == "GreenTech Ltd"
        done = desktop("sync", "take", one["id"])
        assert done.code == 0, done.err
        assert done.err.startswith("Brought back account GreenTech Ltd (")
        for _ in range(2):
            desktop("sync", "now")
            laptop("sync", "now")
        for machine_ in both:
            shown = machine_("account", "show", "greentech").out
            assert "Rome" in shown
            assert "Mei Tan" in shown
            assert "Call again" in machine_("log", "list").out
            assert machine_("db", "check").code == 0

    def test_changes_of_a_deal_begin_where_the_last_one_ended_though_it_was_brought_back(
        self, both: tuple[Typed, Typed], tmp_path: Path
    ) -> None:
        laptop, desktop = both
        laptop("deal", "add", "greentech", "Rollout", "--close", "2026-12-22")
        laptop("sync", "now")
        desktop("sync", "now")
        desktop("deal", "edit", "rollout", "--close", "2027-01-15")
        books.change(
            tmp_path / "desktop" / "book.db", "UPDATE deal_change SET changed_on = '2026-01-01'"
        )
        laptop("deal", "edit", "rollout", "--close", "2027-02-15")
        for one in (laptop, desktop, laptop):
            one("sync", "now", "--full")
        desktop("deal", "delete", "Rollout", "--yes")
        desktop("sync", "now")
        assert desktop("undo").code == 0
        for one in (desktop, laptop):
            one("sync", "now")
        for name in ("laptop", "desktop"):
            changes = books.dump(tmp_path / name / "book.db")["deal_change"]
            found = [row[-3:-1] for row in sorted(changes, key=lambda row: str(row[6]))]
            assert found == [("2026-12-22", "2027-01-15"), ("2027-01-15", "2027-02-15")]

    def test_completion_offers_their_ids(
        self, both: tuple[Typed, Typed], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        laptop, desktop = both
        id = clashed(laptop, desktop)
        monkeypatch.setenv("ACCTCLI_DB", str(tmp_path / "desktop" / "book.db"))
        for command in ("take", "dismiss"):
            found = completion.candidates(root(), ["sync", command], "")
            assert found == [(id, "account GreenTech Ltd: city")]
        assert completion.candidates(root(), ["sync", "hand-over", "x", "--to"], "") == [
            ("book", "")
        ]


class TestLeaving:
    def test_the_book_stays_and_can_be_shared_anew(
        self, both: tuple[Typed, Typed], hub: Path, tmp_path: Path
    ) -> None:
        laptop, desktop = both
        desktop("account", "add", "Acme")
        assert desktop("sync", "leave").code == 2
        done = desktop("sync", "leave", "--yes")
        assert done.code == 0
        assert "does not share the book any more" in done.err
        assert "never reached" not in done.err
        path = tmp_path / "desktop" / "book.db"
        assert not machine.is_shared(path)
        with closing(sqlite3.connect(path)) as con:
            for table in ("sync_row", "sync_seen", "sync_out", "sync_state", "sync_device"):
                assert con.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
        laptop("sync", "now")
        assert "Acme" in laptop("account", "list").out
        assert desktop("account", "list", "--columns", "name").out == "Acme\nGreenTech Ltd\n"
        assert desktop("sync", "join", hub).code == 0
        laptop("sync", "now")
        for one in both:
            assert one("account", "list", "--columns", "name").out == "Acme\nGreenTech Ltd\n"
            assert one("sync", "conflicts").out == ""

    def test_without_a_last_sync_it_says_what_the_others_never_got(
        self, both: tuple[Typed, Typed], hub: Path
    ) -> None:
        _, desktop = both
        desktop("account", "add", "Acme")
        hub.rename(hub.with_name("away"))
        assert desktop("sync", "leave", "--yes").code in (3, 6)
        done = desktop("sync", "leave", "--yes", "--no-sync")
        assert "1 change made here never reached the others." in done.err


def test_a_conflict_of_a_field_that_only_a_newer_acct_knows(
    both: tuple[Typed, Typed], tmp_path: Path
) -> None:
    _, desktop = both
    path = tmp_path / "desktop" / "book.db"
    green = clashing.id_of(path, "account", "GreenTech Ltd")
    clashing.clash(path, ID, "account", green, {"mood": "fine"}, {"mood": None})
    clashing.clash(path, "b" * 36, "gadget", "g1", {"size": 3}, {"size": 4})
    found = desktop("sync", "conflicts", "-f", "json").json()
    assert {(one["stands"], one["set_aside"]) for one in found} == {
        ("fine", "nothing"),
        ("3", "4"),
    }
    assert desktop("sync", "conflicts", "-f", "table").code == 0
    assert desktop("sync", "take", "bbbb").code == 4


@pytest.mark.parametrize(
    ("carrier", "key", "says"),
    [
        ("/my folder", "", "On another machine: acct sync join '/my folder'"),
        ("/hub", "/b.key", "On another machine: acct sync join /hub --key FILE"),
        ("postgresql://ann:secret@hub/acct", "", "To let a colleague in: acct sync member add"),
    ],
)
def test_the_next_step_of_who_begins_has_no_password(carrier: str, key: str, says: str) -> None:
    this = Machine("0a1b2c3d", "laptop", carrier, ("west",), "west", "west", key=key)
    assert _for_others(this) == says


def test_who_may_only_read_hears_of_no_numbers(
    run: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, kim = (syncing.Machine(run, tmp_path, name, syncing.Clock()) for name in ("ann", "kim"))
    (tmp_path / "shared").mkdir()
    ann("sync", "init", tmp_path / "shared", "--book", "west")
    monkeypatch.setattr(Folder, "books", lambda self: {"west": "read"})
    said = kim("sync", "join", tmp_path / "shared")
    assert "Joined west" in said.err
    assert "New account numbers" not in said.err
