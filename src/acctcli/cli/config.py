"""`acct config`: look at the settings and change them, without losing a comment in the file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from acctcli import files, paths, text
from acctcli.cli.kit import form
from acctcli.cli.kit.commands import Noun
from acctcli.cli.kit.offers import words
from acctcli.cli.kit.session import Session
from acctcli.config import SETTINGS, Config, Setting
from acctcli.configfile import from_document, load, parsed, read
from acctcli.errors import Invalid, NotFound, UsageError
from acctcli.results import Lines
from acctcli.values import money

noun = Noun("config", "Your settings: stages, tiers, custom fields.")

_TABLES = ("cadence", "reviews", "rates", "quota")
"""Sections whose keys are the user's own: tiers, currencies, owners."""

_SINGLE = {setting.key for setting in SETTINGS}

Key = Annotated[
    str,
    typer.Argument(
        help="A setting, such as me.currency or cadence.key.",
        metavar="SETTING",
        show_default=False,
        autocompletion=words([s.key for s in SETTINGS]),
    ),
]


@noun.command("path", examples=["acct config path"], plain=True)
def path(session: Session) -> Lines:
    """Say where the settings file is (or would be)."""
    file = str(paths.config_file())
    return Lines([file], {"path": file, "exists": paths.config_file().exists()})


@noun.command("list", examples=["acct config list", "acct config list -f json"])
def list_(session: Session) -> Lines:
    """Show every single setting with its value, and the stages and tiers in force."""
    config = session.config
    found: dict[str, Any] = {s.key: config[s.key] for s in SETTINGS}
    found |= {f"cadence.{tier}": days for tier, days in config.cadence.items()}
    found |= {f"reviews.{tier}": days for tier, days in config.review_rhythm.items()}
    found |= {f"rates.{code}": float(rate) for code, rate in config.rates.items()}
    found |= {f"quota.{owner}": said for owner, said in _quotas(config).items()}
    helps = {s.key: s.help for s in SETTINGS}
    width = max(len(f"{key} = {_toml(value)}") for key, value in found.items())
    lines = []
    for key, value in found.items():
        line = f"{key} = {_toml(value)}"
        lines.append(f"{line:{width}}  # {helps[key]}" if key in helps else line)
    for stage in config.stages:
        lines.append(f"stage {stage.name}: {stage.probability} %, {stage.category}")
    for kind, fields in config.custom.items():
        lines += [f"field {kind}.{name}: {field.type}" for name, field in fields.items()]
    lines += [f"icp {one.name}: {one.field}, weight {one.weight}" for one in config.icp]
    data = {
        **found,
        "stages": [stage.as_dict() for stage in config.stages],
        "fields": {kind: sorted(fields) for kind, fields in config.custom.items()},
        "icp": [criterion.as_dict() for criterion in config.icp],
    }
    return Lines([text.safe(line) for line in lines], data)


def _quotas(config: Config) -> dict[str, str]:
    """What each owner, or everybody (`total`), should win in any quarter."""
    quota = config.quota
    return {
        owner or "total": money.say(minor, quota.currency) for owner, minor in quota.every.items()
    }


def _toml(value: Any) -> str:
    import tomlkit

    return str(tomlkit.item(value).as_string())


@noun.command("get", examples=["acct config get me.currency"])
def get(session: Session, setting: Key) -> Lines:
    """Print the value of one setting."""
    config = session.config
    section, _, name = setting.partition(".")
    table = {
        "cadence": config.cadence,
        "reviews": config.review_rhythm,
        "rates": config.rates,
        "quota": _quotas(config),
    }
    own: Any = table.get(section, {})
    if name in own:
        return Lines([str(own[name])], own[name])
    value = config[_known(setting).key]
    return Lines([text.safe(str(value))], value)


@noun.command(
    "set",
    plain=True,
    examples=["acct config set me.currency SGD", "acct config set cadence.key 28"],
)
def set_(
    session: Session,
    setting: Key,
    value: Annotated[str, typer.Argument(help="Its new value.", show_default=False)],
) -> Lines:
    """Change one setting in the file; comments and order stay."""
    section, _, name = setting.partition(".")
    typed: Any = value
    own_key = section in _TABLES and name and f"{section}.{name}" not in _SINGLE
    # A quota is an amount as people type it.
    own_type = str if section == "quota" else int
    kind = own_type if own_key else _known(setting).type
    if kind is int:
        typed = _number(value, setting)
    if section == "rates" and own_key:
        name = name.upper()

    def change(document: Any) -> None:
        import tomlkit

        if section in ("cadence", "reviews") and section not in document:
            # The section, once written, is the whole list: begin with the one in force.
            config = session.config
            known = config.cadence if section == "cadence" else config.review_rhythm
            document[section] = tomlkit.table()
            for tier, days in known.items():
                document[section][tier] = days
        if section not in document:
            document[section] = tomlkit.table()
        _section(document, section)[name] = typed

    _rewrite(change)
    return Lines([text.safe(f"{setting} = {_toml(typed)}")])


