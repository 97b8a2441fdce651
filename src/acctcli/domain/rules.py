"""What a complete, allowed record is: one pure function per kind.

Every door leads here: a command, a form, `--set`, an import, a merge. Each ends
at the one place that writes (`store.records`), which asks `Rules.complete` what
to store. A rule gets the values of this write by field name, as they are stored
(days and moments in ISO form, which compare like days), and the record as it
stands, empty for a new one. It returns what to store, the given values completed
with what follows from them, and raises `Invalid` for what cannot be.

What is not decided here: how a typed value reads (`values`), and what only the
whole book knows, such as two accounts with one domain or a circle of parents
(`store.records`). `undo` asks nobody: it brings back what was there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from acctcli import ids
from acctcli.errors import Invalid, Missing
from acctcli.model import (
    HIGHEST_CSAT,
    HIGHEST_SCORE,
    KINDS,
    MOMENT,
    TWO_WAY_KINDS,
    Field,
    Playbook,
    Row,
    Task,
    Values,
)
from acctcli.text import quoted
from acctcli.values import dates
from acctcli.values.dates import iso, parse_iso_day, parse_iso_moment

if TYPE_CHECKING:
    from acctcli.config import Stage


DIRECTIONS = {
    "email": "out",
    "proposal": "out",
    "social": "out",
    "ticket": "in",
    "survey": "in",
}
"""The usual direction by kind; a call, meeting or demo is two-way by nature."""


class Settings(Protocol):
    """The settings that rules depend on."""

    @property
    def stages(self) -> Sequence[Stage]:
        """The stages of deals, in order."""

    @property
    def required(self) -> Mapping[str, Any]:
        """The required fields, by tier and kind."""

    def required_fields(self, kind: str, tier: str | None) -> Sequence[str]:
        """Return the names of the fields that a record of a kind must have."""

    def fields(self, kind: str) -> Mapping[str, Field]:
        """Return the fields of a kind."""


class Rules:
    """The rules of one command: what they depend on besides the record itself.

    `now` is the moment of the command in ISO form (UTC), `today` its local day.
    `check_filters` raises an error for words that no saved list of a kind can have; `playbooks`
    are those that a change of a record can set off.
    """

    def __init__(
        self,
        *,
        today: date,
        now: str,
        config: Settings,
        check_filters: Callable[[str, str], object],
        playbooks: Sequence[Playbook] = (),
    ) -> None:
        self.playbooks = playbooks
        self.watched = frozenset(one.about for one in playbooks)
        self.today = today
        self.now = now
        self.check_filters = check_filters
        self._config = config

    @property
    def stages(self) -> Sequence[Stage]:
        """The stages of deals, in order."""
        return self._config.stages

    @property
    def asks(self) -> bool:
        """Whether the user's settings require anything of any record."""
        return bool(self._config.required)

    def required(self, kind: str, tier: str | None) -> Sequence[str]:
        """Return the names of the fields that the settings require at an account of a tier."""
        return self._config.required_fields(kind, tier)

    def fields(self, kind: str) -> Mapping[str, Field]:
        """Return the fields of a kind by name, the user's own included."""
        return self._config.fields(kind)

    def complete(
        self, kind: str, values: Row, current: Row, *, typed: bool = True, written: str = ""
    ) -> Values:
        """Return what to store of a record of `kind`: the values given, completed.

        `current` is the record as it stands, empty for a new one. What nobody `typed` now
        (a merge, a new record that brings its own `id` out of an export) has days by
        another clock, and they are taken as they are. So are those of a record that an
        export of ours changes, if it was `written` by a clock ahead of this one: up to
        that moment, nothing was in the future. Raises `Invalid` for what cannot be.
        """
        found = dict(values)
        restored = not typed or (not current and found.get("id") is not None)
        now, today = self.now, iso(self.today)
        if written > now:
            # Its day may be another one where it was written.
            now, today = written, iso(parse_iso_moment(written).date() + timedelta(days=1))
        for name, field in KINDS[kind].fields.items():
            given = found.get(name)
            if given is None:
                continue
            if not field.signed and given < 0:
                raise Invalid(f"{field.label} cannot be below zero")
            if field.past and not restored:
                _refuse_future(kind, field, given, now if field.type == MOMENT else today)
            if field.stays and current and given != current[field.column]:
                raise Invalid(
                    f"{field.label}: {_a(kind)} stays with its {name}. "
                    "Delete it there and add one here"
                )
        rule = _RULES.get(kind)
        if rule is not None:
            found = rule(self, found, current, restored or written > self.now)
        refuse_emptied(kind, found)
        if not current:
            _refuse_missing(kind, found)
        return found

    def set_off(self, kind: str, before: Row, after: Row) -> Sequence[Playbook]:
        """Return the playbooks that a change of a record sets off; `before` is {} for a new one.

        Both rows are as stored; `tags` are there only if they changed.
        """
        from acctcli.domain import playbooks  # most books have none

        return [one for one in self.playbooks if playbooks.is_set_off(one, kind, before, after)]

    def following(self, kind: str, before: Row, after: Row) -> Values | None:
        """Return the record that a change calls into being, as built-in fields; None if none.

        A repeating task that is done comes back with its next day, whichever door it was
        closed by. Both rows are as stored. Raises `Invalid` for a repetition that has no
        day left.
        """
        if kind != "task" or before["done_at"] is not None or after["done_at"] is None:
            return None
        if not after["every"]:
            return None
        # Imported here: most tasks do not repeat.
        from acctcli.domain.tasks import next_in_series
        from acctcli.values.dates import day_of

        due, first_due = (
            after[name] and parse_iso_day(after[name]) for name in ("due", "first_due")
        )
        task = Task(text=after["text"], due=due, first_due=first_due, every=after["every"])
        following = next_in_series(task, day_of(parse_iso_moment(after["done_at"])))
        if following is None or following.due is None:
            return None
        found = {
            name: after[field.column]
            for name, field in KINDS["task"].fields.items()
            if not field.fixed or name == "playbook"
        }
        for name in ("due", "first_due", "done_at", "snoozed_until"):
            value = getattr(following, name)
            found[name] = iso(value) if value is not None else None
        if found["at"] is not None:
            found["at"] = _at_on(found["at"], found["due"])
        return found


