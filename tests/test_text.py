from __future__ import annotations

import random
import sys
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli import text
from acctcli.errors import Invalid, UsageError

ANY_TEXT = st.text(st.characters(codec=None))
ALL_CHARACTERS = [chr(code) for code in range(sys.maxunicode + 1)]
JOINERS = {"\u200c", "\u200d"}
SELECTORS = {char for char in ALL_CHARACTERS if "VARIATION SELECTOR" in unicodedata.name(char, "")}
FILLERS = set("\u115f\u1160\u3164\uffa0")


def is_forbidden(char: str) -> bool:
    return (
        unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") and char not in JOINERS
    ) or char in FILLERS


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("\x1b[31mred", r"\x1b[31mred"),
        ("\x1b]52;c;aGk=\x07", r"\x1b]52;c;aGk=\x07"),
        ("\x9b31m", r"\x9b31m"),
        ("paid\rfree\b", r"paid\rfree\x08"),
        ("a\tb\nc\x7f\x00", r"a\tb\nc\x7f\x00"),
        ("\u202egpj.exe", r"\u202egpj.exe"),
        ("\u2066a\u2069\u061c\u200e", r"\u2066a\u2069\u061c\u200e"),
        ("Ac\u200bme\u2060\ufeff\xad", r"Ac\u200bme\u2060\ufeff\xad"),
        ("\U000e0041\U000e007f", r"\U000e0041\U000e007f"),
        ("a\u2028b\u2029", r"a\u2028b\u2029"),
        ("bad\udcff", r"bad\udcff"),
    ],
)
def test_what_drives_or_hides_is_shown_as_an_escape(given: str, shown: str) -> None:
    assert text.safe(given) == shown


@pytest.mark.parametrize(
    "value",
    [
        "GreenTech Ltd",
        "[red]x[/red] [link=…] :100: C:\\[tmp]",
        "Zoë Łuczak, naïve\u00a0café",
        "日本語の会社 한글 שלום",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian with a non-joiner
        "👩\u200d👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3 🇸🇬",
        "葛\U000e0100城市",
        "\U0001fae8",  # an emoji that is younger than the oldest Python we run on
    ],
)
def test_ordinary_text_is_shown_as_typed(value: str) -> None:
    assert text.safe(value) == value


def test_every_character_that_unicode_calls_control_or_format_is_escaped() -> None:
    forbidden = "".join(filter(is_forbidden, ALL_CHARACTERS))
    assert len(forbidden) > 2000
    assert text.safe(forbidden).isascii()


def test_every_letter_mark_digit_and_symbol_is_kept() -> None:
    kept = "".join(
        char
        for char in ALL_CHARACTERS
        if unicodedata.category(char)[0] in "LMNPS" and char not in SELECTORS | FILLERS
    )
    assert text.safe(kept) == kept


def test_a_run_of_variation_selectors_cannot_hide_a_message() -> None:
    assert text.safe("a\ufe0f\ufe01\U000e0101") == "a\ufe0f" + r"\ufe01\U000e0101"
    assert text.safe("\ufe0f \ufe0f") == r"\ufe0f \ufe0f"


def test_newlines_are_kept_only_where_asked_for() -> None:
    assert text.safe("a\nb\r\x1b", newlines=True) == "a\nb" + r"\r\x1b"
    assert text.safe("a\nb") == r"a\nb"


@given(ANY_TEXT, st.booleans())
def test_nothing_forbidden_leaves_safe_and_a_second_pass_changes_nothing(
    value: str, newlines: bool
) -> None:
    shown = text.safe(value, newlines=newlines)
    assert not any(map(is_forbidden, shown.replace("\n", "") if newlines else shown))
    assert text.safe(shown, newlines=newlines) == shown


def test_a_quoted_value_is_safe_and_short() -> None:
    assert text.quoted("a\x1bb") == r'"a\x1bb"'
    assert text.quoted("x" * 600) == '"' + "x" * 59 + '…"'


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GreenTech  Ltd ", "greentech ltd"),
        ("É", "e\u0301"),
        ("é", "e"),
        ("STRASSE", "straße"),
        ("Ørsted", "orsted"),
        ("Łódź", "LODZ"),
        ("İstanbul", "istanbul"),
        ("Œuvre", "oeuvre"),
        ("\uff21cme\u3000\uff11", "acme 1"),
        ("Ac\u200bme\u202e", "acme"),
        ("❤\ufe0f", "❤"),
        ("ΣΊΣΥΦΟΣ", "σισυφος"),
        ("שָׁלוֹם", "שלום"),
        ("한글", "\u1112\u1161\u11ab\u1100\u1173\u11af"),
    ],
)
def test_names_that_are_the_same(one: str, other: str) -> None:
    assert text.key(one) == text.key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Acme", "Acne"), ("ガス", "カス"), ("की", "कु"), ("green tech", "greentech"), ("c++", "c")],
)
def test_names_that_are_not_the_same(one: str, other: str) -> None:
    assert text.key(one) != text.key(other)


