"""Contrast rows: grammar read off small parses written by hand, and rows whose spans stand where they say."""

from __future__ import annotations

import gzip
import json
import random
import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from training import clauses as grammar
from training import contrast
from training.asking import ask, ask_far, embedded_question, mistyped
from training.clauses import Sentence, Word, clause, is_prose, unreal
from training.contrast import KIND_ROWS, article_texts, groups, kept_aside_sentences, write
from training.counting import casualties, other_number
from training.drawing import Draw, agreeing
from training.lexicon import FILE, words
from training.passages import Article, Names, article, locate
from training.undoing import dropped_agent, exchanged, in_place, turn_voice
from training.wordings import BESIDE, BORNE_OUT, FACTUAL, TABLES, VERBS

KINDS = list(KIND_ROWS)
NAMES = Names(
    {
        "PERSON": ("Nelson Mandela", "Robert Redford", "Angela Merkel", "Jacinda Ardern"),
        "GPE": ("Norway", "Lisbon", "Chile"),
        "ORG": ("Reuters", "Siemens"),
        "NORP": ("Danish", "Peruvian"),
    }
)


def parsed(*rows: str, paragraph: int = 0) -> Sentence:
    """A sentence from "text lemma POS TAG dep head [entity]" rows; heads count from 0."""
    text, words = "", []
    for row in rows:
        token, lemma, pos, tag, dep, head, *ent = row.split()
        if text and token not in {".", ",", "'s"}:
            text += " "
        words.append(Word(token, len(text), lemma, pos, tag, dep, int(head), *ent))
        text += token
    return Sentence(text, tuple(words), paragraph)


SUED = parsed(
    "Apple Apple PROPN NNP nsubj 1 ORG",
    "sued sue VERB VBD ROOT 1",
    "Qualcomm Qualcomm PROPN NNP dobj 1 ORG",
    "in in ADP IN prep 1",
    "California California PROPN NNP pobj 3 GPE",
    "on on ADP IN prep 1",
    "Tuesday Tuesday PROPN NNP pobj 5 DATE",
    ". . PUNCT . punct 1",
)
FINED = parsed(
    "Maria Maria PROPN NNP compound 1 PERSON",
    "Lopez Lopez PROPN NNP nsubjpass 3 PERSON",
    "was be AUX VBD auxpass 3",
    "fined fine VERB VBN ROOT 3",
    "by by ADP IN agent 3",
    "a a DET DT det 6",
    "court court NOUN NN pobj 4",
    "for for ADP IN prep 3",
    "fraud fraud NOUN NN pobj 7",
    ". . PUNCT . punct 3",
)
RESCUED = parsed(
    "Divers diver NOUN NNS nsubj 1",
    "rescued rescue VERB VBD ROOT 1",
    "12 12 NUM CD nummod 3 CARDINAL",
    "passengers passenger NOUN NNS dobj 1",
    "in in ADP IN prep 1",
    "Genoa Genoa PROPN NNP pobj 4 GPE",
    ". . PUNCT . punct 1",
)
MAY = parsed(
    "The the DET DT det 1",
    "union union NOUN NN nsubj 3",
    "may may AUX MD aux 3",
    "cancel cancel VERB VB ROOT 3",
    "the the DET DT det 5",
    "strike strike NOUN NN dobj 3",
    ". . PUNCT . punct 3",
)
REFUSED = parsed(
    "The the DET DT det 1",
    "mayor mayor NOUN NN nsubj 2",
    "refused refuse VERB VBD ROOT 2",
    "to to PART TO aux 4",
    "sign sign VERB VB xcomp 2",
    "the the DET DT det 6",
    "contract contract NOUN NN dobj 4",
    ". . PUNCT . punct 2",
)
TOLL = parsed(
    "A a DET DT det 1",
    "storm storm NOUN NN nsubj 2",
    "killed kill VERB VBD ROOT 2",
    "ten ten NUM CD nummod 4 CARDINAL",
    "people people NOUN NNS dobj 2",
    "and and CCONJ CC cc 2",
    "injured injure VERB VBD conj 2",
    "43 43 NUM CD nummod 8 CARDINAL",
    "others other NOUN NNS dobj 6",
    ". . PUNCT . punct 2",
)
FILLER = [
    parsed(
        "Nothing nothing PRON NN nsubj 1",
        "else else ADV RB ROOT 1",
        *[
            f"{word} {word} NOUN NN dep 1"
            for word in ("was known about it so early that day in town " + name).split()
        ],
        ". . PUNCT . punct 1",
    )
    for name in ("here", "there", "again", "too", "yet", "now")
]
EVERYTHING = [
    FILLER[0],
    SUED,
    FILLER[1],
    FINED,
    FILLER[2],
    FILLER[3],
    RESCUED,
    MAY,
    FILLER[4],
    REFUSED,
    TOLL,
    FILLER[5],
]


