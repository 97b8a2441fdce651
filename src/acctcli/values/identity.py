"""Identity: which addresses identify somebody, and which names are clearly different.

Import, `add`, `dupes` and merge ask the same questions here. An address that many share (an info@
mailbox, a page on facebook.com, a free-mail domain) identifies nobody. A person's own address
identifies them, but never renames them: a clearly different name with the same address is a second
person, or an error, and only the user knows which.
"""

from __future__ import annotations

from acctcli.text import key

_ROLES = """info, sales, office, contact, hello, admin, support, help, mail, enquiries, inquiries,
    enquiry, accounts, accounting, billing, invoice, invoices, finance, hr, jobs, careers,
    marketing, press, media, service, services, customerservice, customercare, reception, team,
    webmaster, postmaster, hostmaster, noreply, no-reply, donotreply, purchasing, procurement,
    orders, order, shop, store, booking, bookings, reservations, kontakt, buero, vertrieb, post,
    contacto, ventas, contato, vendas, accueil, commercial, secretariat, segreteria, amministrazione
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

_MAIL = """gmail.com, googlemail.com, yahoo.com, yahoo.co.uk, yahoo.de, yahoo.fr, yahoo.co.in,
    yahoo.co.jp, ymail.com, hotmail.com, hotmail.co.uk, hotmail.fr, hotmail.de, outlook.com,
    outlook.de, outlook.fr, live.com, live.co.uk, live.fr, msn.com, aol.com, icloud.com, me.com,
    mac.com, gmx.de, gmx.net, gmx.com, gmx.at, gmx.ch, web.de, t-online.de, freenet.de, mail.com,
    mail.ru, yandex.ru, yandex.com, bk.ru, list.ru, qq.com, 163.com, 126.com, sina.com, foxmail.com,
    naver.com, daum.net, hanmail.net, proton.me, protonmail.com, pm.me, tutanota.com, fastmail.com,
    zoho.com, hey.com, rediffmail.com, orange.fr, wanadoo.fr, free.fr, laposte.net, sfr.fr,
    libero.it, virgilio.it, tiscali.it, comcast.net, verizon.net, att.net, sbcglobal.net,
    btinternet.com, bol.com.br, uol.com.br, terra.com.br, singnet.com.sg, bigpond.com"""
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


def clearly_different(one: str, other: str) -> bool:
    """Whether two names cannot be two spellings of one.

    They are the same enough where one word stands in both, one is the other's initials, or the
    letters hardly differ: a first name alone, a maiden name, a legal form or a typo. A shared
    last word is not enough if the words before it do not begin alike.
    """
    first, second = _words(one), _words(other)
    if not first or not second:
        return False
    shared = set(first) & set(second)
    if shared:
        # Of two people with one family name the first names tell: Mei Tan and Raj Tan.
        full = len(first) == len(second) == _FULL and first[-1] == second[-1]
        return full and len(shared) == 1 and not _may_be_one(first[0], second[0])
    joined = "".join(first), "".join(second)
    if joined[0].startswith(joined[1]) or joined[1].startswith(joined[0]):
        return False
    if _initials(first, joined[1]) or _initials(second, joined[0]):
        return False
    from rapidfuzz import fuzz  # few rows get this far

    return bool(fuzz.ratio(*joined) < _ALIKE)


def _may_be_one(one: str, other: str) -> bool:
    """Whether two first names may be one: an initial, or a spelling of the other."""
    from rapidfuzz import fuzz

    return one[0] == other[0] or fuzz.ratio(one, other) >= _ALIKE


_FULL = 2  # words of a first and a last name

_ALIKE = 75
"""From this similarity (0 to 100) on, two names are taken for spellings of one."""


def _words(name: str) -> list[str]:
    return [word for word in "".join(c if c.isalnum() else " " for c in key(name)).split() if word]


def _initials(words: list[str], letters: str) -> bool:
    return len(words) > 1 and "".join(word[0] for word in words) == letters
