"""Two sellers with a book each, for tests of what goes from one to the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ClassVar

from tests.conftest import TODAY, Program, Result


class Seller:
    """Somebody with a book of their own, who runs commands on it; each one must succeed."""

    minutes = 0  # since the start of the day, of everybody: one command each
    made: ClassVar[dict[object, tuple[bytes, int]]] = {}  # by what made it: a book, and the minute

    def __init__(self, run: Program, folder: Path, name: str) -> None:
        self.run = run
        self.name = name
        self.folder = folder
        self.book = folder / f"{name.lower()}.db"
        self._packs = 0
        Seller.minutes = max(Seller.minutes % (12 * 60), 6 * 60)
        self("db", "init")

    def starts_with(self, fill: Callable[[Seller], None]) -> None:
        """Fill an empty book by commands; from the second time on, with a copy of that book."""
        if fill in self.made:
            book, minutes = self.made[fill]
            Seller.minutes = max(Seller.minutes, minutes)
            self.book.write_bytes(book)
        else:
            fill(self)
            self.made[fill] = self.book.read_bytes(), Seller.minutes

    def __call__(self, *words: str | Path, day: str = "") -> Result:
        """Run a command, on another day than usual if one is given."""
        result = self.tries(*words, day=day)
        assert result.code == 0, (words, result.err)
        return result

    def tries(self, *words: str | Path, day: str = "") -> Result:
        """Run a command that may fail."""
        Seller.minutes += 1
        now = f"{Seller.minutes // 60 % 24:02d}:{Seller.minutes % 60:02d}"
        when = day if " " in day else f"{day or TODAY} {now}"
        env: Mapping[str, str] = {"ACCTCLI_WHO": self.name, "ACCTCLI_TODAY": when}
        return self.run("--db", self.book, *words, env=env)

    def hands_over(
        self, *accounts: str, to: str, more: tuple[str, ...] = (), day: str = ""
    ) -> Path:
        """Hand accounts over with a pack; return its bundle."""
        self._packs += 1
        pack = self.folder / f"{self.name}-{self._packs}"
        words = ("account", "handover", *accounts, "--to", to, "--pack", str(pack), *more)
        self(*words, day=day)
        return pack / "handover.acct"

    def takes(self, bundle: Path, *more: str, day: str = "") -> Result:
        """Take in a bundle, into a new book if there is none yet."""
        return self("import", bundle, "--create", *more, day=day)

    def exports(self, *, but: tuple[str, ...] = ()) -> dict[str, bytes]:
        """Return the files of a whole export by name."""
        self._packs += 1
        target = self.folder / f"{self.name}-export-{self._packs}"
        self("export", "--all", target)
        return {path.name: path.read_bytes() for path in target.iterdir() if path.name not in but}
