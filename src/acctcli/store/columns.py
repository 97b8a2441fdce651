"""The SQL of a field: a column, the name of another record, a list, or a computed value.

Reading (`queries`) and filtering (`filters`) both use these expressions, always over the record's
table under the alias `t`.
"""

from __future__ import annotations

from acctcli import model
from acctcli.model import KINDS, Field
from acctcli.values.dates import FIRST_DAY

TWO_WAY = (
    f"(attempt = 0 AND (kind IN ({', '.join(repr(k) for k in model.TWO_WAY_KINDS)}) "
    "OR (direction = 'in' AND kind IN ('email', 'social'))))"
)
"""Condition on `log` for a real two-way touch; see docs/how-scores-work.md."""

TAKES_SIDES = "({person}.stance IS NOT NULL OR {link}.role IN ('champion', 'blocker'))"
"""Condition on people and where they work: it is known whose side they are on, or may be."""

MOVED_ON = (
    "nullif(max(coalesce(t.opened_on, ''), "
    "coalesce((SELECT max(changed_on) FROM deal_change WHERE deal_id = t.id), ''), "
    "coalesce((SELECT date(max(at), 'localtime') FROM log WHERE deal_id = t.id), '')), '')"
)
"""The last day on which a deal was opened, changed or talked about; NULL if none is known."""

MOVED_BEFORE_CLOSING = (
    "nullif(max(coalesce(t.opened_on, ''), coalesce((SELECT max(changed_on) FROM deal_change "
    "WHERE deal_id = t.id AND changed_on < t.closed_on), ''), "
    "coalesce((SELECT max(date(at, 'localtime')) FROM log WHERE deal_id = t.id "
    "AND date(at, 'localtime') < t.closed_on), '')), '')"
)
"""The same day as it was known before a closed deal closed."""

PUSHES = (
    "(SELECT count(*) FROM deal_change WHERE deal_id = t.id AND field = 'close_date' AND new > old)"
)
"""How often a deal's close date was moved to a later day."""


def won(deal: str) -> str:
    """Return the condition that a deal, by the alias of its table, was won."""
    return f"({deal}.closed_on IS NOT NULL AND {deal}.category IS 'closed')"


WON = won("d")
"""Condition on a deal d: it was won. `domain.pipeline.outcome` says the same of a row."""

UNRECORDED = f"({WON} AND NOT EXISTS (SELECT 1 FROM purchase WHERE deal_id = d.id))"
"""Condition on a deal d: it was won and no purchase points to it, so it counts as a sale itself."""


ONE_OFF = "(ends_on IS NULL OR coalesce(recurring, 'none') = 'none')"
"""Condition on a purchase: it is no recurring contract."""


def sold(where: str = "1", purchases: str = "1") -> str:
    """Return the SQL of all that was sold, as columns of `purchase`: also won deals without one.

    `where` narrows both parts down by a column that both have, such as `account_id`: SQLite does
    not do that by itself for every condition. `purchases` is about purchases alone.
    """
    return (
        "(SELECT account_id, amount, currency, purchased_on FROM purchase "
        f"WHERE {where} AND {purchases} UNION ALL "
        "SELECT account_id, amount, currency, closed_on FROM deal d "
        f"WHERE {where} AND {UNRECORDED})"
    )


def one_off_orders(where: str = "1") -> str:
    """Return the SQL of what was ordered once: purchases without a term, won deals without one.

    Columns are `account_id`, `deal_id`, `day`, `amount` and `currency`; what was paid back is left
    out.
    """
    return (
        "(SELECT account_id, deal_id, purchased_on AS day, amount, currency FROM purchase "
        f"WHERE {where} AND ends_on IS NULL AND +renews_id IS NULL "
        "AND coalesce(recurring, 'none') = 'none' "
        f"AND purchased_on > '{FIRST_DAY}' AND coalesce(amount, 1) > 0 UNION ALL "
        "SELECT account_id, id, closed_on, amount, currency FROM deal d "
        f"WHERE {where} AND {UNRECORDED} "
        f"AND closed_on > '{FIRST_DAY}' AND coalesce(amount, 1) > 0)"
    )