def whole_article() -> Article:
    return article("one", EVERYTHING)


def rows_of(kind: str, *, seed: int = 1) -> list[dict]:
    draw = Draw(NAMES, random.Random(seed))
    made = groups(draw, kind, [whole_article()], wanted=20, uses=Counter())
    return [row for group in made for row in group]


def test_a_plain_clause_has_its_roles() -> None:
    sued, fined = clause(SUED), clause(FINED)
    assert sued and sued.agent and sued.patient and fined and fined.agent and fined.patient
    assert (sued.agent.text, sued.verb, sued.patient.text) == ("Apple", "sue", "Qualcomm")
    assert [(piece.role, piece.text) for piece in sued.pieces[1:]] == [
        ("place", "in California"),
        ("time", "on Tuesday"),
    ]
    assert (fined.agent.text, fined.verb, fined.patient.text) == ("a court", "fine", "Maria Lopez")
    assert fined.passive


@pytest.mark.parametrize("sentence", [MAY, REFUSED])
def test_what_may_happen_or_is_refused_is_no_event(sentence: Sentence) -> None:
    assert clause(sentence) is None
    assert unreal(sentence) is not None


def test_what_did_happen_is_not_unreal() -> None:
    assert [unreal(one) for one in (SUED, FINED, RESCUED)] == [None, None, None]


def test_the_words_that_make_a_clause_unreal_are_kept_for_questions() -> None:
    may, refused = unreal(MAY), unreal(REFUSED)
    assert may and refused
    assert (may[1], may[2]) == ("may", "may {S}")
    assert (refused[1], refused[2]) == ("refused to", "did {S} refuse to")


def test_forms_of_an_active_and_a_passive_clause() -> None:
    sued, fined = clause(SUED), clause(FINED)
    assert sued and fined
    forms = sued.forms(leave={"time"})
    assert forms["neg"] == "Apple did not sue Qualcomm in California"
    assert forms["have"] == "have sued Qualcomm in California"
    assert forms["ger"] == "suing Qualcomm in California"
    assert fined.forms()["neg"] == "Maria Lopez was not fined by a court for fraud"
    assert fined.forms()["inf"] == "be fined by a court for fraud"


def test_voice_is_turned_and_the_doer_dropped_or_exchanged() -> None:
    sued, fined = clause(SUED), clause(FINED)
    assert sued and fined
    assert turn_voice(sued) == "Qualcomm was sued by Apple in California on Tuesday."
    assert turn_voice(fined) == "A court fined Maria Lopez for fraud."
    assert dropped_agent(sued) == "Qualcomm was sued in California on Tuesday."
    assert exchanged(sued) == "Qualcomm sued Apple in California on Tuesday."


@pytest.mark.parametrize("kind", ["negated", "hedged"])
@pytest.mark.parametrize("sentence", [SUED, FINED])
def test_an_undone_verb_leaves_the_rest_of_the_sentence(kind: str, sentence: Sentence) -> None:
    found = clause(sentence)
    assert found
    said = in_place(kind, found, random_=random.Random(3))
    assert said and said != sentence.text
    start, end = found.group
    assert said.startswith(sentence.text[:start]) and said.endswith(sentence.text[end:])
    undone = r"not|n’t|never" if kind == "negated" else r"may|might|could|allegedly"
    assert re.search(undone, said[start:])


