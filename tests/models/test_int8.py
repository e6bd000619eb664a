"""The encoder in integers: near the floats, each text by itself, and a clear word for a damaged graph."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from qa.errors import ModelError
from qa.models import embed, int8
from qa.models.int8 import SAMPLE, Encoder
from qa.models.runtime import prepare
from training.graph import graph

TEXTS = [
    "A general was killed near Moscow.",
    "The price of gold rose on Monday, " * 30,
    "rain",
    "Ελληνικά, 日本語 and 🦅",
]


def test_the_graph_is_what_training_makes() -> None:
    assert graph().SerializeToString(deterministic=True) == int8.GRAPH.read_bytes()


@pytest.fixture(scope="module")
def model() -> Any:
    from transformers import AutoModel

    prepare(None)
    folder = embed.minilm_folder()
    return AutoModel.from_pretrained(folder, dtype=torch.float32, add_pooling_layer=False).eval()


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    made = Tokenizer.from_file(str(embed.minilm_folder() / "tokenizer.json"))
    made.no_padding()
    return made


@pytest.fixture(scope="module")
def encoder(model: Any, tokenizer: Tokenizer) -> Encoder:
    return Encoder(model, tokenizer.encode_batch([text for pair in SAMPLE for text in pair]))


def test_states_are_near_those_of_floats(model: Any, tokenizer: Tokenizer, encoder: Encoder) -> None:
    for text in TEXTS:
        tokens = tokenizer.encode(text)
        with torch.inference_mode():
            expected = model(input_ids=torch.tensor([tokens.ids])).last_hidden_state[0].numpy()
        (states,) = encoder([tokens.ids], [tokens.type_ids], len(tokens.ids))
        assert (states * expected).sum() > 0.98 * np.linalg.norm(states) * np.linalg.norm(expected)


def test_a_text_comes_out_the_same_whatever_it_is_with(encoder: Encoder) -> None:
    rows = [[101, 7592, 102], [101, *range(2_000, 2_090), 102]]
    kinds = [[0] * len(row) for row in rows]
    together = encoder(rows, kinds, 96)
    for row, kind, states in zip(rows, kinds, together, strict=True):
        (alone,) = encoder([row], [kind], len(row))
        assert np.array_equal(states[: len(row)], alone)
        assert not states[len(row) :].any()


def test_a_damaged_graph_is_refused_with_the_command_that_mends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: Any
) -> None:
    for name, content in (("missing", None), ("damaged", int8.GRAPH.read_bytes()[:-10])):
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        monkeypatch.setattr(int8, "GRAPH", path)
        with pytest.raises(ModelError, match="git checkout -- qa/models"):
            Encoder(model, [])


def test_the_quicker_kind_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embed, "has_bf16_units", lambda: True)  # what torch would take for floats here
    for quicker in (False, True):
        monkeypatch.setattr(embed, "is_quicker", lambda quicker=quicker: quicker)
        assert isinstance(embed.load_embedder("minilm", threads=1 + quicker)._model, Encoder) is quicker
