from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from acctcli import model
from acctcli.config import CADENCE, SETTINGS, STAGES, Config
from acctcli.configfile import from_document, load
from acctcli.errors import Invalid
from acctcli.model import KINDS, named


def read(written: str) -> Config:
    return from_document(tomllib.loads(written))


# Defaults


def test_without_a_file_all_defaults_hold(tmp_path: Path) -> None:
    config = load(tmp_path / "none.toml")
    assert {s.key: config[s.key] for s in SETTINGS} == {s.key: s.default for s in SETTINGS}
    assert config.stages == STAGES
    assert config.tiers == ("strategic", "key", "national", "growth", "smb", "maintenance")
    assert len(config.custom) + len(config.required) + len(config.rates) == 0


def test_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(b"")
    assert vars(load(file)) == vars(Config())


# Files


def test_a_file_is_read_with_or_without_a_byte_order_mark(tmp_path: Path) -> None:
    for mark in (b"", b"\xef\xbb\xbf"):
        file = tmp_path / "config.toml"
        file.write_bytes(mark + '[me]\nname = "Zoë"\n'.encode())
        assert load(file)["me.name"] == "Zoë"


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (b'[me]\nname = "Zo\xeb"\n', "not UTF-8 at byte 15; save it as UTF-8"),
        (b"[me]\nname = \n", "line 2"),
        (b"[me]\n[me]\n", "Cannot declare"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_the_place(
    tmp_path: Path, written: bytes, says: str
) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(written)
    with pytest.raises(Invalid) as refused:
        load(file)
    assert str(refused.value).startswith(f"{file}: ")
    assert says in str(refused.value)


def test_a_folder_in_the_place_of_the_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=f"cannot read {tmp_path}"):
        load(tmp_path)


# Single settings


def test_settings_lie_over_the_defaults() -> None:
    config = read('[me]\nname = "Kim"\ncurrency = "sgd"\ncountry = "sg"\n[today]\nlimit = 0')
    assert (config["me.name"], config["me.currency"], config["me.country"]) == ("Kim", "SGD", "SG")
    assert config["today.limit"] == 0
    assert config["today.renewal_days"] == 90


def test_the_day_of_the_rates_may_be_a_day_of_toml_or_a_text() -> None:
    for written in ("2026-11-01", '"2026-11-01"'):
        assert read(f"[rates]\ndate = {written}")["rates.date"] == "2026-11-01"


def test_rates_are_kept_with_the_digits_they_are_written_with() -> None:
    config = read('[rates]\nbase = "SGD"\nEUR = 1.45\nusd = 1\n')
    assert config.rates == {"EUR": "1.45", "USD": "1"}
    assert config["rates.base"] == "SGD"


# Tiers and stages


def test_a_cadence_that_is_written_is_the_whole_list_of_tiers() -> None:
    config = read("[cadence]\ngold = 7\nsilver = 30\n")
    assert config.tiers == ("gold", "silver")
    assert config.cadence["gold"] == 7


def test_an_empty_cadence_leaves_the_tiers_as_they_are() -> None:
    assert read("[cadence]\n").tiers == tuple(CADENCE)


def test_review_cadences_are_changed_one_by_one() -> None:
    config = read("[reviews]\nkey = 30\n")
    assert config.review_cadence["key"] == 30
    assert config.review_cadence["strategic"] == 90


def test_stages_that_are_written_are_the_whole_list() -> None:
    config = read(
        """
        [[stages]]
        name = "talking"
        probability = 25
        category = "pipeline"
        [[stages]]
        name = "yes"
        probability = 100
        category = "closed"
        [[stages]]
        name = "no"
        probability = 0
        category = "omitted"
        """
    )
    assert [s.name for s in config.stages] == ["talking", "yes", "no"]
    talking = config.stage("talking")
    assert talking is not None
    assert talking.probability == 25
    assert config.stage("proposal") is None


# The user's own fields


def test_a_new_field_comes_after_ours() -> None:
    config = read('[fields.account.segment]\ntype = "choice"\nchoices = ["north", "south"]\n')
    fields = config.fields("account")
    assert list(fields) == [*KINDS["account"].fields, "segment"]
    assert fields["segment"].custom
    assert fields["segment"].choices == ("north", "south")
    assert "segment" not in config.fields("deal")
    assert "segment" not in KINDS["account"].fields