def test_near_questions_ask_for_every_role_that_is_there() -> None:
    found = clause(SUED)
    assert found
    asked = {one.role: one for one in ask(found, random_=random.Random(1), whole=True)}
    assert asked["agent"].question == "Who sued Qualcomm in California on Tuesday?"
    assert asked["patient"].question == "Who did Apple sue in California on Tuesday?"
    assert {role: one.answer.text for role, one in asked.items()} == {
        "agent": "Apple",
        "patient": "Qualcomm",
        "when": "Tuesday",
        "where": "California",
    }


def test_a_count_is_asked_for_by_what_is_counted() -> None:
    found = clause(RESCUED)
    made = found and embedded_question(found, "number", random_=random.Random(1), whole=True)
    assert made
    assert made[0] == "how many passengers did Divers rescue in Genoa".replace("Divers", "divers")
    assert made[2].text == "12"


def test_exchanged_names_turn_the_question_round() -> None:
    found = clause(SUED)
    assert found
    names = {"agent": "Qualcomm", "patient": "Apple"}
    questions = {
        one.role: one.question for one in ask(found, random_=random.Random(1), names=names, whole=True)
    }
    assert questions["agent"] == "Who sued Apple in California on Tuesday?"
    assert questions["patient"] == "Who did Qualcomm sue in California on Tuesday?"


def test_far_questions_keep_the_names_and_leave_the_words() -> None:
    found = clause(SUED)
    assert found
    made = [ask_far(found, "agent", random_=random.Random(seed)) for seed in range(60)]
    assert len({one.question for one in made if one}) > 15
    for one in made:
        assert one and one.answer.text == "Apple"
        assert "qualcomm" in one.question.lower()
        assert "apple" not in one.question.lower()


def test_a_slip_of_the_finger_touches_one_plain_word() -> None:
    question = "Who did the minister criticise in Lisbon?"
    for seed in range(30):
        changed = mistyped(question, random_=random.Random(seed)).split()
        different = [(a, b) for a, b in zip(question.split(), changed, strict=True) if a != b]
        assert len(different) <= 1
        assert all(a[0] == b[0] and a[0].islower() for a, b in different)


def test_every_number_of_a_toll_belongs_to_its_state() -> None:
    assert [(state, number.text) for state, number in casualties(TOLL)] == [
        ("killed", "ten"),
        ("injured", "43"),
    ]
    rows = rows_of("counts")
    exchanged_rows = [row for row in rows if row["kind"] == "counts:exchanged"]
    assert exchanged_rows
    assert all("killed 43 people and injured ten others" in row["context"] for row in exchanged_rows)
    assert {row["answers"][0]["text"] for row in exchanged_rows} == {"43", "ten"}


def test_another_number_is_written_alike() -> None:
    for seed in range(40):
        random_ = random.Random(seed)
        assert other_number("1,200", random_=random_) != "1,200"
        assert re.fullmatch(r"[\d,]+", other_number("1,200", random_=random_))
        assert other_number("seven", random_=random_).isalnum()


@pytest.mark.parametrize("kind", KINDS)
def test_every_span_stands_where_its_row_says(kind: str) -> None:
    rows = [row for seed in range(8) for row in rows_of(kind, seed=seed)]
    assert rows
    for row in rows:
        assert row["answerable"] == bool(row["answers"])
        spans = [*row["answers"], *([row["tempting"]] if row.get("tempting") else [])]
        for span in spans:
            assert row["context"][span["start"] : span["start"] + len(span["text"])] == span["text"]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "paraphrase"])