@given(ANY_TEXT)
def test_a_key_is_its_own_key(value: str) -> None:
    assert text.key(text.key(value)) == text.key(value)


@given(ANY_TEXT)
def test_normal_forms_have_the_same_key(value: str) -> None:
    composed, decomposed = (
        unicodedata.normalize("NFKC", value),
        unicodedata.normalize("NFD", value),
    )
    assert text.key(composed) == text.key(decomposed) == text.key(value)


def test_every_letter_keeps_its_key_in_either_case_and_when_taken_again() -> None:
    letters = [c for c in ALL_CHARACTERS if c.upper() != c.lower() or unicodedata.decomposition(c)]
    assert len(letters) > 5000
    changed = [
        char
        for char in letters
        if {text.key(char.upper()), text.key(char.lower()), text.key(text.key(char))}
        != {text.key(char)}
    ]
    assert changed == []


def test_a_line_is_trimmed_and_composed() -> None:
    assert text.one_line("  Cafe\u0301 \n", "name") == "Café"


@pytest.mark.parametrize("name", ["a\x1b[31m", "a\rb", "a\u202eb", "a\tb", "=1+1", "x" * 500])
def test_odd_lines_are_stored_as_given(name: str) -> None:
    assert text.one_line(name, "name") == name


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("", "name is empty. Write at least one character"),
        (" \t\u3000\n", "name is empty. Write at least one character"),
        ("a\nb", r'name "a\nb" has a line break. Write it on one line'),
        ("a\r\nb", r'name "a\r\nb" has a line break. Write it on one line'),
        ("a\u2028b", r'name "a\u2028b" has a line break. Write it on one line'),
        ("a\x85b", r'name "a\x85b" has a line break. Write it on one line'),
        ("a\0b", r'name "a\x00b" has a NUL character. Leave it out'),
        (
            "x" * 501,
            f'name "{"x" * 59}…" has 501 characters. Shorten it to 500 at most',
        ),
    ],
)
def test_lines_that_are_refused(given: str, message: str) -> None:
    with pytest.raises(Invalid) as refused:
        text.one_line(given, "name")
    assert refused.value.message == message


def test_bytes_that_are_not_utf8_are_a_mistake_in_the_command_line() -> None:
    typed = b"Caf\xe9".decode("utf-8", "surrogateescape")
    for read in (text.one_line, text.paragraph):
        with pytest.raises(UsageError) as refused:
            read(typed, "--name")
        assert refused.value.message == (
            r'--name "Caf\udce9" is not valid UTF-8 from character 4 on. '
            "Check the encoding of the terminal or the file"
        )


def test_a_paragraph_keeps_its_lines_and_its_indent() -> None:
    assert text.paragraph("\n  one\r\n\r\ntwo\t\r\r\n\n", "body") == "  one\n\ntwo"
    assert text.paragraph(" \n ", "body") == ""


