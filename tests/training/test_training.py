"""The training: true labels, and a kill that changes nothing, shown on a model of a few thousand numbers."""

from __future__ import annotations

import gzip
import json
import random
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from transformers import BertConfig

from qa.models.read import BUILTIN_FOLDER
from training import __main__ as stages
from training import mixture
from training import train as training
from training.data import (
    Example,
    LexicalIndex,
    headed,
    is_newsqa_dev,
    newsqa_windows,
    rows,
    swapped,
)
from training.export import EARLY, LATE, differences, export
from training.mixture import Unit
from training.model import CLAIMED, HAPPENED, PREDICATE, RankingReader, load
from training.start import shipped

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
ALONE = [(Unit((leader,)),) for leader in LEADERS]
PAIRS = [
    (Unit((leader, Example(leader.question, other.context)), ranked=True),)
    for leader, other in zip(LEADERS, LEADERS[::-1], strict=True)
]
TWINS = [
    (Unit((leader,)), Unit((Example("Who left?", leader.context, facts=((4, 9, -3.0),), claims=((0, 9),)),)))
    for leader in LEADERS
]


def test_look_alikes_lack_the_answer() -> None:
    made = list(mixture.groups(LEADERS, [fact.context for fact in LEADERS], random_=random.Random(1)))
    assert made
    for ((answering, *others),) in ((unit.examples for unit in bundle) for bundle in made):
        assert answering in LEADERS and others
        answer = answering.context[answering.start : answering.end]
        assert all(other.start is None and answer not in other.context for other in others)


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


def test_the_answer_most_annotators_gave_is_the_target() -> None:
    answers = [{"text": "one", "start": 0}, {"text": "two", "start": 4}, {"text": "two", "start": 4}]
    example = mixture.labelled({"question": "q", "context": "one two three", "answers": answers})
    assert example.context[example.start : example.end] == "two"
    assert mixture.labelled({"question": "q", "context": "one", "answers": []}).start is None


def test_newsqa_windows_hold_the_answer() -> None:
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


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(BUILTIN_FOLDER / "tokenizer.json"))


def test_targets_are_the_tokens_of_the_answer(tokenizer: Tokenizer) -> None:
    for example, item in zip(LEADERS, training.encode(ALONE, tokenizer), strict=True):
        words = tokenizer.decode(item.ids[item.start : item.end + 1].tolist())
        assert words == example.context[example.start : example.end].lower()
    (nothing,) = training.encode([(Unit((Example("q?", "no answer here"),)),)], tokenizer)
    assert (nothing.start, nothing.end) == (0, 0)


def test_every_example_is_in_one_batch_and_bundles_stay_together(tokenizer: Tokenizer) -> None:
    items = list(training.encode(ALONE * 9 + PAIRS * 3 + TWINS * 3, tokenizer))
    made = training.batches(items, tokens=200, seed=1)
    assert sorted(row for batch in made for row in batch) == list(range(len(items)))
    for batch in made:
        bundles = {items[row].bundle for row in batch}
        assert sorted(batch) == [row for row, item in enumerate(items) if item.bundle in bundles]
    assert made == training.batches(items, tokens=200, seed=1)


def test_marks_are_told_where_they_are_known_alone(tokenizer: Tokenizer) -> None:
    items = list(training.encode(TWINS[:1], tokenizer))
    told = training.collate(items, device=torch.device("cpu"))["marks"]
    assert told[0].isnan().all()
    first, last, _ = items[1].facts[0]
    assert told[1, first : last + 1, HAPPENED].tolist() == [-1.0] * (last + 1 - first)
    assert told[1, items[1].context_from, PREDICATE] == 0
    assert told[1, items[1].context_from, CLAIMED] == 1
    assert told[1, : items[1].context_from].isnan().all()