def test_each_group_has_both_what_is_answered_and_what_is_not(kind: str) -> None:
    groups: dict[tuple[int, str], set[bool]] = {}
    for seed in range(8):
        for row in rows_of(kind, seed=seed):
            groups.setdefault((seed, row["pair"]), set()).add(row["answerable"])
    assert groups
    assert all(kinds == {True, False} for kinds in groups.values())


def test_paraphrases_are_all_answered() -> None:
    rows = rows_of("paraphrase")
    assert rows
    assert all(row["answerable"] for row in rows)


def test_a_dropped_doer_is_nowhere_in_the_passage() -> None:
    doers: dict[str, str] = {}
    for row in rows_of("no_agent"):
        if row["kind"] == "no_agent:original":
            doers[row["pair"]] = row["answers"][0]["text"]
        elif not row["answerable"]:
            assert not re.search(rf"\b{doers[row['pair']]}\b", row["context"])
    assert len(doers) > 1


def test_a_wrong_premise_names_what_the_passage_does_not() -> None:
    refused = [row for seed in range(12) for row in rows_of("premise", seed=seed) if not row["answerable"]]
    assert refused
    known = {name.split()[-1].lower() for names in NAMES.by_label.values() for name in names}
    days = {"monday", "wednesday", "thursday", "friday", "saturday", "sunday"}
    for row in refused:
        strange = {
            word
            for word in re.findall(r"\w+", row["question"].lower())
            if word in known | days or word in {"nelson", "robert", "angela", "jacinda"}
        }
        assert strange
        assert not any(word in row["context"].lower() for word in strange)


def test_every_wording_can_be_said_of_active_and_passive_clauses() -> None:
    draw = Draw(NAMES, random.Random(1))
    one = whole_article()
    for index, found in one.clauses.items():
        passage = draw.passage(one, index, event=found)
        assert passage
        filled = draw.words(found, passage)
        assert filled
        wordings = [w for table in (*TABLES.values(), *FACTUAL.values()) for w in table]
        texts = [w.text for w in wordings] + [q for w in wordings for q, _ in w.ask]
        texts += [text for table in (*BESIDE.values(), BORNE_OUT) for _, text in table]
        for text in texts:
            said = text.format_map(filled)
            assert "{" not in said


def test_many_wordings_stand_for_each_kind() -> None:
    assert all(len({wording.text for wording in table}) >= 20 for table in TABLES.values())
    assert len(VERBS) >= 150


def test_word_lists_are_sorted_and_say_no_word_twice() -> None:
    lists = tomllib.loads(FILE.read_text(encoding="utf-8"))
    assert lists
    for name, text in lists.items():
        assert text.split() == sorted(words(name))


def test_sources_in_the_plural_agree_with_their_verb() -> None:
    assert agreeing("The authorities has not confirmed it.") == "The authorities have not confirmed it."
    assert agreeing("Police no longer denies it.") == "Police no longer deny it."
    assert agreeing("The agency has not confirmed it.") == "The agency has not confirmed it."


def test_words_are_found_whole() -> None:
    assert locate("Ten boys and ten", "ten", after=4) == (13, 16)
    assert locate("He often ate", "ten") is None
    assert locate("anything", "") is None


def test_captions_links_and_cut_sentences_are_no_prose() -> None:
    assert is_prose("Apple sued Qualcomm in California on Tuesday.")
    for text in (
        "Image: Apple sued Qualcomm in California on Tuesday.",
        "Read more at https://example.com about the case today.",
        "The storm reached the coast of Florida on Sept.",
        "and Apple sued Qualcomm in California on Tuesday.",
    ):
        assert not is_prose(text)


def test_sentences_kept_aside_and_said_twice_are_left_out() -> None:
    aside = frozenset({"apple sued qualcomm in california on tuesday"})
    made = article("one", [SUED, FINED, FINED], kept_aside=aside)
    assert [sentence.text for sentence in made.sentences] == [FINED.text]


def test_the_same_seed_makes_the_same_rows() -> None:
    assert rows_of("roles", seed=4) == rows_of("roles", seed=4)
    assert rows_of("roles", seed=4) != rows_of("roles", seed=5)


