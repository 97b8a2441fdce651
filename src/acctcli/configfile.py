"""Read `config.toml` into a checked `Config`, or raise an error that names the place.

Declarations in `config.SETTINGS` check single settings, a section reader below checks each table,
and `configvalues` checks single values. This module only reads: the `config` command writes the
file. Nothing here may open the book.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from acctcli import model
from acctcli.config import CADENCE, HOMES, SETTINGS, WEIGHED, Config, Criterion, Quota, Spec, Stage
from acctcli.configvalues import (
    CHECKS,
    MOST_DAYS,
    TAKEN,
    currency_code,
    hook_lines,
    legal_weight,
    minor_units,
    of_type,
    quarter_label,
    weight,
    within,
)
from acctcli.errors import Invalid
from acctcli.files import read_whole
from acctcli.model import Field
from acctcli.text import key, one_line, one_of
from acctcli.values import money

MOST_BYTES = 2**20
"""A settings file is smaller than 1 MiB; a larger file is something else."""

CUSTOM_TYPES = {
    "text": model.TEXT,
    "choice": model.CHOICE,
    "integer": model.INTEGER,
    "number": model.NUMBER,
    "percent": model.PERCENT,
    "date": model.DAY,
    "flag": model.FLAG,
}
"""Types of custom fields, as the user writes them."""


def load(path: Path) -> Config:
    """Read the settings; a missing file means all defaults. Raises `Invalid` naming the place."""
    return from_document(document(path), str(path))


def document(path: Path) -> dict[str, Any]:
    """Return the unchecked content of a file; nothing if it is missing. Raises `Invalid`."""
    data = read(path)
    if data is None:
        return {}
    try:
        typed = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from error
    return parsed(typed, str(path))


def read(path: Path) -> bytes | None:
    """Return the bytes of the settings file; None if there is none. Raises `Invalid`."""
    try:
        return read_whole(path, MOST_BYTES)
    except FileNotFoundError:
        # If a link leads to a disk that is not mounted, other settings must not be used silently.
        if path.is_symlink():
            to = path.readlink()
            raise Invalid(
                f"{path} is a link to {to}, which is not there. Fix the link, or remove it"
            ) from None
        return None
    except OSError as error:
        raise Invalid(f"cannot read {path}: {error.strerror}") from error


def parsed(typed: str, where: str, *, parse_float: Callable[[str], Any] = float) -> dict[str, Any]:
    """Parse a text in TOML. Raises `Invalid` naming the place of an error."""
    import tomllib

    try:
        return tomllib.loads(typed, parse_float=parse_float)
    # TOML's own error is a `ValueError`, and so is that for a number of 5,000 digits.
    except ValueError as error:
        raise Invalid(f"{where}: {error}") from error
    except RecursionError:
        raise Invalid(f"{where}: lists or tables are nested too deeply") from None


def from_document(document: Mapping[str, Any], where: str = "config.toml") -> Config:
    """Check a parsed document and apply it to the defaults."""
    config = Config()
    for section, content in sorted(document.items(), key=lambda item: item[0] in _LAST):
        if not isinstance(content, dict) and section != "stages":
            raise Invalid(f"{where}: {section} must be a section: [{section}]")
        reader = _SECTIONS.get(section)
        if reader is None:
            reader = _read_settings
        reader(config, section, content, where)
    _check_required(config, where)
    _check_health(config, where)
    return config


def _read_settings(config: Config, section: str, content: dict[str, Any], where: str) -> None:
    known = {s.name: s for s in SETTINGS if s.section == section}
    if weights := content.keys() - known.keys():
        from acctcli.weights import WEIGHTS  # few books have weights of their own

        known |= {s.name: s for s in WEIGHTS if s.section == section}
    if not known:
        sections = sorted({s.section for s in SETTINGS} | set(_SECTIONS) | set(WEIGHED))
        raise Invalid(f"{where}: unknown section [{section}]. Sections: {', '.join(sections)}")
    for name, value in content.items():
        setting = known.get(name)
        if setting is None:
            raise Invalid(f"{where}: unknown setting {section}.{name} (use {one_of(known)})")
        place = f"{where}: {setting.key}"
        if name in weights:
            config.own_weights[setting.key] = weight(value, setting, place)
            continue
        check = CHECKS.get(setting.key)
        config.values[setting.key] = (
            check(value, place) if check else of_type(value, setting.type, place)
        )
        if setting.type is int and not 0 <= value <= MOST_DAYS:
            raise Invalid(f"{place} must be 0 to {MOST_DAYS}, not {value}")


def legal(setting: Spec) -> str:
    """Return in words which values a setting takes."""
    check = CHECKS.get(setting.key)
    if setting.key not in HOMES:
        return legal_weight(setting)
    if check in TAKEN:
        return TAKEN[check]
    if setting.key in ("health.red", "health.amber"):
        return "0 to 100"
    return f"0 to {MOST_DAYS:,}" if setting.type is int else "text in quotes"


def _days(content: dict[str, Any], where: str) -> dict[str, int]:
    for tier, days in content.items():
        one_line(tier, f"{where}: a tier")
        if of_type(days, int, f"{where}.{tier}") < 1:
            raise Invalid(f"{where}.{tier} must be at least 1 day")
        if days > MOST_DAYS:
            raise Invalid(f"{where}.{tier} must be at most {MOST_DAYS:,} days")
    return content


def _read_cadence(config: Config, section: str, content: dict[str, Any], where: str) -> None:
    # If the section exists, it is the whole list: that is how tiers are renamed.
    config.cadence = _days(content, f"{where}: {section}") or dict(CADENCE)


def _read_reviews(config: Config, section: str, content: dict[str, Any], where: str) -> None:
    config.review_cadence.update(_days(content, f"{where}: {section}"))


def _read_stages(config: Config, section: str, content: Any, where: str) -> None:
    if not isinstance(content, list):
        raise Invalid(f"{where}: write each stage as a section of its own: [[stages]]")
    stages = []
    for number, entry in enumerate(content, 1):
        place = f"{where}: stage {number}"
        unknown = of_type(entry, dict, place).keys() - {"name", "probability", "category", "days"}
        if unknown:
            raise Invalid(f"{place}: unknown setting {min(unknown)}")
        name = one_line(of_type(entry.get("name"), str, f"{place}: name"), f"{place}: name")
        chance = entry.get("probability")
        if type(chance) is not float:
            of_type(chance, int, f"{place}: probability")
        elif chance.is_integer():
            chance = int(chance)
        category = of_type(entry.get("category"), str, f"{place}: category")
        if not 0 <= chance <= 100:
            raise Invalid(f"{place}: probability must be 0 to 100, not {chance}")
        if category not in model.CATEGORIES:
            raise Invalid(f"{place}: category must be {one_of(model.CATEGORIES)}")
        days = entry.get("days")
        if days is not None and of_type(days, int, f"{place}: days") < 1:
            raise Invalid(f"{place}: days must be at least 1, not {days}")
        if days is not None and days > MOST_DAYS:
            raise Invalid(f"{place}: days must be at most {MOST_DAYS:,}, not {days}")
        stages.append(Stage(name, chance, category, days))
    categories = {s.category for s in stages}
    if not {"closed", "omitted"} <= categories or not any(s.open for s in stages):
        raise Invalid(
            f"{where}: stages need an open one, a closed one (won) and an omitted one (lost)"
        )
    if len({key(s.name) for s in stages}) < len(stages):
        raise Invalid(f"{where}: two stages have the same name")
    config.stages = tuple(stages)


def _read_fields(config: Config, section: str, content: dict[str, Any], where: str) -> None:
    for kind, entries in content.items():
        if kind not in model.NOUNS:
            raise Invalid(f"{where}: [fields.{kind}]: use {one_of(model.NOUNS)}")
        for name, entry in of_type(entries, dict, f"{where}: fields.{kind}").items():
            if name in model.adopted(kind) and not _narrows(kind, name, entry):
                config.notices.append(
                    f"{where}: acct has a field {name} of {model.KINDS[kind].several} now: "
                    f"[fields.{kind}.{name}] is not used, and can go"
                )
                continue
            config.custom.setdefault(kind, {})[name] = _custom_field(kind, name, entry, where)


def _narrows(kind: str, name: str, entry: Any) -> bool:
    """Whether a declaration turns one of our text fields into a choice."""
    is_choice = isinstance(entry, dict) and entry.get("type") == "choice"
    return is_choice and model.KINDS[kind].fields[name].type == model.TEXT


def _custom_field(kind: str, name: str, entry: Any, where: str) -> Field:
    from acctcli.where import RESERVED  # a filter could not name such a field

    place = f"{where}: [fields.{kind}.{name}]"
    if not isinstance(entry, dict):
        raise Invalid(f"{place} must be a section with a type")
    unknown = set(entry) - {"type", "choices", "help"}
    if unknown:
        raise Invalid(f"{place}: unknown setting {min(unknown)}. Settings: type, choices, help")
    type_name = entry.get("type", "text")
    if not isinstance(type_name, str) or type_name not in CUSTOM_TYPES:
        raise Invalid(f"{place}: type must be {one_of(CUSTOM_TYPES)}")
    choices = entry.get("choices", [])
    if not isinstance(choices, list) or not all(isinstance(c, str) and c.strip() for c in choices):
        raise Invalid(f"{place}: choices must be a list of texts")
    for choice in choices:
        one_line(choice, f"{place}: a choice")
    if (type_name == "choice") != bool(choices):
        raise Invalid(f'{place}: choices go with type = "choice", and a choice needs them')
    built_in = model.KINDS[kind].fields.get(name)
    narrows = built_in is not None and built_in.type == model.TEXT and not built_in.fixed
    if built_in is not None and not (narrows and type_name == "choice"):
        raise Invalid(
            f"{place}: {model.KINDS[kind].one} has a field {name} already; a text field can be "
            "narrowed to a choice, else choose another name"
        )
    if not name.isidentifier() or not name.isascii() or name.lower() in RESERVED:
        raise Invalid(f"{place}: a field's name is made of letters, digits and _; choose another")
    if any(f.id_name == name for f in model.KINDS[kind].fields.values() if f.type == model.REF):
        raise Invalid(f"{place}: {name} is how JSON and CSV give an id; choose another name")
    help = entry.get("help") or (built_in.help if built_in else "custom field")
    of_type(help, str, f"{place}: help")
    if built_in is not None:
        # The user turns one of our text fields into a choice, such as `region`; it is stored as
        # before.
        return Field(
            CUSTOM_TYPES[type_name],
            help,
            name=name,
            flag=built_in.flag,
            choices=tuple(choices),
            many=built_in.many,
            rows=built_in.rows,
            required=built_in.required,
        )
    return Field(CUSTOM_TYPES[type_name], help, name=name, choices=tuple(choices), custom=True)


def _read_required(config: Config, section: str, content: dict[str, Any], where: str) -> None:
    for tier, kinds in content.items():
        for kind, names in of_type(kinds, dict, f"{where}: required.{tier}").items():
            place = f"{where}: [required.{tier}] {kind}"
            if kind not in model.NOUNS:
                raise Invalid(f"{place}: use {one_of(model.NOUNS)}")
            if not isinstance(names, list) or not all(isinstance(n, str) for n in names):
                raise Invalid(f"{place} must be a list of field names")
            config.required.setdefault(tier, {})[kind] = tuple(names)


def _check_required(config: Config, where: str) -> None:
    """Check that the fields named by rules exist, whatever the order of sections in the file."""
    for tier, kinds in config.required.items():
        if tier not in ("all", *config.tiers):
            known = ", ".join(("all", *config.tiers))
            raise Invalid(f"{where}: [required.{tier}]: no such tier. Tiers: {known}")
        for kind, names in kinds.items():
            fields = {n: f for n, f in config.fields(kind).items() if not f.fixed}
            unknown = [name for name in names if name not in fields]
            if unknown:
                raise Invalid(
                    f"{where}: [required.{tier}] {kind}: no field {unknown[0]}. "
                    f"Fields: {', '.join(fields)}"
                )


def _check_health(config: Config, where: str) -> None:
    """Check that the bounds of red and amber leave room for each colour."""
    red, amber = config["health.red"], config["health.amber"]
    if not red <= amber <= 100:
        raise Invalid(
            f"{where}: health.red ({red}) must not be above health.amber ({amber}), "
            "and neither above 100"
        )


def _read_rates(config: Config, section: str, content: dict[str, Any], where: str) -> None:
    settings = {k: v for k, v in content.items() if k in ("base", "date")}
    _read_settings(config, section, settings, where)
    for currency, rate in content.items():
        if currency in settings:
            continue
        code = money.read_currency(currency, f"{where}: rates")
        if type(rate) not in (int, float) or not 0 < rate < 1e9:
            raise Invalid(f"{where}: rates.{currency} must be a number above 0")
        config.rates[code] = repr(rate)


def _read_quota(config: Config, section: str, content: dict[str, Any], where: str) -> None:
    place = f"{where}: {section}"
    currency = currency_code(content.get("currency", ""), f"{place}.currency")
    currency = currency or config.currency
    every: dict[str | None, int] = {}
    special: dict[tuple[str, str | None], int] = {}
    for name, value in content.items():
        if isinstance(value, dict):
            quarter = quarter_label(name, f"{place}.{name}", config["fiscal.start"])
            for owner, amount in value.items():
                minor = minor_units(amount, currency, f"{place}.{name}.{owner}")
                who = None if owner == "total" else one_line(owner, f"{place}: an owner")
                special[quarter, who] = minor
        elif name != "currency":
            owner = None if name == "total" else one_line(name, f"{place}: an owner")
            every[owner] = minor_units(value, currency, f"{place}.{name}")
    config.quota = Quota(currency, every, special)


def _read_icp(config: Config, section: str, content: dict[str, Any], where: str) -> None:
    config.icp = tuple(
        _criterion(config, name, entry, f"{where}: [{section}.{name}]")
        for name, entry in content.items()
    )


def _criterion(config: Config, name: str, entry: Any, place: str) -> Criterion:
    if not isinstance(entry, dict):
        raise Invalid(f"{place} must be a section with a weight and a match")
    known = ("field", "weight", "match", "at_least", "other")
    unknown = entry.keys() - set(known)
    if unknown:
        raise Invalid(f"{place}: unknown setting {min(unknown)}. Settings: {', '.join(known)}")
    fields = {
        n: f
        for n, f in config.fields("account").items()
        if f.type in (*_BY_WORD, *_BY_FIGURE) and not f.fixed
    }
    field = fields.get(of_type(entry.get("field", name), str, f"{place}: field"))
    if field is None:
        asked = entry.get("field", name)
        raise Invalid(
            f"{place}: account field {asked} cannot be scored. Fields: {', '.join(fields)}"
        )
    by_word = field.type in _BY_WORD
    if ("match" in entry) is not by_word or ("at_least" in entry) is by_word:
        how = "match = { … = 10, … = 5 }" if by_word else "at_least = [[50, 5], [200, 10]]"
        raise Invalid(f"{place}: how well {field.label} fits is written {how}")
    currency = config.currency if field.type == model.MONEY else ""
    return Criterion(
        name,
        field.name,
        within(entry.get("weight", 3), 1, 5, f"{place}: weight"),
        _matches(config, field, entry["match"], f"{place}: match") if by_word else {},
        () if by_word else _thresholds(entry["at_least"], currency, f"{place}: at_least"),
        within(entry.get("other", 0), 0, 10, f"{place}: other"),
        currency,
    )


def _matches(config: Config, field: Field, content: Any, where: str) -> dict[str, int]:
    """Return how well each word fits, by its comparable form; the field must allow each word."""
    if not of_type(content, dict, where):
        raise Invalid(f"{where} is empty. Write what fits, like {{ energy = 10, retail = 6 }}")
    choices = {model.TIER: config.tiers, model.FLAG: ("yes", "no")}.get(field.type, field.choices)
    matches: dict[str, int] = {}
    for word, match in content.items():
        place = f"{where}.{word}"
        if not key(word):
            raise Invalid(f"{where} has a word that is empty")
        if choices and key(word) not in map(key, choices):
            raise Invalid(f"{place}: use {one_of(choices)}")
        if field.type == model.CURRENCY:
            money.read_currency(word, place)
        if key(word) in matches:
            raise Invalid(f"{place} stands there twice")
        matches[key(word)] = within(match, 0, 10, place)
    return matches


def _thresholds(content: Any, currency: str, where: str) -> tuple[tuple[float, int], ...]:
    """Return rising bounds, each with its match; with a currency, in its minor units."""
    pairs = content if isinstance(content, list) else []
    if not pairs or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
        raise Invalid(f"{where} must be pairs of a bound and a match, like [[50, 5], [200, 10]]")
    found: list[tuple[float, int]] = []
    for bound, match in pairs:
        if currency:
            bound = minor_units(bound, currency, where)
        elif type(bound) not in (int, float) or not abs(bound) < 1e15:
            raise Invalid(f"{where}: {bound!r} is not a number")
        if found and not found[-1][0] < bound:
            raise Invalid(f"{where}: the bounds must rise from pair to pair")
        found.append((bound, within(match, 0, 10, where)))
    return tuple(found)


def _read_score(config: Config, section: str, content: dict[str, Any], where: str) -> None:
    settings = {name: value for name, value in content.items() if name != "tiers"}
    _read_settings(config, section, settings, where)
    place = f"{where}: {section}.tiers"
    written = of_type(content.get("tiers", {}), dict, place)
    unknown = [tier for tier in written if tier not in config.tiers]
    if unknown:
        known = ", ".join(config.tiers)
        raise Invalid(f"{place}: no tier {unknown[0]}. Tiers: {known}")
    bounds = {
        tier: within(written[tier], 0, 100, f"{place}.{tier}")
        for tier in config.tiers
        if tier in written
    }
    if sorted(set(bounds.values()), reverse=True) != list(bounds.values()):
        raise Invalid(f"{place}: a more important tier must begin at a higher score")
    config.own_tier_bounds = bounds


def _keep_playbooks(config: Config, section: str, content: dict[str, Any], where: str) -> None:
    # Only a command that writes reads them.
    config.playbook_settings = content


def _read_hooks(config: Config, section: str, content: dict[str, Any], where: str) -> None:
    config.hooks, rest = hook_lines(content, f"{where}: {section}")
    _read_settings(config, section, rest, where)


_BY_WORD = (model.TEXT, model.CHOICE, model.TIER, model.COUNTRY, model.CURRENCY, model.FLAG)
_BY_FIGURE = (model.INTEGER, model.NUMBER, model.PERCENT, model.SHARE, model.MONEY)

_SECTIONS: dict[str, Callable[[Config, str, Any, str], None]] = {
    "cadence": _read_cadence,
    "reviews": _read_reviews,
    "stages": _read_stages,
    "fields": _read_fields,
    "required": _read_required,
    "rates": _read_rates,
    "quota": _read_quota,
    "icp": _read_icp,
    "score": _read_score,
    "playbook": _keep_playbooks,
    "hooks": _read_hooks,
}

_LAST = ("quota", "icp", "score")
"""Sections that are read last, because they refer to currencies, fields and tiers."""
