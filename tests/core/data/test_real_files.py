"""Files as they are met: every kind is read rightly, or refused with what was seen and what to do."""

import gc
import time
from collections.abc import Iterator

import pytest

from core.data.abc_file import midi, read_tunes, tunes_in_pieces
from core.data.conll import conll_in_pieces, read_conll
from core.data.example import Reading, Unreadable
from core.data.reviews import read_reviews, reviews_in_pieces
from core.data.sentence_pairs import pairs_in_pieces, read_pairs
from core.data.text_file import MOST_BYTES, MOST_CHARACTERS, Pieces, plain, summary, whole
from core.data.vocabulary import tokenise, tokenise_elisions


def tagged(data: str | bytes) -> list[str]:
    """Every sentence as word/TAG word/TAG"""
    reading = read_conll(data.encode() if isinstance(data, str) else data)
    return [" ".join(f"{w}/{t}" for w, t in zip(e.inputs, e.answers, strict=True)) for e in reading.examples]


def paired(data: str, words=tokenise) -> list[tuple[str, str]]:
    examples = whole(pairs_in_pieces(data.encode(), words)).examples
    return [(" ".join(e.inputs), " ".join(e.answers)) for e in examples]


def refusal(read, data: str) -> str:
    with pytest.raises(Unreadable) as problem:
        read(data.encode())
    return str(problem.value)


def lost(reading: Reading) -> dict[str, int]:
    return summary(reading).lost


# CoNLL ----------------------------------------------------------------------------------------------------------------

MIA = ["Mia/B-PER ran/O to/O Rome/B-LOC", "Eve/B-PER sat/O"]


def test_conll_2003_as_it_is_published():
    data = "-DOCSTART- -X- -X- O\n\nMia NNP I-NP I-PER\nleft VBD I-VP O\nOslo NNP I-NP I-LOC\n\n"
    data += "Now RB I-ADVP O\nrain NN I-NP O\n"
    assert tagged(data) == ["Mia/B-PER left/O Oslo/B-LOC", "Now/O rain/O"]


@pytest.mark.parametrize(
    "line",
    ["{tag} {word}", "{tag}\t{word}", "{tag},{word}", "{tag} {word} X", "{tag} X {word}", "3 {tag} {word}",
     "{tag}\tX\t{word}\tX"],
)  # fmt: skip
@pytest.mark.parametrize("before", ["", "O -DOCSTART-\n\n"])
def test_a_tag_before_its_word_is_read_as_its_tag(line, before):
    words = [("Mia", "B-PER"), ("ran", "O"), ("to", "O"), ("Rome", "B-LOC"), (), ("Eve", "B-PER"), ("sat", "O")]
    data = "\n".join(line.format(word=one[0], tag=one[1]) if one else "" for one in words)
    assert tagged(before + data) == MIA


def test_words_that_look_like_tags_stay_words():
    assert tagged("O O\nU-turn O\nB-team B-ORG\n\nO O\nE-mail O\n") == ["O/O U-turn/O B-team/B-ORG", "O/O E-mail/O"]


@pytest.mark.parametrize(
    "numbers",
    ["0 1 2 3 / 0 1", "1 2 3 4 / 1 2", "1 2 3 4 / 5 6", "17 18 19 20 / 21 22", "1 2 3 4 1 2", "0 1 2 3 0 1",
     "5 5 5 5 6 6", "5 5 5 5 / 6 6", "1.0 2.0 3.0 4.0 / 1.0 2.0"],
)  # fmt: skip
@pytest.mark.parametrize("columns", ["{n}\t{word}\t{tag}", "{n} {word} {tag}", "{n}\t{word}\tX\t_\t{tag}"])
def test_a_column_of_numbers_is_no_word(numbers, columns):
    rows = iter([("Mia", "B-PER"), ("ran", "O"), ("to", "O"), ("Rome", "B-LOC"), ("Eve", "B-PER"), ("sat", "O")])
    lines = []
    for n in numbers.split():
        word, tag = ("", "") if n == "/" else next(rows)
        lines.append(columns.format(n=n, word=word, tag=tag) if word else "")
    assert tagged("\n".join(lines)) == MIA


