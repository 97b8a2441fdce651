"""What other systems call stages, types and the like, and our words for them.

A word is only looked up if the book does not have it. Words for stages that are not in the book's
settings are left out: then the stage is asked for. Similar words do not match; an unknown word is
refused with the option that says what it means.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import takewhile

from acctcli.values.vocabulary import plain_word

WON = """closed won, won, closedwon, deal won, won deal, sold, order, order received,
    contract signed, gewonnen, auftrag erhalten, beauftragt, gagné, gagnée, ganado, ganada"""
LOST = """closed lost, lost, closedlost, deal lost, lost deal, dead, disqualified, abandoned,
    no sale, closed lost to competition, out sold, canceled, cancelled, rejected,
    verloren, abgelehnt, perdu, perdue, perdido, perdida"""

_STAGES = {
    "prospecting": """new, open, prospect, lead, lead in, idea, identified, appointment scheduled,
        appointmentscheduled, contact made, unqualified, initial contact, inquiry, engaging,
        discovery, discovery call, cold, lead generation, outreach, contacted, erstkontakt,
        premier contact, primer contacto, eerste contact""",
    "qualification": """qualify, qualify lead, lead qualification, qualified,
        qualified to buy, qualifiedtobuy, id decision makers,
        qualifying, qualified lead, 1 qualify, interested, meeting scheduled, active,
        potential, qualifizierung, qualifiziert, calificación, kwalificatie, gekwalificeerd""",
    "needs-analysis": """needs analysis, need analysis, value proposition, demo scheduled,
        presentation scheduled, presentationscheduled, perception analysis, develop, 2 develop,
        needs defined, demo, evaluation, needs assessment, presentation, trial, pilot,
        solution design, decision maker bought in,
        decisionmakerboughtin, identify decision makers, bedarfsanalyse, analyse des besoins,
        análisis de necesidades, behoefteanalyse""",
    "proposal": """propose, 3 propose, proposal price quote, proposal/price quote, proposal made,
        proposal sent, quote, quote sent, quoted, offer, offer sent, contract sent, contractsent,
        proposal quote, price quote, angebot, angebot gesendet, angebot erstellt, proposition,
        devis, devis envoyé, propuesta, oferta, presupuesto, offerte, offerte verstuurd""",
    "negotiation": """negotiation review, negotiation/review, negotiations started, negotiating,
        4 close, close, verbal, verbal agreement, contract, commit, in negotiation, closing,
        contract negotiation, legal review, contracting, procurement, verbal commit, verhandlung,
        in verhandlung, négociation, en négociation, negociación, onderhandeling,
        in onderhandeling""",
}

WORDS: dict[str, dict[str, dict[str, str]]] = {
    "deal": {
        "type": {
            "new": """new business, new customer, newbusiness, new logo, new client, new account,
                new sale""",
            "upsell": """upgrade, existing business, existingbusiness, existing customer, expansion,
                existing customer upgrade, add on, addon, growth, up sell,
                existing customer add on""",
            "cross-sell": "cross sell, crosssell",
            "renewal": """existing customer replacement, renew, contract renewal, existing customer
                downgrade, extension""",
        },
        "category": {
            "pipeline": "pipeline deal, early",
            "best-case": "bestcase, best case, upside, most likely",
            "commit": "committed, forecast",
            "omitted": "omitted from forecast, not forecasted, dont forecast, lost",
            "closed": "won, closed won",
        },
    },
    "account": {
        "status": {
            "customer": """customer direct, customer channel, client, active customer, existing
                customer, active, paying customer, current customer""",
            "prospect": """opportunity, open deal, sales qualified lead, salesqualifiedlead, sql,
                target, in progress, potential customer, hot prospect, qualified""",
            "lead": """marketing qualified lead, marketingqualifiedlead, mql, subscriber, new,
                open, attempted to contact, connected, unqualified, cold lead""",
            "former": """former customer, churned, past customer, lost customer, ex customer,
                inactive, previous customer, lost""",
        },
    },
    "contact": {
        "role": {
            "economic-buyer": "economic decision maker, financial buyer, executive buyer",
            "decision-maker": "decision maker, final decision maker, approver, decider",
            "executive-sponsor": "executive sponsor, sponsor",
            "technical-buyer": "technical buyer, technical decision maker, it buyer",
            "influencer": "technical influencer, business influencer",
            "end-user": "business user, user, end user",
            "budget-owner": "budget holder, budget owner",
            "legal": "legal and compliance, legal compliance, legal and procurement",
            "procurement": "purchasing, buyer, procurement contact",
        },
        "influence": {"high": "strong", "medium": "average, moderate", "low": "weak"},
    },
    "log": {
        "kind": {
            "call": """phone call, phone, telephone, outbound call, inbound call, tel, phonecall,
                telefonat, anruf, telefon, appel, appel téléphonique, llamada, telefoongesprek,
                telefoontje""",
            "email": """mail, e mail, incoming email, outgoing email, sent email, email message,
                list email, listemail, forwarded email, logged email, courriel, correo, correo
                electrónico""",
            "meeting": """appointment, event, visit, lunch, video call, online meeting, meet,
                site visit, face to face, video conference, conference call, besuch, besprechung,
                termin, kundenbesuch, visite, réunion, rendez vous, visita, bezoek,
                afspraak, vergadering""",
            "demo": "demonstration, product demo",
            "proposal": "quote, offer",
            "social": """linkedin message, linkedin, sms, whatsapp, text message, chat, message,
                social media""",
            "note": "task, to do, todo, other, comment, memo, notiz, nota, notitie",
            "ticket": "support ticket, case, support case, issue, complaint, support",
            "survey": "nps, csat, feedback",
        },
        "direction": {
            "in": """incoming, inbound, received, incoming email, inbound call, missed, call in,
                attended""",
            "out": """outgoing, outbound, sent, outgoing email, email, outbound call, dialled,
                call out, attended dialled, forwarded email""",
        },
    },
    "purchase": {
        "recurring": {
            "monthly": "month, per month, every month, monthly billing",
            "yearly": "annual, annually, year, per year, every year, annual billing",
            "none": "one time, once, one off, single, no",
        },
        "payment": {
            "cash": "paid, card, credit card, bank transfer, transfer, cheque, check, wire",
            "credit": "invoice, on account, net 30, net 60, unpaid, terms",
        },
    },
}
"""Our word → theirs, by kind and field."""


def translations(
    kind: str, field: str, own: Collection[str], *, won: str = "", lost: str = ""
) -> Mapping[str, str]:
    """Return our words by theirs, in the form of `plain_word`.

    `own` are the words of the field; for stages, `won` and `lost` are those of the book's settings,
    or "".
    """
    table = WORDS.get(kind, {}).get(field, {})
    if (kind, field) == ("deal", "stage"):
        table = {**_STAGES, **({won: WON} if won else {}), **({lost: LOST} if lost else {})}
    taken = {plain_word(word) for word in own}
    found: dict[str, str] = {plain_word(word): word for word in own}
    for ours, theirs in table.items():
        if ours in own:
            for word in theirs.split(","):
                if plain_word(word) not in taken:
                    found[plain_word(word)] = ours
    return found


X_NETWORKS = {
    "X-TWITTER": "twitter",
    "X-LINKEDIN": "linkedin",
    "X-FACEBOOK": "facebook",
    "X-INSTAGRAM": "instagram",
    "X-GITHUB": "github",
}
"""Properties of vCards for one network each."""

HOSTS_OF_PEOPLE = frozenset(
    ("twitter.com", "x.com", "facebook.com", "instagram.com", "github.com", "t.me", "bsky.app")
)
"""Hosts whose pages are those of people."""

_WRITTEN = """mr ms mrs miss mx sir madam herr hr frau fr monsieur m madame mme mademoiselle mlle
    señor sr señora sra señorita srta dhr mevrouw mevr mw meneer signor sig signora"""
_FORMS_OF_ADDRESS = frozenset(_WRITTEN.split())


def without_form(name: str, before: str) -> tuple[str, str]:
    """Return a person's name without `Herr` of the `Herr Dr.` that is before it, and `Herr`.

    Academic titles stay.
    """
    words = takewhile(lambda word: word.lower().rstrip(".") in _FORMS_OF_ADDRESS, before.split())
    form = " ".join(words)
    if not form or not name.startswith(f"{form} "):
        return name, ""
    return name.removeprefix(form).strip(), form