def test_a_paragraph_has_a_limit_in_bytes_and_no_nul() -> None:
    most = "é" * (text.MAX_PARAGRAPH // 2)
    assert text.paragraph(most, "body") == most
    with pytest.raises(Invalid, match=r"is longer than 1 MiB\. Shorten it$"):
        text.paragraph(most + "x", "body")
    with pytest.raises(Invalid, match=r'^body "a\\x00" has a NUL character'):
        text.paragraph("a\0", "body")


@given(ANY_TEXT)
def test_what_is_stored_is_stored_the_same_again(value: str) -> None:
    for read in (text.one_line, text.paragraph):
        try:
            stored = read(value, "body")
        except (Invalid, UsageError):
            continue
        assert read(stored, "body") == stored if stored else not value.strip()


@pytest.mark.parametrize(
    ("value", "columns"),
    [
        ("", 0),
        ("GreenTech", 9),
        ("Zoë", 3),
        ("Zoe\u0308", 3),
        ("…·█▂", 4),
        ("Привет", 6),
        ("日本", 4),
        ("한글", 4),
        ("\u1112\u1161\u11ab", 2),
        ("\uff41\uff61", 3),
        ("❤", 1),
        ("❤\ufe0f", 2),
        ("1\ufe0f\u20e3", 2),
        ("👩\u200d👩\u200d👧", 2),
        ("👍🏽", 2),
        ("🇸🇬", 2),
        ("\U0001fae8", 2),
        ("ก็", 1),
    ],
)
def test_columns_of_a_terminal(value: str, columns: int) -> None:
    assert text.width(value) == columns


@pytest.mark.parametrize(
    ("value", "columns", "clipped"),
    [
        ("GreenTech Ltd", 13, "GreenTech Ltd"),
        ("GreenTech Ltd", 12, "GreenTech L…"),
        ("GreenTech Ltd", 11, "GreenTech…"),  # not a space before the dots
        ("GreenTech Ltd", 1, "…"),
        ("GreenTech Ltd", 0, ""),
        ("日本語の会社", 12, "日本語の会社"),
        ("日本語の会社", 6, "日本…"),
        ("日本語の会社", 5, "日本…"),
        ("日本語の会社", 2, "…"),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
        ("👩\u200d👩\u200d👧👍🏽x", 4, "👩\u200d👩\u200d👧…"),
        ("🇸🇬🇲🇾", 3, "🇸🇬…"),
    ],
)
def test_clipped_to_columns(value: str, columns: int, clipped: str) -> None:
    assert text.clip(value, columns) == clipped


@given(ANY_TEXT.map(text.safe), st.integers(-1, 40))
def test_a_clipped_value_fits_and_says_that_it_was_clipped(value: str, columns: int) -> None:
    clipped = text.clip(value, columns)
    assert text.width(clipped) <= max(columns, 0)
    if text.width(value) <= columns:
        assert clipped == value
    elif columns > 0:
        assert clipped.endswith("…")
        assert value.startswith(clipped[:-1])


BOOK = ["Acme Corporation", "Betatech", "GreenTech Ltd", "Kan-code", "Konex", "Mei Tan", "Zotware"]


@pytest.mark.parametrize(
    ("word", "names"),
    [
        ("grentech", ["GreenTech Ltd"]),
        ("acme crop", ["Acme Corporation"]),
        ("konex international", ["Konex"]),
        ("KANCODE", ["Kan-code"]),
        ("bétatech", ["Betatech"]),
        ("Tan Mei", ["Mei Tan"]),
        ("zotwrae", ["Zotware"]),
        ("nothing like it", []),
        ("x", []),
        ("", []),
    ],
)
def test_names_that_a_mistyped_word_was_meant_for(word: str, names: list[str]) -> None:
    assert text.near(word, BOOK) == names


def test_the_nearest_name_comes_first_and_only_so_many_come() -> None:
    names = ["Norway", "Austria", "Australia", "Austin"]
    assert text.near("australa", names) == ["Australia", "Austria"]
    assert text.near("australa", names, limit=1) == ["Australia"]


def test_a_name_of_two_letters_is_near_to_short_words_only() -> None:
    assert text.near("stage", ["st", "s", "stages"]) == ["stages"]
    assert text.near("stt", ["x", "st"]) == ["st"]


def test_names_are_found_among_ten_thousand_without_a_wait() -> None:
    pick = random.Random(7)
    names = [f"{pick.choice(BOOK)} {pick.choice(BOOK)} {i}" for i in range(10_000)]
    names[9_000] = "Singletechno"
    text.near("the import", ["is not timed"])
    start = time.process_time()
    assert text.near("singeltecno", names)[0] == "Singletechno"
    assert time.process_time() - start < 0.5  # it takes 30 ms, on an idle machine


def test_numbers_with_their_noun() -> None:
    assert text.plural(1, "account") == "1 account"
    assert text.plural(0, "account") == "0 accounts"
    assert text.plural(1200, "account") == "1,200 accounts"
    assert text.plural(3, "person", "people") == "3 people"
    assert text.plural(1, "person", "people") == "1 person"


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ("", ""),
        ("A", "A"),
        ("AB", "A and B"),
        ("ABC", "A, B and C"),
        ("ABCD", "A, B and 2 more"),
        ("ABCDEF", "A, B and 4 more"),
    ],
)
def test_names_in_a_sentence(names: str, sentence: str) -> None:
    assert text.sentence_list(list(names)) == sentence


