"""The readers of text formats: each rule by a file worked by hand, and no bytes that get past them."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.conll import read_conll
from core.data.example import Example, Reading, Skipped, Unreadable
from core.data.reviews import read_reviews
from core.data.sentence_pairs import read_pairs
from core.data.text_file import MOST_BYTES, MOST_LINES, MOST_TOKENS, summary
from core.data.vocabulary import tokenise

READERS = (read_conll, read_reviews, read_pairs)
POSITIVE, NEGATIVE = ("positive",), ("negative",)


def refusal(read, data: bytes | str) -> str:
    with pytest.raises(Unreadable) as problem:
        read(data.encode() if isinstance(data, str) else data)
    return str(problem.value)


# Bytes ----------------------------------------------------------------------------------------------------------------

PAIR = "déjà vu\talready seen\nRené\tRené\n"
PAIRS = (Example(("déjà", "vu"), ("already", "seen")), Example(("René",), ("René",)))


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(
    "text", [PAIR, PAIR.replace("\n", "\r\n"), PAIR.replace("\n", "\r"), PAIR.replace("é", "e\u0301")]
)
def test_every_way_to_write_the_same_text_reads_the_same(coding, text):
    assert read_pairs(text.encode(coding)) == Reading(PAIRS, ())


def test_utf_16_in_the_other_order_of_bytes():
    assert read_pairs(b"\xfe\xff" + PAIR.encode("utf-16-be")) == Reading(PAIRS, ())


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("Глеб\tB-PER\tпривет\n".encode("cp1251"), "save it as UTF-8"),
        ("我爱你\t我\n".encode("gbk"), "save it as UTF-8"),
        ("Łódź\tB-LOC\nświeży\tO\n".encode("iso8859-2"), "save it as UTF-8"),
        (b"\xff\xfea", "save it as UTF-8"),
        (b"a\x00b\t1", "not a text file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not a text file"),
        ("Teddy B-PER".encode("utf-16-le"), "not a text file"),
        (b" " * (MOST_BYTES + 1), "5,000,001 bytes, and at most 5,000,000"),
        (b"\n" * (MOST_LINES + 1), "800,001 lines, and at most 800,000"),
        (b"", "No "),
        (b"\xef\xbb\xbf \n\n\t\n", "No "),
    ],
)
def test_what_is_no_text_or_too_much_of_it_is_refused(read, data, words):
    assert words in refusal(read, data)


@pytest.mark.parametrize("odd", ["\x0b", "\x0c", "\x1c", "\x1e", "\x85", "\u2028"])
def test_lines_are_counted_as_an_editor_counts_them(odd):
    assert read_pairs(f"a{odd}b\tc\nd".encode()).skipped[0].line == 2


# CoNLL columns --------------------------------------------------------------------------------------------------------

CONLL = """-DOCSTART- -X- -X- O

Teddy NNP B-NP B-PER
Roosevelt NNP I-NP I-PER
 \t
bears\tO
-DOCSTART- -X- -X- O


