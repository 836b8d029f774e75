"""More files of the kinds that are met: other codings, headers, separators, HTML, ways to tag, and constructs of ABC"""

import pytest

from core.data.abc_file import read_tunes
from core.data.conll import read_conll
from core.data.example import Unreadable
from core.data.markup import plain
from core.data.reviews import read_reviews
from core.data.sentence_pairs import read_pairs
from core.data.text_file import summary

MIA = ["Mia/B-PER ran/O to/O Rome/B-LOC", "Eve/B-PER Ray/I-PER sat/O"]
ROWS = [
    ("Mia", "B-PER"),
    ("ran", "O"),
    ("to", "O"),
    ("Rome", "B-LOC"),
    (),
    ("Eve", "B-PER"),
    ("Ray", "I-PER"),
    ("sat", "O"),
]


def columns(line: str) -> str:
    """The sentences of MIA, each word and its tag as this line has them"""
    return "\n".join(line.format(*row) if row else "" for row in ROWS) + "\n"


def tagged(data: str | bytes) -> list[str]:
    reading = read_conll(data.encode() if isinstance(data, str) else data)
    return [" ".join(f"{w}/{t}" for w, t in zip(e.inputs, e.answers, strict=True)) for e in reading.examples]


def paired(data: str | bytes) -> list[str]:
    reading = read_pairs(data.encode() if isinstance(data, str) else data)
    return [f"{' '.join(e.inputs)} = {' '.join(e.answers)}" for e in reading.examples]


def reviewed(data: str) -> list[str]:
    return [f"{' '.join(e.inputs)} {e.answers[0][:3]}" for e in read_reviews(data.encode()).examples]


def refusal(read, data: str | bytes) -> str:
    with pytest.raises(Unreadable) as problem:
        read(data.encode() if isinstance(data, str) else data)
    return str(problem.value)


# Codings --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("coding", "words"),
    [("latin-1", "München schön Größe süß"), ("latin-1", "España niño ¿qué? señor"), ("cp1252", "“Où” c’est l’été –"),
     ("cp1252", "Gr\xf6\xdfe Fu\xdf “Stra\xdfe” …"), ("iso8859-15", "cœur sœur Œuvre 5€ été"),
     ("cp1252", "½ €5 «déjà»")],
)  # fmt: skip
def test_western_words_in_codings_of_one_byte(coding, words):
    data = "".join(f"{word} B-X\n" for word in words.split()).encode(coding)
    assert tagged(data) == [" ".join(f"{word}/B-X" for word in words.split())]
    told = read_conll(data).skipped[0]
    assert told.line == 1 and "The file is not in UTF-8, so it was read as Latin-" in told.reason


@pytest.mark.parametrize(
    ("coding", "words"),
    [("mac_roman", "café Paris été"), ("cp850", "déjà très école"), ("koi8-r", "Мама мыла раму"),
     ("euc-kr", "서울 입니다"),
     ("shift_jis", "東京 です"), ("iso8859-7", "Αθήνα είναι"), ("cp1250", "Łódź leży Žižek"), ("cp1251", "Глеб пел")],
)  # fmt: skip
@pytest.mark.parametrize("read", [read_conll, read_pairs, read_reviews])
def test_words_in_other_codings_are_refused_with_what_to_do(read, coding, words):
    data = "".join(f"{word}\tO\n" for word in words.split()).encode(coding)
    assert refusal(read, data).startswith("This is not text in UTF-8") and "save it as UTF-8" in refusal(read, data)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_of_a_file_of_two_codings_the_line_is_named_where_the_other_begins(end):
    data = f"é\ta{end}è\tb{end}".encode() + "ça\tb".encode("latin-1")
    assert "line 3 is the first that is not" in refusal(read_pairs, data)


@pytest.mark.parametrize("coding", ["cp1252", "latin-1"])
def test_a_file_that_was_coded_twice_is_read_as_it_was_meant(coding):
    text = "the café\tle café\nmy summer\tmon été\n" + "sister\tsœur\nit’s so\tc’est ça\n" * (coding == "cp1252")
    twice = text.encode().decode(coding).encode()
    assert read_pairs(twice).examples == read_pairs(text.encode()).examples
    assert "coded as UTF-8 once more" in read_pairs(twice).skipped[0].reason
    assert read_pairs("Ã\tÂ is a letter\n".encode()).skipped == ()