def _refuse_future(kind: str, field: Field, given: str, latest: str) -> None:
    if given > latest:
        said = local(given) if field.type == MOMENT else dates.in_full(given)
        advice = "; a plan is a task: acct task add" if kind == "log" else ""
        raise Invalid(f"{field.label} {said} is in the future{advice}")


def local(moment: str) -> str:
    """Return a stored moment as the user's clock shows it: `Sun 22 Nov 2026 14:30`."""
    shown = dates.local(parse_iso_moment(moment))
    return f"{dates.in_full(shown.date())} {shown:%H:%M}"


def refuse_emptied(kind: str, found: Row) -> None:
    """Refuse the clearing of a field that must not be empty. Raises `Invalid`."""
    for name, value in found.items():
        field = KINDS[kind].fields.get(name)
        if value is None and field is not None and (field.required or field.default is not None):
            raise Invalid(f"the {field.label} of {_a(kind)} cannot be empty")


def _refuse_missing(kind: str, found: Row) -> None:
    for name, field in KINDS[kind].fields.items():
        if field.required and name not in found:
            raise Missing(f"the {field.label} of {_a(kind)} is missing", name, kind)


def _a(kind: str) -> str:
    name = KINDS[kind].one
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"


def _account(rules: Rules, found: Values, current: Row, restored: bool) -> Values:
    _refuse_past_snooze(rules, found, restored)
    if found.get("cadence_days") == 0:
        raise Invalid("cadence days 0: the least is 1, and an empty value is the tier's cadence")
    if not restored:
        for name in filter(None, (found.get("name"), *(found.get("aliases") or ()))):
            _refuse_number(name)
    return found


def _refuse_number(name: str) -> None:
    """Refuse a name that the number of an account would hide: numbers are looked up first."""
    if ids.is_account_number(name):
        raise Invalid(
            f"an account cannot be called {quoted(name)}, because account numbers look like that. "
            f"Write it in another way, such as {quoted(name.replace('-', ' '))}"
        )


def _refuse_past_snooze(rules: Rules, found: Row, restored: bool) -> None:
    day = found.get("snoozed_until")
    if day is not None and day <= iso(rules.today) and not restored:
        raise Invalid(f"snoozed until {dates.in_full(day)}: that day is not later than today")


def _affiliation(rules: Rules, found: Values, current: Row, restored: bool) -> Values:
    stands = {**current, **found}
    first, last = stands.get("from_on"), stands.get("to_on")
    if first and last and first > last:
        ends = dates.in_full(last)
        raise Invalid(f"the link begins on {dates.in_full(first)}, after it ends: {ends}")
    return found


