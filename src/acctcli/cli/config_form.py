"""The settings of a book as a form in TOML: values that are set, and defaults as comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from acctcli import text
from acctcli.config import BOOK, FILE, SETTINGS, Config, Spec
from acctcli.configfile import legal
from acctcli.configplaybooks import WHENS
from acctcli.store.settings import Document
from acctcli.weights import every
from acctcli.weights import value as in_force

_HEAD = """\
# The settings of this book: change what you like, save and close. To undo it: acct undo
# A line with # in front is not set; its default holds. More: docs/configuration.md
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
    "playbook": (
        f"Tasks that something sets off: {text.one_of(WHENS)};\n"
        "without when, only acct playbook run. A due day counts from the start, -30d from the end\n"
        "of a contract. Texts may name {account}, {contact} and {deal}.",
        '[playbook.onboarding]\nwhen = "deal won"\n'
        'tasks = [{ text = "Kick-off with {account}", due = "+7d", owed_by = "us" }]',
    ),
}


def write(document: Document, config: Config) -> str:
    """Return the form of a book's settings; `config` has the settings in force."""
    parts = [_HEAD]
    for section, (says, example) in _TABLES.items():
        shown = _dumped({section: document[section]}) if section in document else ""
        single = [one for one in SETTINGS if one.section == section and one.home == BOOK]
        said = [says, *(f"{one.name}: {_meaning(one)[2:]}" for one in single)]
        parts.append(_block("\n".join(said), shown or _commented(example)))
    for section in dict.fromkeys(s.section for s in every() if s.home == BOOK):
        if section not in _TABLES:
            parts.append("\n".join(_single(section, document.get(section, {}), config)) + "\n")
    return "\n".join(parts)


def _single(section: str, content: Document, config: Config) -> Iterator[str]:
    """Yield a section of single settings: those that are set, and the others as comments."""
    yield f"[{section}]"
    for setting in every():
        if setting.section == section and setting.home == BOOK:
            yield _line(setting, content, config)
    # In TOML, tables within a section come last.
    rest = {name: value for name, value in content.items() if isinstance(value, dict)}
    if rest:
        yield _dumped({section: rest}).rstrip()


def _line(setting: Spec, content: Document, config: Config) -> str:
    """Return what a setting means and takes, and below it the setting as it is."""
    value = content.get(setting.name, in_force(config, setting))
    unset = "" if setting.name in content else "# "
    return f"{_meaning(setting)}\n{unset}{_assigned(setting.name, value)}"


def _meaning(setting: Spec) -> str:
    """Return the comment above a setting: its purpose, its legal values and its default."""
    default = f"default: {_assigned('', setting.default)}" if setting.default != "" else "not set"
    return f"# {setting.help[0].upper()}{setting.help[1:]}. Takes {legal(setting)}; {default}."


def _assigned(name: str, value: Any) -> str:
    """Return `name = value` in TOML; the value alone without a name."""
    line = _dumped({name or "x": list(value) if isinstance(value, tuple) else value}).rstrip()
    return line if name else line.removeprefix("x = ")


def personal(written: str) -> str:
    """Return a settings file with every personal setting that it does not have, as a comment.

    Everything already in it stays as it is, comments included. A setting that is in a comment
    already is not added again.
    """
    lines = (written or _PERSONAL_HEAD).splitlines()
    own = [setting for setting in SETTINGS if setting.home == FILE]
    for section in dict.fromkeys(setting.section for setting in own):
        start = next((n for n, line in enumerate(lines) if _heads(line, section)), None)
        if start is None:
            lines += [*([""] if lines and lines[-1] else []), f"[{section}]"]
            start = len(lines) - 1
        end = next((n for n in range(start + 1, len(lines)) if _heads(lines[n])), len(lines))
        while end > start + 1 and not lines[end - 1].strip():
            end -= 1
        named = [
            found[1] for line in lines[start:end] if (found := re.match(r"[#\s]*(\w+)\s*=", line))
        ]
        added = [
            f"{_meaning(setting)}\n# {_assigned(setting.name, setting.default)}"
            for setting in own
            if setting.section == section and setting.name not in named
        ]
        if section == "hooks" and not any("pre-" in line for line in lines[start:end]):
            added.append(_HOOK)
        lines[end:end] = "\n".join(added).splitlines()
    return "\n".join(lines) + "\n"


def _heads(line: str, section: str = "") -> bool:
    """Whether a line begins a section: the one named, or any."""
    found = re.match(r"\s*\[\[?\s*([^\]]+?)\s*\]", line)
    return found is not None and section in ("", found[1])


_HOOK = """\
# Programs that check a command, or run after it: docs/hooks.md
# pre-deal-win = "~/bin/check\"
# post-import = "~/bin/tell\""""

_PERSONAL_HEAD = """\
# Your own settings, for every book of yours. Remove the # in front of a line to set it.
# Stages, tiers, fields and all else that a book is judged by: acct config edit
"""


def _block(says: str, content: str) -> str:
    return f"{_commented(says)}{content.rstrip()}\n"


def _commented(lines: str) -> str:
    return "".join(f"# {line}\n" for line in lines.splitlines())


def _dumped(content: dict[str, Any]) -> str:
    import tomlkit

    return tomlkit.dumps(content)
