"""The score of accounts, read from the sample book and judged."""

from __future__ import annotations

from acctcli.book import score
from acctcli.book.context import Context
from acctcli.store import queries


def test_one_account_is_ranked_among_all(sample: Context) -> None:
    with sample.read() as con:
        every = score.several(sample, con, [queries.NOT_ARCHIVED])
        for scored in every[:5]:
            assert score.one(sample, con, scored.account["id"]).score == scored.score


def test_the_list_has_the_best_first(sample: Context) -> None:
    with sample.read() as con:
        found = score.several(sample, con, [queries.NOT_ARCHIVED])
        rows = score.rows(found, 40)
    little = {one.account["id"] for one in found if one.score.share < 0.4}
    known = [row["id"] not in little for row in rows]
    assert known == sorted(known, reverse=True)  # those of which too little is known come last
    for part in (rows[: sum(known)], rows[sum(known) :]):
        scores = [row["score"] for row in part if row["score"] is not None]
        assert scores == sorted(scores, reverse=True)
    assert 0 < len(little) < len(rows)
    assert all(row.keys() == {"id", "account_id", *score.FIELDS} for row in rows)


def test_the_page_and_the_fit_agree(sample: Context) -> None:
    with sample.read() as con:
        id = sample.find(con, "account", "greentech ltd").id
        page = score.page(score.one(sample, con, id))
        fit = score.fit(sample, con, id)
    assert page["fit"] == fit.score
    assert [part["code"] for part in page["parts"]] == ["fit", "value", "engagement"]
    assert page["known"] <= page["inputs"]
