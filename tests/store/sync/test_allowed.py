from __future__ import annotations

import json
import random
import zlib
from pathlib import Path
from typing import Any

import pytest
from tests.store.sync.pairing import Paired, settle

from acctcli.errors import AcctError, StorageError
from acctcli.store.sync import allowed

Two = tuple[Paired, Paired]
DEVICE = "0000000a"
SOUND = ["account", "x", 7, DEVICE, {"city": "Rome", "@": 1}, {"*": []}, 3]


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (0, 'account"; DROP TABLE account; --'),
        (0, None),
        (0, "Account"),
        (1, 7),
        (1, ""),
        (1, "x" * 101),
        (1, "a\0b"),
        (2, -1),
        (2, 10**18),
        (2, 1.5),
        (2, True),
        (3, "laptop"),
        (3, "../../aa"),
        (4, []),
        (4, {'city" = 1 --': "x"}),
        (4, {"city": ["x"]}),
        (4, {"city": {"a": 1}}),
        (4, {"employees": 2**63}),
        (4, {"employees": True}),
        (4, {"@": 2}),
        (4, {"@": "1"}),
        (4, {"@into": 5}),
        (4, {"@secret": 1}),
        (5, []),
        (5, {"city": "x"}),
        (5, {"city": [1]}),
        (5, {"city": [1, 2]}),
        (5, {"b c": [1, DEVICE]}),
        (6, "3"),
        (6, 3.5),
    ],
)
def test_what_no_machine_writes_is_refused(place: int, value: Any) -> None:
    assert list(allowed.change(SOUND)) == SOUND
    with pytest.raises((ValueError, TypeError), match=r"change|argument|object"):
        allowed.change([value if n == place else one for n, one in enumerate(SOUND)])


def test_heads_of_files_are_checked() -> None:
    assert allowed.numbers({DEVICE: 3}) == {DEVICE: 3}
    strange: list[Any] = [[], {"x": 1}, {DEVICE: -1}, {DEVICE: "1"}, {DEVICE: 10**9}]
    for wrong in strange:
        with pytest.raises(ValueError, match=r"no (numbers|object)"):
            allowed.numbers(wrong)
    assert allowed.moment("2026-11-22T06:00:00.123Z") == "2026-11-22T06:00:00.123Z"
    with pytest.raises(ValueError, match="no moment"):
        allowed.moment("tomorrow\x1b[31m")
    assert allowed.words("K\udcffim") == "K\\udcffim"


STRANGE: list[Any] = [
    None, True, -1, 0, 1, 2**63, 1e300, "", "x", "\udcff", "\x1b[2J", [], {}, "a" * 3000,
    "2026-99-99", DEVICE, {"@": 0}, [1, DEVICE], "setting", "hooks.after_log",
]  # fmt: skip
"""Values in places where no machine writes them."""

PLAIN: list[Any] = [
    None, -1, 0, 1, 2**62, 1e300, "", "x", "\udcff", "\x1b[2J", "a" * 3000, "2026-99-99", "deal",
]  # fmt: skip
"""Values that a cell may have, and hardly any column."""


def mutated(chance: random.Random, blob: bytes) -> bytes:
    """Return a file in which a few values are others, anywhere."""

    def change(node: Any) -> Any:
        if chance.random() < 0.02:
            return chance.choice(STRANGE)
        if isinstance(node, dict):
            return {
                (k if chance.random() > 0.02 else str(chance.choice(STRANGE))): change(v)
                for k, v in node.items()
            }
        return [change(one) for one in node] if isinstance(node, list) else node

    data = json.loads(zlib.decompress(blob))
    made = {k: change(v) for k, v in data.items()} | {"format": 1}
    return zlib.compress(json.dumps(made).encode())


def twisted(chance: random.Random, blob: bytes, others: list[str]) -> bytes:
    """Return a file that says what it may, but nothing that makes sense."""
    data = json.loads(zlib.decompress(blob))
    data["seen"] = {}
    data.pop("covers", None)
    for one in data["ops"]:
        if chance.random() < 0.3:
            one[1] = chance.choice([*others, f"{chance.random()}"])
        if chance.random() < 0.2:
            one[0] = chance.choice(["account", "deal", "setting", "tag", "later_table", "custom"])
        one[2] += chance.choice([0, 0, 1, 10**9, -(10**9)])
        for column in list(one[4]):
            if chance.random() < 0.3 and not column.startswith("@"):
                one[4][column] = chance.choice([*PLAIN, *others])
        if chance.random() < 0.3:
            one[4]["@"] = chance.choice([0, 1])
        if chance.random() < 0.3:
            one[4]["@into"] = chance.choice(others)
        if chance.random() < 0.1:
            one[4]["@book"] = chance.choice(["book", "nowhere"])
    return zlib.compress(json.dumps(data).encode())


def refusal(machine: Paired) -> str:
    """Sync; return the sentence of an error, if there was one of ours."""
    try:
        machine.sync()
    except AcctError as error:
        return error.message
    return ""


@pytest.mark.parametrize("seed", range(6))
def test_a_mutated_file_ends_in_a_sentence_or_a_sound_book(
    two: Two, tmp_path: Path, seed: int
) -> None:
    ann, ben = two
    ann("account", "add", "Acme", "--city", "Rome")
    ann("contact", "add", "Pat", "--account", "Acme", "--email", "pat@acme.com")
    ann("deal", "add", "Acme", "Licence", "--amount", "1000")
    ann("task", "add", "Acme", "call", "--due", "2026-12-01")
    settle(*two)
    ann("account", "edit", "Acme", "--city", "Oslo")
    ann("contact", "edit", "Pat", "--title", "Buyer")
    ann("deal", "move", "Licence", "proposal")
    ann.sync()
    blobs = [blob for _, _, blob in ann.carrier.fetch("book", {})]
    chance = random.Random(seed)
    others = [id for (id,) in ben.rows("SELECT id FROM sync_row")]
    for n in range(12):
        device = f"{0xAAAA0000 + n:08x}"
        ann.carrier.register("book", device, "evil \x1b[31m")
        blob = chance.choice(blobs)
        sound = n % 2 == 0
        made = twisted(chance, blob, others) if sound else mutated(chance, blob)
        ann.carrier.put("book", device, 1, made)
        refused = refusal(ben)
        assert not sound or not refused or "file 1 of" in refused
        assert refused == "" or "is not a file of changes" in refused
    for words in (("account", "list"), ("today",), ("deal", "list"), ("history",)):
        said = ben(*words)
        assert "\x1b" not in said
    ben("account", "add", "Still works")
    problems = ben.rows("PRAGMA integrity_check") + ben.rows("PRAGMA foreign_key_check")
    assert problems == [("ok",)]


def test_a_file_that_cannot_be_read_names_its_machine(two: Two) -> None:
    ann, ben = two
    ann.carrier.put("book", ann.me.device, 1, zlib.compress(b'{"format":1,"ops":NaN}'))
    left = ben.sync().left
    assert isinstance(left, StorageError)
    assert f"file 1 of {ann.me.device} in " in left.message
    assert "is not a file of changes" in left.message
