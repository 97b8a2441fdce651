"""The dossier of a handover as one document."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from acctcli.render import dossier
from acctcli.render.html import document

if TYPE_CHECKING:
    from acctcli.shapes.handover import DossierPage


def page(data: DossierPage, today: date) -> str:
    """Return the dossier: each account with its sections, several with a table of contents."""
    return document.made(
        "dossier.html",
        data,
        today,
        dossier.title(data),
        "Handover",
        summary=dossier.summary(data, today),
        parts=[
            (one["brief"]["name"], list(dossier.sections(one, today))) for one in data["accounts"]
        ],
    )
