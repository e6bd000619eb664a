"""The fitted scorer: what it must hold whatever its weights are, and what happens when they are missing."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from qa.answer import trust as trust_
from qa.answer.trust import Scorer, Support, Tree, fitted, largeness, span_probability, trust
from qa.errors import ModelError

SAID_ONCE = Support(probability=0.9, times=1, rank=1, found=1.0, fresh=0.0)
LARGE = 100_000  # passages
MET, LACKING, FAR_ABOVE = (("missing", 1.0),), (("missing", 5.0),), (("margin", 2.0),)


def trusted(of: Support, among: int = LARGE) -> float:
    return trust(of, among=among, by_clauses=False)


def test_among_very_many_passages_one_saying_alone_is_trusted_less() -> None:
    assert trusted(SAID_ONCE, LARGE) < trusted(SAID_ONCE, 10)


def test_a_large_store_is_asked_for_less_and_a_small_one_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = (1, 50, 1_500, trust_.LARGE)
    lenient = [trust_.logit(trusted(SAID_ONCE, among)) for among in sizes]
    monkeypatch.setattr(trust_, "LENIENT", 0.0)
    fitted_only = [trust_.logit(trusted(SAID_ONCE, among)) for among in sizes]
    gained = [more - less for more, less in zip(lenient, fitted_only, strict=True)]
    assert gained[0] == 0.0 and gained[1] == pytest.approx(0.0, abs=0.02)
    assert gained[1] < gained[2] < gained[3] and gained[3] == pytest.approx(1.0)


@pytest.mark.parametrize(
    "better",
    [{"times": 3}, {"found": 2.0}, {"fresh": 1.0}, {"probability": 0.99}],
    ids=["said again", "found better", "of today", "surer"],
)
def test_what_speaks_for_a_value_raises_its_trust(better: dict[str, float]) -> None:
    assert trusted(replace(SAID_ONCE, **better)) > trusted(SAID_ONCE)  # type: ignore[arg-type]


def test_a_span_far_above_no_answer_is_probable_and_one_below_is_not() -> None:
    seen = {"relevance": 5.0, "happened": 3.0, "event_happened": 3.0, "claimed": 0.0, "early": 5.0}
    seen |= {"sentence_words": 1.0, "clause_words": 1.0, "rival": 8.0, "span_words": 1.1}
    sure, unlikely = (span_probability({**seen, "margin": margin}, among=10) for margin in (8.0, -8.0))
    assert sure > 0.5 > unlikely


def test_what_a_reader_does_not_know_counts_as_neutral() -> None:
    scorer = Scorer(0.0, {}, [["relevance", 1.0, -1.0, 1.0], ["margin", 0.0, -1.0, 1.0]], {"relevance": 2.0})
    assert scorer({"margin": 1.0}) == scorer({"margin": 1.0, "relevance": 2.0})
    assert scorer({"margin": 1.0}) > scorer({"margin": 1.0, "relevance": 0.0})


def test_a_tree_asks_one_feature_after_the_other() -> None:
    scorer = Scorer(0.5, {}, [["margin", 0.0, ["missing", 1.0, -1.0, -2.0], 3.0], 0.25], {})
    logits = {features: -math.log(1 / scorer(dict(features)) - 1) for features in (MET, LACKING, FAR_ABOVE)}
    assert list(logits.values()) == pytest.approx([-0.25, -1.25, 3.75])


def test_a_larger_store_is_larger() -> None:
    assert largeness(0) == largeness(1) == 0.0 < largeness(50) < largeness(1_500) < largeness(10**9) == 1.0


def test_what_is_fitted_asks_for_features_by_name() -> None:
    def asked(tree: Tree) -> set[str]:
        return {tree[0]} | asked(tree[2]) | asked(tree[3]) if isinstance(tree, list) else set()

    spans = set().union(*map(asked, fitted("span").trees))
    assert {"margin", "relevance", "missing", "far_words", "large"} <= spans
    assert fitted("value").weights["span"] > 0


def test_missing_weights_are_told_with_the_command_that_brings_them_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in ("", "{}", json.dumps({"span": {"trees": []}})):
        (tmp_path / "trust.json").write_text(text)
        monkeypatch.setattr(trust_, "FITTED_FILE", tmp_path / "trust.json")
        fitted.cache_clear()
        with pytest.raises(ModelError, match=r"git checkout -- qa/models/trust\.json"):
            fitted("span")
    monkeypatch.undo()
    fitted.cache_clear()