# CoNLL ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "line"),
    [("TOKEN\tNE-COARSE-LIT", "{}\t{}"), ("FORM\tNER", "{}\t{}"), ("# global.columns = FORM NER\n#\n", "{}\t{}"),
     ("id\tword\ttag", "7\t{}\t{}"), ("word\tpos_tag\tner_tag", "{}\tX\t{}"), ("token,ner_label", "{},{}"),
     ("TOKEN\tNE-COARSE-LIT\tNE-COARSE-METO\tMISC\n# date = 1900", "{}\t{}\tO\tNoSpaceAfter"),
     ("word\ttag\n", "{}\t{}"), ("text\tlabels", "{}\t{}"), ('"word"\t"tag"', '"{}"\t"{}"'), ("Words;Tags", "{};{}")],
)  # fmt: skip
def test_a_header_is_no_word(header, line):
    assert tagged(f"{header}\n{columns(line)}") == MIA


def test_words_and_tags_that_could_name_columns_stay_words():
    assert tagged("Text NE B-ORG\nist VAFIN O\n\nWort NN O\nTag NN O\n") == ["Text/B-ORG ist/O", "Wort/O Tag/O"]


@pytest.mark.parametrize(
    "header", ["Sentence,Word,Tag", "sentence_id,word,tag", "doc_id,sent_id,token,ner", "document,sentence,word,label"]
)
def test_sentences_are_told_apart_by_the_columns_that_say_so(header):
    one, two = ("1", "2") if header.count(",") == 2 else ("a,1", "b,1")  # each document counts anew
    data = f"{header}\n{one},Mia,B-PER\n{one},ran,O\n{two},Eve,B-PER\n{two},sat,O\n"
    assert tagged(data) == ["Mia/B-PER ran/O", "Eve/B-PER sat/O"]


@pytest.mark.parametrize("header", ["", "id\tword\ttag\n", "tag\tx\tword\n", "x\ty\tword\ttag\n"])
@pytest.mark.parametrize("short", ["5\tx", "5", "B-PER\t", "a\tb\tc\td\te"])
def test_a_line_that_is_too_short_or_too_long_costs_its_sentence_and_nothing_else(header, short):
    layout = {"": "{}\t{}", "tag": "{1}\tx\t{0}", "id": "1\t{}\t{}"}.get(header.split("\t")[0], "1\t2\t{}\t{}")
    reading = read_conll(f"{header}{columns(layout)}\n{short}\n\n{columns(layout)}".encode())
    assert len(reading.examples) == 4 and summary(reading).lost == {"skipped": 1}


@pytest.mark.parametrize(
    "line", ["{} | {}", "{}  {}", "{}\t\t{}", " {}\t{}", "{}\t{}\t", "{} {} ", '"{}","{}"', '"{}"\t"{}"', "{} -X- _ {}",
             "{}\t_\t{}\t-", "{};{}"]
)  # fmt: skip
def test_ways_to_set_words_and_tags_apart(line):
    assert tagged(columns(line)) == MIA


@pytest.mark.parametrize("line", ["{}|{}", "{}/{}", "{}_{}", "{}:{}", "{}\xa0{}", "{}||{}"])
def test_of_other_ways_it_is_said_what_is_needed(line):
    assert "A word and its tag are needed, with a space or tab between" in refusal(read_conll, columns(line))


