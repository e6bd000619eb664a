"""Vectors: unit length, in order, the reference models', and a clear word when the weights are not."""

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


@pytest.fixture(scope="module")
def fast() -> Embedder:
    return load_embedder("fast")


def test_the_built_in_table_is_what_sentence_transformers_loads(fast: Embedder) -> None:
    from sentence_transformers import SentenceTransformer

    reference = SentenceTransformer(str(embed.FAST_FOLDER), device="cpu")
    expected = reference.encode(TEXTS, normalize_embeddings=True)
    assert np.allclose(fast.embed(TEXTS), expected, atol=1e-5)
    assert fast.embed(TEXTS).shape == (len(TEXTS), fast.dim)


def test_the_built_in_table_brings_a_question_near_to_what_answers_it(fast: Embedder) -> None:
    question, answer, other = fast.embed(
        [
            "Who won the election in France?",
            "Macron was voted in as the French president on Sunday with two thirds of the ballots.",
            "The striker scored twice before half time, and the visitors never recovered.",
        ]
    )
    assert question @ answer > question @ other + 0.1


@pytest.mark.parametrize("count", [1, embed.FAST_TEXTS, embed.FAST_TEXTS + 1])
def test_a_text_has_the_same_vector_alone_and_among_others(fast: Embedder, count: int) -> None:
    texts = [f"{text} {number}" for number, text in zip(range(count), TEXTS * count, strict=False)]
    assert np.array_equal(fast.embed(texts)[-1], fast.embed(texts[-1:])[0])


def test_a_text_without_a_word_has_a_vector_of_unit_length_as_well(fast: Embedder) -> None:
    vectors = fast.embed(["", "\n \t", "\u200b"])
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert fast.embed([]).shape == (0, fast.dim)


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_a_damaged_or_half_written_table_is_refused_with_the_command_that_mends(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(embed.FAST_FOLDER, tmp_path / "embedder"))
    monkeypatch.setattr(embed, "FAST_FOLDER", folder)
    whole = (folder / name).read_bytes()
    for damaged in (whole[: len(whole) // 2], whole[:-1] + bytes([whole[-1] ^ 1])):
        (folder / name).write_bytes(damaged)
        with pytest.raises(
            ModelError, match=rf"{name} is damaged\. Run `git checkout -- qa/models/embedder`"
        ):
            load_embedder("fast")
    shutil.rmtree(folder)
    with pytest.raises(ModelError, match=r"missing from qa/models/embedder\. Run `git checkout"):
        load_embedder("fast")


def test_what_a_store_recorded_loads_the_embedder_that_made_it(fast: Embedder) -> None:
    assert type(load_embedder(fast.name)) is type(fast)
    for setting, (name, dim) in embed.KNOWN.items():
        if setting != "minilm":  # see below
            made = load_embedder(setting)
            assert (made.name, made.dim) == (name, dim)
    with pytest.raises(ModelError, match=r"DeterministicFakeEmbedding.*qa\.open"):
        load_embedder("langchain:DeterministicFakeEmbedding")


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
    assert (minilm.name, minilm.dim) == embed.KNOWN["minilm"]


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
