"""`acct demo`: the sample book, imported by the real importer into a file of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from acctcli import demo, paths, text
from acctcli.book import settings
from acctcli.book.imports import bring_in
from acctcli.book.imports.recipe import Asked
from acctcli.cli.kit.commands import Noun
from acctcli.cli.kit.session import Session
from acctcli.errors import Conflict
from acctcli.results import Done
from acctcli.store import connection
from acctcli.store.settings import rows_of
from acctcli.values.dates import iso

noun = Noun("", "")


@noun.command("demo", tool=False, examples=["acct demo", "acct demo sample.db"], plain=True)
def load(
    session: Session,
    file: Annotated[
        Path | None,
        typer.Argument(
            help="File to create. Default: next to your book, replaced each time.",
            show_default=False,
        ),
    ] = None,
) -> Done:
    """Create a sample book, so that you can try acct without entering anything.

    Its dates are relative to today. Your own book is never touched.
    """
    if file is None:
        path = paths.default_book().with_name("demo.db")
        path.unlink(missing_ok=True)
        # A process may have been killed here: its journal does not belong to the new file.
        path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
    else:
        path = paths.typed(file).absolute()
    if not connection.create_private(path):
        raise Conflict(f"{path} is there already; name a file that is not")
    folder = Path(demo.__file__).parent
    try:
        with _sample(session, path).write() as tx:
            rates = {**demo.SETTINGS["rates"], "date": iso(session.clock.today)}
            settings.replace(tx, rows_of({**demo.SETTINGS, "rates": rates}), {})
            tx.says = "Set the base currency, its rates and a quota."
        sample = _sample(session, path)
        loaded = [
            one
            for kind, name in demo.FILES
            for one in bring_in.load(sample, [str(folder / name)], Asked(kind=kind))
        ]
        bring_in.write(sample, loaded, Asked())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    shown = text.safe(connection.quote_for_shell(path))
    says = (
        f"The sample book is in {text.safe(str(path))}. Look around:\n"
        f"  export ACCTCLI_DB={shown}\n"
        "  acct today\n"
        "  acct account show greentech\n"
        "  acct deal forecast"
    )
    return Done([str(path)], {}, says)


def _sample(session: Session, path: Path) -> Session:
    """Return a session on the sample book without your settings: it has the default tiers."""
    sample = session.on(path)
    sample.file = {}, {}
    return sample
