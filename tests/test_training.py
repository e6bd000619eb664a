"""The training: true labels, and a kill that changes nothing, shown on a model of a few thousand numbers."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoTokenizer, BertConfig, BertForQuestionAnswering

from qa.read import BUILTIN_FOLDER
from training import train as training
from training.__main__ import average
from training.data import (
    Example,
    altered,
    headed,
    is_newsqa_dev,
    look_alikes,
    newsqa_windows,
    positives,
    rows,
    swapped,
)

FACTS = [
    Example(f"Who leads {place}?", f"The mayor who leads {place} is {name}, since 200{number}.", 0, 0 + 1)
    for number, (place, name) in enumerate(
        [("Ely", "Ann Wood"), ("Oslo", "Bo Dahl"), ("Genoa", "Carla Rossi"), ("Kyiv", "Oleh Koval")]
    )
]
LEADERS = [
    Example(fact.question, fact.context, fact.context.index("is ") + 3, fact.context.index(","))
    for fact in FACTS
]
UNITS = [(leader,) for leader in LEADERS]
PAIRS = [
    (leader, Example(leader.question, other.context))
    for leader, other in zip(LEADERS, LEADERS[::-1], strict=True)
]


def test_look_alikes_lack_the_answer() -> None:
    corpus = [fact.context for fact in LEADERS]
    found = look_alikes(LEADERS, corpus=corpus, seed=1)
    assert found
    answers = {fact.question: fact.context[fact.start : fact.end] for fact in LEADERS}
    for answering, other in found:
        assert answering in LEADERS
        assert other.start is None
        assert answers[other.question] not in other.context


def test_swapped_questions_name_what_the_text_does_not() -> None:
    found = swapped(LEADERS, seed=1)
    assert found
    for one in found:
        assert one.start is None
        place = one.question.removeprefix("Who leads ").rstrip("?")
        assert place not in one.context


def test_altered_questions_ask_for_another_detail_of_the_same_text() -> None:
    text = "In 1912 the Titanic sank, and in 1915 the Lusitania was sunk by a submarine of Germany."
    example = Example("When was the first sinking of the Titanic?", text, 3, 7)
    found = {one.question for seed in range(9) for one in altered([example], seed=seed)}
    assert found == {
        "When was the last sinking of the Titanic?",
        "When was the first sinking of the Lusitania?",
        "When was the first sinking of the Germany?",
    }
    assert all(one.start is None and one.context == text for one in altered([example], seed=1))
    assert altered([Example("Who sank?", text, 3, 7)], seed=1) == []


def test_the_answer_most_annotators_gave_is_the_target() -> None:
    table = [
        {
            "title": "t",
            "question": "q",
            "context": "one two three",
            "answers": [
                {"text": "one", "start": 0},
                {"text": "two", "start": 4},
                {"text": "two", "start": 4},
            ],
        }
    ]
    ((_, example),) = positives(table)
    assert example.context[example.start : example.end] == "two"


def test_newsqa_windows_hold_the_answer() -> None:
    import random

    words = [f"word{number}" for number in range(900)]
    text = " ".join(words)
    row = {"question": "q", "context": text, "answers": [{"text": "word450", "start": text.index("word450")}]}
    for seed in range(20):
        (made,) = newsqa_windows(row, random_=random.Random(seed))
        assert made.context[made.start : made.end] == "word450"


def test_an_article_is_kept_aside_with_all_its_questions() -> None:
    kept = {is_newsqa_dev({"context": "the same article", "question": question}) for question in "abc"}
    assert len(kept) == 1
    shares = [is_newsqa_dev({"context": f"article {number}"}) for number in range(1_000)]
    assert 150 < sum(shares) < 350


def test_tables_are_read_as_they_come(tmp_path: Path) -> None:
    path = tmp_path / "table.jsonl.gz"
    with gzip.open(path, "wt") as file:
        file.write('{"a": 1}\n{"a": 2}\n')
    assert [row["a"] for row in rows(path)] == [1, 2]


def test_targets_are_the_tokens_of_the_answer() -> None:
    tokenizer = AutoTokenizer.from_pretrained(BUILTIN_FOLDER)
    for example, item in zip(LEADERS, training.encode(UNITS, tokenizer), strict=True):
        words = tokenizer.decode(item.ids[item.start : item.end + 1])
        assert words == example.context[example.start : example.end].lower()
    (nothing,) = training.encode([(Example("q?", "no answer here"),)], tokenizer)
    assert (nothing.start, nothing.end) == (0, 0)


def test_every_example_is_in_one_batch_of_one_length() -> None:
    tokenizer = AutoTokenizer.from_pretrained(BUILTIN_FOLDER)
    items = list(training.encode(UNITS * 9 + PAIRS * 3, tokenizer))
    made = training.batches(items, tokens=200, seed=1)
    assert sorted(row for batch in made for row in batch) == list(range(len(items)))
    for batch in made:
        units = {items[row].unit for row in batch}
        assert sorted(batch) == [row for row, item in enumerate(items) if item.unit in units]
    assert made == training.batches(items, tokens=200, seed=1)


def test_a_text_under_its_title_has_the_same_answer() -> None:
    (leader, *_) = LEADERS
    under = headed(leader, "Mayors")
    assert under.context == f"Mayors\n{leader.context}"
    assert under.context[under.start : under.end] == leader.context[leader.start : leader.end]
    assert headed(Example("q?", "no answer here"), "Title").start is None


def test_a_unit_of_one_has_the_usual_loss_and_a_second_text_competes() -> None:
    torch.manual_seed(1)
    logits, kinds = torch.randn(2, 6), torch.tensor([[0, 0, 1, 1, 1, 1]] * 2)
    allowed = logits.masked_fill(kinds == 0, -torch.inf)
    allowed[:, 0] = logits[:, 0]  # "no answer"
    for targets in (torch.tensor([3, 0]), torch.tensor([0, 5])):
        usual = torch.nn.functional.cross_entropy(allowed, targets)
        alone = training.shared_loss(logits, targets, kinds, torch.tensor([0, 1]))
        assert torch.isclose(alone, usual)
        together = training.shared_loss(logits, targets, kinds, torch.tensor([0, 0]))
        answered = torch.nn.functional.cross_entropy(allowed, targets, reduction="none")[targets.argmax()]
        assert together > answered


class Killed(Exception):
    pass


@pytest.mark.parametrize("kill_at", [1, 4, 9])
def test_a_run_that_was_killed_ends_with_the_weights_of_one_that_was_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kill_at: int
) -> None:
    items = list(training.encode(UNITS * 4 + PAIRS, AutoTokenizer.from_pretrained(BUILTIN_FOLDER)))
    monkeypatch.setattr(training, "CHECKPOINT_S", 0.0)

    def run(out: Path) -> dict[str, torch.Tensor]:
        out.mkdir(exist_ok=True)
        trained = training.train(tiny_model(), items, out=out, peak=1e-3, tokens=100, epochs=1, seed=1)
        return trained.state_dict()

    whole = run(tmp_path / "whole")
    collate, calls = training.collate, []

    def dying(*args: object, **options: object) -> object:
        calls.append(1)
        if len(calls) > kill_at:
            raise Killed
        return collate(*args, **options)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(training, "collate", dying)
        with pytest.raises(Killed):
            run(tmp_path / "cut")
    assert not (tmp_path / "cut" / "checkpoint.part").exists()
    resumed = run(tmp_path / "cut")
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


def tiny_model() -> BertForQuestionAnswering:
    torch.manual_seed(5)
    return BertForQuestionAnswering(
        BertConfig(
            vocab_size=30_522,
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=16,
        )
    )


def test_branches_end_in_the_mean_of_their_weights(tmp_path: Path) -> None:
    for number, name in enumerate(("one", "two")):
        (tmp_path / name).mkdir()
        save_file({"w": torch.full((2,), float(number))}, tmp_path / name / "model.safetensors")
        (tmp_path / name / "config.json").write_text("{}")
    average([tmp_path / "one", tmp_path / "two"], tmp_path / "model", shares=[0.5, 0.5])
    assert load_file(tmp_path / "model" / "model.safetensors")["w"].tolist() == [0.5, 0.5]
    assert (tmp_path / "model" / "config.json").exists()


def test_the_shipped_weights_have_a_card_and_hashes() -> None:
    names = {line.split()[1] for line in (BUILTIN_FOLDER / "SHA256SUMS").read_text().splitlines()}
    assert {"model.safetensors", "config.json", "tokenizer.json"} <= names
    assert (BUILTIN_FOLDER / "README.md").read_text().startswith("# ")
    assert json.loads((BUILTIN_FOLDER / "config.json").read_text())["model_type"] == "bert"
    assert sum(path.stat().st_size for path in BUILTIN_FOLDER.iterdir()) <= 50_000_000
