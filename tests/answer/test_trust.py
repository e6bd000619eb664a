"""The fitted scorer: what it must hold whatever its weights are, and what happens when they are missing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from qa.answer import trust as trust_
from qa.answer.trust import Scorer, Support, crossed, fitted, span_probability, trust
from qa.errors import ModelError

SAID_ONCE = Support(probability=0.9, times=1, rank=1, found=1.0, fresh=0.0, timely=0.0)
LARGE = 100_000  # passages


def trusted(of: Support, among: int = LARGE) -> float:
    return trust(of, among=among, by_clauses=False)


def test_among_very_many_passages_one_saying_alone_is_trusted_less() -> None:
    assert trusted(SAID_ONCE, LARGE) < trusted(SAID_ONCE, 10)


@pytest.mark.parametrize(
    "better",
    [{"times": 3}, {"found": 2.0}, {"fresh": 1.0}, {"probability": 0.99}],
    ids=["said again", "found better", "of today", "surer"],
)
def test_what_speaks_for_a_value_raises_its_trust(better: dict[str, float]) -> None:
    assert trusted(replace(SAID_ONCE, **better)) > trusted(SAID_ONCE)  # type: ignore[arg-type]


def test_many_words_are_held_against_a_value() -> None:
    assert trusted(replace(SAID_ONCE, wordy=True)) < trusted(SAID_ONCE)


def test_a_span_far_above_no_answer_is_probable_and_one_below_is_not() -> None:
    seen = {"relevance": 5.0, "happened": 3.0, "event_happened": 3.0, "claimed": 0.0, "sentence_words": 1.0}
    sure, unlikely = (span_probability({**seen, "margin": margin}, among=10) for margin in (8.0, -8.0))
    assert sure > 0.5 > unlikely


def test_what_a_reader_does_not_know_counts_as_neutral() -> None:
    scorer = Scorer(0.0, {"relevance": 1.0, "margin": 1.0}, {"relevance": 2.0})
    assert scorer({"margin": 1.0}) == scorer({"margin": 1.0, "relevance": 2.0})


def test_in_a_large_store_nothing_is_crossed_with_smallness() -> None:
    told = crossed({"margin": 4.0, "alone": 1.0}, among=10_000_000)
    assert told["small"] == told["margin_small"] == 0.0
    assert crossed({"margin": 4.0}, among=1)["margin_small"] == 4.0


def test_every_fitted_feature_can_be_seen() -> None:
    assert all(
        isinstance(weight, float) for kind in ("span", "value") for weight in fitted(kind).weights.values()
    )
    assert fitted("span").weights["margin"] > 0


def test_missing_weights_are_told_with_the_command_that_brings_them_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in ("", "{}", json.dumps({"span": {"weights": {}}})):
        (tmp_path / "trust.json").write_text(text)
        monkeypatch.setattr(trust_, "FITTED_FILE", tmp_path / "trust.json")
        fitted.cache_clear()
        with pytest.raises(ModelError, match=r"git checkout -- qa/models/trust\.json"):
            fitted("span")
    monkeypatch.undo()
    fitted.cache_clear()