def test_two_columns_of_numbers_are_no_words():
    rows = ["1\t1\tMia\tB-PER", "1\t2\tran\tO", "1\t3\tto\tO", "1\t4\tRome\tB-LOC", "2\t1\tEve\tB-PER", "2\t2\tsat\tO"]
    assert tagged("\n".join(rows)) == MIA


def test_lines_of_conll_u_that_stand_for_other_words_are_named():
    data = (
        "1-2\tdu\t_\t_\n1\tde\t_\tO\n2\tle\t_\tO\n3\tParis\t_\tB-LOC\n3.1\tx\t_\tO\n\n1\tMia\t_\tB-PER\n2\tran\t_\tO\n"
    )
    assert tagged(data) == ["de/O le/O Paris/B-LOC", "Mia/B-PER ran/O"]
    reading = read_conll(data.encode())
    assert [skip.line for skip in reading.skipped] == [1, 5] and lost(reading) == {}


def test_numbers_without_words_are_refused():
    assert "no word" in refusal(read_conll, "1\tO\n2\tB-PER\n3\tO\n")


@pytest.mark.parametrize(
    "odd", ["Last Name _ O I-PER", "Last _ I-PER", "Last\t_\tO\tx\tI-PER", "Last\tI-PER", "Last I-PER"]
)
def test_a_line_with_other_columns_than_the_others_is_named(odd):
    reading = read_conll(f"Mia _ O I-PER\n{odd}\nran _ O O\n\nEve _ O I-PER\nsat _ O O\n".encode())
    assert [e.inputs for e in reading.examples] == [("Eve", "sat")]
    assert [(skip.line, "columns, the others have 4" in skip.reason) for skip in reading.skipped] == [(2, True)]


def test_of_a_file_of_one_sentence_the_odd_line_is_named_in_the_refusal():
    told = refusal(read_conll, "Mia _ O I-PER\nLast Name _ O I-PER\nran _ O O\n")
    assert "Line 2: This line has 5 columns, the others have 4" in told


def test_of_two_columns_of_tags_the_outer_one_is_read_and_what_is_lost_is_counted():
    data = "# source [1]\n1\tBank\tB-ORG\tO\n2\tof\tI-ORG\tO\n3\tOslo\tI-ORG\tB-LOC\n\n1\tMia\tB-PER\tO\n2\tran\tO\tO\n"
    assert tagged(data) == ["Bank/B-ORG of/I-ORG Oslo/I-ORG", "Mia/B-PER ran/O"]
    assert lost(read_conll(data.encode())) == {"inner": 1}
    assert tagged("Mia B-NP B-PER\nran B-VP O\n") == ["Mia/B-PER ran/O"]  # chunks are no names
    assert tagged("1\tMia\tB-PER\t-\tann\n2\tran\tO\t-\tann\n") == ["Mia/B-PER ran/O"]  # its tags are not last


KAGGLE = "Sentence #,Word,POS,Tag\nSentence: 1,Mia,NNP,B-per\n,ran,VBD,O\n,to,TO,O\n,Rome,NNP,B-geo\n"
KAGGLE += "Sentence: 2,Caf\xe9,NN,O\n"
KAGGLE += ',"""",``,O\n,",",",",O\n'


@pytest.mark.parametrize("coding", ["utf-8", "latin-1", "utf-8-sig", "utf-16"])
def test_kaggles_file_of_entities(coding):
    reading = read_conll(KAGGLE.encode(coding))
    assert tagged(KAGGLE.encode(coding)) == ["Mia/B-per ran/O to/O Rome/B-geo", 'Café/O "/O ,/O']
    assert lost(reading) == {}
    assert tagged(KAGGLE.replace("\n,", "\nNaN,").encode(coding)) == tagged(
        KAGGLE.encode(coding)
    )  # as pandas may fill it


