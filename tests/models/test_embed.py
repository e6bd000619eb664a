"""Vectors: unit length, in order, the reference model's, and a clear word when the weights are not."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from qa.errors import ModelError
from qa.models import embed
from qa.models.embed import MINILM_DIM, Embedder, load_embedder
from qa.store.index_text import index_text

TEXTS = [
    "A general was killed near Moscow.",
    "The price of gold rose on Monday, " * 60,
    "rain",
    "Ελληνικά, 日本語 and 🦅",
]


@pytest.fixture(scope="module", params=[False, True], ids=["floats", "integers"])
def minilm(request: pytest.FixtureRequest) -> Embedder:
    """In either form, whichever this machine would choose."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embed, "is_quicker", lambda: request.param)
        return load_embedder("minilm")


def test_vectors_are_those_of_sentence_transformers(minilm: Embedder) -> None:
    from sentence_transformers import SentenceTransformer

    reference = SentenceTransformer(str(embed.minilm_folder()), device="cpu")
    expected = reference.encode(TEXTS, normalize_embeddings=True)
    cosines = (minilm.embed(TEXTS) * expected).sum(axis=1)
    assert cosines.min() > 0.99


def test_every_vector_has_unit_length_and_its_texts_place(minilm: Embedder) -> None:
    together = minilm.embed(TEXTS)
    alone = np.concatenate([minilm.embed([text]) for text in TEXTS])
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert (together * alone).sum(axis=1).min() > 0.99


def test_no_texts_give_no_vectors(minilm: Embedder) -> None:
    assert minilm.embed([]).shape == (0, MINILM_DIM)


def test_a_langchain_embedder_can_stand_in() -> None:
    from langchain_core.embeddings import DeterministicFakeEmbedding

    vectors = load_embedder(DeterministicFakeEmbedding(size=7)).embed(["a", "b"])
    assert vectors.shape == (2, 7)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)


def test_damaged_weights_are_refused_with_the_command_that_mends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / embed.MINILM_PACKAGE
    shutil.copytree(embed.minilm_folder(), package / "model")
    (package / "__init__.py").touch()
    with (package / "model" / "model.safetensors").open("r+b") as file:
        file.seek(5_000_000)
        file.write(b"damage")
    monkeypatch.setattr(
        embed, "find_spec", lambda name: type("Spec", (), {"origin": package / "__init__.py"})
    )
    with pytest.raises(ModelError, match="pip install --force-reinstall"):
        load_embedder("minilm")


def test_an_embedder_that_is_not_here_is_named() -> None:
    with pytest.raises(ModelError, match="no/such-model"):
        load_embedder("no/such-model")


def test_title_outlet_and_date_in_words_stand_above_the_passage() -> None:
    assert index_text("Flood in Genoa", "Reuters", "2024-05-03", "It rained.") == (
        "Flood in Genoa (Reuters, 3 May 2024)\nIt rained."
    )
    assert index_text("Flood", None, None, "It rained.") == "Flood\nIt rained."
