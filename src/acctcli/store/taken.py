"""What came of a bundle: counts, and everything that is not as in the other book."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from acctcli.frozen import Frozen
from acctcli.model import Row

if TYPE_CHECKING:
    from acctcli.store.numbers import Renumbered


class Clash(Frozen):
    """Cells that both books changed, neither knowing of the other: what was here, and theirs.

    `columns` are the cells, `here` and `theirs` the rows as they were. `took` says whether theirs
    stands now. With no column, the record was deleted in one book and changed in the other.
    """

    kind: str
    id: str
    name: str
    columns: tuple[str, ...]
    here: Row
    theirs: Row
    took: bool


class Unlinked(Frozen):
    """A reference to a record that is not in this book: it stays empty here."""

    kind: str
    id: str
    name: str
    column: str


class TakenBundle:
    """What came of a bundle: records by kind, and everything that is not as in the other book."""

    def __init__(self) -> None:
        self.new: Counter[str] = Counter()
        self.changed: Counter[str] = Counter()
        self.deleted: Counter[str] = Counter()
        self.stays_deleted: Counter[str] = Counter()
        self.left_out: Counter[str] = Counter()
        self.erased = 0
        self.clashes: list[Clash] = []
        self.kept: list[tuple[str, str]] = []
        self.elsewhere: list[tuple[str, str]] = []
        self.renumbered: list[Renumbered] = []
        self.unlinked: list[Unlinked] = []
        self.stepped_back: list[str] = []
        self.accounts: list[str] = []
        self.added: list[str] = []  # those of the accounts that were not here before
        self.commands = 0

    @property
    def changes(self) -> bool:
        """Whether anything in the book changed."""
        return bool(self.new or self.changed or self.deleted or self.commands)