@pytest.mark.parametrize(
    ("tags", "seen"),
    [("B_PER O I_PER", "'B_PER'"), ("PER-B O LOC-B", "'PER-B'"), ("B I O", "'B'"), ("b-per o b-loc", "'b-per'"),
     ("(PER*) * *", "'(PER*)'"), ("BPER O BLOC", "'BPER'"), ("B:PER O B:LOC", "'B:PER'"), ("1 0 2", "'1'"),
     ("B-PER 0 0", "'0' is no tag"), ("B-PER _ _", "'_' is no tag"), ("B-PER OTHER OTHER", "'OTHER' is no tag"),
     ("NER=B-PER NER=O NER=O", "'NER=O'"), ("NNP VBD TO", "'NNP'")],
)  # fmt: skip
def test_of_other_ways_to_tag_it_is_said_what_was_seen(tags, seen):
    told = refusal(read_conll, "\n".join(f"word{i} {tag}" for i, tag in enumerate(tags.split())))
    assert seen in told and "B-PER" in told


@pytest.mark.parametrize(
    ("tags", "read"),
    [("S-PER O S-LOC", "B-PER O B-LOC"), ("B-人名 O B-地名", "B-人名 O B-地名"), ("B-PER O E-LOC", "B-PER O B-LOC"),
     ("I-PER I-PER O", "B-PER I-PER O"), ("B-loc_city I-loc_city O", "B-loc_city I-loc_city O"),
     ("B-LOCderiv O B-ORGpart", "B-LOCderiv O B-ORGpart"), ("U-PER B-LOC L-LOC", "B-PER B-LOC I-LOC")],
)  # fmt: skip
def test_types_of_any_name_in_every_scheme(tags, read):
    (example,) = read_conll("\n".join(f"word{i} {tag}" for i, tag in enumerate(tags.split())).encode()).examples
    assert example.answers == tuple(read.split())


def test_of_three_columns_of_tags_what_either_of_the_others_says_is_counted():
    reading = read_conll(b"Bank B-ORG O O\nof I-ORG B-X O\nOslo I-ORG O B-LOC\n\nMia B-PER B-PER O\nran O O O\n")
    assert summary(reading).lost == {"inner": 2} and "of three columns of tags" in reading.skipped[0].reason


def test_entities_of_html_in_words():
    assert tagged("AT&amp;T B-ORG\n&quot; O\nR&D O\n") == ['AT&T/B-ORG "/O R&D/O']


# HTML -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [("<p>a</p><P class='x'>b</P>", "a b"), ("a<h1>b</h1>", "a b"), ("<!-- no -->a b", "a b"), ("a<br\n/>b", "a b"),
     ("<script type='x'>no()</script>a b", "a b"), ("<style>p{}</style>a b", "a b"), ("<table><tr><td>a<td>b", "a b"),
     ("a &lt;br /&gt; b", "a b"), ("<img src='x.jpg' alt='no'>a b", "a b"), ("<a href='x'>a</a> b", "a b"),
     ("un<b>kind</b>ly", "unkindly"), ("<strong>Ann</strong>'s", "Ann's"), ("<ruby>a<rt>b</rt></ruby>", "a b"),
     ("a<blockquote>b</blockquote>", "a b"), ("1 < 2 and b > c", "1 < 2 and b > c"),
     ("I <3 R&D <unk>", "I <3 R&D <unk>"), ("a &mdash; b&hellip;", "a — b…"),
     ("<body onload=x><center>a</center>", "a"), ("a<br", "a<br")],
)  # fmt: skip
def test_tags_of_html_are_no_words(text, words):
    assert " ".join(plain(text).split()) == words


@pytest.mark.parametrize("sign", ["<", "<!--", "<script>", "<b <", "&", "&a", "</b"])
def test_one_sign_of_html_again_and_again_does(sign):
    assert plain(sign * 50_000)


# Reviews --------------------------------------------------------------------------------------------------------------


def test_quotes_behind_a_backslash():
    """As in a much used file of reviews, and where a program wrote CSV without doubling quotes"""
    data = (
        'id\tsentiment\treview\n"5_8"\t1\t"All this \\"fun\\" stuff<br />so good"\n"2_9"\t0\t"\\"The End\\" is bad"\n'
    )
    assert reviewed(data) == ['All this " fun " stuff so good pos', '" The End " is bad neg']
    assert reviewed('"He said \\"wow\\", really",positive\n"Bad, \\"so\\" bad",negative\n') == [
        'He said " wow " , really pos',
        'Bad , " so " bad neg',
    ]
    assert reviewed('"a ""b"" \\ c\\",1\n"d",0\n') == ['a " b " \\ c \\ pos', "d neg"]  # ends with a backslash