@pytest.mark.parametrize(
    "data",
    ["Mia,B-PER\nran,O\nto,O\nRome,B-LOC\n\nEve,B-PER\nsat,O\n",
     "Mia;B-PER\nran;O\nto;O\nRome;B-LOC\n\nEve;B-PER\nsat;O\n",
     "word\ttag\nMia\tB-PER\nran\tO\nto\tO\nRome\tB-LOC\n\nEve\tB-PER\nsat\tO\n",
     "Tag;Word\nB-PER;Mia\nO;ran\nO;to\nB-LOC;Rome\n\nB-PER;Eve\nO;sat\n",
     "sentence_idx,word,lemma,tag\n1,Mia,x,B-PER\n1,ran,x,O\n1,to,x,O\n1,Rome,x,B-LOC\n2,Eve,x,B-PER\n2,sat,x,O\n",
     "token pos ner\nMia N B-PER\nran V O\nto P O\nRome N B-LOC\n\nEve N B-PER\nsat V O\n"],
)  # fmt: skip
def test_headers_and_csv(data):
    assert tagged(data) == MIA


def test_a_table_of_whole_sentences_is_refused_with_what_was_seen():
    head, row = "Sentence #,Sentence,POS,Tag", "Sentence: 1,Mia ran,\"['NNP', 'VBD']\",\"['B-per', 'O']\""
    told = refusal(read_conll, f"{head}\n{row}\n")
    assert "'Sentence #', 'Sentence', 'POS', 'Tag'" in told and "A word and its tag are needed on every line" in told
    assert tagged("sentence B-MISC\nran O\n") == ["sentence/B-MISC ran/O"]


def test_a_file_in_latin_1():
    data = "José NP B-PER\ncantés VMI O\n\nok Z O\n".encode("latin-1")
    assert tagged(data) == ["José/B-PER cantés/O", "ok/O"]
    assert "Latin-1" in read_conll(data).skipped[0].reason and lost(read_conll(data)) == {}
    assert read_pairs("“Où ?”\tWhere – to?\n".encode("cp1252")).examples[0].inputs == ("“", "Où", "?", "”")


def test_a_mark_of_the_beginning_inside_of_a_file_is_no_letter():
    assert tagged("\ufeffMia B-PER\n\n\ufeffEve B-PER\n") == ["Mia/B-PER", "Eve/B-PER"]
    assert paired("a b\tc\n\ufeffd\te\n") == [("a b", "c"), ("d", "e")]


# Longest words and tags -----------------------------------------------------------------------------------------------

LONG = "x" * (MOST_CHARACTERS + 1)


@pytest.mark.parametrize("length", [MOST_CHARACTERS + 1, 1_000_000])
@pytest.mark.parametrize(
    ("read", "file"),
    [
        (read_conll, "Mia B-PER\nran O\n\nto B-{}\n"),
        (read_conll, "Mia B-PER\nran O\n\n{} O\n"),
        (read_reviews, "good\t1\nbad\t0\nso {}\t1\n"),
        (read_pairs, "go\tva\nrun\tcours\na\t{}\n"),
        (read_pairs, "go\tva\nrun\tcours\n{}\tb\n"),
    ],
)
def test_an_example_with_a_word_or_tag_that_is_too_long_is_left_out_and_named(read, file, length):
    reading = read(file.format("x" * length).encode())
    assert lost(reading) == {"skipped": 1} and len(reading.skipped[0].reason) < 200
    assert max(len(word) for e in reading.examples for word in e.inputs + e.answers) < 10
    kept = read(file.format("x" * 100).encode())
    assert lost(kept) == {}


# Reviews --------------------------------------------------------------------------------------------------------------