@pytest.mark.parametrize(
    ("written", "type"),
    [
        ("text", model.TEXT),
        ("integer", model.INTEGER),
        ("number", model.NUMBER),
        ("percent", model.PERCENT),
        ("date", model.DAY),
        ("flag", model.FLAG),
    ],
)
def test_the_types_of_custom_fields(written: str, type: str) -> None:
    config = read(f'[fields.deal.own]\ntype = "{written}"\nhelp = "of mine"\n')
    assert config.fields("deal")["own"].type == type
    assert config.fields("deal")["own"].help == "of mine"


def test_a_field_without_a_type_is_text() -> None:
    assert read("[fields.deal.own]\n").fields("deal")["own"].type == model.TEXT


def test_a_text_field_of_ours_can_be_narrowed_and_stays_where_it_was() -> None:
    config = read(
        '[fields.account.region]\ntype = "choice"\nchoices = ["north"]\n'
        '[fields.account.tags]\ntype = "choice"\nchoices = ["expo", "vip"]\n'
    )
    fields = config.fields("account")
    assert list(fields) == list(KINDS["account"].fields)
    assert (fields["region"].type, fields["region"].custom) == (model.CHOICE, False)
    assert (fields["tags"].many, fields["tags"].rows) == (True, ("tag", "tag"))
    tag = named(fields, "tag")
    assert tag is fields["tags"], "its option keeps its word"


# Required fields


def test_requirements_for_all_and_for_a_tier_are_joined() -> None:
    config = read(
        '[required.all]\naccount = ["owner"]\n'
        '[required.strategic]\naccount = ["industry", "owner"]\ndeal = ["close_date"]\n'
    )
    assert config.required_fields("account", "strategic") == ("owner", "industry")
    assert config.required_fields("account", None) == ("owner",)
    assert config.required_fields("deal", "strategic") == ("close_date",)
    assert config.required_fields("deal", "key") == ()


def test_a_requirement_may_come_before_the_field_and_the_tier_it_names() -> None:
    config = read(
        '[required.gold]\naccount = ["segment"]\n[fields.account.segment]\n[cadence]\ngold = 7\n'
    )
    assert config.required_fields("account", "gold") == ("segment",)