@pytest.mark.parametrize(
    "header",
    ["Review\tLiked", "text\ttarget", "reviewText\tPositive", "sentence\tscore", "x\tis_positive", "Avis\tNote"],
)
def test_a_header_of_any_words_is_no_review(header):
    reading = read_reviews(f"{header}\ngood fun\t1\nno fun\t0\nfine\t1\n".encode())
    assert len(reading.examples) == 3 and summary(reading).lost == {}


@pytest.mark.parametrize(
    ("data", "seen"),
    [("__label__2 so good\n__label__1 so bad\n__label__2 fine\n", "found: '2' (2 ×), '1' (1 ×)"),
     ("good|1\nbad|0\n", "with a tab, a comma or a semicolon between"),
     ("good@positive\nbad@negative\n", "with a tab, a comma or a semicolon between"),
     ("text,label\ngood,yes\nbad,no\n", "found: 'yes' (1 ×), 'no' (1 ×)"),
     ("text\tlabel\ngood\tTrue\nbad\tFalse\n", "found: 'true' (1 ×), 'false' (1 ×)"),
     ('{"text": "good", "label": 1}\n{"text": "bad", "label": 0}\n', "Two classes are needed")],
)  # fmt: skip
def test_of_other_reviews_it_is_said_what_was_seen_or_what_is_needed(data, seen):
    assert seen in refusal(read_reviews, data)


# Pairs ----------------------------------------------------------------------------------------------------------------

HI = ["Hi . = Salut .", "Go . = Va ."]


@pytest.mark.parametrize(
    ("header", "line"),
    [("Front\tBack\tTags", "{}\t{}\tx"), ("sentence\ttranslation", "{}\t{}"), ("Word;Mot", "{};{}"),
     ("Sentence_EN,Sentence_FR", "{},{}"), (",en,fr", "0,{},{}"), ("eng_Latn\tfra_Latn", "{}\t{}"),
     ("Français;Anglais", "{1};{0}"), ("German;English", "{1};{0}"), ("Unnamed: 0\tEnglish\tFrench", "0\t{}\t{}")],
)  # fmt: skip
def test_a_header_is_no_pair_and_says_which_side_is_which(header, line):
    assert paired(f"{header}\n{line.format('Hi.', 'Salut.')}\n{line.format('Go.', 'Va.')}\n") == HI


@pytest.mark.parametrize(
    "line", ["{}\t\t{}", "{}\t|\t{}", "{}\t{}\tCC-BY", '"{}";"{}"', "{};{}", "-\t{}\t{}", "1\t{}\t{}"]
)
def test_columns_that_say_nothing_are_passed_over(line):
    assert paired(f"{line.format('Hi.', 'Salut.')}\n{line.format('Go.', 'Va.')}\n") == HI


def test_words_that_are_no_names_of_columns():
    assert paired("Answer me.\tRéponds.\nWhat a phrase!\tQuelle phrase !\n")[0] == "Answer me . = Réponds ."


@pytest.mark.parametrize("line", ["{}|{}", "{} ||| {}", "{} - {}", "{} = {}", "{}\n{}", "{}  {}", "{} → {}"])
def test_without_a_tab_it_is_said_what_is_needed(line):
    assert "A tab is needed between" in refusal(
        read_pairs, f"{line.format('Hi.', 'Salut.')}\n{line.format('Go.', 'Va.')}"
    )


def test_what_anki_hides_is_read():
    head = "#separator:tab\n#html:true\n"
    assert paired(f"{head}{{{{c1::Go}}}} {{{{c2::there::place}}}}\tVa là\nRun\tCours\n") == [
        "Go there = Va là",
        "Run = Cours",
    ]
    assert paired("#separator:Pipe\n#html:true\nGo.|Va&nbsp;!\nRun.|<i>Cours</i>\n") == ["Go . = Va !", "Run . = Cours"]


# Tunes ----------------------------------------------------------------------------------------------------------------


