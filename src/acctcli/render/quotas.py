"""Quotas in sentences, the same everywhere: what is closed, and what it would take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from acctcli import text
from acctcli.render import theme

if TYPE_CHECKING:
    from acctcli.shapes.forecast import AttainmentJson, CreationJson, QuotaJson, ReachJson


def refused(currency: str, without_rate: Sequence[str], base: str | None = None) -> str:
    """Return why there is nothing about a quota, and the command that changes that.

    `base` is the base currency of the rates: it must first be that of the quota.
    """
    missing = text.sentence_list(without_rate, len(without_rate))
    key = f"rates.{without_rate[0]}" if base == currency else f"rates.base {currency}"
    return f"No attainment of a quota in {currency} without a rate for {missing}: " + (
        f"acct config set {key}"
    )


def opening(quota: QuotaJson | None, label: str) -> list[str]:
    """Return the first sentences of a forecast: the chance of reaching the quota."""
    if quota is None or not quota["attainment"] or quota["reach"] is None:
        return []
    line, reach, currency = quota["attainment"][0], quota["reach"], quota["currency"]
    whose = f"{line['owner']}'s quota" if line["owner"] else "the quota"
    aim = f"{whose} of {theme.amount(line['quota'], currency)} in {label}"
    if theme.minor(line["gap"]) <= 0:
        over = theme.amount(line["gap"].lstrip("-"), currency, code=False)
        more = f", {over} over" if line["gap"].startswith("-") else ""
        return [f"Reached {aim}: {_closed(line, currency)}{more}."]
    gap = theme.amount(line["gap"], currency, code=False)
    deals = reach["gap_deals"]
    size = f", {text.plural(deals, 'deal')} of the usual size" if deals else ""
    chance = "No open deal closes in the period to reach"
    if reach["chance"] is not None:
        chance = f"{_chance(reach['chance'])} chance to reach"
    said = [f"{chance} {aim}: {_closed(line, currency)}, {gap} to go{size}."]
    return [*said, _cover(reach, currency)]


def _chance(percent: float) -> str:
    """Return `62 %`; 0 and 100 are shown as nearly so."""
    if 0 < percent < 1:
        return "Below 1 %"
    return "Above 99 %" if 99 < percent < 100 else f"{percent:.0f} %"


def _closed(line: AttainmentJson, currency: str) -> str:
    deals = f" in {text.plural(line['deals'], 'deal')}" if line["deals"] else ""
    share = "" if line["share"] is None else f" ({line['share']:.0f} %)"
    return f"{theme.amount(line['closed'], currency, code=False)} closed{deals}{share}"


def _cover(reach: ReachJson, currency: str) -> str:
    """Return how far the open deals cover the gap, and what has to be created besides."""
    weighted = theme.estimate(reach["weighted_open"], currency, code=False)
    coverage = 0 if reach["coverage"] is None else reach["coverage"]
    said = f"Open deals cover {coverage:.1f} times the gap: {weighted} weighted."
    if reach["to_create"] is None or not theme.minor(reach["to_create"]):
        return said
    create = theme.estimate(reach["to_create"], currency)
    return f"{said} Still to create, at the usual win rate: {create}."


def notes(quota: QuotaJson | None) -> list[str]:
    """Return what is closed of each quota, one line per owner, and the pipeline created.

    Without the one that the `opening` is about.
    """
    if quota is None:
        return []
    currency, found = quota["currency"], []
    if quota["without_rate"]:
        return [refused(currency, quota["without_rate"], quota["base"])]
    for line in quota["attainment"][1 if quota["reach"] else 0 :]:
        whose = f"Quota of {line['owner']}" if line["owner"] else "Quota"
        gap = theme.amount(line["gap"].lstrip("-"), currency, code=False)
        rest = f"{gap} over" if line["gap"].startswith("-") else f"{gap} to go"
        aim = theme.amount(line["quota"], currency)
        found.append(f"{whose} {aim}: {_closed(line, currency)}, {rest}")
    return [*found, *_created(quota["creation"], currency)]


def _created(found: CreationJson | None, currency: str) -> list[str]:
    if found is None:
        return []
    created = theme.amount(found["created"], currency)
    deals = text.plural(found["opened"], "deal")
    said = f"New in the last {text.plural(found['days'], 'day')}: {created} in {deals}"
    if found["needed"] is None:
        return [said]
    return [f"{said}; {needs(found, currency)}"]


def needs(found: CreationJson, currency: str) -> str:
    """`the quota needs 26,087 USD in as many days, 9 deals of the usual size and win rate`."""
    needed = theme.estimate(found["needed"], currency)
    deals = found["needed_deals"]
    size = f"{text.plural(deals, 'deal')} of the usual size and" if deals else "at the usual"
    return f"the quota needs {needed} in as many days, {size} win rate"
