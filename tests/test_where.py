"""The filter language: what each form means, and where the caret is in an error."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from acctcli import where
from acctcli.errors import UsageError
from acctcli.text import width
from acctcli.where import And, Compare, Empty, Expr, Not, OneOf, Or, fields_of, mistake, parse


def shape(expr: Expr) -> tuple[object, ...]:
    """Return the tree without its offsets."""
    match expr:
        case Compare(field, op, value):
            return ("Compare", field, op, value)
        case OneOf(field, values, negated=negated):
            return ("OneOf", field, values, negated)
        case Empty(field, negated=negated):
            return ("Empty", field, negated)
        case And(parts):
            return ("And", *map(shape, parts))
        case Or(parts):
            return ("Or", *map(shape, parts))
        case Not(part):
            return ("Not", shape(part))


def refusal(text: str) -> tuple[str, str, str]:
    """Return the three lines of the error for `text`."""
    with pytest.raises(UsageError) as caught:
        parse(text)
    message, shown, caret = caught.value.message.split("\n")
    return message, shown, caret


# -- what each form means


def test_the_example_of_the_manual() -> None:
    text = (
        "tier in (key, strategic) and annual_revenue > 1m and industry ~ energy and not tag = expo"
    )
    tree = parse(text)
    assert tree == And(
        (
            OneOf("tier", ("key", "strategic"), 0, (9, 14), negated=False),
            Compare("annual_revenue", ">", "1m", 29, 46),
            Compare("industry", "~", "energy", 53, 64),
            Not(Compare("tag", "=", "expo", 79, 85)),
        )
    )
    assert fields_of(tree) == [("tier", 0), ("annual_revenue", 29), ("industry", 53), ("tag", 79)]


@pytest.mark.parametrize("op", ["=", "!=", ">", "<", ">=", "<=", "~", "!~"])
@pytest.mark.parametrize("layout", ["amount {} 5", "amount{}5", "  amount\t{}\n5 "])
def test_operators_need_no_spaces(op: str, layout: str) -> None:
    assert shape(parse(layout.format(op))) == ("Compare", "amount", op, "5")


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12,000.50", "12,000.50"),
        ("2026-12-15", "2026-12-15"),
        ("-5", "-5"),
        ("+65/6123.4567", "+65/6123.4567"),
        ("mei@greentech.sg", "mei@greentech.sg"),
        ("100%", "100%"),
        ("AT&T", "AT&T"),
        ("O'Neil", "O'Neil"),
        ("Größe_北京", "Größe_北京"),
        ("C:\\tmp", "C:\\tmp"),
        ("empty", "empty"),
        ("'next friday'", "next friday"),
        ('"SGD 1200"', "SGD 1200"),
        ('"O\'Neil"', "O'Neil"),
        ("'O\\'Neil'", "O'Neil"),
        (r'"say \"hi\""', 'say "hi"'),
        (r'"C:\\tmp\new\\"', r"C:\tmp\new" + "\\"),
        (r'"it\'s"', r"it\'s"),
        ("' '", " "),
        ("'a, (b) = c'", "a, (b) = c"),
    ],
)
def test_values_stay_as_typed(typed: str, value: str) -> None:
    assert shape(parse(f"name = {typed}")) == ("Compare", "name", "=", value)


@pytest.mark.parametrize("value", ["OR", "IN", "IS", "NOT", "AND", "empty"])
@pytest.mark.parametrize("rest", ["", " and tier = key", " OR tier = key"])
def test_a_state_may_be_called_like_a_keyword(value: str, rest: str) -> None:
    text = f"(region = {value}){rest}"
    assert shape(parse(text)) == shape(parse(f"region = '{value}'{rest}"))
    assert shape(parse(text.replace("(", "").replace(")", ""))) == shape(parse(text))
    assert shape(parse(f"region in (WA, {value})")) == ("OneOf", "region", ("WA", value), False)


@pytest.mark.parametrize("field", ["tier", "_x", "x-account-id", "deal.amount", "A1", "empty"])
def test_field_names_stay_as_typed(field: str) -> None:
    assert shape(parse(f"{field}=1")) == ("Compare", field, "=", "1")


def test_lists() -> None:
    assert shape(parse("tier in(key,'a, b' , \"c\")")) == (
        "OneOf",
        "tier",
        ("key", "a, b", "c"),
        False,
    )
    assert shape(parse("tier NOT In (key)")) == ("OneOf", "tier", ("key",), True)
    assert shape(parse("amount in (12,000.50)")) == ("OneOf", "amount", ("12", "000.50"), False)
    assert shape(parse("amount in ('12,000.50')")) == ("OneOf", "amount", ("12,000.50",), False)


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("owner is empty", False),
        ("owner IS NOT EMPTY", True),
        ('owner = ""', False),
        ("owner != ''", True),
    ],
)
def test_emptiness(text: str, negated: bool) -> None:
    assert shape(parse(text)) == ("Empty", "owner", negated)


A, B, C = (("Compare", name, "=", "1") for name in "abc")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a=1 or b=1 and c=1", ("Or", A, ("And", B, C))),
        ("(a=1 or b=1) and c=1", ("And", ("Or", A, B), C)),
        ("a=1 and (b=1 and c=1)", ("And", A, ("And", B, C))),
        ("a=1 and b=1 and c=1", ("And", A, B, C)),
        ("not a=1 and b=1", ("And", ("Not", A), B)),
        ("not(a=1 OR b=1)", ("Not", ("Or", A, B))),
        ("not not a=1", ("Not", ("Not", A))),
        ("((a=1))", A),
    ],
)
def test_not_binds_before_and_before_or(text: str, expected: tuple[object, ...]) -> None:
    assert shape(parse(text)) == expected


def test_fields_come_in_reading_order_with_repeats() -> None:
    text = "b=1 or (a is empty and not b in (1))"
    assert fields_of(parse(text)) == [("b", 0), ("a", 8), ("b", 27)]


def test_nodes_are_values_and_know_their_class() -> None:
    tree = parse("owner is empty")
    assert tree == Empty("owner", 0, negated=False)
    assert tree != Empty("owner", 0, negated=True)
    assert And((tree, tree)) != Or((tree, tree))
    assert {tree, parse("owner is empty")} == {tree}
    assert repr(Not(tree)) == "Not(part=Empty(field='owner', at=0, negated=False))"


# -- what is refused, and where the caret stands


@pytest.mark.parametrize(
    ("text", "caret_under", "said"),
    [
        # Each line: a filter, the rest of it from the caret on, words of the message.
        ("", "", "field name"),
        ("   ", "", "field name"),
        ("tier", "", "an operator is missing"),
        ("tier key", "key", "an operator is missing"),
        ("größe = 3", "öße = 3", "an operator is missing"),
        ("'tier' = key", "'tier' = key", "without quotes"),
        ("tier = key and", "", "field name"),
        ("and tier = key", "and tier = key", "field name"),
        ("in (key)", "in (key)", "field name"),
        ("OR = 3", "OR = 3", "field name"),
        ("élan = 3", "élan = 3", "field name"),
        ("1x = 3", "1x = 3", "field name"),
        ("-x = 3", "-x = 3", "field name"),
        ("()", ")", "field name"),
        ("tier == key", "== key", '"==" is not an operator; write = !='),
        ("tier <> key", "<> key", '"<>" is not an operator'),
        ("tier === key", "=== key", '"===" is not an operator'),
        ("tier ! key", "! key", '"!" is not an operator'),
        ("tier =", "", "a value is missing after ="),
        ("(tier = )", ")", "a value is missing after ="),
        ("tier = and owner = me", "and owner = me", 'a value is missing before "and"'),
        ("tier = OR (a = 1)", "OR (a = 1)", 'a value is missing before "OR"'),
        ("tier = key, strategic", ", strategic", "several values go in a list"),
        ("tier = (key, strategic)", "(key, strategic)", "several values go in a list"),
        ("industry = oil gas", "gas", "quotes around a value with a space"),
        ("site = x?a=b", "=b", "quotes around a value"),
        ("name = 'a'b", "b", 'write "and" or "or" between'),
        ("a = 1 && b = 2", "&& b = 2", 'write "and" or "or" between'),
        ("amount > ''", "''", 'write "is empty"'),
        ("name ~ ''", "''", 'write "is empty"'),
        ("name = 'Acme and tier = key", "'Acme and tier = key", "this ' is never closed"),
        ('name = "C:\\"', '"C:\\"', 'this " is never closed'),
        ("name = ”Acme”", "”Acme”", "write straight ones"),
        ("name = “Acme”", "“Acme”", "write straight ones"),
        ("tier is key", "key", '"empty" or "not empty"'),
        ("tier is not null", "null", '"empty" or "not empty"'),
        ("tier not ~ key", "~ key", "write != or !~"),
        ("tier in key", "key", "a list in parentheses"),
        ("tier in ()", ")", "a value is missing here"),
        ("tier in (key,)", ")", "a value is missing here"),
        ("tier in (, key)", ", key)", "a value is missing here"),
        ("tier in (key, '')", "'')", "a list cannot hold an empty value"),
        ("tier in (key growth)", "growth)", "write a comma between two values"),
        ("tier in (key, growth", "(key, growth", "this list is never closed"),
        ("tier in (", "", "a value is missing here"),
        ("(tier = key", "(tier = key", "this ( is never closed"),
        ("(tier = key x", "x", 'write "and" or "or" between'),
        ("tier = key) or a = 1", ") or a = 1", "this ) closes nothing"),
    ],
)
def test_a_mistake_gets_a_caret_under_its_place(text: str, caret_under: str, said: str) -> None:
    message, shown, caret = refusal(text)
    assert said in message
    assert shown == "  " + text
    assert caret == " " * (2 + len(text) - len(caret_under)) + "^"


def test_a_mistake_in_full() -> None:
    assert "\n".join(refusal("tier = key and industry = oil gas")) == (
        'the filter breaks off here; write "and" or "or" between two tests, '
        "and quotes around a value with a space or any of =!<>~()\n"
        "  tier = key and industry = oil gas\n"
        "                                ^"
    )


@pytest.mark.parametrize("opening", ["(", "not ", "not (", "( \n"])
def test_deep_nesting_is_refused_and_a_hundred_levels_are_not(opening: str) -> None:
    levels = 50 if opening == "not (" else 100
    closing = ")" * (opening.count("(") * levels)
    assert fields_of(parse(opening * levels + "a=1" + closing)) == [("a", len(opening) * levels)]
    for too_many in (levels + 1, 10_000):
        message, _, _ = refusal(opening * too_many + "a=1")
        assert message == "more than 100 levels of ( and of not; write a simpler filter"


def test_a_long_flat_filter_is_read() -> None:
    tree = parse(" or ".join(["a = 1"] * 5_000))
    assert isinstance(tree, Or)
    assert len(tree.parts) == 5_000


def test_the_caret_stands_right_after_escapes_and_wide_characters() -> None:
    text = "name = '北京\x1b[31m' and teir = key"
    _, shown, caret = mistake(text, text.index("teir"), "no such field").message.split("\n")
    assert "\x1b" not in shown
    assert "北京" in shown
    assert len(caret) - 1 == width(shown[: shown.index("teir")])
    assert len(caret) - 1 > text.index("teir") + 2 + len("北京")


def test_line_breaks_cannot_part_the_caret_from_its_place() -> None:
    error = mistake("a = 1\nand\r\n\tb = 2\u2028", 12, "no field\n'b'")
    assert error.message == "no field 'b'\n  a = 1 and   b = 2 \n              ^"


def test_what_the_message_quotes_is_made_safe() -> None:
    assert "\x1b" not in mistake("a = 1", 0, "no \x1b[31m field").message


@given(st.integers(0, 300), st.integers(0, 300))
@example(73, 73)
def test_a_long_filter_is_cut_around_the_place_so_that_no_line_wraps(length: int, at: int) -> None:
    text = " or ".join(f"field{number} = 1" for number in range(300))[:length]
    at = min(at, length)
    _, shown, caret = mistake(text, at, "no such field").message.split("\n")
    before, after = shown[2 : len(caret) - 1], shown[len(caret) - 1 :]
    left, right = before.removeprefix("..."), after.removesuffix("...")
    assert text[:at].endswith(left)
    assert text[at:].startswith(right)
    assert (before == left) == (left == text[:at])
    assert (after == right) == (right == text[at:])
    assert max(len(shown), len(caret)) <= 80
    assert len(left + right) == min(len(text), 72)
    assert min(len(left), len(right)) >= min(at, len(text) - at, 36)


# -- any text, any tree

PIECES = [*where.OPERATORS, *where.RESERVED, "empty", *"()'\",\\ \t\n", "tier", "北", "\x1b", "1m"]
TEXTS = st.text(st.characters(), max_size=200) | st.lists(st.sampled_from(PIECES)).map("".join)


@given(TEXTS)
def test_any_text_is_a_tree_or_a_refusal_with_a_caret_in_the_text(text: str) -> None:
    try:
        tree = parse(text)
    except UsageError as error:
        message, shown, caret = error.message.split("\n")
        assert message
        assert shown.startswith("  ")
        assert caret.lstrip(" ") == "^"
        assert 2 <= len(caret) - 1 <= width(shown)
    else:
        for field, at in fields_of(tree):
            assert text[at : at + len(field)] == field


FIELDS = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.-]{0,8}", fullmatch=True).filter(
    lambda name: name.lower() not in where.RESERVED
)
VALUES = st.text(min_size=1) | st.sampled_from(["and", "OR", "not", "O'Neil", "a\\", '\\"', "x,"])
LEAVES = (
    st.builds(Compare, FIELDS, st.sampled_from(where.OPERATORS), VALUES, st.just(0), st.just(0))
    | st.builds(
        OneOf,
        FIELDS,
        st.lists(VALUES, min_size=1, max_size=4).map(tuple),
        st.just(0),
        st.just(()),
        st.booleans(),
    )
    | st.builds(Empty, FIELDS, st.just(0), st.booleans())
)


def branches(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    several = st.lists(inner, min_size=2, max_size=4).map(tuple)
    return st.builds(And, several) | st.builds(Or, several) | st.builds(Not, inner)


TREES: st.SearchStrategy[Expr] = st.recursive(LEAVES, branches, max_leaves=12)


class Printer:
    """Writes a tree as a filter, in a random one of its possible forms."""

    def __init__(self, style: Random) -> None:
        self.style = style

    def keyword(self, word: str) -> str:
        return self.style.choice([word, word.upper(), word.title()])

    def space(self) -> str:
        return self.style.choice(["", " ", "\t "])

    def value(self, value: str, *, in_list: bool) -> str:
        bare = not any(char.isspace() or char in "=!<>~()" for char in value)
        bare = bare and value[0] not in "'\"“”"
        bare = bare and ("," not in value if in_list else not value.endswith(","))
        if bare and self.style.random() < 0.7:
            return value
        quote = self.style.choice("'\"")
        return quote + value.replace("\\", "\\\\").replace(quote, "\\" + quote) + quote

    def write(self, expr: Expr) -> str:
        match expr:
            case Compare(field, op, value):
                return field + self.space() + op + self.space() + self.value(value, in_list=False)
            case OneOf(field, values, negated=negated):
                verb = self.keyword("not") + " " if negated else ""
                verb += self.keyword("in") + self.space()
                comma = self.space() + "," + self.space()
                listed = comma.join(self.value(value, in_list=True) for value in values)
                return f"{field} {verb}({self.space()}{listed}{self.space()})"
            case Empty(field, negated=negated):
                if self.style.random() < 0.3:
                    return f"{field} != ''" if negated else f'{field}=""'
                verb = f"is {self.keyword('not')}" if negated else self.keyword("is")
                return f"{field} {verb} {self.keyword('empty')}"
            case And(parts):
                return f" {self.keyword('and')} ".join(map(self.operand, parts))
            case Or(parts):
                return f" {self.keyword('or')} ".join(map(self.operand, parts))
            case Not(part):
                return f"{self.keyword('not')} {self.operand(part)}"

    def operand(self, expr: Expr) -> str:
        written = self.write(expr)
        if isinstance(expr, And | Or) or self.style.random() < 0.2:
            return f"({self.space()}{written}{self.space()})"
        return written


@given(TREES, st.randoms(use_true_random=False))
def test_a_tree_written_down_reads_back_as_itself(tree: Expr, style: Random) -> None:
    text = Printer(style).write(tree)
    read = parse(text)
    assert shape(read) == shape(tree)
    assert [field for field, _ in fields_of(read)] == [field for field, _ in fields_of(tree)]
    assert all(text[at : at + len(field)] == field for field, at in fields_of(read))


@given(FIELDS, st.lists(VALUES, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_each_value_is_found_at_its_offset(field: str, values: list[str], style: Random) -> None:
    text = Printer(style).write(OneOf(field, tuple(values), 0, (), negated=False))
    listed = parse(text)
    assert isinstance(listed, OneOf)
    for value, at in zip(values, listed.value_ats, strict=True):
        typed = parse(f"{field} in ({text[at:]}")
        assert isinstance(typed, OneOf)
        assert typed.values[0] == value
        assert not text[at - 1].isalnum()