New York\t_\tB-LOC
sale\tO"""


def test_read_conll():
    assert read_conll(CONLL.encode()) == Reading(
        (
            Example(("Teddy", "Roosevelt"), ("B-PER", "I-PER")),
            Example(("bears",), ("O",)),
            Example(("New York", "sale"), ("B-LOC", "O")),
        ),
        (),
    )


@pytest.mark.parametrize(
    ("scheme", "tags", "iob2"),
    [
        ("IOB2", "B-PER I-PER B-PER B-LOC O B-PER", "B-PER I-PER B-PER B-LOC O B-PER"),
        ("IOB1", "I-PER I-PER B-PER I-LOC O I-PER", "B-PER I-PER B-PER B-LOC O B-PER"),
        ("IOBES", "B-PER E-PER S-PER S-LOC O S-PER", "B-PER I-PER B-PER B-LOC O B-PER"),
        ("BILOU", "B-PER I-PER L-PER U-LOC U-LOC O", "B-PER I-PER I-PER B-LOC B-LOC O"),
        ("BMES", "B-PER M-PER E-PER S-LOC", "B-PER I-PER I-PER B-LOC"),
        ("names that nothing began or ended", "E-PER I-PER U-PER", "B-PER B-PER B-PER"),
    ],
)
def test_all_ways_to_mark_names_become_iob2(scheme, tags, iob2):
    data = "\n".join(f"word {tag}" for tag in tags.split())
    assert read_conll(data.encode()).examples[0].answers == tuple(iob2.split())


def test_words_are_as_written_but_composed():
    assert read_conll("\ufeffRene\u0301 \t B-PER \nd'Arc I-PER".encode()).examples[0].inputs == ("Ren\u00e9", "d'Arc")


def test_a_sentence_ends_a_name():
    assert [e.answers for e in read_conll(b"a I-PER\n\nb I-PER").examples] == [("B-PER",)] * 2


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Potter", "A word and its tag are needed"),
        ("Potter\t", "A word and its tag are needed"),
        ("\tB-PER", "A word and its tag are needed"),
        ("Potter PER", "'PER' is no tag"),
        ("Potter B-", "'B-' is no tag"),
        ("Potter b-PER", "'b-PER' is no tag"),
        ("# remark", "'remark' is no tag"),
    ],
)
def test_a_malformed_line_costs_its_sentence_and_no_other(line, reason):
    reading = read_conll(f"a O\n\nHarry B-PER\n{line}\nran O\n\nb O\n".encode())
    assert [e.inputs for e in reading.examples] == [("a",), ("b",)]
    assert [skip.line for skip in reading.skipped] == [4]
    assert reading.skipped[0].reason.startswith(reason)


@pytest.mark.parametrize("comment", ["# text = Jackie O", "# newdoc", "#", "#\thttp://site\t[1]", "# text = a\tb"])
def test_comments_before_a_sentence_are_named(comment):
    reading = read_conll(f"a O\n\n{comment}\nb O\n".encode())
    assert [e.inputs for e in reading.examples] == [("a",), ("b",)]
    assert reading.skipped == (Skipped(3, "A comment is not part of a sentence."),)


def test_the_number_sign_is_a_word_if_it_has_a_tag():
    assert read_conll(b"# NN O\n1 CD O\n# NN O").examples[0].inputs == ("#", "1", "#")


def test_words_may_be_numbered():
    numbered = b"1\tHarry\tB-PER\n2\tran\tO\n\n1\tHe\tO\n"
    assert [e.inputs for e in read_conll(numbered).examples] == [("Harry", "ran"), ("He",)]
    assert [e.inputs for e in read_conll(numbered + b"3\tsat\tO").examples][1] == ("He", "sat")
    assert read_conll(b"1 O\n2 O").examples[0].inputs == ("1", "2")


@pytest.mark.parametrize("tags", ["PER O PER LOC", "NNP VBD . ."])
def test_tags_that_do_not_say_where_a_name_begins_are_refused(tags):
    data = "\n\n".join(f"word {tag}" for tag in tags.split())
    message = refusal(read_conll, data)
    assert "B-PER, I-PER and O" in message
    assert f"{tags.split()[-1]!r} (" in message


def test_a_sentence_longer_than_any_network_is_named():
    reading = read_conll(b"a O\n\n" + b"b O\n" * (MOST_TOKENS + 1) + b"\n" + b"c O\n" * MOST_TOKENS)
    assert [len(e.inputs) for e in reading.examples] == [1, MOST_TOKENS]
    assert reading.skipped == (Skipped(3, "This has 2001 tokens, and at most 2000 can be read."),)


# Reviews --------------------------------------------------------------------------------------------------------------

GOOD, BAD = Example(("Good", ",", "really", "."), POSITIVE), Example(("Bad",), NEGATIVE)


@pytest.mark.parametrize(
    "data",
    [
        "sentence\tlabel\nGood, really.\t1\nBad\t0\n",
        "Good, really.\t1\nBad\t0\n",
        '"Good, really.",1\nBad,0\n',
        '"Good, really."; 1\nBad; 0\n',
        "Good, really.;1\nBad;0\n",
        'class, text\n+1, "Good, really."\n-1, Bad\n',
        'ID,Sentiment,Review\n7,POS,"Good, really."\n8,neg,Bad\n',
        '\n"class";"text"\n"1";"Good, really."\n"-1";"Bad"\n',
        "label\tsource\ttext\npositive\t?\tGood, really.\nnegative\t\tBad\n",
        "text\tlabel\n Good, really. \t1.0\nBad\t0.0\n",
    ],
)
def test_every_layout_of_two_reviews(data):
    assert read_reviews(data.encode()) == Reading((GOOD, BAD), ())


def test_without_a_header_the_delimiter_is_what_sets_labels_apart():
    assert [e.inputs[-1] for e in read_reviews(b"a, b;POS\nc, d;NEG").examples] == ["b", "d"]
    assert "'4' (1 ×), '5' (1 ×)" in refusal(read_reviews, "a,4\nb,5")


def test_a_column_in_quotes_goes_on_for_lines_and_they_are_counted():
    data = 'text,label\n"Good,\n\nreally.",1\n"a ""b"" \n",x\nBad,0\n\nc\n'
    reading = read_reviews(data.encode())
    assert reading.examples == (GOOD, BAD)
    assert reading.skipped == (
        Skipped(5, "The label 'x' is neither of the two classes."),
        Skipped(9, "Columns needed: 2; found: 1."),
    )


@pytest.mark.parametrize("delimiter", ["\t", ","])
def test_a_quote_without_a_partner_is_a_character(delimiter):
    lines = ['"a', "Bad|0", '"b" c|1', "Good|1", '"d|0', "Bad|0"]
    reading = read_reviews("\n".join(["text|label", *lines]).replace("|", delimiter).encode())
    assert [" ".join(e.inputs) for e in reading.examples] == ["Bad", '" b " c', "Good", '" d', "Bad"]
    assert [skip.line for skip in reading.skipped] == [2]


def test_many_quotes_without_a_partner_do_not_cost_the_rest():
    reading = read_reviews(b'a","b","\n' * 50 + b"x,1\ny,0")
    assert [e.inputs for e in reading.examples] == [("x",), ("y",)]
    assert [skip.line for skip in reading.skipped] == [*range(1, 51)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("a, b, 1", "Columns needed: 2; found: 3; a text that holds a comma needs quotes around it."),
        ("a", "Columns needed: 2; found: 1."),
        (",1", "The text or its label is empty."),
        ("\u200b,1", "The text or its label is empty."),
        ("a, ", "The text or its label is empty."),
        ("a,good", "The label 'good' is neither of the two classes."),
        ("a " * 2001 + ",1", "This has 2001 tokens, and at most 2000 can be read."),
    ],
)
def test_a_malformed_line_costs_no_other(line, reason):
    reading = read_reviews(f"x,1\n{line}\ny,0\n".encode())
    assert reading == Reading((Example(("x",), POSITIVE), Example(("y",), NEGATIVE)), (Skipped(2, reason),))


@pytest.mark.parametrize(
    "labels",
    ["12345", "0123456789", "11111", "012", ["-1", "0", "1"], ["neg", "neutral", "pos", "neutral"], ["cat", "dog"]],
)
def test_labels_of_other_than_two_plain_classes_are_refused_by_name(labels):
    message = refusal(read_reviews, "sentence\tlabel\n" + "".join(f"a\t{label}\n" for label in labels))
    assert "Two classes are needed" in message
    assert all(f"{label!r} (" in message for label in labels[:5])


@pytest.mark.parametrize("label", ["2", "neutral"])
def test_one_odd_label_in_a_hundred_is_a_mistake(label):
    rows = "a\t1\nb\t0\n" * 99
    assert len(read_reviews(f"{rows}c\t{label}\nd\t{label}\n".encode()).skipped) == 2
    assert f"'{label}' (3 ×)" in refusal(read_reviews, rows + f"c\t{label}\n" * 3)


# Pairs ----------------------------------------------------------------------------------------------------------------


def test_read_pairs():
    lines = [
        "Go.\tVa !\tCC-BY 2.0 (France)",
        "",
        "Run! Cours !",
        "\tVa !",
        "Go.\t \tCC-BY",
        "Go .\tVa!",
        "Go.\tMarche.",
        "a " * 60 + "\tb",
        "a\t" + "b " * 61,
        "1276\tLet's go.\t373330\tAllons-y.",
    ]
    reading = read_pairs("\n".join(lines).encode())
    assert reading.examples == (
        Example(("Go", "."), ("Va", "!")),
        Example(("Go", "."), ("Marche", ".")),
        Example(("a",) * 60, ("b",)),
        Example(("Let's", "go", "."), ("Allons-y", ".")),
    )
    assert reading.skipped == (
        Skipped(3, "A tab is needed between a sentence and its translation."),
        Skipped(4, "The sentence or its translation is empty."),
        Skipped(5, "The sentence or its translation is empty."),
        Skipped(6, "The same pair is on line 1."),
        Skipped(9, "This has 61 tokens, and at most 60 can be read."),
    )


# All formats ----------------------------------------------------------------------------------------------------------


def test_summary():
    reading = read_conll(b"Teddy B-PER\nRoosevelt I-PER\nran O\n\nO O\n\nx\n")
    assert summary(reading)._asdict() == {
        "examples": 2,
        "tokens": 4,
        "longest": 3,
        "answers": {"O": 2, "B-PER": 1, "I-PER": 1},
        "skipped": 1,
        "lost": {"skipped": 1},
    }


@pytest.mark.parametrize("read", READERS)
def test_a_file_without_a_usable_line_says_what_is_wrong_with_the_first(read):
    assert refusal(read, "\n# a\n\nb\nc").startswith("No ")
    assert " Line 4: " in refusal(read_conll, "\n# a\n\nb\nc")


PIECES = [*'\t,;\n\r" aé爱01\u0301\u2028\ufeff', "-1", "pos", "neg", "O", "B-PER", "I-PER", "PER", "# ", "-DOCSTART-"]
PIECES += ["text", "label", "a O\n", "b B-X\n", "a\t1\n", "b\t0\n"]
PLAUSIBLE = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@pytest.mark.parametrize("read", READERS)
@given(
    data=st.binary()
    | st.text().map(str.encode)
    | PLAUSIBLE.map(str.encode)
    | PLAUSIBLE.map(lambda s: s.encode("utf-16"))
)
def test_any_bytes_give_examples_or_a_reason(read, data):
    try:
        reading = read(data)
    except Unreadable as problem:
        assert str(problem).endswith(".")
        return
    assert reading.examples
    for inputs, answers, *_ in reading.examples:
        assert inputs and all(token.strip() for token in inputs)
        assert len(answers) == {read_conll: len(inputs), read_reviews: 1}.get(read, len(answers)) > 0
    lines = [skip.line for skip in reading.skipped]
    assert lines == sorted(lines)
    assert all(1 <= line <= len(data) for line in lines)
    assert summary(reading).examples == len(reading.examples)


LETTERS = st.characters(exclude_categories=("C", "Z", "M"))
WORD = st.text(LETTERS, min_size=1, max_size=6).map(lambda word: tokenise(word)[0])
SENTENCE = st.lists(WORD, min_size=1, max_size=6).map(lambda words: tuple(tokenise(" ".join(words))))
NAMES = st.lists(st.sampled_from(["O", "B-PER", "B-PER I-PER", "B-LOC I-LOC I-LOC"]), min_size=1, max_size=6)
TAGGED = NAMES.map(lambda names: " ".join(names).split()).flatmap(
    lambda tags: st.tuples(*[WORD] * len(tags)).map(lambda words: Example(words, tuple(tags)))
)
REVIEW = st.tuples(SENTENCE, st.sampled_from([POSITIVE, NEGATIVE])).map(lambda parts: Example(*parts))
PAIR_OF_SENTENCES = st.tuples(SENTENCE, SENTENCE).map(lambda parts: Example(("so", *parts[0]), ("si", *parts[1])))


@given(st.lists(TAGGED, min_size=1), st.sampled_from([" ", "\t", "\tNNP\t"]), st.sampled_from(["\n", "\r\n", "\r"]))
def test_what_is_written_in_columns_is_read_back(examples, between, end):
    examples = [e._replace(inputs=tuple(f"a{word}" for word in e.inputs)) for e in examples]  # a word, not a number
    sentences = ([*zip(e.inputs, e.answers, strict=True), ("-DOCSTART-", "O")] for e in examples)
    data = "".join(f"{word}{between}{tag}{end}" for rows in sentences for word, tag in rows)
    assert read_conll(data.encode()) == Reading(tuple(examples), ())


@given(st.lists(REVIEW), st.sampled_from("\t,;"))
def test_what_is_written_as_reviews_is_read_back(examples, delimiter):
    examples += [GOOD, BAD]
    file = io.StringIO()
    write = csv.writer(file, delimiter=delimiter)
    write.writerows([("sentence", "label"), *(("\n".join(e.inputs), e.answers[0]) for e in examples)])
    assert read_reviews(file.getvalue().encode()) == Reading(tuple(examples), ())


@given(st.lists(PAIR_OF_SENTENCES, min_size=1, unique=True))
def test_what_is_written_as_pairs_is_read_back(examples):
    data = "".join(f"{' '.join(e.inputs)}\t{' '.join(e.answers)}\n" for e in examples)
    assert read_pairs(data.encode()) == Reading(tuple(examples), ())