def reviewed(data: str) -> list[str]:
    return [f"{' '.join(e.inputs)} {e.answers[0][:3]}" for e in read_reviews(data.encode()).examples]


def test_breaks_of_html_are_no_words():
    data = 'review,sentiment\n"One of the best.<br /><br />It\'s ""great"".",positive\n"Awful.<br />Boring.",negative\n'
    assert reviewed(data) == ['One of the best . It\'s " great " . pos', "Awful . Boring . neg"]
    assert plain("a<BR>b &amp; <i class='x'>c</i>&nbsp;d &#39;e&#x27; 1 < 2 <3 R&D &unknown;") == (
        "a b &  c \xa0d 'e' 1 < 2 <3 R&D &unknown;"
    )


@pytest.mark.parametrize(
    "data",
    ["1\tgood fun\n0\tno fun\n", "pos,good fun\nneg,no fun\n", 'positive;"good fun"\nnegative;no fun\n',
     "1\tgood fun\tpos\n2\tno fun\tneg\n", "label,text\n1,good fun\n0,no fun\n", "good fun;1\nno fun;0\n",
     "film\tverdict\ngood fun\t1\nno fun\t0\n", "Phrase,Sentiment\ngood fun,1\nno fun,0\n"],
)  # fmt: skip
def test_wherever_the_label_stands(data):
    assert reviewed(data) == ["good fun pos", "no fun neg"]


@pytest.mark.parametrize(
    "data",
    ["1 good fun\n0 no fun\n", "__label__pos good fun\n__label__neg no fun\n",
     "good fun\t__label__1\nno fun\t__label__0\n",
     "id,airline_sentiment,text\n5,positive,good fun\n6,negative,no fun\n"],
)  # fmt: skip
def test_labels_of_sst_2_of_fasttext_and_of_tweets(data):
    assert reviewed(data) == ["good fun pos", "no fun neg"]


def test_of_a_text_with_commas_and_no_quotes_nothing_is_read():
    prose = "good, very good fun,1\nno, no fun,0\nso, well, yes,1\n"
    reading = read_reviews(f"{prose}fine,1\npoor,0\n".encode())
    assert lost(reading) == {"skipped": 3} and [e.inputs for e in reading.examples] == [("fine",), ("poor",)]
    assert "needs quotes around it" in refusal(read_reviews, prose)


@pytest.mark.parametrize(
    ("data", "seen"),
    [('"2","Great","I loved it"\n"1","Bad","I hated it"\n"2","Fine","So so"\n', "found: '2' (2 ×), '1' (1 ×)"),
     ('"0","17","NONE","a poor day"\n"4","18","NONE","a good day"\n', "found: '0' (1 ×), '4' (1 ×)"),
     ("5\tso good\n1\tso bad\n5\tquite fine\n3\tfair\n", "found: '5' (2 ×), '1' (1 ×), '3' (1 ×)"),
     ("so good\t5\nso bad\t1\nquite fine\t5\nfair\t3\n", "found: '5' (2 ×), '1' (1 ×), '3' (1 ×)"),
     ("joy,I smiled\nanger,I shouted\njoy,I laughed\nfear,I ran\n", "found: 'joy' (2 ×), 'anger' (1 ×), 'fear'")],
)  # fmt: skip
def test_of_other_classes_it_is_said_which_in_whatever_column_they_stand(data, seen):
    assert seen in refusal(read_reviews, data)


# Pairs ----------------------------------------------------------------------------------------------------------------

ANKI = """#separator:tab
#html:true
#tags column:3
Go.\tVa&nbsp;!<br>\ttag
"He said ""hi""."\t"Il a dit ""salut""."\ttag
"one
two"\tun<div>deux</div>\t
"""
GO = [("Go .", "Va !"), ('He said " hi " .', 'Il a dit " salut " .'), ("one two", "un deux")]

GO_HI = ('He said " hi "', 'Il dit " salut "')