def summed(minor_units: str) -> str:
    """Return the SQL of a sum of amounts. Unlike sum(), it does not fail on large amounts.

    Exact up to 2^53; beyond that to 15 digits, and at most the largest amount.
    """
    return f"CAST(round(total({minor_units})) AS INTEGER)"


OPEN_TICKET = "t.kind = 'ticket' AND t.resolved_at IS NULL"

DERIVED = {
    ("account", "last_touch"): f"(SELECT max(at) FROM log WHERE account_id = t.id AND {TWO_WAY})",
    ("account", "next_step"): (
        "(SELECT min(due) FROM task WHERE account_id = t.id AND done_at IS NULL)"
    ),
    ("contact", "last_touch"): (
        "(SELECT max(l.at) FROM log_contact c JOIN log l ON l.id = c.log_id "
        f"WHERE c.contact_id = t.id AND {TWO_WAY})"
    ),
    ("deal", "next_step"): "(SELECT min(due) FROM task WHERE deal_id = t.id AND done_at IS NULL)",
    ("deal", "closes"): "coalesce(t.closed_on, t.close_date)",
    ("campaign", "members"): ("(SELECT count(*) FROM campaign_member WHERE campaign_id = t.id)"),
    ("log", "opened"): f"(CASE WHEN {OPEN_TICKET} THEN t.at END)",
    # Ours, until something of ours reached them; and again once they have written since.
    ("log", "answer_by"): (
        f"(CASE WHEN {OPEN_TICKET} THEN coalesce((SELECT CASE "
        "WHEN l.kind IN ('email', 'social') AND l.direction = 'in' THEN 'us' ELSE 'them' END "
        "FROM log l WHERE l.account_id = t.account_id AND l.attempt = 0 "
        "AND (l.at > t.at OR (l.at = t.at AND l.id > t.id)) "
        "AND l.kind IN ('email', 'social', 'call', 'meeting', 'demo') "
        "ORDER BY l.at DESC, l.id DESC LIMIT 1), 'us') END)"
    ),
}
"""Fields that are computed and not stored: (kind, field) → SQL expression."""


FIGURES = (model.INTEGER, model.PERCENT, model.SHARE, model.FLAG, model.NUMBER)
"""Types whose values are numbers."""


def custom_text(field: Field, condition: str = "1") -> str:
    """Return the SQL of a custom value; all of them are stored as text."""
    return (
        f"(SELECT value FROM custom WHERE record_id = t.id AND field = '{field.name}' "
        f"AND {condition})"
    )


def expression(kind: str, field: Field) -> str:
    """Return the SQL of a field with one value; for a reference, the name of the other record.

    A text that is no value of the field's type reads as NULL.
    """
    if field.custom and field.type in FIGURES:
        return custom_text(field, "value GLOB '*[0-9]*' AND value NOT GLOB '*[^0-9.e+-]*'")
    if field.custom and field.type == model.DAY:
        return custom_text(field, "value IS date(value, '+0 days')")
    if field.custom:
        return custom_text(field)
    if field.derived:
        return DERIVED[kind, field.name]
    if field.type == model.REF:
        return (
            f'(SELECT {_title(field.target)} FROM "{field.target}" n WHERE id = t."{field.column}")'
        )
    return f't."{field.name}"'


def _title(kind: str) -> str:
    """The SQL of what a record n is called by; a purchase by its product, else its day."""
    declared = KINDS[kind]
    title = declared.fields[declared.title]
    if title.type != model.REF:
        return f'n."{title.name}"'
    name = f'SELECT {KINDS[title.target].title} FROM "{title.target}" WHERE id = n."{title.column}"'
    return f'coalesce(({name}), n."{declared.beside[0]}")'


def list_expression(kind: str, field: Field, what: str, condition: str = "1") -> str:
    """Return a subquery over the rows `r` of a list (for references, the records `x`), in order."""
    assert field.rows
    table, column = field.rows
    joined = ""
    if field.type == model.REF:
        joined = f' JOIN "{field.target}" x ON x.id = r."{column}"'
    order = "r.id" if field.derived else "r.position, r.id"
    return (
        f'SELECT {what} FROM "{table}" r{joined} '
        f'WHERE r."{kind}_id" = t.id AND {condition} ORDER BY {order}'
    )
