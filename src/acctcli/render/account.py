"""The page of an account, made to be read in thirty seconds before a call.

Drawn from the JSON of the page and nothing else. The most urgent comes first: who they are, how the
relationship is, what is next, what was said last. A line is never longer than the terminal: the
least important part is clipped. A wide terminal gets the timeline beside the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from acctcli import text
from acctcli.render import (
    account_bought,
    charts,
    columns,
    figures,
    groups,
    parts,
    plan,
    theme,
    timeline,
)
from acctcli.render.health import says
from acctcli.render.hints import Hint
from acctcli.render.theme import View
from acctcli.values import dates
from acctcli.values.fields import known

if TYPE_CHECKING:
    from acctcli.shapes.account import (
        AccountDealJson,
        AccountPage,
    )
    from acctcli.shapes.people import AccountContactJson
    from acctcli.shapes.records import ReviewJson, TaskJson

WIDE = 140
"""From this many columns on, the timeline is beside the rest."""

LEFT, BETWEEN = 100, 4
"""The widest that the rest may then be, and the blanks before the timeline."""

SHOWN_ENTRIES = 6
"""Timeline entries below the rest; beside it, as many as fit."""

SOON_DAYS = 14
"""A deal that closes within this many days gets the number of days."""

SHOWN_REVIEWS = 6
"""Past reviews in the sparkline before today's health."""

STANCES = {"champion": "good", "supporter": "good", "skeptic": "risk", "opponent": "overdue"}