def test_notes_of_anki():
    assert paired(ANKI) == GO and lost(read_pairs(ANKI.encode())) == {}
    numbered = ANKI.replace("#tags column:3", "#guid column:1\n#tags column:4").replace("\nGo.", "\nq{x\tGo.")
    numbered = numbered.replace('\n"He', '\nz]1\t"He').replace('\n"one', '\ny;9\t"one')
    assert paired(numbered) == GO
    assert paired("#separator:comma\n#html:false\nGo.,Va\nRun,Cours\n") == [("Go .", "Va"), ("Run", "Cours")]


def test_quotes_as_in_csv_between_tabs():
    assert paired('"one\ntwo"\t"un\ndeux"\nHi.\tSalut.\n') == [("one two", "un deux"), ("Hi .", "Salut .")]
    assert paired('"Hi."\t"Salut."\n"Go"\t"Va"\n') == [("Hi .", "Salut ."), ("Go", "Va")]
    assert paired('"He said ""hi"""\t"Il dit ""salut"""\nGo\tVa\n') == [GO_HI, ("Go", "Va")]
    assert paired('"Hi," he said.\t« Salut »\n"What?\tQuoi\n') == [
        ('" Hi , " he said .', "« Salut »"),
        ('" What ?', "Quoi"),
    ]


@pytest.mark.parametrize("header", ["English words/sentences,French words/sentences", "en,fr", "source,target", ""])
def test_pairs_with_commas(header):
    data = f'{header}\nHi.,Salut!\n"Wait, please.","Attendez, svp."\n'
    assert paired(data) == [("Hi .", "Salut !"), ("Wait , please .", "Attendez , svp .")]
    assert paired(
        data.replace(",S", ";S").replace('",', '";').replace(",F", ";F").replace("n,f", "n;f").replace("e,t", "e;t")
    )


@pytest.mark.parametrize("header", ["english\tfrench", "English\tFrench\tnote", "Anglais\tFrançais", "ENG\tFRA"])
def test_a_header_is_no_pair(header):
    assert paired(f"{header}\nHi.\tSalut.\n") == [("Hi .", "Salut .")]


def test_a_header_says_which_column_is_which():
    assert paired("French\tEnglish\nSalut.\tHi.\n") == [("Hi .", "Salut .")]
    assert paired("id,english,french\n1,Hi.,Salut.\n2,Go.,Va.\n") == [("Hi .", "Salut ."), ("Go .", "Va .")]


def test_numbers_and_languages_beside_the_sentences_are_passed_over():
    assert paired("1\tHi.\t7\tSalut.\n2\tGo.\t8\tVa.\n") == paired("Hi.\tSalut.\nGo.\tVa.\n")
    assert paired("1\tHi.\tSalut.\n2\tGo.\tVa.\n") == paired("Hi.\tSalut.\nGo.\tVa.\n")
    assert paired("eng\tHi.\tfra\tSalut.\neng\tGo.\tfra\tVa.\n") == paired("Hi.\tSalut.\nGo.\tVa.\n")


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        ("1\tcmn\tone small sentence\n2\teng\tanother\n3\tfra\tencore\n4\teng\ta last one\n", "sentences, not pairs"),
        ("5\tdeu\tnur Deutsch\n6\tdeu\tnoch eins\n", "'deu' (2 ×)"),
        ("Hi.\teng\nGo.\teng\nVa.\tfra\n", "sentences, not pairs"),
        ("1\t77\n2\t78\n3\t79\n", "column 1 holds numbers, such as 1"),
        ("1\tHi.\n2\tGo.\n", "column 1 holds numbers"),
        ("7\tcmn\tone small\tann\t2010\n8\teng\tanother\tbob\t2011\n", "sentences, not pairs"),
    ],
)  # fmt: skip
def test_lists_that_hold_no_pairs_are_refused_with_what_was_seen(data, seen):
    told = refusal(read_pairs, data)
    assert seen in told and "its translation" in told


