"""The training: true labels, and a kill that changes nothing, shown on a model of a few thousand numbers."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoTokenizer, BertConfig, BertForQuestionAnswering

from qa.models.read import BUILTIN_FOLDER
from training import __main__ as stages
from training import train as training
from training.data import (
    Example,
    LexicalIndex,
    altered,
    headed,
    is_newsqa_dev,
    look_alikes,
    newsqa_windows,
    positives,
    reworded,
    rows,
    swapped,
)
from training.related import RelatedWords

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


def test_passages_that_words_find_alike_keep_their_order() -> None:
    search = LexicalIndex(["The mayor of Ely is Ann Wood."] * 5_000)
    assert [row for row, _ in search("Who is the mayor of Ely?", k=8)] == list(range(8))


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


def test_reworded_questions_ask_for_something_else() -> None:
    example = Example("What did the general sign in Oslo?", "The general signed a treaty in Oslo.", 19, 27)
    kin = {"sign": ["join"], "general": ["river"]}
    made = [
        one
        for seed in range(40)
        for one in reworded([example], related=lambda word: kin.get(word, []), seed=seed)
    ]
    assert {one.question for one in made} == {
        "What did the general join in Oslo?",
        "What did the river sign in Oslo?",
        "What did not the general sign in Oslo?",
    }
    assert all(one.start is None and one.context == example.context for one in made)
    assert reworded([Example("Who sank?", "It sank.")], related=lambda _: [], seed=1) == []


def test_related_words_are_of_one_kind_and_no_form_of_the_word() -> None:
    related = RelatedWords(stages.packaged_minilm())
    assert "lake" not in related("signed") and "pledged" in related("signed")
    assert not any(word.startswith("sign") for word in related("signed"))
    assert related("xyzzyx") == []


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


def test_each_stage_begins_where_the_one_before_ended_and_the_last_are_averaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "minilm").mkdir()
    begun: list[tuple[str, str]] = []

    def run(module: str, **options: Path) -> None:
        if module != "train":
            return
        begun.append((options["start"].parent.name, options["out"].name))
        made = options["out"] / "model"
        made.mkdir(parents=True)
        for name in stages.SHIPPED:
            (made / name).write_text("{}")
        save_file({"w": torch.full((2,), float(len(begun)))}, made / "model.safetensors")

    monkeypatch.setattr(stages, "run", run)
    monkeypatch.setattr(stages, "packaged_minilm", lambda: tmp_path / "minilm")
    command = ["training", "--data", "d", "--work", str(tmp_path / "work"), "--to", str(tmp_path / "reader")]
    monkeypatch.setattr("sys.argv", command)
    stages.main()
    names = [stage.name for stage in stages.STAGES]
    assert begun == list(zip([tmp_path.name, *names], names, strict=False))
    ends = range(1, len(names) + 1)[-stages.AVERAGED :]
    mean = load_file(tmp_path / "reader" / "model.safetensors")["w"].tolist()
    assert mean == [sum(ends) / len(ends)] * 2
    assert "model.safetensors" in (tmp_path / "reader" / "SHA256SUMS").read_text()
    stages.main()
    assert len(begun) == len(names)  # what is done is passed over


def test_the_shipped_weights_have_a_card_and_hashes() -> None:
    names = {line.split()[1] for line in (BUILTIN_FOLDER / "SHA256SUMS").read_text().splitlines()}
    assert {"model.safetensors", "config.json", "tokenizer.json"} <= names
    assert (BUILTIN_FOLDER / "README.md").read_text().startswith("# ")
    assert json.loads((BUILTIN_FOLDER / "config.json").read_text())["model_type"] == "bert"
    assert sum(path.stat().st_size for path in BUILTIN_FOLDER.iterdir()) <= 50_000_000