def notes(music: str, key: str = "C", head: str = "L:1/4") -> str:
    (tune,) = read_tunes(f"X:1\n{head}\nK:{key}\n{music}\n".encode()).examples
    return " ".join(tune.inputs + tune.answers).replace(":1/4", "")


@pytest.mark.parametrize(
    ("music", "expected"),
    [("C [K:treble8] D", "C4 D4"), ("C [K:alto4] D", "C4 D4"), ("C\nK:none\nD", "C4 D4"),
     ("|::CD::|EF|", "C4 D4 " * 3 + "E4 F4"), ("|:C|1-3D:|4E|]", "C4 D4 " * 3 + "C4 E4"),
     ("|:C|1,3D:|2E:|", "C4 D4 C4 E4 C4 D4"), ("|:CD:||:EF:|", "C4 D4 C4 D4 E4 F4 E4 F4"),
     ("|:CD|1E^F-:|2 F-|F G|]", "C4 D4 E4 F#4 C4 D4 F4:1/2 G4"), ("[(C E)]D", "E4 D4"), ("+CE+2 D", "E4:1/2 D4"),
     ("[C,c'] [CC]", "C6 C4"), ("[CE]>[DF] G", "E4:3/8 F4:1/8 G4"), ("(3C>DE F", "C4 D4:1/12 E4:1/6 F4"),
     ("(3CD|E F", "C4:1/6 D4:1/6 E4:1/6 F4"), ("(3 C z E F", "C4:1/6 rest:1/6 E4:1/6 F4"),
     ("[P:A]C [r:x]D [Q:1/4=90]E", "C4 D4 E4"), ("C``D$E", "C4 D4 E4"),
     ("C-|C ^F-|F F", "C4:1/2 F#4:1/2 F4"), ("C|X2|D", "C4 rest:2 D4"), ("{/ag}C {[ag]}D", "C4 D4")],
)  # fmt: skip
def test_constructs_of_abc(music, expected):
    assert notes(music, head="M:4/4\nL:1/4") == expected.strip()


@pytest.mark.parametrize("key", ["HP", "Hp", "HP treble", "Hp clef=bass", "A Mixolydian", "Amix", "D clef=alto", "Bm"])
def test_keys_of_two_sharps_or_three(key):
    assert notes("c f", key) in ("E5 A5", "C5 F5", "B4 E5", "Bb4 Eb5", "F5 Bb5") and notes("c f", "HP") == notes(
        "c f", "D"
    )


@pytest.mark.parametrize("order", ["AABB", "A2B2", "(A)2.(B)2", "A A B B"])
def test_orders_of_playing(order):
    assert notes("P:A\nC D|\nP:B\nE F|", head=f"L:1/4\nP:{order}") == "C4 D4 C4 D4 E4 F4 E4 F4"


@pytest.mark.parametrize("order", ["AAB,", "A-B", "ab", "AB (twice)", "A|B", "[AB]2"])
def test_an_order_that_is_not_understood_is_named(order):
    reading = read_tunes(f"X:1\nP:{order}\nL:1/4\nK:C\nP:A\nC D|\nP:B\nE F|\n".encode())
    assert len(reading.examples[0].answers) == 3 and "The order of playing" in reading.skipped[0].reason


def test_a_page_of_the_web_with_tunes_on_it():
    page = "<!DOCTYPE html>\n<html><body><pre>\nX:1\nL:1/4\nK:C\nC&lt;D E&gt;F A<b>C\n</pre>\n</body></html>\n"
    (tune,) = read_tunes(page.encode()).examples
    assert " ".join(tune.inputs + tune.answers) == "C4:1/8 D4:3/8 E4:3/8 F4:1/8 A4:1/4 C4:1/4"
    assert notes("C<D A<b>c") == "C4:1/8 D4:3/8 A4:1/8 B5:9/16 C5:1/8"  # else these are rhythms


@pytest.mark.parametrize("key", ["hp", "g", "H", "^f^c", "G§"])
def test_a_key_that_is_not_understood_is_named(key):
    assert f"its key K:{key} is not understood" in refusal(read_tunes, f"X:1\nK:{key}\nCDE\n")