def test_a_sentence_may_have_room_for_one_name_only() -> None:
    assert text.sentence_list(["A", "B", "C"], limit=2) == "A and 2 more"
    assert text.sentence_list(["A", "B", "C"], limit=1) == "A and 2 more"


def test_whatever_is_hidden_is_unprintable_or_known_to_be_sly() -> None:
    """The short way of `safe` must see every character that its pattern sees."""
    for point in range(sys.maxunicode + 1):
        char = chr(point)
        if char.isprintable() and char not in text._HIDDEN_PRINTABLE:
            assert text._unprintable().search(f"x{char}") is None, hex(point)


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (None, None, None),
        ("a", None, "a"),
        ("", "b", "b"),
        ("a", "b", "a\n\nb"),
        ("same", "same", "same"),
        ("a\nb", "b", "a\nb"),
        ("b", "a\nb\nc", "a\nb\nc"),
        ("no budget", "budget", "no budget\n\nbudget"),  # a part of a line says something else
    ],
)
def test_two_texts_as_one(one: str | None, other: str | None, both: str | None) -> None:
    assert text.joined(one, other) == both


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("one", "one"),
        ("one\ntwo", "one \u21b5 two"),
        ("one \n\n\t two\n", "one \u21b5 two \u21b5"),
        ("\none\\ntwo", "\u21b5 one\\ntwo"),  # text that was typed as two signs stays two signs
    ],
)
def test_a_line_break_has_a_sign_where_there_is_one_line(value: str, shown: str) -> None:
    assert text.flat(value) == shown


# Words


@pytest.mark.parametrize(
    ("part", "key"),
    [
        ("acme", "acme labs"),
        ("lab", "acme labs"),
        ("labs", "acme labs"),
        ("me la", "me labs"),
        ("cola", "coca-cola"),
        ("-cola", "coca-cola"),
        ("neil", "o'neil"),
        ("son", "herzog & son"),
        ("& son", "herzog & son"),
        ("asia", "zotware (asia)"),
        ("2", "area 2"),
        ("an", "banana an"),  # not its first occurrence
        ("電力", "東京電力"),
        ("ไทย", "การบินไทย"),
        ("नमस्ते", "राज नमस्ते"),
    ],
)
def test_a_part_begins_a_word(part: str, key: str) -> None:
    assert text.begins_word(key, part)


@pytest.mark.parametrize(
    ("part", "key"),
    [
        ("cme", "acme labs"),
        ("abs", "acme labs"),
        ("e labs", "acme labs"),
        ("zed", "acme labs"),
        ("an", "banana"),
        ("2", "area 12"),
        ("त", "हिन्दी भारत"),
        ("बर", "अंबर"),
        ("स", "नमस्ते"),
        ("तान", "हिंदुस्तान"),
    ],
)
def test_the_middle_of_a_word_does_not(part: str, key: str) -> None:
    assert not text.begins_word(key, part)


@pytest.mark.parametrize(
    "value",
    [
        *("", " ", "\t\n", "\u00a0\u3000", "\u200b", "\u200d\u200c", "\u202e\u2066", "\ufeff"),
        *("\x1b", "\x00\x7f\x9b", "\u0301\u0302", "\ufe0f", "\U000e0041", "\u3164\u115f"),
        *("\u2800", "\u00ad", "\u0903", " \u200b\u0301 "),
    ],
    ids=ascii,
)
def test_what_shows_nothing_is_no_text(value: str) -> None:
    assert not text.shows(value)
    if not value.strip():
        assert text.paragraph(value, "notes") == ""
        return
    for read in (text.one_line, text.paragraph):
        with pytest.raises(Invalid):
            read(value, "name")


@pytest.mark.parametrize(
    "value", ["a", "\u00e9", "e\u0301", "-", "\u738b", "\U0001f600", "\ue000", "0", "\u0e01\u0e33"]
)
def test_one_sign_is_enough(value: str) -> None:
    assert text.shows(f"\u200b{value}\u0301")
    assert text.one_line(value, "name")


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (10, "10th"),
        (11, "11th"),
        (12, "12th"),
        (13, "13th"),
        (21, "21st"),
        (102, "102nd"),
        (111, "111th"),
        (1_013, "1,013th"),
        (1_023, "1,023rd"),
    ],
)
def test_a_place_in_an_order(n: int, said: str) -> None:
    assert text.ordinal(n) == said


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], ""),
        (["key"], "key"),
        (["key", "growth"], "key or growth"),
        (["key", "growth", "smb"], "key, growth or smb"),
    ],
)
def test_alternatives(names: list[str], said: str) -> None:
    assert text.one_of(names) == said
    assert text.one_of(iter(names)) == said