@noun.command("unset", examples=["acct config unset me.currency"], plain=True)
def unset(session: Session, setting: Key) -> Lines:
    """Take a setting out of the file, so that its default holds again."""
    section, _, name = setting.partition(".")

    def change(document: Any) -> None:
        if name not in _section(document, section):
            raise NotFound(f"{text.safe(setting)} is not set in {paths.config_file()}")
        del document[section][name]

    _rewrite(change)
    return Lines([f"{text.safe(setting)} has its default again"])


@noun.command("edit", examples=["acct config edit"], plain=True)
def edit(session: Session) -> Lines:
    """Open the settings file in your editor; a mistake is refused and your text kept."""
    file = paths.config_file()
    # The editor must open even when the file in force is broken: that is how it is mended.
    data = read(file)
    shown = _TEMPLATE if data is None else _text_of(data)
    typed = form.in_editor(session, shown, "config.toml", editor=_editor())
    # What was not UTF-8 is so when it is written again.
    if typed == shown and data in (None, typed.encode()):
        return Lines(["nothing was changed"])
    with form.kept_if_refused(session, "config", typed):
        _check(typed)
    _write(typed)
    return Lines([str(file)])


def _editor() -> str:
    try:
        editor: str = load(paths.config_file())["me.editor"]
    except Invalid:
        return ""
    return editor


def _known(setting: str) -> Setting:
    for known in SETTINGS:
        if known.key == setting:
            return known
    names = [s.key for s in SETTINGS]
    near = text.near(setting, names, limit=1)
    hint = f" Near: {near[0]}." if near else ""
    raise NotFound(
        f'there is no setting "{text.safe(setting)}".{hint} All: acct config list; '
        "stages, fields and required rules: acct config edit",
        candidates=near,
    )


def _number(value: str, setting: str) -> int | float:
    try:
        if "_" in value or not value.isascii():
            raise ValueError
        return float(value) if setting.startswith("rates.") else int(value)
    except ValueError:
        raise UsageError(f"{setting} takes a number, not {text.quoted(value)}") from None


def _text_of(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _section(document: Any, name: str) -> Any:
    content = document.get(name, {})
    if not isinstance(content, dict):
        raise Invalid(
            f"{paths.config_file()}: {name} is not a section. Mend it with: acct config edit"
        )
    return content


def _rewrite(change: Callable[[Any], None]) -> None:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    file = paths.config_file()
    try:
        document = tomlkit.parse((read(file) or b"").decode("utf-8-sig"))
    except (TOMLKitError, ValueError) as error:
        raise Invalid(f"{file}: {error}. Mend it with: acct config edit") from error
    except RecursionError:
        raise Invalid(f"{file}: lists or tables lie too deep in one another") from None
    change(document)
    typed = tomlkit.dumps(document)
    _check(typed)
    _write(typed)


def _check(typed: str) -> None:
    from_document(parsed(typed, "config.toml"))


def _write(typed: str) -> None:
    file = paths.config_file()
    files.make_private_folder(file.parent)
    files.write_private(file, [typed], force=True)


_TEMPLATE = """\
# Settings of acct. All of them: acct config list; what they mean: docs/configuration.md

[me]
# name = "Kim"
# country = "SG"
# currency = "SGD"

# Days between two-way touches; this section, once written, is the whole list of tiers.
# [cadence]
# strategic = 14
# key = 21

# The stages, once written, are the whole list.
# [[stages]]
# name = "prospecting"
# probability = 10
# category = "pipeline"

# [fields.account.segment]
# type = "choice"
# choices = ["north", "south"]

# [required.strategic]
# account = ["industry", "owner"]

# The ideal customer, for account score: how well a field fits, 0 to 10; weight 1 to 5.
# [icp.industry]
# weight = 5
# match = { energy = 10, retail = 6 }
"""