def _log(rules: Rules, found: Values, current: Row, restored: bool) -> Values:
    """Refuse a score of a call, a resolved email; say who came to whom, and who was reached."""
    if not current and not restored and found.get("direction") is None:
        found["direction"] = DIRECTIONS.get(found.get("kind") or "")
    _reached(found, current, restored)
    stands = {**current, **found}
    kind, at = stands.get("kind"), stands.get("at")
    score, resolved = stands.get("score"), stands.get("resolved_at")
    if score is not None and kind != "survey":
        raise Invalid(f"score {score}: only a survey has one, and this is {_a_log(kind)}")
    if score is not None and not 0 <= score <= HIGHEST_SCORE:
        raise Invalid(f"score {score} is neither 0 to 10 (NPS) nor 1 to 5 (CSAT)")
    if "score" in found and score is None:
        stands["scale"] = found["scale"] = None  # a scale alone says nothing
    if score is not None and stands.get("scale") is None:
        stands["scale"] = found["scale"] = _scale_of(score, stands.get("summary") or "", restored)
    scale = stands.get("scale")
    if scale is not None and kind != "survey":
        raise Invalid(f"scale {scale}: only a survey has one, and this is {_a_log(kind)}")
    if scale == "csat" and score is not None and not 1 <= score <= HIGHEST_CSAT:
        raise Invalid(f"score {score} is not from 1 to {HIGHEST_CSAT}, as CSAT goes")
    if stands.get("attempt") and kind not in TWO_WAY_KINDS:
        raise Invalid(f"attempt: only a call or meeting reaches nobody, and this is {_a_log(kind)}")
    if resolved is not None and kind != "ticket":
        raise Invalid(f"resolved at: only a ticket is resolved, and this is {_a_log(kind)}")
    if resolved is not None and at is not None and resolved < at:
        raise Invalid(f"resolved at {local(resolved)} is before the ticket came: {local(at)}")
    return found


_UNANSWERED = """voicemail, voice mail, left voicemail, left voice mail, left live message,
    no answer, no response, not reached, busy, unreachable, missed, wrong number, no show, noshow,
    canceled, cancelled, rescheduled"""
UNANSWERED = frozenset(map(str.strip, _UNANSWERED.split(",")))
"""Outcomes of a call or meeting that reached nobody."""


def _reached(found: Values, current: Row, restored: bool) -> None:
    """Mark an entry as an attempt by an outcome such as `voicemail`, unless `attempt` is given."""
    outcome, kind = found.get("outcome"), found.get("kind", current.get("kind"))
    if restored or "outcome" not in found or "attempt" in found or kind not in TWO_WAY_KINDS:
        return
    if _unanswered(outcome) or _unanswered(current.get("outcome")):
        found["attempt"] = _unanswered(outcome)


def _unanswered(outcome: str | None) -> bool:
    return " ".join((outcome or "").casefold().replace("-", " ").replace("_", " ").split()) in (
        UNANSWERED
    )


def _scale_of(score: int, summary: str, restored: bool) -> str:
    """Return the only scale that a score fits; for an old entry, the one by which it was read.

    Raises `Invalid` for one with two readings.
    """
    if restored:
        return "csat" if 1 <= score <= HIGHEST_CSAT and "csat" in summary.lower() else "nps"
    if 1 <= score <= HIGHEST_CSAT:
        raise Invalid(
            f"score {score} may be NPS (0 to 10) or CSAT (1 to 5): say which, scale nps or csat"
        )
    return "nps"


def _a_log(kind: object) -> str:
    return f"an {kind}" if str(kind)[:1] in "aeiou" else f"a {kind}"


def _keep_appointment(found: Values, current: Row) -> None:
    """An appointment is due on its own day: either moves the other."""
    if found.get("at") is not None:
        day = _day_of(found["at"])
        if found.get("due", day) != day and found["due"] != current.get("due"):
            due = dates.in_full(found["due"]) if found["due"] else "nothing"
            is_on = dates.in_full(day)
            raise Invalid(f"due {due}: the appointment is on {is_on}. Give one of the two")
        found["due"] = day
    elif "due" in found and "at" not in found and current.get("at") is not None:
        found["at"] = _at_on(current["at"], found["due"])


def _day_of(moment: str) -> str:
    return iso(dates.day_of(parse_iso_moment(moment)))


def _at_on(moment: str, day: str | None) -> str | None:
    """The same time by the user's clock on another day; one that the clocks skip is after that."""
    if day is None:
        return None
    time = dates.local(parse_iso_moment(moment)).time()
    return iso(dates.in_utc(datetime.combine(parse_iso_day(day), time), day))


def _task(rules: Rules, found: Values, current: Row, restored: bool) -> Values:
    """A new due day begins a new series: months count from its day of the month."""
    if current and "due" in found and found["due"] != current["due"]:
        found.setdefault("first_due", None)
    if not restored:
        _keep_appointment(found, current)
    _refuse_past_snooze(rules, found, restored)
    if found.get("snoozed_until") and not restored and {**current, **found}.get("done_at"):
        raise Invalid("it is already done; only open tasks can be snoozed")
    return found