def test_prose_with_commas_is_no_table():
    assert "A tab is needed" in refusal(read_pairs, "Hello, world.\nWell, yes.\nNo, not here.\n")


def test_elisions():
    own = paired("the man\tl'homme\nThe man!\tL’homme !\nI've got it\tj’ai qu'un\n", tokenise_elisions)
    assert own == [("the man", "l' homme"), ("The man !", "L' homme !"), ("I've got it", "j' ai qu' un")]
    assert tokenise_elisions("don't O’Brien aujourd’hui vas-t'en d'") == [
        "don't",
        "O'Brien",
        "aujourd'hui",
        "vas-t'en",
        "d",
        "'",
    ]
    for text in ("l'homme d’ici", "qu'il n' est", "Jusqu'ici, c'est 'l'"):
        tokens = tokenise_elisions(text)
        assert tokenise_elisions(" ".join(tokens)) == tokens


# Tunes ----------------------------------------------------------------------------------------------------------------


def heard(music: str, key: str = "C", head: str = "M:4/4\nL:1/4") -> list[int]:
    """Keys of the notes, those of a quarter, before the tune was moved to C: the first note says by how much"""
    reading = read_tunes(f"X:1\nT:Test\n{head}\nK:{key}\n{music}\n".encode())
    (melody,) = reading.examples
    return [midi(note)[0] for note in melody.inputs + melody.answers]


def moved(keys: list[int], by: int) -> list[int]:
    return [key + by for key in keys]


@pytest.mark.parametrize(
    "clef", ["[K:clef=bass] ", "[K:bass]", "\nK:bass\n", "\nK:clef=alto\n", "[K:treble]", "[K:G clef=bass middle=d]",
             "[K:tenor stafflines=3]", "\nK:perc\n", "[K:G bass]", "[K:Bass]", "[K:bass,,]", "[K:treble_8]",
             "[K:strings=5]", "[K:clef=\"alto^8\"]"],
)  # fmt: skip
def test_another_clef_changes_no_note(clef):
    reading = read_tunes(f"X:1\nM:2/4\nL:1/4\nK:G\nG2 | F2 | {clef} F2 | G2 |\n".encode())
    notes = reading.examples[0].inputs + reading.examples[0].answers
    assert [midi(note)[0] - 5 for note in notes] == [67, 66, 66, 67] and lost(reading) == {}


@pytest.mark.parametrize(
    ("clef", "by"),
    [("[K:treble-8]", -12), ("\nK:clef=treble+8\n", 12), ("[K:G bass octave=-1]", -12), ("[K:treble+8 octave=-1]", 0)],
)
def test_a_clef_may_move_the_octave(clef, by):
    assert heard(f"G F [G,B,] | {clef} G F [G,B,] | [K:treble octave=0] F", "G") == (
        moved([67, 66, 59], 5) + moved([67, 66, 59], 5 + by) + [71]
    )


@pytest.mark.parametrize("more", ["transpose=-2", "shift=CD"])
def test_what_else_is_said_beside_a_key_costs_no_tune(more):
    reading = read_tunes(f"X:1\nL:1/4\nK:G\nG F | [K:{more}] F G\n".encode())
    assert len(reading.examples) == 1 and lost(reading) == {"sign": 1}
    assert lost(read_tunes(b"X:1\nL:1/4\nK:G treble transpose=-2\nG F\n")) == {}  # all of a tune is moved in any case


def test_signs_that_only_end_a_line_lose_nothing():
    assert lost(read_tunes(b"X:1\nK:C\nCDEF|!\nGABc.|$ cBAG|*\n")) == {}


def test_of_a_tune_that_is_left_out_nothing_else_is_told():
    reading = read_tunes(b"X:1\nK:C\nCDEF|\n\nX:2\nT:no key\n[CE]D ?\n")
    assert lost(reading) == {"skipped": 1}