def draw(data: AccountPage, view: View) -> RenderableType:
    """Draw an account: who they are, health, people, deals, purchases, promises, timeline."""
    if view.width < WIDE:
        body = [*_parts(data, view), *_timeline(data, view, SHOWN_ENTRIES)]
        return Group(*_head(data, view), *body)
    left = view.replace(width=min(view.width // 2, LEFT))
    main = list(_parts(data, left))
    lines = theme.console(left).render_lines(Group(*main), pad=False)
    taken = max((sum(part.cell_length for part in line) for line in lines), default=0)
    right = view.replace(width=view.width - taken - BETWEEN)
    lately = list(_timeline(data, right, max(len(lines) - 2, SHOWN_ENTRIES)))
    beside = Table.grid(padding=(0, BETWEEN, 0, 0))
    beside.add_column(width=taken)
    beside.add_column(width=right.width)
    beside.add_row(Group(*main), Group(*lately))
    return Group(*_head(data, view), beside)


# Who they are, how it stands


def _head(data: AccountPage, view: View) -> Iterator[RenderableType]:
    marks = (data["kind"] == "individual", "individual"), (data["archived_at"], "archived")
    standing = [data["number"], data["tier"], data["status"], *(says for so, says in marks if so)]
    yield parts.heading(data["name"], parts.dotted(standing), view)
    town = " ".join(part for part in (data["postal_code"], data["city"]) if part)
    where = (data["street"], town, data["region"], theme.country(data["country"]))
    place = dict.fromkeys(filter(None, where))
    people = theme.headcount(data["employees"])
    revenue = theme.short_amount(data["annual_revenue"], data["currency"])
    who = [data["industry"], ", ".join(place), data["website"], *data["other_websites"]]
    who += [*map(theme.phone, (data["phone"], *data["other_phones"])), people]
    who.append(f"{revenue} a year" if revenue else "")
    who.append(f"owner: {data['owner']}" if data["owner"] else "")
    who.append(f"source: {data['source']}" if data["source"] else "")
    if (own := data["cadence_days"]) is not None:
        who.append(f"cadence: {text.plural(own, 'day')}")
    yield from _flowing(who, view)
    more = [f"part of {data['parent']}"] if data["parent"] else []
    more += [f"also {alias}" for alias in data["aliases"]]
    more += [f"#{tag}" for tag in data["tags"]]
    more += data["links"]
    more += [
        label if value is True else f"{label}: {value}"
        for label, value in custom(data)
        if value not in (None, "", [], False)
    ]
    yield from _flowing(more, view, "quiet")
    if data["description"]:
        yield from _first_lines(theme.paragraph(data["description"], "quiet"), 3, view)
    yield Text("")
    yield from _standing(data, view)


def _flowing(items: Sequence[str | None], view: View, style: str = "") -> Iterator[Text]:
    """Yield the parts with dots between, with line breaks only between parts."""
    line = ""
    for item in filter(None, items):
        longer = parts.dotted((line, item))
        if line and theme.cell(longer).cell_len > view.width:
            yield theme.cell(line, style)
            longer = item
        line = longer
    if line:
        yield theme.cell(line, style)


def _first_lines(text: Text, count: int, view: View) -> Iterator[Text]:
    """Yield a text in at most `count` lines; the last one shows that there is more."""
    lines = text.wrap(theme.console(view), view.width)
    for place, line in enumerate(lines[:count]):
        more = place == count - 1 and len(lines) > count
        yield columns.clipped(line + Text(theme.MORE, "quiet"), view.width) if more else line


def custom(data: AccountPage) -> list[tuple[str, Any]]:
    """Return label and value of the account's custom fields."""
    shown = ("health", "cadence", "contacts", "gaps", "deals", "purchases", "renewals", "promises")
    return parts.custom(
        data,
        "account",
        (
            *shown,
            "kept",
            "tickets",
            "plan",
            "reviews",
            "children",
            "group",
            "timeline",
            "timeline_count",
        ),
    )


def _standing(data: AccountPage, view: View) -> Iterator[RenderableType]:
    """Yield health with its strongest reasons, the next step, the last touch and review."""
    yield columns.line("Health", _health(data), view)
    yield columns.line("Next", _next(data, view), view)
    yield from _last(data, view)
    if data["reviews"]:
        yield columns.line("Review", _review(data["reviews"][0], view), view)
    snoozed = known(data["snoozed_until"])
    if snoozed and snoozed > dates.iso(view.today):
        until = theme.day(snoozed, view.today)
        yield columns.line("Snoozed", theme.cell(f"until {until}"), view)


def _health(data: AccountPage) -> Text:
    """`58 amber ▂▄▆▅▃  ↓ no contact for 19 days  ↓ one supporter only`."""
    health = data["health"]
    if health["score"] is None:
        return theme.cell("unknown: no data yet", "quiet")
    text = says(health)
    past = [review["health"] for review in health["trend"][-SHOWN_REVIEWS:]]
    if past:
        text.append(f" {charts.sparkline([*past, health['score']], 0, 100)}")
    by_code = {reason["code"]: reason for reason in health["reasons"]}
    for code in health["strongest"]:
        reason = by_code[code]
        falls = reason["score"] is not None and reason["score"] < health["amber"]
        text.append(f"  {theme.DOWN} " if falls else f"  {theme.UP} ", "risk" if falls else "good")
        text.append_text(theme.cell(reason["text"]))
    return text


def _next(data: AccountPage, view: View) -> Text:
    task = data["next_step"]
    if task is None:
        if data["status"] == "former" or data["archived_at"]:
            return theme.cell("nothing planned", "quiet")
        text = theme.cell("nothing planned", "risk")
        return text.append(f": acct task add {data['number']} --due fri", "quiet")
    text = Text.assemble(_due(task, view), "  ", theme.cell(_sentence(task, parts.origin(task))))
    if task["owed_by"] == "them":
        text.append("  (they owe it)", "quiet")
    return text


def _sentence(task: TaskJson, beside: str = "") -> str:
    what = f"{task['text']} ({task['contact']})" if task["contact"] else str(task["text"])
    return parts.dotted([what, parts.appointment(task), beside])


def _due(task: TaskJson, view: View) -> Text:
    """Return when a task is due; an overdue one has a sign."""
    if not task["due"]:
        return theme.cell("no date", "quiet")
    late = (known(task["due"]) or "~") < dates.iso(view.today)
    said = theme.day(task["due"], view.today)
    return theme.cell(theme.flagged(said) if late else said, "overdue" if late else "")


def _last(data: AccountPage, view: View) -> Iterator[Text]:
    """Yield `6 days ago  call, Mei Tan: "Walked Mei through pricing"`, on two lines if needed."""
    touch, cadence = data["last_touch"], data["cadence"]
    late = cadence["overdue_days"]
    late_by = f", {text.plural(late, 'day')} past cadence" if late else ""
    style = "overdue" if late else ""
    if touch is None:
        line = theme.cell(f"no contact yet{late_by}", style)
        yield columns.line("Last", line.append(f": acct log call {data['number']}", "quiet"), view)
        return
    line = theme.cell(theme.ago(touch["at"], view.today) + late_by, style)
    line.append_text(theme.cell(f"  {', '.join((touch['kind'], *touch['contacts']))}"))
    said = theme.cell(f'"{touch["summary"]}"')
    if columns.LABEL + line.cell_len + 2 + said.cell_len <= view.width:
        yield columns.line("Last", Text.assemble(line, ": ", said), view)
    else:
        yield columns.line("Last", line, view)
        narrower = view.replace(width=max(view.width - columns.LABEL, 1))
        for rest in _first_lines(said, 2, narrower):
            yield Text(" " * columns.LABEL) + rest


def _review(review: ReviewJson, view: View) -> Text:
    """Draw `5 weeks ago  amber, health 64: "Single champion", next Tue 1 Dec`."""
    line = theme.cell(theme.ago(review["held_on"], view.today))
    if review["rating"]:
        line.append_text(
            theme.cell(f"  {review['rating']}", theme.RATINGS.get(review["rating"], ""))
        )
    following = review["next_review"]
    if following:
        due = (known(following) or "~") <= dates.iso(view.today)
        said = theme.day(following, view.today)
        line.append(f"  next {theme.flagged(said) if due else said}", "risk" if due else "")
    if review["summary"]:
        line.append_text(theme.cell(f'  "{review["summary"]}"'))
    return line


# The parts


def _parts(data: AccountPage, view: View) -> Iterator[RenderableType]:
    yield from _people(data, view)
    yield from _deals(data, view)
    yield from _purchases(data, view)
    yield from _promises(data, view)
    yield from _tickets(data, view)
    yield from _plan(data, view)
    if data["group"]:
        yield from groups.part(data["group"], data["number"], view)


def _people(data: AccountPage, view: View) -> Iterator[RenderableType]:
    """Yield everybody with role, influence, stance and last contact, and the gaps."""
    people, add = data["contacts"], f"acct contact add --account {data['number']}"
    yield Text("")
    if not people:
        yield columns.line("People", theme.cell(f"no contacts yet: {add}", "quiet"), view)
        return
    head = ("People", "title", "role", "influence", "stance", "last")
    rows = [_person(person, view) for person in people[: columns.SHOWN_LINES]]
    yield columns.columns(head, rows, view, give=(1, 0, 2))
    yield from columns.rest(len(people), f"acct contact list --account {data['number']}")
    if data["gaps"] and data["deals"]:
        missing = " and ".join(map(parts.spoken, data["gaps"]))
        text = theme.cell(f"missing: {missing}", "risk")
        yield columns.clipped(text.append(f": {add}", "quiet"), view.width)


def _person(person: AccountContactJson, view: View) -> tuple[Text, ...]:
    stance = person["stance"] or ""
    touched = person["last_touch"]
    last = theme.cell(theme.short_ago(touched, view.today) if touched else "never")
    if person["do_not_contact"]:
        last = theme.cell("do not contact", "overdue")
    return (
        theme.cell(person["name"]),
        theme.cell(person["title"]),
        theme.cell(parts.spoken(person["role"])),
        theme.cell(person["influence"]),
        theme.cell(stance, STANCES.get(stance, "")),
        last,
    )


def _deals(data: AccountPage, view: View) -> Iterator[RenderableType]:
    deals = data["deals"]
    if not deals:
        return
    yield Text("")
    rows = [_deal(deal, view) for deal in deals[: columns.SHOWN_LINES]]
    head = ("Deals", "stage", "amount", "closes", "chance")
    yield columns.columns(head, rows, view, give=(0, 1), right=(2, 4))
    yield from columns.rest(len(deals), f"acct deal list --open --account {data['number']}")


def _deal(deal: AccountDealJson, view: View) -> tuple[Text, ...]:
    closes = theme.cell(theme.day(deal["close_date"], view.today))
    if day := known(deal["close_date"]):
        left = (dates.parse_iso_day(day) - view.today).days
        if left < 0:
            closes = theme.cell(theme.flagged(closes.plain), "overdue")
        elif 1 < left <= SOON_DAYS:
            closes.append(f", {left} days", "risk")
    if deal["pushes"]:
        pushed = "once" if deal["pushes"] == 1 else f"{deal['pushes']} times"
        closes.append(f", pushed {pushed}", "risk")
    return (
        theme.cell(deal["title"]),
        theme.cell(deal["stage"]),
        theme.cell(theme.amount(deal["amount"], deal["currency"])),
        closes,
        theme.cell(figures.chance(deal["win_rate"], deal["probability"])),
    )


def _purchases(data: AccountPage, view: View) -> Iterator[RenderableType]:
    """Yield purchases of the last year and the year before, what is up for renewal, how often."""
    lines = [account_bought.spending(spent) for spent in data["purchases"]["totals"]]
    if cadence := data["purchases"]["cadence"]:
        lines.append(account_bought.ordering(cadence, view))
    lines += [
        account_bought.renewal(term, view) for term in data["renewals"][: columns.SHOWN_LINES]
    ]
    if not lines:
        return
    yield Text("")
    for place, line in enumerate(lines):
        yield columns.line("" if place else "Bought", line, view)
    yield from columns.rest(len(data["renewals"]), f"acct purchase list --account {data['number']}")


def _promises(data: AccountPage, view: View) -> Iterator[RenderableType]:
    """Yield what is open on both sides, one line each."""
    rows = []
    promises = data["promises"]
    for label, owed in (("we owe", promises["us"]), ("they owe", promises["them"])):
        for task in sorted(owed, key=lambda task: task["due"] or "~")[: columns.SHOWN_LINES]:
            rows.append((theme.cell(label), _due(task, view), theme.cell(_sentence(task))))
    kept = parts.kept(data["kept"])
    if not rows and not kept:
        return
    yield Text("")
    if rows:
        yield columns.columns(("Promises", "due", "what"), rows, view, give=(2,))
    if kept:
        yield theme.cell(kept, "quiet")
    most = max(len(promises["us"]), len(promises["them"]))
    yield from columns.rest(most, f"acct task list --account {data['number']}")


def _tickets(data: AccountPage, view: View) -> Iterator[RenderableType]:
    """Yield the open tickets, the oldest first, with their age and who owes the answer."""
    if not data["tickets"]:
        return
    whose = {"us": "we owe", "them": "they owe"}
    rows = [
        (
            theme.cell(whose.get(ticket["answer_by"] or "", theme.NONE)),
            theme.cell(text.plural(ticket["days"], "day"), "risk"),
            theme.cell(ticket["summary"]),
        )
        for ticket in data["tickets"][: columns.SHOWN_LINES]
    ]
    yield Text("")
    yield columns.columns(("Open tickets", "open for", "ticket"), rows, view, give=(2,))
    yield from columns.rest(
        len(data["tickets"]), f"acct log list --kind ticket --account {data['number']}"
    )


def _plan(data: AccountPage, view: View) -> Iterator[RenderableType]:
    """Yield the texts of the plan, one line each, and the open objectives, overdue ones first."""
    found = data["plan"]
    rows = [
        (theme.cell(label), Text(""), theme.cell(says))
        for label, says in (("goals", found["goals"]), ("strategy", found["strategy"]))
        if says
    ]
    still = [objective for objective in found["objectives"] if objective["state"] == "open"]
    rows += [
        (theme.cell("objective"), plan.due(objective, view), theme.cell(objective["text"]))
        for objective in still[: columns.SHOWN_LINES]
    ]
    if not rows:
        return
    yield Text("")
    yield columns.columns(("Plan", "due", "what"), rows, view, give=(2,))
    if found["objectives"]:
        line = theme.cell(plan.standing(found["progress"]))
        yield line.append(f": acct account plan {data['number']}", "quiet")


def _timeline(data: AccountPage, view: View, count: int) -> Iterator[RenderableType]:
    """The newest entries, one line each."""
    rows = timeline.rows(data["timeline"][:count], view)
    if not rows:
        return
    yield Text("")
    yield columns.columns(("Lately", "", "", ""), rows, view, give=(3,))
    rest = data["timeline_count"] - len(rows)
    if rest > 0:
        yield Hint(f"{theme.MORE} {rest:,} more: acct account timeline {data['number']}")
