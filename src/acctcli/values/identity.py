"""Identity: which addresses identify somebody, and which names are clearly different.

Import, `add`, `dupes` and merge ask the same questions here. An address that many share (an info@
mailbox, a page on facebook.com, a free-mail domain) identifies nobody. A person's own address
identifies them, but never renames them: a clearly different name with the same address is a second
person, or an error, and only the user knows which.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from acctcli.values import addresses, business_words, company_names, first_names, person_names

_ROLES = """
    info, sales, office, contact, hello, admin, support, help, mail, enquiries, inquiries,
    enquiry, accounts, accounting, billing, invoice, invoices, finance, hr, jobs, careers,
    marketing, press, media, service, services, customerservice, customercare, reception, team,
    webmaster, postmaster, hostmaster, noreply, no-reply, donotreply, purchasing, procurement,
    orders, order, shop, store, booking, bookings, reservations, kontakt, buero, vertrieb, post,
    contacto, ventas, contato, vendas, accueil, commercial, secretariat, segreteria,
    amministrazione, zentrale, empfang, buchhaltung, einkauf, rechnung, rechnungen, bewerbung,
    kundenservice, achats, comptabilite, facturation, compras, administracion, facturacion,
    recepcion, pedidos, comercial, financeiro, ordini, acquisti, vendite, ufficio, inkoop,
    verkoop, administratie, facturen, receptie, biuro, sekretariat, ksiegowosc, faktury, obchod,
    myynti, laskutus, firmapost, regnskab, faktura
"""
ROLE_MAILBOXES = frozenset(map(str.strip, _ROLES.split(",")))
"""The part before the @ of mailboxes that belong to an office and not to a person."""

_HOSTS = """facebook.com, m.facebook.com, fb.com, linkedin.com, instagram.com, twitter.com, x.com,
    youtube.com, tiktok.com, pinterest.com, xing.com, vk.com, weibo.com, t.me, wa.me,
    sites.google.com, google.com, goo.gl, bit.ly, linktr.ee, medium.com, github.com, etsy.com,
    ebay.com, amazon.com, yelp.com, tripadvisor.com, crunchbase.com, wikipedia.org,
    business.site, maps.google.com, docs.google.com, drive.google.com, about.me, beacons.ai"""
SOCIAL_HOSTS = frozenset(map(str.strip, _HOSTS.split(",")))
"""Hosts with pages of many companies: the host identifies nobody, the page does."""

_MAIL = """
    gmail.com, googlemail.com, yahoo.com, yahoo.co.uk, yahoo.de, yahoo.fr, yahoo.co.in,
    yahoo.co.jp, ymail.com, hotmail.com, hotmail.co.uk, hotmail.fr, hotmail.de, outlook.com,
    outlook.de, outlook.fr, live.com, live.co.uk, live.fr, msn.com, aol.com, icloud.com, me.com,
    mac.com, gmx.de, gmx.net, gmx.com, gmx.at, gmx.ch, web.de, t-online.de, freenet.de, mail.com,
    mail.ru, yandex.ru, yandex.com, bk.ru, list.ru, qq.com, 163.com, 126.com, sina.com,
    foxmail.com, naver.com, daum.net, hanmail.net, proton.me, protonmail.com, pm.me, tutanota.com,
    fastmail.com, zoho.com, hey.com, rediffmail.com, orange.fr, wanadoo.fr, free.fr, laposte.net,
    sfr.fr, yahoo.es, yahoo.it, yahoo.ca, yahoo.com.br, yahoo.com.mx, yahoo.com.au, yahoo.com.sg,
    hotmail.es, hotmail.it, hotmail.ca, hotmail.nl, live.nl, live.ca, ziggo.nl, kpnmail.nl,
    planet.nl, skynet.be, telenet.be, bluewin.ch, aon.at, telia.com, online.no, wp.pl, onet.pl,
    o2.pl, interia.pl, seznam.cz, centrum.cz, azet.sk, freemail.hu, citromail.hu, abv.bg,
    inbox.lv, rambler.ru, ukr.net, i.ua, cox.net, bellsouth.net, rogers.com, shaw.ca, ig.com.br,
    telkomsa.net, xtra.co.nz, hinet.net, libero.it, virgilio.it, tiscali.it, comcast.net,
    verizon.net, att.net, sbcglobal.net, btinternet.com, bol.com.br, uol.com.br, terra.com.br,
    singnet.com.sg, bigpond.com