def test_a_clef_in_the_head():
    assert heard("C E G", "clef=bass") == heard("C E G", "C clef=bass") == heard("C E G", "C bass") == [60, 64, 67]


@pytest.mark.parametrize("key", ["HP", "Hp"])
def test_keys_of_pipes(key):
    assert heard("A B c d | e f g a |", key) == moved([69, 71, 73, 74, 76, 78, 79, 81], -2)
    assert heard("A f | [K:Hp] c g", "D") == moved([69, 78, 73, 79], -2)


C, D, E, F, G, A, B, c = 60, 62, 64, 65, 67, 69, 71, 72


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("ABA", [C, D, E, F, G, A, B, c, C, D, E, F]),
        ("A2B", [C, D, E, F] * 2 + [G, A, B, c]),
        ("(AB)2", [C, D, E, F, G, A, B, c] * 2),
        ("B.A", [G, A, B, c, C, D, E, F]),
        ("((A)2B)", [C, D, E, F] * 2 + [G, A, B, c]),
        ("B", [G, A, B, c]),
    ],
)
@pytest.mark.parametrize("here", ["\nP:{}\n", "[P:{}]"])
def test_parts_are_played_in_the_order_of_the_head(order, expected, here):
    music = f"{here.format('A')}C D E F |{here.format('B')}G A B c |"
    assert heard(music.strip(), head=f"M:4/4\nL:1/4\nP:{order}") == expected


def test_parts_with_repeats_and_without_an_order():
    assert heard("C|\nP:A\n|: D :|\nP:B\nE F|", head="L:1/4\nP:BAB") == [C, E, F, D, D, E, F]
    assert heard("P:A\nC D\nP:B\nE F") == [C, D, E, F]
    for order in ("A(B", "xyz", "A)", "CD"):
        reading = read_tunes(f"X:1\nL:1/4\nP:{order}\nK:C\nP:A\nC D|\nP:B\nE F|\n".encode())
        assert len(reading.examples[0].answers) == 3 and "order of playing" in reading.skipped[0].reason
    with pytest.raises(Unreadable, match="more than 2000 notes or parts"):
        read_tunes(b"X:1\nP:((((A99)99)99)99)99\nK:C\nP:A\nCD")


@pytest.mark.parametrize(
    ("music", "expected"),
    [
        ("|: C D |1 E ^F- :|2 F G |]", [C, D, E, F + 1, C, D, F, G]),
        ("|: C D | [1 E ^F- :| [2 F G |]", [C, D, E, F + 1, C, D, F, G]),
        ("|: F D |1 E ^F- :|2 F G |]", [F, D, E, F + 1, F, D, F, G]),
        ("|: C F |1 E F- :|2 F G |]", [C, F, E, F, C, F, F, G]),  # not joined with what is played next
        ("|: C ^F- |1 F E :|2 F G |]", [C, F + 1, E, C, F + 1, G]),  # a tie before both leads into both
        ("|: C ^F- |1 F E- :|2 F G- |] G", [C, F + 1, E, C, F + 1, G]),
        ("^F- | F G", [F + 1, G]),
    ],
)
def test_a_tie_at_the_end_of_an_ending_ends_with_it(music, expected):
    assert heard(music) == expected


