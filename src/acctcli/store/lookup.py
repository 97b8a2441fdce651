"""Find the one record that people mean by what they type.

That may be an id, a unique tail of it, an account number, an address of the record, or a name:
exact first, then a unique start, then a unique part, which is a whole word or the start of one.
Nothing is guessed: no match and several matches are errors that name the candidates.

Commands that destroy a record look it up `whole`: there a part of a name is not enough. The same
command typed twice must fail the second time, and never take the record whose name starts like that
of the deleted one.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence

from acctcli import text
from acctcli.errors import AcctError, Ambiguous, NotFound
from acctcli.frozen import Frozen
from acctcli.model import ADDRESSES, BY_ADDRESS, BY_ALIAS, BY_NUMBER, KINDS, PHONE
from acctcli.store.kinds import KEYED, account_of, finding, found_by, still_to_do

TAIL = 4  # the shortest tail of an id that can be typed
_LEAST_DIGITS = 6  # of a phone number that is found by its last digits


class Found(Frozen):
    """A record that was found: its id, its name, and its account (of an account, itself)."""

    id: str
    name: str
    account_id: str | None


_HEX = frozenset("0123456789abcdef-")
_ID_LENGTH = 36


def find(
    con: sqlite3.Connection,
    kind: str,
    typed: str,
    *,
    account_id: str | None = None,
    advice: str = "",
    whole: bool = False,
    suggest: bool = True,
) -> Found:
    """Return the one record of a kind that `typed` names; with `account_id`, one of that account.

    With `whole`, a name must be complete, apart from case and accents. Raises `NotFound` with
    similar names (unless `suggest` is false, because finding them reads every name) and the advice,
    or `Ambiguous` with the candidates.
    """
    wanted = typed.strip()
    matches = _matches(con, kind, wanted, account_id, whole=whole)
    if len(matches) == 1:
        return _found(con, kind, matches[0])
    if matches:
        raise _ambiguous(con, kind, typed, matches, whole=whole)
    if not suggest:
        raise NotFound(f"no {KINDS[kind].one} {text.quoted(typed)}")
    raise _not_found(con, kind, typed, account_id, advice=advice, whole=whole)


def find_near_account(
    con: sqlite3.Connection, kind: str, typed: str, account_id: str, *, whole: bool = False
) -> Found:
    """Like `find`, but prefer a record of this account to others."""
    if _matches(con, kind, typed.strip(), account_id, whole=whole):
        return find(con, kind, typed, account_id=account_id, whole=whole)
    if kind == "contact" and not whole and not _matches(con, kind, typed.strip(), None):
        (account,) = account_names(con, [account_id]).values()
        of = text.shell_word(account, account_id)
        words = ("acct contact add", text.shell_word(typed), f"--account {of}")
        raise _not_found(con, kind, typed, None, advice=f"New: {' '.join(filter(None, words))}")
    return find(con, kind, typed, whole=whole)


def _matches(
    con: sqlite3.Connection, kind: str, wanted: str, account_id: str | None, *, whole: bool = False
) -> list[str]:
    """Return the ids that `wanted` may mean, from the strongest kind of match that has any.

    With `whole`, from all kinds of match: a record that one of them found is gone after its
    deletion, and the same word must not mean another record then.
    """
    if not wanted:
        return []
    scope = ""
    if account_id is not None and kind != "account":
        scope = " AND account_id = :account"
        if kind == "contact":
            linked = (
                "SELECT contact_id FROM affiliation WHERE account_id = :account AND to_on IS NULL"
            )
            scope = f" AND (account_id = :account OR id IN ({linked}))"

    def ids(sql: str, **named: str) -> list[str]:
        return [row[0] for row in con.execute(sql + scope, {**named, "account": account_id})]

    lowered = wanted.lower()
    if len(wanted) == _ID_LENGTH and set(lowered) <= _HEX:
        exact = ids(f'SELECT id FROM "{kind}" WHERE id = :id', id=lowered)
        if exact or whole:
            return exact
    addressed = []
    owners = found_by(kind, (BY_NUMBER, *ADDRESSES), ":typed")
    if owners:
        own = f'SELECT id FROM "{kind}" WHERE id IN ({owners})'
        address = _address(kind, wanted)
        addressed = ids(own, typed=address)
        if not addressed and kind == "contact" and "linkedin.com/" in lowered:
            from acctcli.values.addresses import linkedin_page  # one that a merge kept

            addressed = ids(own, typed=linkedin_page(address))
        if not whole:
            addressed = addressed or _dialled(con, kind, wanted)
            if addressed:
                return addressed
    tails = []
    if len(wanted) >= TAIL and set(lowered) <= _HEX:
        tails = ids(
            f'SELECT id FROM "{kind}" WHERE substr(id, -{TAIL}) = :end '
            f"AND substr(id, -{len(lowered)}) = :tail",
            end=lowered[-TAIL:],
            tail=lowered,
        )
    key = text.key(wanted)
    if kind not in KEYED or not key:
        return list(dict.fromkeys((*addressed, *tails)))
    rows = f'SELECT id FROM "{kind}" WHERE'
    still_open = still_to_do(kind)
    if whole:
        # An alias does not count: after a merge it is the name of what is gone.
        named = [
            ids(f"{rows} name_key = :key{narrowing}", key=key) for narrowing in (still_open, "")
        ]
        return list(dict.fromkeys((*addressed, *tails, *named[0], *named[1])))
    aliased = list[str]()
    owners = found_by(kind, (BY_ALIAS,), ":alias COLLATE NOCASE")
    if owners:
        aliased = ids(f"{rows} id IN ({owners})", alias=wanted)
    if aliased and kind == "account":
        # `alpha` may mean Alpha GmbH as well as the account that another Alpha was merged into.
        aliased += alike_but_for_form(con, wanted, form=False)
    # Open records are preferred to done ones, however many match.
    for narrowing in dict.fromkeys((still_open, "")):
        exact = ids(f"{rows} name_key = :key{narrowing}", key=key)
        start = "name_key >= :key AND name_key < :key || char(1114111)"
        found = exact or aliased or ids(f"{rows} {start}{narrowing}", key=key)
        if not found:
            parts = f'SELECT id, name_key FROM "{kind}" WHERE instr(name_key, :key){narrowing}'
            candidates = con.execute(parts + scope, {"key": key, "account": account_id})
            found = [id for id, name_key in candidates if text.begins_word(name_key, key)]
        if found:
            return list(dict.fromkeys((*tails, *found)))
    return tails or _spelled_otherwise(con, kind, wanted, scope, {"account": account_id})


def _spelled_otherwise(
    con: sqlite3.Connection, kind: str, typed: str, scope: str, named: dict[str, str | None]
) -> list[str]:
    """Return ids of names that have every word, in any order: `mueller jurg` for Jürg Müller.

    Reads every name there is, so it is used only when nothing else matched.
    """
    ways = [one.split() for one in text.spellings(typed)]
    rows = con.execute(f'SELECT id, {_title(kind)} FROM "{kind}" t WHERE 1{scope}', named)
    found = []
    for id, name in rows:
        there = [word for spelled in text.spellings(name or "") for word in spelled.split()]
        if any(
            all(any(word.startswith(begun) for word in there) for begun in words) for words in ways
        ):
            found.append(id)
    return found


def _dialled(con: sqlite3.Connection, kind: str, typed: str) -> list[str]:
    """Return ids of records with a phone that ends in these digits, without a leading zero."""
    digits = re.sub("[^0-9]", "", typed).lstrip("0")
    if len(digits) < _LEAST_DIGITS or not re.fullmatch(r"[+0-9 ()./-]+", typed):
        return []
    numbers = finding(kind, (BY_ADDRESS,), PHONE)
    if not numbers:
        return []
    return list(dict.fromkeys(id for number, id in con.execute(numbers) if number.endswith(digits)))


def _address(kind: str, typed: str) -> str:
    """Return an address in its stored form; anything else in capitals, like account numbers."""
    if not any(sign in typed for sign in "@+./"):
        return typed.upper()
    from acctcli.values import addresses

    try:
        if "@" in typed:
            return addresses.email(typed)
        if typed.startswith("+"):
            return addresses.phone(typed, None)
        if kind == "contact" and "linkedin.com/" in typed.lower():
            return addresses.linkedin(typed)
        if kind == "contact" and "/" in typed:
            return addresses.profile(typed)
        if "." in typed and " " not in typed:
            return addresses.website(typed)
    except AcctError:
        pass  # it is a name with such a sign in it
    return typed.upper()


def _found(con: sqlite3.Connection, kind: str, id: str) -> Found:
    row = con.execute(
        f'SELECT id, {_title(kind)}, {account_of(kind)} FROM "{kind}" t WHERE id = ?', (id,)
    ).fetchone()
    return Found(*row)


def _title(kind: str) -> str:
    if kind == "purchase":
        return (
            "'the purchase of ' "
            "|| coalesce((SELECT name FROM product WHERE id = t.product_id) || ' by ', '') "
            "|| coalesce((SELECT name FROM account WHERE id = t.account_id), '') "
            "|| coalesce(', ' || purchased_on, '')"
        )
    if kind == "review":
        return (
            "'the review of ' "
            "|| coalesce((SELECT name FROM account WHERE id = t.account_id), '') "
            "|| coalesce(', ' || held_on, '')"
        )
    if kind in ("item", "deal_contact", "affiliation", "plan", "campaign_member"):
        return "id"
    return KINDS[kind].title


def describe(
    con: sqlite3.Connection, kind: str, ids: list[str], *, told_apart: bool = False
) -> list[str]:
    """Describe records for a message: `GreenTech Ltd (A-0001)`, `Mei Tan, GreenTech (3f9a)`.

    With `told_apart`, a task also has its due day, or that it is done, because repeating tasks
    share one name.
    """
    tails = short_ids(con, kind, ids)
    described = []
    numbers: dict[str, int] = {}
    if told_apart and kind == "account":  # books that were apart may have given one number each
        sql = "SELECT number FROM account WHERE id IN (SELECT value FROM json_each(?))"
        for (number,) in con.execute(sql, (json.dumps(ids),)):
            numbers[number] = numbers.get(number, 0) + 1
    for id in ids:
        name = _found(con, kind, id).name
        if kind == "account":
            sql = "SELECT number, archived_at FROM account WHERE id = ?"
            number, archived = con.execute(sql, (id,)).fetchone()
            tails[id] = f"{number}, {tails[id]}" if numbers.get(number, 0) > 1 else number
            name = f"{name}, archived" if archived else name
        elif kind in ("contact", "deal", "task"):
            sql = f'SELECT a.name FROM account a JOIN "{kind}" t ON t.account_id = a.id'
            row = con.execute(f"{sql} WHERE t.id = ?", (id,)).fetchone()
            name = f"{name}, {row[0]}" if row else name
        if told_apart and kind == "task":
            sql = "SELECT CASE WHEN done_at IS NULL THEN due ELSE 'done' END FROM task WHERE id = ?"
            (state,) = con.execute(sql, (id,)).fetchone()
            due = state if state in (None, "done") else f"due {state}"
            name = f"{name}, {due}" if due else name
        described.append(f"{text.safe(name or '')} ({tails[id]})")
    return described


def _ambiguous(
    con: sqlite3.Connection, kind: str, typed: str, ids: list[str], *, whole: bool
) -> Ambiguous:
    named = describe(con, kind, ids[:5], told_apart=True)
    more = f" and {len(ids) - 5} more" if len(ids) > 5 else ""
    if not whole and kind in KEYED:
        # More of an identical name would not help to distinguish them.
        whole = len({text.key(_found(con, kind, id).name or "") for id in ids}) == 1
    write = "Use the id" if whole else "Use more of the name, or the id"
    return Ambiguous(
        f"{text.quoted(typed)} matches "
        f"{text.plural(len(ids), KINDS[kind].one, KINDS[kind].several)}: "
        f"{'; '.join(named)}{more}. {write}",
        candidates=named,
    )


def _not_found(
    con: sqlite3.Connection,
    kind: str,
    typed: str,
    account_id: str | None,
    *,
    advice: str = "",
    whole: bool = False,
) -> NotFound:
    near: list[str] = []
    if whole and kind in KEYED:
        near = describe(con, kind, _matches(con, kind, typed.strip(), account_id)[:3])
    if near:
        advice = "Use the whole name, or the id"
    elif kind in KEYED and typed.strip():
        sql, values = f'SELECT {_title(kind)} FROM "{kind}"', list[str]()
        if account_id is not None and kind != "account":
            sql, values = f"{sql} WHERE account_id = ?", [account_id]
        names = [row[0] for row in con.execute(sql, values)]
        close = text.near(typed, names, limit=3)
        near = [
            named
            for name in dict.fromkeys(close)
            for named in describe(con, kind, _matches(con, kind, name, account_id)[:1])
        ]
    if into := _merged_into(con, kind, typed.strip()):
        raise NotFound(
            f"no {KINDS[kind].one} {text.quoted(typed)}: it was merged into {into[0]}",
            candidates=into,
        )
    hint = text.did_you_mean(near)
    if kind == "account" and not near and typed.strip():
        people = describe(con, "contact", _matches(con, "contact", typed.strip(), None)[:1])
        hint = f" {people[0]} is a contact." if people else ""
    advice = advice or f"All: acct {kind} list"
    return NotFound(f"no {KINDS[kind].one} {text.quoted(typed)}.{hint} {advice}", candidates=near)


def _merged_into(con: sqlite3.Connection, kind: str, typed: str) -> list[str]:
    """Describe what the record with this number or id was merged into; nothing if it was not."""
    if "number" not in KINDS[kind].fields and len(typed) != _ID_LENGTH:
        return []
    sql = (
        "SELECT json_extract(c.after, '$.merged_into') FROM change c "
        "JOIN command k ON k.seq = c.command AND k.undone_by IS NULL "
        "WHERE c.tbl = :kind AND c.op = 'delete' AND c.after IS NOT NULL AND json_valid(c.after) "
        "AND (c.record = :id OR CASE WHEN json_valid(c.before) "
        "THEN json_extract(c.before, '$.number') END = :number) ORDER BY c.seq DESC LIMIT 1"
    )
    sought, passed = typed, set[str]()
    while sought and sought not in passed:
        passed.add(sought)
        row = con.execute(
            sql, {"kind": kind, "id": sought.lower(), "number": sought.upper()}
        ).fetchone()
        sought = str(row[0] or "") if row else ""
        if con.execute(f'SELECT 1 FROM "{kind}" WHERE id = ?', (sought,)).fetchone():
            return describe(con, kind, [sought])
    return []


def short_ids(con: sqlite3.Connection, kind: str, ids: list[str]) -> dict[str, str]:
    """Return for each id its shortest unique tail, of at least four characters."""
    if not ids:
        return {}
    last_four = {id[-TAIL:] for id in ids}
    if len(last_four) <= 500:
        marks = ", ".join("?" * len(last_four))
        sql = f'SELECT id FROM "{kind}" WHERE substr(id, -{TAIL}) IN ({marks})'
        everyone = [r[0] for r in con.execute(sql, list(last_four))]
    else:
        everyone = [r[0] for r in con.execute(f'SELECT id FROM "{kind}"')]
    ordered = sorted(id[::-1] for id in everyone)
    tails = {}
    for place, backwards in enumerate(ordered):
        length = TAIL
        for neighbour in ordered[max(place - 1, 0) : place] + ordered[place + 1 : place + 2]:
            if neighbour.startswith(backwards[:TAIL]):
                length = max(length, _shared(backwards, neighbour) + 1)
        # A tail that starts with a hyphen looks like an option, so take one more digit.
        if backwards[length - 1 : length] == "-":
            length += 1
        tails[backwards[::-1]] = backwards[:length][::-1]
    return {id: tails.get(id, id[-TAIL:]) for id in ids}


def _shared(one: str, other: str) -> int:
    shared = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        shared += 1
    return shared


def handles(con: sqlite3.Connection, ids: Sequence[str]) -> dict[str, str]:
    """Return the best name of each of these accounts for a command line, without quoting.

    The first word of its name if no other account's name starts with it, else its number.
    """
    keys = [row[0] for row in con.execute("SELECT name_key FROM account ORDER BY name_key")]
    rows = con.execute(
        "SELECT id, number, name_key FROM account WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    )
    return {id: _only_word(key, keys) or number for id, number, key in rows}


def _only_word(key: str, keys: Sequence[str]) -> str:
    word = key.partition(" ")[0]
    plain = word.isascii() and word.replace("-", "").isalnum() and word[0].isalpha()
    # Short words soon match other names; hexadecimal words could be an id.
    if not plain or len(word) < TAIL or _HEX.issuperset(word):
        return ""
    from bisect import bisect_left  # lists load this module too, and do not need it

    place = bisect_left(keys, word)
    return "" if any(other.startswith(word) for other in keys[place + 1 : place + 2]) else word


_ENDS = 3
"""Letters at either end of a name by which accounts are looked for that may have it."""


def near_accounts(con: sqlite3.Connection, name: str) -> list[str]:
    """Return accounts that have, or had, this name apart from its legal form and its spaces."""
    from acctcli.values.company_names import joined

    wanted = joined(name)
    letters = "name_key"
    for between in ("' '", "'-'", "'.'", "char(39)"):
        letters = f"replace({letters}, {between}, '')"
    rows = con.execute(
        f"SELECT id, name FROM account WHERE instr({letters}, ?) AND instr({letters}, ?) "
        "UNION ALL SELECT account_id, alias FROM account_alias ORDER BY 1",
        (wanted[:_ENDS], wanted[-_ENDS:]),
    )
    near = dict.fromkeys(id for id, there in rows if joined(there) == wanted)
    return describe(con, "account", list(near)[:3])


def near_products(con: sqlite3.Connection, name: str) -> list[str]:
    """Return other products of this name apart from its spaces and signs: `GTX Pro` is `GTXPro`."""

    def letters(name: str) -> str:
        return "".join(filter(str.isalnum, text.key(name)))

    wanted = letters(name)
    found = con.execute("SELECT name FROM product ORDER BY name").fetchall()
    return [there for (there,) in found if there != name and letters(there) == wanted][:3]


def account_names(con: sqlite3.Connection, ids: Sequence[str]) -> dict[str, str]:
    """Return the names of accounts by id."""
    marks = json.dumps(sorted(set(ids)))
    sql = "SELECT id, name FROM account WHERE id IN (SELECT value FROM json_each(?))"
    return dict(con.execute(sql, (marks,)).fetchall())


def alike_but_for_form(con: sqlite3.Connection, name: str, *, form: bool = True) -> list[str]:
    """Return the accounts whose name is this one but for the legal form, by id.

    Without `form`, none for a name that has one: who types it means that one.
    """
    from acctcli.values.company_names import company_key  # few names are looked up by it

    short = company_key(name)
    if not form and short != text.key(name):
        return []
    begun = "SELECT id, name FROM account WHERE name_key >= :key AND name_key < :key || :last"
    rows = con.execute(f"{begun} ORDER BY id", {"key": short, "last": chr(1114111)})
    return [id for id, called in rows if company_key(called or "") == short]


def namesakes(con: sqlite3.Connection, kind: str, name: str, *, but: str = "") -> list[str]:
    """Describe the first records with exactly this name, for a notice when one more is added."""
    sql = f'SELECT id FROM "{kind}" WHERE name_key = ? AND id <> ? ORDER BY id LIMIT 3'
    return describe(con, kind, [row[0] for row in con.execute(sql, (text.key(name), but))])
