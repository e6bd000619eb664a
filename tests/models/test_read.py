"""The reader's runtime: spans where they should be, sure or unsure, on real weights."""

from __future__ import annotations

import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import ModelError
from qa.models import read
from qa.models.read import Reader, load_reader, whole_words
from qa.types import Passage

FLOOD = (
    "The river Bisagno flooded two streets of Genoa on Tuesday, killing three people.\n"
    "Mayor Carla Rossi said the water came within minutes."
)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader(threads=1)


def passage(text: str, *, start: int = 0) -> Passage:
    return Passage("article", start, start + len(text), text)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who is the mayor?", "Carla Rossi"),
        ("Which river flooded?", "Bisagno"),
        ("How many people died?", "three"),
    ],
)
def test_the_words_that_answer_are_found(reader: Reader, question: str, words: str) -> None:
    (span,) = reader.read(question, passage(FLOOD))
    assert words in span.text
    assert span.score > 0.5


def test_a_passage_that_does_not_answer_scores_low(reader: Reader) -> None:
    spans = reader.read("What is the price of gold?", passage(FLOOD))
    assert all(span.score < 0.1 for span in spans)


def test_offsets_are_those_of_the_article(reader: Reader) -> None:
    article = "x" * 1_000 + FLOOD
    (span,) = reader.read("Who is the mayor?", passage(FLOOD, start=1_000))
    assert article[span.start : span.end] == span.text
    assert "Carla Rossi" in span.text


def test_an_answer_behind_a_long_text_is_found_by_a_later_window(reader: Reader) -> None:
    text = "The weather stayed dry in the north, and nobody was hurt anywhere. " * 60 + FLOOD
    (span,) = reader.read("Who is the mayor?", passage(text))
    assert "Carla Rossi" in span.text


def test_several_spans_of_a_passage_do_not_overlap_and_come_best_first(reader: Reader) -> None:
    spans = reader.read("Who said what?", passage(FLOOD), n=5)
    assert len(spans) == 5
    assert [span.score for span in spans] == sorted((span.score for span in spans), reverse=True)
    places = sorted((span.start, span.end) for span in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(places))


def test_no_span_runs_over_a_line_s_end(reader: Reader) -> None:
    text = "Rossi\nBianchi\nVerdi\nNeri\nRusso"
    assert all("\n" not in span.text for span in reader.read("Who is there?", passage(text), n=5))


def test_many_pairs_at_once_give_what_each_gives_alone(reader: Reader) -> None:
    pairs = [("Who is the mayor?", passage(FLOOD)), ("Which river flooded?", passage(FLOOD[:40]))]
    together = reader.read_many(pairs)
    alone = [reader.read(*pair) for pair in pairs]
    assert [[span.text for span in spans] for spans in together] == [
        [span.text for span in spans] for spans in alone
    ]


@pytest.mark.parametrize(("question", "text"), [("", FLOOD), ("Who?", ""), ("  ", "\n")])
def test_nothing_to_read_gives_no_span(reader: Reader, question: str, text: str) -> None:
    assert reader.read(question, passage(text)) == []


@pytest.mark.parametrize(
    "long", ["Who is the mayor? " * 400, "日本" * 1_000, "한국" * 1_000, "!?" * 1_000, "x" * 2_000]
)
def test_a_question_longer_than_the_model_is_cut(reader: Reader, long: str) -> None:
    assert len(reader.read(long, passage(FLOOD))) == 1


@given(st.text(alphabet="ab .,“”()\n-'", max_size=60), st.data())
def test_whole_words_stay_inside_the_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    if start < end:
        left, right = whole_words(text, start, end)
        assert 0 <= left <= right <= len(text)
        assert text[left:right] == text[left:right].strip(" \n,;:")