"""
FREE_MAIL = frozenset(map(str.strip, _MAIL.split(",")))
"""Domains at which anybody can have a mailbox."""


def identifies(type: str, address: str) -> bool:
    """Whether an address in its stored form is one holder's own; `type` is that of its field."""
    if type == "email":
        return address.partition("@")[0].partition("+")[0] not in ROLE_MAILBOXES
    if type == "website":
        return address not in SOCIAL_HOSTS and address not in FREE_MAIL
    return True


def is_company_domain(host: str) -> bool:
    """Whether a mail domain is a company's: people at it work together."""
    return host not in FREE_MAIL and host not in SOCIAL_HOSTS


def are_apart(*addresses: tuple[Collection[str], Collection[str]]) -> bool:
    """Whether two people of one name have addresses and none in common: then they are two.

    Each pair has the addresses of one type, of one person and of the other; the first type that
    both have decides, so emails come before phones.
    """
    for mine, theirs in addresses:
        if not {*mine}.isdisjoint(theirs):
            return False
        if mine and theirs:
            return True
    return False


def clearly_different(kind: str, one: str, other: str) -> bool:
    """Whether two names of records of a kind cannot be two spellings of one name.

    They can where a word that tells stands in both, one is the other's initials, or the letters
    hardly differ: a first name alone, a maiden name, a legal form, a nickname or a typo.
    """
    if kind == "account":
        return _other_company(one, other)
    if kind != "contact":
        return _other_words(addresses.words(one), addresses.words(other))
    mine, theirs = person_names.read(one), person_names.read(other)
    if person_names.contradict(mine, theirs):
        return True
    if 1 in (len(mine.words), len(theirs.words)) and first_names.may_be_one(
        mine.words[0], theirs.words[0]
    ):
        return False
    return _other_words(mine.words, theirs.words)


def _other_company(one: str, other: str) -> bool:
    mine, theirs = company_names.compared(one), company_names.compared(other)
    if company_names.contradict(mine, theirs):
        return True
    if ({*mine} & {*theirs}) - business_words.common():
        return False
    joined = "".join(mine), "".join(theirs)
    if company_names.are_initials(joined[0], other) or company_names.are_initials(joined[1], one):
        return False
    return _other_letters(*joined)


def _other_words(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two names differ that are first of all read as those of people."""
    shared = {*one} & {*other}
    if shared:
        # Of two people with one family name the first names tell: Mei Tan and Raj Tan.
        full = len(one) == len(other) == _FULL and one[-1] == other[-1]
        return full and len(shared) == 1 and not _may_be_one(one[0], other[0])
    joined = "".join(one), "".join(other)
    initials = "".join(word[:1] for word in one), "".join(word[:1] for word in other)
    if joined[0] == initials[1] or joined[1] == initials[0]:
        return False
    return _other_letters(*joined)


def _other_letters(one: str, other: str) -> bool:
    if not one or not other or one.startswith(other) or other.startswith(one):
        return False
    from rapidfuzz import fuzz  # few rows get this far

    return bool(fuzz.ratio(one, other) < _ALIKE)


def _may_be_one(one: str, other: str) -> bool:
    """Whether two first names may be one: an initial, a nickname, or a spelling of the other."""
    from rapidfuzz import fuzz

    return (
        one[0] == other[0] or fuzz.ratio(one, other) >= _ALIKE or first_names.may_be_one(one, other)
    )


_FULL = 2  # words of a first and a last name

_ALIKE = 75
"""From this similarity (0 to 100) on, two names are taken for spellings of one."""
