"""`acct config`: show and change the settings, keeping all comments in the file."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Annotated, Any

import typer

from acctcli import files, paths, text
from acctcli.book import settings
from acctcli.cli.kit import form
from acctcli.cli.kit.commands import Noun
from acctcli.cli.kit.offers import words
from acctcli.cli.kit.session import Session
from acctcli.config import BOOK, FILE, Config, Spec, home_of
from acctcli.configfile import document, from_document, parsed, read
from acctcli.errors import Invalid, NotFound, StorageError, UsageError
from acctcli.render.settings import lines as settings_lines
from acctcli.results import Lines
from acctcli.store.settings import (
    Document,
    document_of,
    is_key,
    merged,
    parts_of,
    rows_of,
    split,
    stored,
    strictly_document,
)
from acctcli.values import money
from acctcli.weights import every
from acctcli.weights import value as in_force

noun = Noun("config", "Settings: stages, tiers, custom fields.")

_TABLES = ("cadence", "reviews", "rates", "quota", "hooks")
"""Sections whose keys are chosen by the user: tiers, currencies, owners."""

_SINGLE = {setting.key for setting in every()}

Key = Annotated[
    str,
    typer.Argument(
        help="A setting, such as me.currency or cadence.key.",
        metavar="SETTING",
        show_default=False,
        autocompletion=words([s.key for s in every()]),
    ),
]


@noun.command("path", tool=False, examples=["acct config path"], plain=True)
def path(session: Session) -> Lines:
    """Print the path of your settings file."""
    file = str(paths.config_file())
    return Lines([file], {"path": file, "exists": paths.config_file().exists()})


@noun.command("list", reads=True, examples=["acct config list", "acct config list -f json"])
def list_(session: Session) -> Lines:
    """List every setting with its value, its purpose, and where it comes from.

    A setting comes from the book (and travels with it), from your config.toml, or from the
    defaults.
    """
    config = session.config
    found: dict[str, Any] = {s.key: in_force(config, s) for s in every()}
    found |= {f"cadence.{tier}": days for tier, days in config.cadence.items()}
    found |= {f"reviews.{tier}": days for tier, days in config.review_cadence.items()}
    found |= {f"rates.{code}": float(rate) for code, rate in config.rates.items()}
    found |= {f"hooks.{name}": line for name, line in session.own.hooks.items()}
    found |= {f"quota.{owner}": said for owner, said in _quotas(config).items()}
    came = _sources(session)
    sources = {key: came(key) for key in found}
    helps = {s.key: s.help for s in every()}
    lines = settings_lines(
        [
            (text.safe(f"{key} = {_toml(value)}"), sources[key], helps.get(key, ""))
            for key, value in found.items()
        ]
    )
    for stage in config.stages:
        lines.append(f"stage {stage.name}: {stage.probability} %, {stage.category}")
    for kind, fields in config.custom.items():
        lines += [f"field {kind}.{name}: {field.type}" for name, field in fields.items()]
    lines += [f"icp {one.name}: {one.field}, weight {one.weight}" for one in config.icp]
    lines += [
        f"playbook {name}: acct playbook show {text.shell_word(name)}"
        for name in config.playbook_settings
    ]
    data = {
        **found,
        "stages": [stage.as_dict() for stage in config.stages],
        "fields": {kind: sorted(fields) for kind, fields in config.custom.items()},
        "icp": [criterion.as_dict() for criterion in config.icp],
        "playbooks": list(config.playbook_settings),
        "sources": {**sources, "stages": came("stages")},
    }
    return Lines([text.safe(line) for line in lines], data)


def _sources(session: Session) -> Callable[[str], str]:
    """Return a function from the key of a setting to its origin: book, file or default."""
    own, of_book = session.file
    in_book = {parts_of(key) for key, _ in session.stored.rows if is_key(key)}
    # A book that nothing was written to uses the settings of the file.
    in_file = {parts_of(key) for key, _ in rows_of(of_book)} if session.takes_in else set()
    in_file |= {(section, name) for section, content in own.items() for name in content}

    def source(key: str) -> str:
        section, _, name = key.partition(".")
        for names, home in ((in_book, BOOK), (in_file, FILE)):
            if (section, name) in names or (section,) in names:
                return home
        return "default"

    return source


def _quotas(config: Config) -> dict[str, str]:
    """Return the quota of each owner, and of everybody (`total`), for any quarter."""
    quota = config.quota
    return {
        owner or "total": money.say(minor, quota.currency) for owner, minor in quota.every.items()
    }


def _toml(value: Any) -> str:
    import tomlkit

    return str(tomlkit.item(value).as_string())


@noun.command("get", reads=True, examples=["acct config get me.currency"])
def get(session: Session, setting: Key) -> Lines:
    """Print the value of one setting."""
    section, _, name = setting.partition(".")
    config = session.own if home_of(section, name) == FILE else session.config
    table = {
        "cadence": config.cadence,
        "reviews": config.review_cadence,
        "rates": config.rates,
        "quota": _quotas(config),
        "hooks": config.hooks,
    }
    own: Any = table.get(section, {})
    if name in own:
        return Lines([text.safe(str(own[name]))], own[name])
    value = in_force(config, _known(setting))
    said = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return Lines([text.safe(said)], value)


@noun.command(
    "set",
    tool=False,
    plain=True,
    examples=["acct config set me.currency SGD", "acct config set cadence.key 28"],
)
def set_(
    session: Session,
    setting: Key,
    value: Annotated[str, typer.Argument(help="New value.", show_default=False)],
) -> Lines:
    """Change one setting, in the book or in your config.toml."""
    section, _, name = setting.partition(".")
    typed: Any = value
    own_key = section in _TABLES and name and f"{section}.{name}" not in _SINGLE
    # A quota is an amount as people type it.
    own_type = str if section in ("quota", "hooks") else int
    kind = own_type if own_key else _known(setting).type
    if kind in (int, float):
        typed = _number(value, setting, decimals=kind is float)
    if section == "rates" and own_key:
        name = name.upper()
    known: list[str] = []

    def change(document: Any) -> None:
        if section in ("cadence", "reviews") and section not in document:
            # If it exists, the section is the whole list, so begin with the list in force.
            config = Config()
            document[section] = dict(
                config.cadence if section == "cadence" else config.review_cadence
            )
        document.setdefault(section, {})
        content = _section(document, section)
        if section == "cadence":
            # Read again inside the transaction: the settings may have changed meanwhile.
            known.extend(content)
        content[name] = typed

    if home_of(section, name) == BOOK:
        _change_book(session, change)
        if known and name not in known:
            session.notice(
                f"{text.safe(name)} is a new tier, next to {', '.join(map(text.safe, known))}. "
                "If that is a typo: acct undo"
            )
    else:
        _rewrite(session, change)
    return Lines([text.safe(f"{setting} = {_toml(typed)}")])


@noun.command("unset", tool=False, examples=["acct config unset me.currency"], plain=True)
def unset(session: Session, setting: Key) -> Lines:
    """Remove a setting, so that its default applies again."""
    section, _, name = setting.partition(".")
    if section in ("fields", "icp", "required", "stages") and name:
        raise UsageError(
            f"{text.safe(setting)} cannot be unset on its own. Remove it with: acct config edit"
        )
    of_book = home_of(section, name) == BOOK
    place = session.book if of_book else paths.config_file()

    def change(document: Any) -> None:
        if of_book and not name and section in document:
            del document[section]
            return
        if name not in _section(document, section):
            raise NotFound(f"{text.safe(setting)} is not set in {place}")
        del document[section][name]
        if of_book and not document[section]:
            del document[section]

    if of_book:
        _change_book(session, change)
    else:
        _rewrite(session, change)
    return Lines([text.safe(_unset_says(setting, section, name))])


def _unset_says(setting: str, section: str, name: str) -> str:
    if section == "cadence" and name:
        return f"{name} is no longer a tier; for the default tiers: acct config unset cadence"
    if section in (*_TABLES, "playbook") and setting not in _SINGLE and name:
        return f"{setting} is no longer set"
    return f"{setting} is back to its default"


def _change_book(session: Session, change: Callable[[Document], None]) -> None:
    """Change the current settings of the book, inside a transaction."""
    with session.write() as tx:
        before = stored(tx.con).rows
        document = document_of(before)
        change(document)
        changed = settings.replace(tx, rows_of(document), session.file[0])
        tx.says = settings.said(tx, before, changed)


@noun.command(
    "edit", tool=False, examples=["acct config edit", "acct config edit --file"], plain=True
)
def edit(
    session: Session,
    file: Annotated[
        bool, typer.Option("--file", help="Edit config.toml, your personal settings.")
    ] = False,
    form_: Annotated[
        str | None,
        typer.Option(
            "--form",
            metavar="FILE",
            help="Read a saved form instead of opening the editor; - reads it from stdin.",
            show_default=False,
        ),
    ] = None,
) -> Lines:
    """Edit the settings of the book in your editor. Mistakes are refused, and your text is kept."""
    if file:
        return _edit_file(session, form_)
    from acctcli.cli import config_form

    with session.read() as con:
        before = stored(con).rows
    config = session.config  # from here on, changes by others are noticed
    before = before or (rows_of(session.file[1]) if session.takes_in else ())
    shown = config_form.write(document_of(before), config)

    def use(filled: form.Filled) -> Lines:
        if filled.typed == filled.shown:
            return Lines(["nothing was changed"])
        filled.refuse_overtaken("one of the settings")
        document = parsed(filled.typed, "settings of the book")
        strictly_document(document, session.file[0])
        with session.write() as tx:
            held = stored(tx.con).rows
            changed = settings.replace(tx, rows_of(document), session.file[0])
            tx.says = settings.said(tx, held, changed) if changed else ""
        return Lines([text.safe(key) for key in changed] or ["nothing was changed"])

    return form.submitted(session, shown, "settings.toml", use, file=form_)


def _edit_file(session: Session, kept: str | None) -> Lines:
    file = paths.config_file()
    # The editor must open even if the file is invalid: that is how it is fixed.
    data = read(file)
    from acctcli.cli import config_form

    shown = before = "" if data is None else _text_of(data)
    with suppress(Invalid):  # a file that cannot be read is shown as it is
        parsed(before, "config.toml")
        shown = config_form.personal(before)

    def use(filled: form.Filled) -> Lines:
        typed = filled.typed
        # Bytes that were not UTF-8 are valid when the file is written again.
        if typed in (shown, before) and data in (None, before.encode()):
            return Lines(["nothing was changed"])
        filled.refuse_overtaken("config.toml")
        _check(session, typed)
        _write(typed)
        return Lines([str(file)])

    return form.submitted(session, shown, "config.toml", use, file=kept, editor=_editor())


def _editor() -> str:
    try:
        own, _ = split(document(paths.config_file()))
        editor: str = from_document(own)["me.editor"]
    except Invalid:
        return ""
    return editor


def _known(setting: str) -> Spec:
    for known in every():
        if known.key == setting:
            return known
    names = [s.key for s in every()]
    near = text.near(setting, names, limit=1)
    hint = text.did_you_mean(near)
    raise NotFound(
        f'unknown setting "{text.safe(setting)}".{hint} All: acct config list. '
        "For stages, fields and required rules: acct config edit",
        candidates=near,
    )


def _number(value: str, setting: str, *, decimals: bool) -> int | float:
    try:
        if "_" in value or not value.isascii():
            raise ValueError
        if setting.startswith("rates."):
            return float(value)
        return float(value) if decimals and not value.lstrip("-").isdigit() else int(value)
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
            f"{paths.config_file()}: {name} is not a section. Fix it with: acct config edit --file"
        )
    return content


def _rewrite(session: Session, change: Callable[[Any], None]) -> None:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    session.refuse_if_reading_only()
    file = paths.config_file()
    try:
        document = tomlkit.parse((read(file) or b"").decode("utf-8-sig"))
    except (TOMLKitError, ValueError) as error:
        raise Invalid(f"{file}: {error}. Fix it with: acct config edit --file") from error
    except RecursionError:
        raise Invalid(f"{file}: lists or tables are nested too deeply") from None
    change(document)
    typed = tomlkit.dumps(document)
    _check(session, typed)
    _write(typed)


def _check(session: Session, typed: str) -> None:
    own, of_book = split(parsed(typed, "config.toml"))
    found = from_document(merged(own, of_book))
    if found.hooks:
        from acctcli.cli.kit import hooks  # most people have none

        for name in found.hooks:
            if not hooks.is_known(session.root, name):
                what = name.partition("-")[2].replace("-", " ")
                raise Invalid(f"hooks.{name}: there is no command {what}. All: acct --help")


def _write(typed: str) -> None:
    file = paths.config_file()
    try:
        files.make_private_folder(file.parent)
    except StorageError as error:
        error.message += ". To keep your settings elsewhere, set ACCTCLI_CONFIG"
        raise
    files.write_private(file, [typed], force=True)