def test_a_question_follows_a_sentence_only_where_something_is_near() -> None:
    assert text.did_you_mean([]) == ""
    assert text.did_you_mean(["growth"]) == " Did you mean growth?"
    assert text.did_you_mean(["growth", "key"]) == " Did you mean growth or key?"


def test_an_unknown_word_comes_with_the_nearest_or_else_with_every_choice() -> None:
    tiers = ("strategic", "key", "growth")
    assert text.unknown("tier", "grwth", tiers) == 'unknown tier "grwth". Did you mean growth?'
    assert text.unknown("tier", "gold", tiers) == (
        'unknown tier "gold" (use strategic, key or growth)'
    )


def test_an_unknown_word_is_shown_without_what_drives_a_terminal() -> None:
    said = text.unknown("tier", "\x1b[31mxx", ("key",))
    assert said == 'unknown tier "\\x1b[31mxx" (use key)'


def test_an_umlaut_may_be_written_out() -> None:
    assert text.spellings("Müller") == ("muller", "mueller")
    assert text.spellings("Blue O\u2019Neill") == ("blue o'neill", "blue o'neill")


@pytest.mark.parametrize(
    ("value", "columns", "lines"),
    [
        ("", 10, [""]),
        ("one two three", 20, ["one two three"]),
        ("one two three", 7, ["one two", "three"]),
        ("one two three", 6, ["one", "two", "three"]),
        ("a  b\tc", 3, ["a b", "c"]),
        ("abcdefgh ij", 4, ["abcd", "efgh", "ij"]),
        ("日本語 テスト", 6, ["日本語", "テスト"]),
        ("日本語", 4, ["日本", "語"]),
        ("ab", 1, ["a", "b"]),
        ("日本", 1, ["日", "本"]),  # wider than any line, but still there
    ],
)
def test_wrapped_at_words(value: str, columns: int, lines: list[str]) -> None:
    assert text.wrapped(value, columns) == lines


@pytest.mark.parametrize(
    ("sentences", "told", "shared"),
    [
        (["no A. To add it: X", "no B. To add it: X"], ["no A", "no B"], ["To add it: X"]),
        (["no A. To add it: X"], ["no A. To add it: X"], []),
        (["no A. Do this", "no B. Do that"], ["no A. Do this", "no B. Do that"], []),
        (["no A. X", "no B", "no C. X", "X"], ["no A", "no B", "no C", "X"], ["X"]),
        (["same", "same"], ["same", "same"], []),
        (["no A. B? To add: X", "no C. D? To add: X"], ["no A. B?", "no C. D?"], ["To add: X"]),
        ([], [], []),
    ],
)
def test_what_several_sentences_share_is_told_once(
    sentences: list[str], told: list[str], shared: list[str]
) -> None:
    assert text.told_once(sentences) == (told, shared)


@pytest.mark.parametrize(
    ("said", "ended"),
    [
        ("Next: Call Mei", "Next: Call Mei."),
        ("Next: Is there a proposal?", "Next: Is there a proposal?"),
        ("Next: Call Dr.", "Next: Call Dr."),
    ],
)
def test_a_sentence_has_one_stop(said: str, ended: str) -> None:
    assert text.ended(said) == ended


def test_sizes_are_said_in_megabytes() -> None:
    assert text.megabytes(1_617_920) == "1.6 MB"


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        ("rate of 24 % of it", ["rate of", "24 % of it"]),
        ("the sum 45 SGD now", ["the sum", "45 SGD now"]),
        ("due on Mon 30 Nov", ["due on", "Mon 30 Nov"]),
        ("two 450k SGD 2bn EUR", ["two", "450k SGD", "2bn EUR"]),
        ("to 29 Nov 2027", ["to", "29 Nov 2027"]),
    ],
)
def test_no_line_is_broken_within_a_percentage_an_amount_or_a_day(
    said: str, lines: list[str]
) -> None:
    assert text.wrapped(said, 11) == lines


def test_what_is_wider_than_a_line_is_broken_all_the_same() -> None:
    assert text.wrapped("Mon 30 Nov", 6) == ["Mon 30", "Nov"]