def test_the_same_rows_are_the_same_bytes(tmp_path: Path) -> None:
    write([{"question": "Où?"}], tmp_path / "a" / "rows.jsonl.gz")
    write([{"question": "Où?"}], tmp_path / "b" / "rows.jsonl.gz")
    assert (tmp_path / "a/rows.jsonl.gz").read_bytes() == (tmp_path / "b/rows.jsonl.gz").read_bytes()


def save(path: Path, rows: list[dict]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    text = "A storm hit the coast of Florida on Sunday night.\nshort line"
    old, late = ({"id": f"rt-{day}", "published": day, "text": text} for day in ("2022-12-31", "2023-01-01"))
    undated = {"id": "rt-undated", "published": None, "text": text}
    save(tmp_path / "realtimeqa/articles.jsonl.gz", [old, late, undated])
    for name in ("bbc/articles", "news_clusters/articles", "polnear/train.articles"):
        save(tmp_path / f"{name}.jsonl.gz", [{"id": name, "published": None, "text": text}])
    return tmp_path


def test_later_articles_stay_held_out(tables: Path) -> None:
    texts = article_texts(tables, tables, limit=100, seed=1)
    names = {name for name, _ in texts}
    assert "rt-2022-12-31" in names
    assert not {"rt-2023-01-01", "rt-undated"} & names
    assert all(paragraphs == ["A storm hit the coast of Florida on Sunday night."] for _, paragraphs in texts)


def test_a_missing_table_is_named(tables: Path) -> None:
    (tables / "bbc/articles.jsonl.gz").unlink()
    with pytest.raises(SystemExit, match=r"bbc/articles\.jsonl\.gz is missing.*--data"):
        article_texts(tables, tables, limit=100, seed=1)


def test_kept_aside_sentences_are_those_long_enough_to_be_known(tables: Path) -> None:
    long = "The quick envoy met eight ministers in Geneva yesterday."
    save(tables / "wikinews/articles.jsonl.gz", [{"text": f"{long}\nToo short."}])
    save(tables / "squad/dev.jsonl.gz", [{"context": "Short. " + long.replace("Geneva", "Basel")}])
    found = kept_aside_sentences(tables)
    assert found == {
        "the quick envoy met eight ministers in geneva yesterday",
        "the quick envoy met eight ministers in basel yesterday",
    }


def test_the_command_writes_rows_and_counts_them(
    tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    save(tables / "wikinews/articles.jsonl.gz", [{"text": FINED.text}])
    save(tables / "squad/dev.jsonl.gz", [{"context": "Short."}])
    monkeypatch.setattr(contrast, "model", lambda: None)
    monkeypatch.setattr(contrast, "analyse", lambda texts, nlp: [EVERYTHING for _ in texts])
    monkeypatch.setattr(contrast, "names_of", lambda articles: NAMES)
    monkeypatch.setattr(contrast, "MIN_NAMES", 1)
    options = ["--data", tables, "--data2", tables, "--out", tmp_path / "out", "--articles", 10]
    monkeypatch.setattr("sys.argv", ["contrast", *map(str, options)])
    contrast.main()
    rows = list(contrast.table(tmp_path / "out/contrast.jsonl.gz"))
    assert len(rows) > 50
    assert len({row["id"] for row in rows}) == len(rows)
    assert all(FINED.text not in row["context"] for row in rows)  # it stands in a kept-aside article
    assert f"{len(rows)}  rows" in capsys.readouterr().out


def test_too_few_names_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit, match="Give more articles with --articles"):
        contrast.contrast_rows([whole_article()], seed=1)


def test_the_module_runs_as_a_command() -> None:
    command = [sys.executable, "-m", "training.contrast", "--help"]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=FILE.parents[1])
    assert "--data2" in said.stdout


def test_without_spacy_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grammar, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match=r"pip install '\.\[training\]'"):
        grammar.model()