@pytest.mark.parametrize(
    ("music", "expected"),
    [
        ("[CE] D [EG] F | [CE] D E F |", "E4 D4 G4 F4 E4 D4 E4 F4"),
        ("+CEG+ D +EG+ F", "G4 D4 G4 F4"),
        ("[C2E2] D [CE]2 F", "E4:1/2 D4 E4:1/2 F4"),
        ("[CE]/ D [C/E/]2 F", "E4:1/8 D4 E4 F4"),
        ("[C^E] E [c'C,] =E", "E#4 E#4 C6 E4"),
        ("(3[CE]DE F", "E4:1/6 D4:1/6 E4:1/6 F4"),
        ("[CE]>D F", "E4:3/8 D4:1/8 F4"),
        ("[CE]-[CE] D", "E4:1/2 D4"),
        ("[C-E-]E D", "E4:1/2 D4"),
        ('["^top"C!f!E] D', "E4 D4"),
        ("C [z2z] D", "C4 D4"),
        ("C [EC]D", "C4 E4 D4"),
    ],
)
def test_of_a_chord_the_highest_note_is_heard(music, expected):
    reading = read_tunes(f"X:1\nM:4/4\nL:1/4\nK:C\n{music}\n".encode())
    notes = reading.examples[0].inputs + reading.examples[0].answers
    assert " ".join(notes).replace(":1/4", "") == expected
    assert set(lost(reading)) == {"sign" if "z" in music else "chord"}


def test_signs_between_pluses_that_are_no_chord():
    reading = read_tunes(b"X:1\nL:1/4\nK:C\n+ff+C +trill+D +fermata+ E\n")
    assert len(reading.examples[0].answers) == 2 and lost(reading) == {"ornament": 1}


@pytest.mark.parametrize(
    ("music", "lengths"),
    [
        ("(10:6:4CDEF G", ["3/20"] * 4 + ["1/4"]),
        ("(1:2:2CD E", ["1/2", "1/2", "1/4"]),
        ("(11:8CDEFGABcdef G", ["2/11"] * 11 + ["1/4"]),
        ("(13:4:2CD E", ["1/13", "1/13", "1/4"]),
        ("(3::2CD E", ["1/6", "1/6", "1/4"]),
        ("(5:4:5CDEFG A", ["1/5"] * 5 + ["1/4"]),
        ("(7:2:7CDEFGAB C", ["1/14"] * 7 + ["1/4"]),
    ],
)
def test_any_tuplet(music, lengths):
    reading = read_tunes(f"X:1\nM:4/4\nL:1/4\nK:C\n{music}\n".encode())
    notes = reading.examples[0].inputs + reading.examples[0].answers
    assert [note.partition(":")[2] for note in notes] == lengths and reading.skipped == ()


# In pieces ------------------------------------------------------------------------------------------------------------

LINE = b"4f g'|:2[CE]\t,;\"#@~ (x\xe4 1\n"
ODD = {
    "no line end": b"q" * MOST_BYTES,
    "odd lines": LINE * (MOST_BYTES // len(LINE)),
    "tags": b"word\tx\tB-PER\n" * (MOST_BYTES // 13),
    "quotes": b'"a\t1\n' * (MOST_BYTES // 5 - 300_000),
    "tunes": b"X:1\nK:C\nCDE FGA|@+x+[CE]{a}b\n\n" * (MOST_BYTES // 33),
}  # fmt: skip
TRIED = [(conll_in_pieces, "no line end"), (conll_in_pieces, "tags"), (conll_in_pieces, "quotes"),
         (reviews_in_pieces, "odd lines"), (pairs_in_pieces, "no line end"), (pairs_in_pieces, "quotes"),
         (tunes_in_pieces, "tunes")]  # fmt: skip


def longest_pause(pieces: Pieces) -> Iterator[float]:
    """How long each piece takes; and on the way, that they get on"""
    before, share = time.thread_time(), 0.0
    try:
        for now in pieces:
            assert share <= now <= 1
            share = now
            yield time.thread_time() - before
            before = time.thread_time()
    except Unreadable:
        pass
    yield time.thread_time() - before


@pytest.fixture
def alone() -> Iterator[None]:
    """Garbage is looked for in what the reader holds, not in what all other tests do"""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.slow
@pytest.mark.parametrize(("pieces", "file"), TRIED)
@pytest.mark.usefixtures("alone")
def test_no_file_holds_a_click_for_half_a_second(pieces, file):
    assert max(longest_pause(pieces(ODD[file]))) < 0.5
