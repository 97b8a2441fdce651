"""The settings of a book as a form in TOML: values that are set, and defaults as comments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from acctcli.config import BOOK, SETTINGS, Config, Spec
from acctcli.store.settings import Document

_HEAD = """\
# The settings of this book: change what you like, save and close. acct undo takes it back.
# A line with # in front is not set; its default holds. Their meaning: docs/configuration.md
"""

_TABLES = {
    "cadence": (
        "Days between two-way touches by tier, most important first.\n"
        "Once written, it is the whole list of tiers.",
        "[cadence]\nstrategic = 14\nkey = 21",
    ),
    "reviews": ("Days between account reviews by tier.", "[reviews]\nstrategic = 90"),
    "stages": (
        "The stages of deals in order, once written the whole list. There must be an open one,\n"
        "one with the category closed (won) and one with omitted (lost).",
        '[[stages]]\nname = "prospecting"\nprobability = 10\ncategory = "pipeline"',
    ),
    "fields": (
        "Fields of your own: text, choice, integer, number, percent, date or flag.",
        '[fields.account.territory]\ntype = "choice"\nchoices = ["north", "south"]',
    ),
    "required": (
        "Fields that a record must have, by tier of its account, or for all.",
        '[required.strategic]\naccount = ["industry", "owner"]',
    ),
    "rates": (
        "What one unit of another currency is in the base.",
        '[rates]\nbase = "SGD"\ndate = "2026-11-20"\nEUR = 1.45',
    ),
    "quota": (
        "What should be won in a quarter: in total, and by owner.",
        '[quota]\ncurrency = "SGD"\ntotal = "500k"',
    ),
    "icp": (
        "The ideal customer, for account score: how well a field fits, 0 to 10; weight 1 to 5.",
        "[icp.industry]\nweight = 5\nmatch = { energy = 10, retail = 6 }",
    ),
}


def write(document: Document, config: Config) -> str:
    """Return the form of a book's settings; `config` has the settings in force."""
    parts = [_HEAD]
    for section, (says, example) in _TABLES.items():
        shown = _dumped({section: document[section]}) if section in document else ""
        parts.append(_block(says, shown or _commented(example)))
    for section in dict.fromkeys(s.section for s in SETTINGS if s.home == BOOK):
        if section not in _TABLES:
            parts.append("\n".join(_single(section, document.get(section, {}), config)) + "\n")
    return "\n".join(parts)


def _single(section: str, content: Document, config: Config) -> Iterator[str]:
    """Yield a section of single settings: those that are set, and the others as comments."""
    yield f"[{section}]"
    for setting in SETTINGS:
        if setting.section == section and setting.home == BOOK:
            yield _line(setting, content, config)
    # In TOML, tables within a section come last.
    rest = {name: value for name, value in content.items() if isinstance(value, dict)}
    if rest:
        yield _dumped({section: rest}).rstrip()


def _line(setting: Spec, content: Document, config: Config) -> str:
    value = content.get(setting.name, config[setting.key])
    line = _dumped({setting.name: list(value) if isinstance(value, tuple) else value}).rstrip()
    unset = "" if setting.name in content else "# "
    return f"{unset}{line}  # {setting.help}"


def _block(says: str, content: str) -> str:
    return f"{_commented(says)}{content.rstrip()}\n"


def _commented(lines: str) -> str:
    return "".join(f"# {line}\n" for line in lines.splitlines())


def _dumped(content: dict[str, Any]) -> str:
    import tomlkit

    return tomlkit.dumps(content)
