"""The help topics: texts in Markdown, with tables filled in by the readers of values.

`acct help`, the pages of docs and the manual use the same files, in this folder. A line
`{days: fri; 3d}` becomes a table of how the program reads these words on a given day, so that a
topic cannot promise what no reader accepts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from pathlib import Path

from acctcli.errors import AcctError
from acctcli.values.dates import MONTHS, WEEKDAYS, Clock

TOPICS = {
    "dates": "Days, times and periods, as people type them.",
    "money": "Amounts and currencies.",
    "filters": "--where: records by any of their fields.",
    "naming": "How to name an account, a person, a deal.",
    "output": "Formats, columns, pipes.",
    "import": "Spreadsheets and files of other programs.",
    "scripting": "Exit codes, ids from pipes, the environment.",
    "undo": "Undo, history and backups.",
    "settings": "Settings, and where they are kept.",
}
"""The topics in the order of help, each with one line about it."""

OTHER_NAMES = {
    "dates": ("date", "day", "days", "when", "time", "times", "period", "periods", "durations"),
    "money": ("amount", "amounts", "currency", "currencies", "rates"),
    "filters": ("filter", "where", "segments"),
    "naming": ("name", "names", "id", "ids", "account-name"),
    "output": ("format", "formats", "columns", "csv", "json", "jsonl", "tsv", "pipes", "sort"),
    "import": ("imports", "spreadsheet", "spreadsheets", "presets"),
    "scripting": ("script", "scripts", "exit-codes", "exit", "errors", "environment", "stdin"),
    "undo": ("redo", "backup", "backups", "restore"),
    "settings": ("setting", "configuration", "preferences"),
}
"""Other names of a topic."""

METAVARS = {
    **dict.fromkeys(("DAY", "WHEN", "PERIOD"), "dates"),
    "AMOUNT": "money",
    "FILTER": "filters",
}
"""The topic that explains a word in capitals; names of records are in `naming`."""

ENVIRONMENT = {
    "ACCTCLI_DB": "The book, as --db does.",
    "ACCTCLI_CONFIG": "The file of your own settings, in place of config.toml.",
    "ACCTCLI_TODAY": "Today, as --today does.",
    "ACCTCLI_WHO": "The name in the history of this run's changes, in place of me.name.",
    "ACCTCLI_READ_ONLY": "Anything: a command that would change book or settings is refused (4).",
    "ACCTCLI_NO_HOOKS": "With 1, no hook runs, as with --no-hooks.",
    "ACCTCLI_DEBUG": "With 1, an unexpected error shows where it came from.",
    "NO_COLOR": "Anything: no colour.",
    "PAGER": "The pager, unless me.pager or ACCTCLI_PAGER is set. Default: less.",
    "ACCTCLI_PAGER": "The pager for acct alone; off for none.",
    "VISUAL, EDITOR": "The editor for forms, unless me.editor is set.",
}
"""The variables that the program reads, and the effect of each."""

_LEAVES = Path(__file__).parent
_MARK = re.compile(r"(?m)^\{([a-z ]+)(?:: (.*))?\}$")

Cells = Sequence[Sequence[str]]


def called(word: str) -> str | None:
    """Return the topic of that name, or of one of its other names; None if there is none."""
    name = word.lower().removesuffix(".md")
    if name in TOPICS:
        return name
    return next((topic for topic, others in OTHER_NAMES.items() if name in others), None)


def of_metavar(metavar: str, kinds: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield each word of `DAY` or `ACCOUNT...` that a topic explains, with that topic.

    `kinds` are those whose records are named in this way.
    """
    for word in re.findall("[A-Z_]+", metavar):
        if word in METAVARS:
            yield word, METAVARS[word]
        elif word.lower() in kinds:
            yield word, "naming"


def markdown(topic: str, clock: Clock, currency: str) -> str:
    """Return a topic as Markdown, with the meaning of its words on this day, in this currency."""
    makers: dict[str, Callable[[list[str]], Cells]] = {
        "day words": lambda _: _day_words(clock.today),
        "days": lambda words: _days(words, clock.today),
        "moments": lambda words: _moments(words, clock),
        "periods": lambda words: _periods(words, clock.today),
        "amounts": lambda words: _amounts(words, currency),
        "signs": lambda _: _signs(),
        "operators": lambda _: _operators(),
        "exits": lambda _: _exits(),
        "environment": lambda _: [("variable", "what it sets"), *ENVIRONMENT.items()],
        "names": lambda _: _names(),
        "settings": lambda _: _settings(),
    }

    def table(found: re.Match[str]) -> str:
        words = [word.strip() for word in (found[2] or "").split(";")]
        return _table(makers[found[1]](words))

    return _MARK.sub(table, (_LEAVES / f"{topic}.md").read_text(encoding="utf-8"))