# What is refused, with the place


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("me = 3", "me must be a section: [me]"),
        (
            "[mee]\n",
            "unknown section [mee]. Sections: agenda, book, cadence, campaign, contracts,",
        ),
        ("[me]\nnaem = 'x'", "unknown setting me.naem (use name, country,"),
        ("[me]\nname = 3", "me.name is 3; it must be text in quotes"),
        ("[me]\ncurrency = 'euro'", "euro is not an ISO 4217 currency. Did you mean EUR"),
        ("[me]\ncountry = 'Singapore'", "me.country must be a country's two letters"),
        ("[today]\nlimit = '3'", "today.limit is '3'; it must be a whole number"),
        ("[today]\nlimit = true", "today.limit is True; it must be a whole number"),
        ("[today]\nlimit = -1", "today.limit must be 0 to 36500, not -1"),
        ("[cadence]\nkey = 0", "cadence.key must be at least 1 day"),
        ("[cadence]\nkey = 1000000000", "cadence.key must be at most 36,500 days"),
        ("[reviews]\nkey = 36501", "reviews.key must be at most 36,500 days"),
        ("[cadence]\nkey = 'x'", "cadence.key is 'x'; it must be a whole number"),
        ("[reviews]\nkey = 1.5", "reviews.key is 1.5; it must be a whole number"),
        ("[rates]\nEUR = 0", "rates.EUR must be a number above 0"),
        ("[rates]\nEUR = nan", "rates.EUR must be a number above 0"),
        ("[rates]\nEUR = inf", "rates.EUR must be a number above 0"),
        ("[rates]\nEUR = true", "rates.EUR must be a number above 0"),
        ("[rates]\nEURO = 1", "rates EURO is not an ISO 4217 currency"),
        ("[rates]\nbase = 'x'", "rates.base x is not an ISO 4217 currency"),
        ("[rates]\ndate = 'soon'", "rates.date must be a day like 2026-12-15, not 'soon'"),
        ("[stages]\nname = 'x'", "write each stage as a section of its own: [[stages]]"),
        ("stages = 3", "write each stage as a section of its own: [[stages]]"),
        ("stages = [1]", "stage 1 is 1; it must be a section"),
        ("[[stages]]\nnaem = 'x'", "stage 1: unknown setting naem"),
        ("[[stages]]\nprobability = 1", "stage 1: name is missing; it must be text"),
        ("[[stages]]\nname = ' '", "stage 1: name is empty"),
        ("[[stages]]\nname = 'a'\nprobability = 101\ncategory = 'x'", "must be 0 to 100, not 101"),
        (
            "[[stages]]\nname = 'a'\nprobability = 1\ncategory = 'pipeline'\ndays = 36501",
            "stage 1: days must be at most 36,500, not 36501",
        ),
        (
            "[[stages]]\nname = 'a'\nprobability = 1\ncategory = 'x'",
            "category must be pipeline, best-case,",
        ),
        ("[[stages]]\nname = 'a'\nprobability = 1\ncategory = 'closed'", "stages need an open one"),
        ("[fields.acount.x]\n", "[fields.acount]: use account, contact,"),
        ("[fields]\naccount = 3", "fields.account is 3; it must be a section"),
        ("[fields.account]\nx = 3", "[fields.account.x] must be a section with a type"),
        ("[fields.account.x]\ntyp = 'text'", "[fields.account.x]: unknown setting typ. Settings:"),
        ("[fields.account.x]\ntype = 'money'", "[fields.account.x]: type must be text,"),
        ("[fields.account.x]\ntype = ['text']", "[fields.account.x]: type must be text,"),
        ("[fields.account.x]\nchoices = ['a']", 'choices go with type = "choice"'),
        ("[fields.account.x]\ntype = 'choice'", 'choices go with type = "choice"'),
        ("[fields.account.x]\ntype = 'choice'\nchoices = 'a'", "must be a list of texts"),
        ("[fields.account.x]\ntype = 'choice'\nchoices = ['']", "must be a list of texts"),
        ("[fields.account.x]\nhelp = 3", "[fields.account.x]: help is 3; it must be text"),
        ("[fields.account.name]\n", "account has a field name already; a text field can be"),
        ("[fields.account.tier]\ntype = 'choice'\nchoices = ['a']", "has a field tier already"),
        ("[fields.account.number]\ntype = 'choice'\nchoices = ['a']", "has a field number already"),
        ("[fields.account.last_touch]\n", "account has a field last_touch already"),
        ("[fields.deal.account_id]\n", "account_id is how JSON and CSV give an id"),
        ("[fields.log.contact_ids]\n", "contact_ids is how JSON and CSV give an id"),
        ("[fields.account.and]\n", "a field's name is made of letters, digits and _"),
        ("[fields.account.'a b']\n", "a field's name is made of letters, digits and _"),
        ("[fields.account.'größe']\n", "a field's name is made of letters, digits and _"),
        ('[fields.account."x\' OR 1"]\n', "a field's name is made of letters, digits and _"),
        ("[required]\nall = 3", "required.all is 3; it must be a section"),
        ("[required.all]\nacount = []", "[required.all] acount: use account,"),
        ("[required.all]\naccount = 'x'", "[required.all] account must be a list of field names"),
        ("[required.stratgic]\naccount = []", "[required.stratgic]: no such tier. Tiers:"),
        ("[required.all]\naccount = ['ownr']", "[required.all] account: no field ownr"),
        ("[required.all]\naccount = ['number']", "no field number"),
        ("[quota]\nKim = 0", "quota.Kim must be above 0"),
        ("[quota]\nKim = 'lots'", "quota.Kim lots is not an amount"),
        ("[quota]\nKim = [1]", "quota.Kim must be an amount"),
        ("[quota]\nKim = 'EUR 5'", "quota.Kim EUR 5 is in EUR, but the currency is USD"),
        ("[quota]\ncurrency = 'XXX'", "quota.currency XXX is not an ISO 4217 currency"),
        ("[quota.'Q5 2026']", "quota.Q5 2026 must be a quarter"),
        ("[quota.'this quarter']", "quota.this quarter must be a quarter"),
        ("[rfm]\nrecency = [1, 2, 3]", "rfm.recency must be four rising whole numbers"),
        ("[rfm]\nfrequency = [1, 2, 2, 3]", "rfm.frequency must be four rising whole numbers"),
        ("[rfm]\nmonetary = '1, 2, 3, x'", "rfm.monetary must be four rising whole numbers"),
        ("[icp]\nindustry = 3", "[icp.industry] must be a section with a weight and a match"),
        ("[icp.industry]\nmtach = {}", "[icp.industry]: unknown setting mtach. Settings: field,"),
        (
            "[icp.industri]\n",
            "[icp.industri]: account field industri cannot be scored. Fields",
        ),
        ("[icp.website]\nmatch = {a = 1}", "[icp.website]: account field website cannot be scored"),
        ("[icp.x]\nfield = 3", "[icp.x]: field is 3; it must be text in quotes"),
        ("[icp.industry]\n", "[icp.industry]: how well industry fits is written match ="),
        ("[icp.industry]\nat_least = [[1, 2]]", "how well industry fits is written match ="),
        ("[icp.employees]\nmatch = {a = 1}", "how well employees fits is written at_least ="),
        ("[icp.industry]\nmatch = {}", "[icp.industry]: match is empty. Write what fits"),
        ("[icp.industry]\nmatch = 3", "[icp.industry]: match is 3; it must be a section"),
        ("[icp.industry]\nmatch = {a = 11}", "match.a must be 0 to 10, not 11"),
        ("[icp.industry]\nmatch = {a = 1, A = 2}", "match.A stands there twice"),
        ("[icp.industry]\nweight = 6\nmatch = {a = 1}", "weight must be 1 to 5, not 6"),
        ("[icp.industry]\nother = 'x'\nmatch = {a = 1}", "other is 'x'; it must be a whole"),
        ("[icp.industry]\nmatch = {'' = 1}", "[icp.industry]: match has a word that is empty"),
        ("[icp.currency]\nmatch = {dollar = 1}", "[icp.currency]: match.dollar dollar is not"),
        ("[score]\nqualified_fit = 101", "score.qualified_fit must be 0 to 100, not 101"),
        ("[icp.tier]\nmatch = {gold = 1}", "match.gold: use strategic, key,"),
        ("[icp.kind]\nmatch = {club = 1}", "match.club: use company or individual"),
        ("[icp.employees]\nat_least = 50", "at_least must be pairs of a bound and a match"),
        ("[icp.employees]\nat_least = [[50]]", "at_least must be pairs of a bound and a match"),
        ("[icp.employees]\nat_least = [['x', 1]]", "at_least: 'x' is not a number"),
        ("[icp.employees]\nat_least = [[nan, 1]]", "at_least: nan is not a number"),
        ("[icp.employees]\nat_least = [[9, 1], [5, 2]]", "the bounds must rise from pair to pair"),
        ("[icp.annual_revenue]\nat_least = [['lots', 1]]", "at_least lots is not an amount"),
        ("[score.tiers]\ngold = 1", "score.tiers: no tier gold. Tiers: strategic,"),
        ("[score.tiers]\nkey = 101", "score.tiers.key must be 0 to 100, not 101"),
        ("[score.tiers]\nkey = 50\nsmb = 60", "more important tier must begin at a higher score"),
        ("[score]\ntiers = 3", "score.tiers is 3; it must be a section"),
        ("[fiscal]\nstart = 13", "fiscal.start must be 1 to 12, not 13"),
        ("[forecast]\nprior = 0", "forecast.prior must be at least 1, not 0"),
        ("[score]\nfitt = 3", "unknown setting score.fitt (use fit, value,"),
    ],
)
def test_a_mistake_is_named_with_its_place(written: str, says: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(written)
    assert str(refused.value).startswith("config.toml: ")
    assert says in str(refused.value)


@pytest.mark.parametrize("second", ["Won", "wón"])
def test_two_stages_cannot_have_names_that_compare_equal(second: str) -> None:
    stages = [("won", "closed"), (second, "closed"), ("lost", "omitted"), ("open", "pipeline")]
    document = {
        "stages": [{"name": n, "probability": 50, "category": c} for n, c in stages],
    }
    with pytest.raises(Invalid, match="two stages have the same name"):
        from_document(document)


# Quota and marks


def test_a_quota_is_of_a_quarter_and_may_differ_in_one() -> None:
    quota = read(
        "[quota]\ntotal = 500_000\n'Kim Lee' = '200k'\n"
        "['quota'.'2026-Q4']\ntotal = '1m'\nRaj = 12.50\n"
    ).quota
    assert quota.currency == "USD"
    assert (quota.of("Q3 2026"), quota.of("Q4 2026")) == (50_000_000, 100_000_000)
    assert (quota.of("Q4 2026", "Kim Lee"), quota.of("Q3 2026", "Raj")) == (20_000_000, None)
    assert quota.of("Q4 2026", "Raj") == 1250
    assert quota.owners == ("Kim Lee", "Raj")


def test_everybodys_quota_is_theirs_together_unless_it_is_set() -> None:
    quota = read("[quota]\nKim = 100\nRaj = 200\n[quota.'Q1 2026']\nKim = 50").quota
    assert (quota.of("Q4 2026"), quota.of("Q1 2026")) == (30_000, 25_000)
    assert Config().quota.of("Q1 2026") is None


def test_a_quota_is_in_the_currency_of_the_rates_wherever_that_section_stands() -> None:
    assert read("[quota]\ntotal = 5\n[rates]\nbase = 'JPY'").quota.of("Q1 2026") == 5
    assert read("[quota]\ntotal = 5\n[me]\ncurrency = 'KWD'").quota.of("Q1 2026") == 5000
    own = "[quota]\ntotal = 5\ncurrency = 'sgd'\n[rates]\nbase = 'JPY'"
    assert (read(own).quota.of("Q1 2026"), read(own).quota.currency) == (500, "SGD")


def test_thresholds_may_be_a_list_or_a_text_with_commas() -> None:
    assert read("[rfm]\nrecency = [1, 2, 3, 4]")["rfm.recency"] == (1, 2, 3, 4)
    assert read("[rfm]\nrecency = '1, 2,3 ,4'")["rfm.recency"] == (1, 2, 3, 4)


# The ideal customer, and bounds of tiers


def test_a_criterion_is_named_after_its_field_or_names_it() -> None:
    config = read(
        "[icp.industry]\nmatch = { Energy = 10, 'Oil  & Gas' = 8 }\n"
        "[icp.size]\nfield = 'employees'\nweight = 5\nat_least = [[50, 4], [200, 10]]\nother = 1\n"
    )
    industry, size = config.icp
    assert (industry.field, industry.weight, industry.other) == ("industry", 3, 0)
    assert industry.match == {"energy": 10, "oil & gas": 8}
    assert (size.name, size.field, size.weight, size.other) == ("size", "employees", 5, 1)
    assert size.at_least == ((50, 4), (200, 10))
    assert Config().icp == ()


def test_criteria_may_stand_before_what_they_speak_of() -> None:
    config = read(
        "[icp.tier]\nmatch = { gold = 10 }\n[icp.sites]\nat_least = [[2.5, 10]]\n"
        "[icp.annual_revenue]\nat_least = [[1_000, 5], ['1.5m', 10]]\n"
        "[icp.partner]\nmatch = { yes = 10 }\n"
        "[cadence]\ngold = 7\n[rates]\nbase = 'JPY'\n"
        "[fields.account.sites]\ntype = 'number'\n[fields.account.partner]\ntype = 'flag'\n"
    )
    revenue = next(one for one in config.icp if one.field == "annual_revenue")
    assert (revenue.currency, revenue.at_least) == ("JPY", ((1_000, 5), (1_500_000, 10)))
    assert len(config.icp) == 4


def test_tiers_are_suggested_evenly_by_cadence_unless_bounds_are_set() -> None:
    even = {"strategic": 80, "key": 60, "growth": 40, "smb": 20, "maintenance": 0}
    assert Config().tier_bounds == even
    assert read("[cadence]\ngold = 7\nsilver = 30\n").tier_bounds == {"gold": 50, "silver": 0}
    written = read("[score]\nfit = 50\n[score.tiers]\ngrowth = 30\nstrategic = 70\n")
    assert written.tier_bounds == {"strategic": 70, "growth": 30}
    assert list(written.tier_bounds) == ["strategic", "growth"]
    assert written["score.fit"] == 50