def test_twins_share_a_stretch_that_holds_the_tempting_words() -> None:
    text = " ".join(f"word{number}" for number in range(400)) + " Genoa " + "after " * 300
    near = {
        "question": "Where was it?",
        "sim": 0.9,
        "answer": {"text": "Genoa", "start": text.index("Genoa")},
    }
    row = {"question": "Where was it not?", "context": text, "near": near}
    for seed in range(20):
        ((right, wrong),) = mixture.twins([row], random_=random.Random(seed))
        (answered,), (other,) = right.examples, wrong.examples
        assert answered.context[answered.start : answered.end] == "Genoa"
        assert other.context == answered.context and other.start is None
        assert len(other.context.split()) <= mixture.WINDOW_WORDS[1]
    assert list(mixture.twins([{**row, "near": {**near, "sim": 0.2}}], random_=random.Random(1))) == []


def test_marked_sentences_are_joined_with_their_marks_in_place(tmp_path: Path) -> None:
    table = [
        {"sentence": f"Rossi {verb} it.", "start": 6, "end": 6 + len(verb), "value": value}
        for verb, value in (("did", 3.0), ("denied", 2.0), ("forgot", -3.0))
    ]
    for name in ("uw_factuality", "uds_it_happened", "meantime"):
        (tmp_path / name).mkdir()
        with gzip.open(tmp_path / name / "train.jsonl.gz", "wt") as file:
            file.writelines(json.dumps(row) + "\n" for row in table if name == "meantime")
    (example,) = mixture.facts(tmp_path, ["Who?"], random_=random.Random(1))
    found = {example.context[start:end]: value for start, end, value in example.facts}
    assert found == {"did": 3.0, "denied": 2.0, "forgot": -3.0}


def test_what_is_only_said_is_marked_in_the_passage(tmp_path: Path) -> None:
    text = "A headline. The mayor said that the bridge is safe. It fell."
    said = {"text": "the bridge is safe", "start": text.index("the bridge")}
    tables = {
        "articles": {"id": "d", "text": text},
        "attributions": {"doc": "d", "content": [said]},
        "qa": {"id": "polnear-d-E1-who", "question": "Who said it?", "context": text[12:], "answers": []},
    }
    for name, row in tables.items():
        with gzip.open(tmp_path / f"train.{name}.jsonl.gz", "wt") as file:
            file.write(json.dumps(row) + "\n")
    (example,) = mixture.attributions(tmp_path)
    assert [example.context[start:end] for start, end in example.claims] == ["the bridge is safe"]


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
        alone = training.span_loss(logits, targets, kinds, torch.tensor([0, 1]))
        assert torch.isclose(alone, usual)
        together = training.span_loss(logits, targets, kinds, torch.tensor([0, 0]))
        answered = torch.nn.functional.cross_entropy(allowed, targets, reduction="none")[targets.argmax()]
        assert together > answered


def test_the_order_to_learn_is_the_marked_text_first_and_else_as_it_was() -> None:
    units, levels = torch.tensor([0, 0, 1, 2, 2]), torch.tensor([2.0, 0.0, torch.nan, 1.0, 3.0])
    answers = torch.tensor([True, False, True, False, False])

    def loss(*scores: float) -> float:
        return float(training.rank_loss(torch.tensor(scores), levels, answers, units))

    as_it_was = loss(2.0, 0.0, 9.0, 1.0, 3.0)
    assert loss(2.0, 0.0, -9.0, 1.0, 3.0) == as_it_was  # a unit that is not ranked does not count
    assert loss(0.0, 2.0, 0.0, 1.0, 3.0) > as_it_was  # the text that answers stands behind
    assert loss(2.0, 0.0, 0.0, 3.0, 1.0) > as_it_was  # nothing is marked, and the order is another
    assert loss(4.0, 2.0, 0.0, 3.0, 5.0) > as_it_was  # the same order, but too high
    assert training.rank_loss(torch.ones(1), levels[2:3], answers[2:3], units[:1]) == 0


class Killed(Exception):
    pass