def _deal(rules: Rules, found: Values, current: Row, restored: bool) -> Values:
    from acctcli.domain import pipeline

    today = rules.today
    closed = {**current, **found}.get("closed_on")
    if restored and closed:
        today = max(today, parse_iso_day(closed))
    result = pipeline.deal_values(found, current, rules.stages, today)
    stands = {**current, **result}
    became_lost = current and not _is_lost(current) and _is_lost(stands)
    # A deal that is new in the book may have been lost long ago, for reasons nobody kept.
    if became_lost and not stands.get("lost_reason"):
        why = "lost reason is missing: write why the deal was lost"
        raise Missing(why, "lost_reason", "deal")
    return result


def _is_lost(deal: Row) -> bool:
    """Whether a deal is lost: one that is only left out of the forecast is still open."""
    from acctcli.domain import pipeline

    return pipeline.outcome(deal.get("category"), deal.get("closed_on")) == pipeline.LOST


def _item(rules: Rules, found: Values, current: Row, restored: bool) -> Values:
    quantity = found.get("quantity")
    if quantity is not None and quantity <= 0:
        raise Invalid("quantity must be above zero")
    return found


def _purchase(rules: Rules, found: Values, current: Row, restored: bool) -> Values:
    from acctcli.domain import terms

    return terms.purchase_values(found, current, rules.today)


def _quote(rules: Rules, found: Values, current: Row, restored: bool) -> Values:
    from acctcli.domain import quotes

    return quotes.quote_values(found, current, rules.today, restored)


def _quote_line(rules: Rules, found: Values, current: Row, restored: bool) -> Values:
    from acctcli.domain import quotes

    return quotes.line_values(found, current)


def _review(rules: Rules, found: Values, current: Row, restored: bool) -> Values:
    stands = {**current, **found}
    held, following = stands.get("held_on"), stands.get("next_review")
    if held and following and following <= held:
        raise Invalid(f"next review {following} is not after the review itself: {held}")
    return found


def _objective(rules: Rules, found: Values, current: Row, restored: bool) -> Values:
    from acctcli.domain import plan

    return plan.objective_values(found, current, rules.today)


def _segment(rules: Rules, found: Values, current: Row, restored: bool) -> Values:
    stands = {**current, **found}
    if found.get("filters") is not None:
        rules.check_filters(stands.get("kind") or "account", found["filters"])
    return found


def _campaign(rules: Rules, found: Values, current: Row, restored: bool) -> Values:
    stands = {**current, **found}
    first, last = stands.get("starts_on"), stands.get("ends_on")
    if first and last and last < first:
        starts = dates.in_full(first)
        raise Invalid(f"the campaign ends on {dates.in_full(last)}, before it starts: {starts}")
    return found


def _campaign_member(rules: Rules, found: Values, current: Row, restored: bool) -> Values:
    stands = {**{name: current.get(f"{name}_id") for name in ("contact", "account")}, **found}
    whole = bool(current or found.get("campaign"))  # else that is what it lacks
    if whole and not (stands.get("contact") or stands.get("account")):
        raise Invalid("a member of a campaign is a person (contact) or an account: give one")
    return found


def _commitment(rules: Rules, found: Values, current: Row, restored: bool) -> Values:
    stands = {**current, **found}
    first, last = stands.get("starts_on"), stands.get("ends_on")
    if first and last and last < first:
        begins = dates.in_full(first)
        raise Invalid(f"the period ends on {dates.in_full(last)}, before it begins: {begins}")
    return found


def _setting(rules: Rules, found: Values, current: Row, restored: bool) -> Values:
    if found.get("value") is not None:
        try:
            json.loads(found["value"])
        except (ValueError, RecursionError):
            raise Invalid("the value of a setting must be JSON") from None
    return found


def _distinct(rules: Rules, found: Values, current: Row, restored: bool) -> Values:
    first = found.get("account") or found.get("contact")
    if first is not None and first == found.get("other"):
        raise Invalid("both are the same record. Name two different ones")
    return found


_RULES: dict[str, Callable[[Rules, Values, Row, bool], Values]] = {
    "account": _account,
    "affiliation": _affiliation,
    "log": _log,
    "task": _task,
    "deal": _deal,
    "item": _item,
    "purchase": _purchase,
    "quote": _quote,
    "quote_line": _quote_line,
    "review": _review,
    "objective": _objective,
    "segment": _segment,
    "campaign": _campaign,
    "campaign_member": _campaign_member,
    "commitment": _commitment,
    "setting": _setting,
    "distinct_account": _distinct,
    "distinct_contact": _distinct,
}
