"""The board and the forecast of deals as documents."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from acctcli.render import deal_forecast, quotas, theme
from acctcli.render.html import document

if TYPE_CHECKING:
    from acctcli.shapes.deal import BoardPage
    from acctcli.shapes.forecast import ForecastPage


def board(data: BoardPage, today: date) -> str:
    """Return the deals by stage."""
    return document.made("board.html", data, today, "Deals by stage", "Deal board")


def forecast(data: ForecastPage, today: date) -> str:
    """Return what a period will bring, with the same sentences as on a terminal."""
    label = data["period"]["label"] if data["period"] else "All deals"
    return document.made(
        "forecast.html",
        data,
        today,
        label,
        "Forecast",
        opening=quotas.opening(data["quota"], label),
        notes=deal_forecast.notes(data),
        bars={total["currency"]: _bars(data, total["currency"]) for total in data["totals"]},
        likely={one["currency"]: one for one in data["likely"]},
        outcomes={one["currency"]: deal_forecast.outcomes(one) for one in data["likely"]},
        business=deal_forecast.BUSINESS,
        estimate=theme.estimate,
    )


def _bars(data: ForecastPage, currency: str) -> list[tuple[str, int, str]]:
    """Return the categories of a currency: name, minor units, and the amount as it is written."""
    amounts = {
        line["category"]: line["amount"]
        for line in data["categories"]
        if line["currency"] == currency
    }
    return [
        (said, theme.minor(amounts[name]), theme.amount(amounts[name], currency, code=False))
        if name in amounts
        else (said, 0, "0")
        for name, said in deal_forecast.LINES
    ]