@pytest.mark.parametrize(
    ("text", "picked", "expected"),
    [
        ("President Putin’s envoy", "esident Put", "President Putin"),
        ("said “we won” today", "“we won", "we won"),
        ("in the U.S. on Monday.", "U.S.", "U.S."),
        ("near Moscow.", "Moscow.", "Moscow"),
        ("killed (12 people)", "(12", "12"),
    ],
)
def test_spans_are_cut_at_words(text: str, picked: str, expected: str) -> None:
    start = text.index(picked)
    left, right = whole_words(text, start, start + len(picked))
    assert text[left:right] == expected


@pytest.mark.parametrize("name", ["early.onnx", "late.onnx", "tokenizer.json", "config.json"])
def test_damaged_files_are_refused_with_the_command_that_mends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder = tmp_path / "reader"
    shutil.copytree(read.BUILTIN_FOLDER, folder)
    (folder / name).write_bytes((folder / name).read_bytes()[:-10])
    monkeypatch.setattr(read, "BUILTIN_FOLDER", folder)
    with pytest.raises(ModelError, match="git checkout -- qa/models/reader"):
        load_reader()


def test_another_model_by_path(tmp_path: Path) -> None:
    from transformers import BertConfig, BertForQuestionAnswering, PreTrainedTokenizerFast

    config = BertConfig(
        vocab_size=30_522, hidden_size=24, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    BertForQuestionAnswering(config).save_pretrained(tmp_path)
    PreTrainedTokenizerFast(
        tokenizer_file=str(read.BUILTIN_FOLDER / "tokenizer.json"), pad_token="[PAD]"
    ).save_pretrained(tmp_path)
    other = load_reader(str(tmp_path))
    (reading,) = other.look("Who is the mayor?", [passage(FLOOD)], n=2)
    assert reading.early is None and reading.relevance is None
    assert len(reading.spans) == 2
    for candidate in reading.spans:
        assert candidate.span.text in FLOOD
        assert candidate.happened is None and candidate.claimed is None
    best = reading.spans[0]
    assert other.rank("Who is the mayor?", [passage(FLOOD)]) == [
        pytest.approx(best.start + best.end - reading.nothing, abs=1e-3)
    ]


def test_the_shipped_reader_needs_no_torch() -> None:
    code = (
        "import sys\nfrom qa.models.read import load_reader\nfrom qa.types import Passage\n"
        "text = 'Mayor Carla Rossi spoke.'\n"
        "print(load_reader(threads=1).read('Who is the mayor?', Passage('', 0, len(text), text))[0].text)\n"
        "print([name for name in ('torch', 'transformers') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    words, imported = run.stdout.splitlines()
    assert "Carla Rossi" in words and imported == "[]"


def test_the_passages_that_look_best_are_read_to_the_end(reader: Reader) -> None:
    others = [
        "The price of gold rose on Monday, after a quiet week on the markets.",
        "A singer cancelled two concerts in Lyon because of a cold.",
    ]
    passages = [passage(text) for text in (*others, FLOOD)]
    question = "How many people died when the river flooded Genoa?"
    readings = reader.look(question, passages, kept=1)
    assert [bool(reading.spans) for reading in readings] == [False, False, True]
    assert [reading.relevance is None for reading in readings] == [True, True, False]
    assert readings[2] == reader.study([(question, passages[2])])[0]
    assert all(reading.early < readings[2].early for reading in readings[:2])
    ranked = reader.rank(question, passages)
    assert ranked.index(max(ranked)) == 2


def test_what_did_not_happen_is_told_from_what_did(reader: Reader) -> None:
    for text, question, happened in (
        ("Vasik was killed in the attack on Monday, the ministry said.", "Who was killed?", True),
        ("Vasik was not killed in the attack on Monday, the ministry said.", "Who was killed?", False),
    ):
        (reading,) = reader.study([(question, passage(text))])
        assert (reading.spans[0].span.score > 0.5) == happened, text


def test_nothing_to_look_at_gives_readings_without_spans(reader: Reader) -> None:
    assert reader.look("Who?", []) == []
    (reading,) = reader.look("Who?", [passage("")])
    assert reading.early is None and reading.spans == ()


def test_a_model_that_is_not_here_is_named() -> None:
    with pytest.raises(ModelError, match="no/such-reader"):
        load_reader("no/such-reader")