def _table(rows: Cells) -> str:
    first, *rest = [
        "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows
    ]
    return "\n".join((first, "|" + "---|" * len(rows[0]), *rest))


def _day_words(today: date) -> Cells:
    from acctcli.values.typed_dates import WORDS

    short = {word: day_of for word, day_of in WORDS.items() if not word.startswith("the ")}
    rows = [(_typed(word), _spelled(day_of(today))) for word, day_of in short.items()]
    return [("you type", "it means"), *rows]


def _days(words: list[str], today: date) -> Cells:
    from acctcli.values.typed_dates import read_day, read_past_day

    def row(word: str) -> tuple[str, str, str]:
        ahead = _said(lambda: _spelled(read_day(word, today)))
        return _typed(word), ahead, _said(lambda: _spelled(read_past_day(word, today)))

    return [("you type", "ahead", "in the past"), *map(row, words)]


def _moments(words: list[str], clock: Clock) -> Cells:
    from acctcli.values.dates import local
    from acctcli.values.typed_moments import read_moment

    def row(word: str) -> tuple[str, str]:
        moment = local(read_moment(word, clock))
        return _typed(word), f"{_spelled(moment.date())}, {moment:%H:%M}"

    return [("you type", "it means"), *map(row, words)]


def _periods(words: list[str], today: date) -> Cells:
    from acctcli.values.periods import period

    def read(word: str) -> tuple[str, str]:
        span = period(word, today)
        return _spelled(span.start), _spelled(span.end)

    return [("you type", "from", "to"), *((_typed(word), *read(word)) for word in words)]


def _amounts(words: list[str], currency: str) -> Cells:
    from acctcli.values import money

    def read(word: str) -> str:
        return _said(lambda: money.say(*money.read_amount(word, default=currency)))

    return [("you type", "it means"), *((_typed(word), read(word)) for word in words)]


def _signs() -> Cells:
    from acctcli.values.money import SIGNS

    return [("sign", "currency"), *((sign, " or ".join(codes)) for sign, codes in SIGNS.items())]


def _operators() -> Cells:
    from acctcli.where import OPERATORS

    says = {
        "=": "is",
        "!=": "is not",
        ">": "is more than, or after",
        "<": "is less than, or before",
        ">=": "is at least, or from that day on",
        "<=": "is at most, or until that day",
        "~": "contains",
        "!~": "does not contain",
    }
    rows = [(_typed(f"field {op} value"), says[op]) for op in OPERATORS]
    rows += [
        (_typed("field in (a, b)"), "is one of these; also not in (a, b)"),
        (_typed("field is empty"), "has no value; also is not empty"),
    ]
    return [("test", "the field"), *rows]


def _exits() -> Cells:
    from acctcli import errors

    says = {
        0: "done",
        errors.AcctError.exit_code: "unexpected: a bug, or output that could not be written",
        errors.UsageError.exit_code: "wrong usage: an option, a column, a day with two readings",
        errors.NotFound.exit_code: "not found",
        errors.Invalid.exit_code: "invalid, ambiguous, or in conflict with what is there",
        errors.Busy.exit_code: "the book is busy: another program is writing",
        errors.StorageError.exit_code: "trouble with the file or the disk",
        errors.Cancelled.exit_code: "interrupted or answered with no: nothing was changed",
    }
    return [("code", "meaning"), *((str(code), said) for code, said in sorted(says.items()))]


def _names() -> Cells:
    from acctcli.store.lookup import TAIL

    return [
        ("you type", "for example"),
        ("its name, or a part of it", "greentech"),
        ("an account's number", "A-0001"),
        ("a domain, email, phone, LinkedIn page or profile", "greentech.sg, mei@greentech.sg"),
        ("another name it goes by (--alias)", "GTL"),
        ("the id that lists show: the end of the whole one", f"3f9a, {TAIL} characters or more"),
    ]


def _settings() -> Cells:
    from acctcli.config import FILE, SETTINGS

    own = [setting for setting in SETTINGS if setting.home == FILE]
    return [("setting", "what it is"), *((_typed(one.key), f"{one.help}.") for one in own)]


def _typed(word: str) -> str:
    return f"`{word}`"


def _said(read: Callable[[], str]) -> str:
    try:
        return read()
    except AcctError:
        return "refused"


def _spelled(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1][:3]} {day.year}"
