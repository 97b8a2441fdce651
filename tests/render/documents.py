"""The commands that write HTML documents, and what tests need to know about each."""

from __future__ import annotations

from typing import NamedTuple


class Document(NamedTuple):
    """A command for the sample book, and what its document may have and may lack."""

    words: tuple[str, ...]
    sheets: int  # of A4, at most
    not_said: frozenset[str] = frozenset()  # parts of the data, as `key` or `above.key`

    @property
    def of_account(self) -> bool:
        """Whether it is about one account, whose name is its title."""
        return self.words[-1] == "greentech"


DOCUMENTS = {
    "today": Document(
        ("today",), 2, frozenset({"account_id", "due", "command", "kind", "explain", "score"})
    ),
    "board": Document(
        ("deal", "board"),
        4,
        frozenset(
            {
                *("label", "stage", "category", "product", "owner", "source", "competitor"),
                "campaign",
                *("tags", "links", "close_date", "opened_on", "amount"),
            }
        ),
    ),
    # Shares and amounts are rounded in sentences, and only the win rates that were used are said.
    "forecast": Document(
        ("deal", "forecast"),
        3,
        frozenset(
            {
                *("label", "business", "win_rates", "learning", "looking_back", "likely", "reach"),
                *(
                    "attainment",
                    "creation",
                    "converted",
                    "past_deals.account",
                    "past_deals.close_date",
                ),
            }
        ),
    ),
    "account": Document(
        ("account", "show", "greentech"),
        5,
        frozenset({"purchases.since", "reasons.text", "objectives.due"}),
    ),
    "brief": Document(
        ("review", "brief", "greentech"),
        2,
        # How strong a relationship was is said by what became of it: cooling or not.
        frozenset(
            {
                "purchases.since",
                "reasons",
                "trend",
                "next_review",
                "objectives.due",
                "strength.before",
            }
        ),
    ),
    "week": Document(
        ("report", "week"),
        3,
        frozenset(
            {
                "label",
                "start",
                "until",
                "at_risk.due",
                "accounts.tier",
                "accounts.source",
                "contacts.title",
            }
        ),
    ),
    "pipeline": Document(("report", "pipeline"), 2, frozenset({"as_of"})),
    "activity": Document(("report", "activity"), 2, frozenset({"label"})),
    # Customers stand below their standing: Lost, Won back, New.
    "retention": Document(("report", "retention"), 5, frozenset({"month", "customers.standing"})),
    "whitespace": Document(("report", "whitespace"), 3),
    "performance": Document(("report", "performance"), 4, frozenset({"label"})),
    "sources": Document(("report", "sources"), 3),
    "renewals": Document(("report", "renewals"), 3, frozenset({"contracts.quarter"})),
    "winloss": Document(
        ("report", "winloss"), 5, frozenset({"groups.by", "groups.parts", "currency"})
    ),
    "quality": Document(("report", "quality"), 2, frozenset({"accounts.number", "accounts.tier"})),
}