@pytest.mark.parametrize("kill_at", [1, 4, 9])
def test_a_run_that_was_killed_ends_with_the_weights_of_one_that_was_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tokenizer: Tokenizer, kill_at: int
) -> None:
    items = list(training.encode(ALONE * 4 + PAIRS + TWINS, tokenizer))
    monkeypatch.setattr(training, "CHECKPOINT_S", 0.0)

    def run(out: Path) -> dict[str, torch.Tensor]:
        out.mkdir(exist_ok=True)
        schedule = training.Schedule(1e-3, 12, decays=True)
        made = training.train(tiny(5), tiny(6), items, out=out, schedule=schedule, tokens=100, seed=1)
        assert made.step == 12
        return {**made.model.state_dict(), **{f"mean {name}": value for name, value in made.mean.items()}}

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


def test_a_part_goes_on_from_where_the_one_before_has_ended(tmp_path: Path, tokenizer: Tokenizer) -> None:
    items = list(training.encode(ALONE * 4, tokenizer))
    ended = None
    for part, steps in (("0", 3), ("1", 0)):
        (tmp_path / part).mkdir()
        run = training.train(
            tiny(5),
            tiny(6),
            items,
            out=tmp_path / part,
            schedule=training.Schedule(1e-3, steps, decays=False),
            tokens=100,
            seed=1,
            before=tmp_path / "0" / "checkpoint.pt",
        )
        ended = ended or {name: value.clone() for name, value in run.model.state_dict().items()}
    assert all(torch.equal(value, run.model.state_dict()[name]) for name, value in ended.items())
    assert run.step == 0


def test_what_is_frozen_stays_as_it_is_and_the_rest_learns(tmp_path: Path, tokenizer: Tokenizer) -> None:
    begun = {name: value.clone() for name, value in tiny(5).state_dict().items()}
    run = training.train(
        tiny(5),
        tiny(6),
        list(training.encode(ALONE * 4 + PAIRS, tokenizer)),
        out=tmp_path,
        schedule=training.Schedule(1e-3, 3, decays=True),
        tokens=100,
        seed=1,
        frozen=True,
    )
    same = {name for name, value in run.model.state_dict().items() if torch.equal(value, begun[name])}
    first = ("bert.embeddings.", "bert.encoder.layer.0.", "bert.encoder.layer.2.", "exits.")
    assert {name for name in begun if name.startswith(first)} <= same
    assert not [name for name in same if name.startswith(("bert.encoder.layer.3.output", "spans."))]


def test_the_learning_rate_rises_and_falls_to_nothing() -> None:
    falling = training.Schedule(1.0, 1_000, decays=True)
    assert falling(0) < falling(training.WARM_UP - 1) > falling(500) > falling(999) > 0 == falling(1_000)


def test_the_last_part_has_what_the_others_left() -> None:
    left = mixture.left_of(list(range(20)), [3, 4])
    assert left == [6, 8, 10, 12, 14, 16, 18, 9, 11, 13, 15, 17, 19]


def test_shipped_graphs_become_the_network_again(tmp_path: Path) -> None:
    shipped(BUILTIN_FOLDER, tmp_path)
    model = load(tmp_path).eval()
    tokenizer = Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    tokenizer.no_padding()
    text = tokenizer.encode(LEADERS[0].question, LEADERS[0].context)
    off = differences(model, [text], BUILTIN_FOLDER)
    assert off["relevance"][1] < 0.3 and off["best margin"][1] < 0.6 and off["marks"][1] < 0.1
    export(model, [text], tmp_path / "again", kept=(EARLY,))
    assert [path.name for path in (tmp_path / "again").iterdir()] == [LATE], "what was not trained stays"


def tiny(seed: int) -> RankingReader:
    torch.manual_seed(seed)
    return RankingReader(
        BertConfig(
            vocab_size=30_522,
            hidden_size=48,
            num_hidden_layers=4,
            num_attention_heads=12,
            intermediate_size=16,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
    )


def test_the_layers_give_what_the_library_s_give() -> None:
    model = tiny(3).eval()
    items = [
        training.Encoded(np.arange(5, 5 + size), context_from=2, start=0, end=0, unit=0, bundle=0)
        for size in (9, 30)
    ]
    rows = training.collate(items, device=torch.device("cpu"))
    inputs = {name: rows[name] for name in training.MODEL_INPUTS}
    with torch.no_grad():
        expected = model.bert(**inputs)
        given = model(**inputs)
        spans = model.spans(expected.last_hidden_state)
        relevance = model.classifier(expected.pooler_output)[:, 0]
    own = inputs["attention_mask"].bool()
    assert torch.allclose(given.spans[own], spans[own], atol=1e-5)
    assert torch.allclose(given.relevance, relevance, atol=1e-5)


@pytest.fixture
def begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What `python -m training` runs, in order; each step leaves what the next one looks for."""
    made: list[list[str]] = []

    def run(module: str, *arguments: object) -> None:
        made.append([module, *map(str, arguments)])
        if module == "train":
            leave(Path(made[-1][made[-1].index("--out") + 1]) / "mean" / "model.safetensors")
        if module == "contrast":
            leave(Path(made[-1][made[-1].index("--out") + 1]) / "contrast.jsonl.gz")

    def leave(file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")

    def unpacked(folder: Path, to: Path) -> None:
        leave(to / "model.safetensors")

    monkeypatch.setattr(stages, "run", run)
    monkeypatch.setattr(stages, "packaged", lambda: tmp_path)
    monkeypatch.setattr(stages, "unpack", unpacked)
    monkeypatch.setattr(stages, "shipped", unpacked)
    work = str(tmp_path / "work")
    monkeypatch.setattr("sys.argv", ["training", "--data", "d", "--more", "m", "--work", work, "--to", "t"])
    return made


def test_each_part_begins_where_the_one_before_ended_and_what_is_done_is_passed_over(
    tmp_path: Path, begun: list[list[str]]
) -> None:
    work = tmp_path / "work"
    stages.main()
    assert [one[0] for one in begun] == ["contrast", "train", "train", "export", "calibrate"]
    assert "--before" not in begun[1]
    assert begun[2][begun[2].index("--before") + 1] == str(work / "part0" / "checkpoint.pt")
    assert "--decays" in begun[2] and str(work / "pairs" / "contrast.jsonl.gz") in begun[2]
    assert begun[3][begun[3].index("--model") + 1] == str(work / "part1" / "mean")
    stages.main()
    assert [one[0] for one in begun[5:]] == ["export", "calibrate"]


def test_a_shipped_reader_goes_on_with_other_texts_and_pairs(
    tmp_path: Path, begun: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", [*sys.argv, "--further"])
    stages.main()
    assert [one[0] for one in begun] == ["contrast", "train", "export", "calibrate"]
    assert begun[0][begun[0].index("--seed") + 1] != str(stages.SEED)
    trained = begun[1]
    assert trained[trained.index("--first") + 1] == str(tmp_path / "work" / "shipped")
    assert trained[trained.index("--part") + 1] == "2" and "--frozen" in trained and "--before" not in trained
    assert "--kept" in begun[2]


def test_the_shipped_weights_have_a_card_and_hashes() -> None:
    names = {line.split()[1] for line in (BUILTIN_FOLDER / "SHA256SUMS").read_text().splitlines()}
    assert {"early.onnx", "late.onnx", "config.json", "tokenizer.json"} == names
    assert (BUILTIN_FOLDER / "README.md").read_text().startswith("# ")
    assert set(json.loads((BUILTIN_FOLDER / "config.json").read_text())["calibration"]) == {
        "slope",
        "intercept",
    }
    assert sum(path.stat().st_size for path in BUILTIN_FOLDER.iterdir()) <= 40_000_000
