"""The network as it runs in the product: two ONNX graphs in eight-bit integers, with their weights.

    python -m training.export --data ../shared/data --model FOLDER --to qa/models/reader

`early.onnx` is the embeddings and the first layers, which all candidates go through; `late.onnx` the rest,
for those that deserve it. Products are quantized as `qa/models/int8.py` says, each input's size evened out
(SmoothQuant, Xiao et al. 2023), here once and for all; a word's vector has a scale of its own. Prints how
far the logits are from the network's own.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean

import numpy as np
import torch
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper
from tokenizers import Encoding, Tokenizer

from qa.models.int8 import DIM, input_sizes, norm, product
from qa.models.runtime import sha256
from training.data import newsqa_windows, rows
from training.graph import LEAST_OF_ROW, RUNTIME, layer_nodes
from training.model import EXITS, RankingReader, load

EARLY, LATE = "early.onnx", "late.onnx"
SHIPPED = (EARLY, LATE, "tokenizer.json", "config.json")
EXIT = EXITS[0]  # the layer that the first graph ends with
TEXTS = 48  # by which the inputs' sizes are seen
EPSILON = 1e-12


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.export", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True, help="folder of the trained network")
    parser.add_argument("--first", type=Path, required=True, help="folder with its tokenizer.json")
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--kept", action="store_true", help=f"the {EARLY} in --to stays: it was not trained")
    options = parser.parse_args()
    model = load(options.model).eval()
    tokenizer = Tokenizer.from_file(str(options.first / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(320, strategy="only_second")
    texts = sample(options.data, tokenizer)
    export(model, texts[:TEXTS], options.to, kept=(EARLY,) if options.kept else ())
    for name in (options.first / "tokenizer.json",):
        shutil.copyfile(name, options.to / name.name)
    kept = (
        json.loads((options.to / "config.json").read_text()) if (options.to / "config.json").exists() else {}
    )
    (options.to / "config.json").write_text(
        json.dumps(kept or {"calibration": {"slope": 0.45, "intercept": -2.7}}, indent=1) + "\n"
    )
    write_sums(options.to)
    for name, (mean, most) in differences(model, texts[TEXTS:], options.to).items():
        print(f"{name}: {mean:.3f} off in the mean, {most:.3f} at most")


def sample(data: Path, tokenizer: Tokenizer) -> list[Encoding]:
    """Questions over stretches of news, as they are read in use; twice TEXTS."""
    random_ = random.Random(0)
    windows = (
        window
        for row in itertools.islice(rows(data / "newsqa/half_a.jsonl.gz"), 0, None, 9)
        for window in newsqa_windows(row, random_=random_, words=110)
    )
    chosen = list(itertools.islice(windows, 2 * TEXTS))
    return tokenizer.encode_batch([(window.question, window.context) for window in chosen])


def export(model: RankingReader, texts: Sequence[Encoding], to: Path, *, kept: Sequence[str] = ()) -> None:
    """Writes both graphs, but for those that are kept as they are."""
    to.mkdir(parents=True, exist_ok=True)
    weights = {name: value.numpy() for name, value in model.bert.state_dict().items()}
    sizes = input_sizes(model.bert, texts)
    layers = len(model.bert.encoder.layer)
    for name, made in (
        (EARLY, early_graph(model, weights, sizes)),
        (LATE, late_graph(model, weights, sizes, layers)),
    ):
        if name not in kept:
            (to / name).write_bytes(made.SerializeToString(deterministic=True))


def early_graph(model: RankingReader, weights: dict, sizes: dict) -> ModelProto:
    """Tokens by number and kind, (1, tokens), to their states, (1, tokens, 384), and a relevance, (1, 1)."""
    head = model.exits[EXITS.index(EXIT)]
    tensors = [
        *word_table(weights),
        *(_tensor(*pair) for pair in norm("embeddings.LayerNorm", weights)),
        *layer_weights(range(EXIT), weights, sizes),
        *head_weights("exit", head[0], head[2]),
    ]
    nodes = [
        *embedded("0"),
        *(
            node
            for at in range(EXIT)
            for node in layer_nodes(f"encoder.layer.{at}", str(at), _state(at + 1, EXIT, "states"))
        ),
        *head_nodes("exit", "states", "relevance"),
    ]
    text = [1, "tokens"]
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT32, text) for name in ("ids", "kinds")]
    outputs = [_floats("states", [*text, DIM]), _floats("relevance", [1, 1])]
    return _model("early", nodes, inputs, outputs, tensors)


def late_graph(model: RankingReader, weights: dict, sizes: dict, layers: int) -> ModelProto:
    """States to tokens' logits (start, end, predicate, happened, claimed), (1, tokens, 5), and relevance."""
    both = [model.spans, model.marks]
    matrix = np.concatenate([head.weight.detach().numpy() for head in both]).T
    bias = np.concatenate([head.bias.detach().numpy() for head in both])
    tensors = [
        *layer_weights(range(EXIT, layers), weights, sizes),
        *head_weights("pool", model.bert.pooler.dense, model.classifier),
        _tensor("tokens.weight", matrix),
        _tensor("tokens.bias", bias),
    ]
    names = {EXIT: "states"}
    nodes = []
    for at in range(EXIT, layers):
        out = "last" if at == layers - 1 else str(at + 1)
        nodes += layer_nodes(f"encoder.layer.{at}", names.get(at, str(at)), out)
    nodes += [
        *head_nodes("pool", "last", "relevance"),
        helper.make_node("MatMul", ["last", "tokens.weight"], ["tokens.product"]),
        helper.make_node("Add", ["tokens.product", "tokens.bias"], ["tokens"]),
    ]
    shape = [1, "tokens", DIM]
    outputs = [_floats("tokens", [1, "tokens", 5]), _floats("relevance", [1, 1])]
    return _model("late", nodes, [_floats("states", shape)], outputs, tensors)


def embedded(out: str) -> Iterator[NodeProto]:
    """Words, places and kinds to the first states: the sum of three vectors, normalized."""
    make = helper.make_node
    yield make("Gather", ["words", "ids"], ["words.integers"])
    yield make("Cast", ["words.integers"], ["words.floats"], to=TensorProto.FLOAT)
    yield make("Gather", ["words.scale", "ids"], ["words.scales"])
    yield make("Mul", ["words.floats", "words.scales"], ["words.own"])
    yield make("Shape", ["ids"], ["size"])
    yield make("Slice", ["size", "one", "two"], ["length"])
    yield make("Slice", ["places", "zero", "length"], ["places.own"])
    yield make("Gather", ["kinds.table", "kinds"], ["kinds.own"])
    yield make("Add", ["words.own", "places.own"], ["sum.two"])
    yield make("Add", ["sum.two", "kinds.own"], ["sum"])
    yield make(
        "LayerNormalization", ["sum", "embeddings.LayerNorm.weight", "embeddings.LayerNorm.bias"], [out],
        axis=-1, epsilon=EPSILON,
    )  # fmt: skip


def word_table(weights: dict) -> Iterator[TensorProto]:
    """The tables that `embedded` looks into; words in integers, each with its scale."""
    words = weights["embeddings.word_embeddings.weight"]
    scale = np.maximum(np.abs(words).max(1, keepdims=True), 1e-6) / 127
    yield _tensor("words", np.round(words / scale).astype(np.int8))
    yield _tensor("words.scale", scale.astype(np.float32))
    yield _tensor("places", weights["embeddings.position_embeddings.weight"])
    yield _tensor("kinds.table", weights["embeddings.token_type_embeddings.weight"])
    for name, value in (("zero", 0), ("one", 1), ("two", 2)):
        yield _tensor(name, np.array([value], np.int64))


def layer_weights(layers: range, weights: dict, sizes: dict) -> Iterator[TensorProto]:
    """What `layer_nodes` asks for."""
    yield _tensor("least", np.float32(LEAST_OF_ROW))
    for number in layers:
        at = f"encoder.layer.{number}"
        inner = [f"{at}.attention.self.{part}" for part in ("query", "key", "value")]
        pairs = itertools.chain(
            product(f"{at}.attention.self", inner, weights, sizes),
            product(f"{at}.intermediate.dense", [f"{at}.intermediate.dense"], weights, sizes),
            *(
                product(f"{at}.{part}", [f"{at}.{part}"], weights)
                for part in ("attention.output.dense", "output.dense")
            ),
            *(norm(f"{at}.{part}", weights) for part in ("attention.output.LayerNorm", "output.LayerNorm")),
        )
        yield from (_tensor(*pair) for pair in pairs)
        yield _tensor(f"{at}.attention.self.zero", np.zeros(3 * DIM, np.int8))


def head_nodes(name: str, states: str, out: str) -> Iterator[NodeProto]:
    """The first token's state through a layer with tanh to one number, (1, 1)."""
    make = helper.make_node
    yield make("Gather", [states, f"{name}.first"], [f"{name}.token"], axis=1)
    yield make("Gemm", [f"{name}.token", f"{name}.inner", f"{name}.inner.bias"], [f"{name}.given"], transB=1)
    yield make("Tanh", [f"{name}.given"], [f"{name}.active"])
    yield make("Gemm", [f"{name}.active", f"{name}.outer", f"{name}.outer.bias"], [out], transB=1)


def head_weights(name: str, inner: torch.nn.Linear, outer: torch.nn.Linear) -> Iterator[TensorProto]:
    """What `head_nodes` asks for."""
    yield _tensor(f"{name}.first", np.array(0, np.int64))
    for part, linear in (("inner", inner), ("outer", outer)):
        yield _tensor(f"{name}.{part}", linear.weight.detach().numpy())
        yield _tensor(f"{name}.{part}.bias", linear.bias.detach().numpy())


def differences(
    model: RankingReader, texts: Sequence[Encoding], folder: Path
) -> dict[str, tuple[float, float]]:
    """By output, how far the graphs' logits are from the network's: in the mean, and the most."""
    from qa.models.network import Network

    network = Network(folder)
    off: dict[str, list[float]] = {}
    for text in texts:
        given = [torch.tensor([part]) for part in (text.ids, text.type_ids, text.attention_mask)]
        with torch.inference_mode():
            right = model(*given)
        states, early = network.early(text.ids, text.type_ids)
        tokens, relevance = network.late(states)
        off.setdefault("early relevance", []).append(abs(early - float(right.early[0, EXITS.index(EXIT)])))
        off.setdefault("relevance", []).append(abs(relevance - float(right.relevance)))
        spans = np.abs(tokens[:, :2] - right.spans[0].numpy())
        off.setdefault("starts and ends", []).append(float(spans.mean()))
        off.setdefault("starts and ends, most", []).append(float(spans.max()))
        best = right.spans[0, :, 0].argmax(), right.spans[0, :, 1].argmax()
        margins = [
            float(one[best[0], 0] + one[best[1], 1] - one[0, :2].sum())
            for one in (tokens, right.spans[0].numpy())
        ]
        off.setdefault("best margin", []).append(abs(margins[0] - margins[1]))
        off.setdefault("marks", []).append(float(np.abs(tokens[:, 2:] - right.marks[0].numpy()).mean()))
    return {name: (fmean(values), max(values)) for name, values in off.items()}


def write_sums(folder: Path) -> None:
    """The hashes that are checked on load, in sha256sum's format."""
    (folder / "SHA256SUMS").write_text("".join(f"{sha256(folder / name)}  {name}\n" for name in SHIPPED))


def _state(number: int, last: int, name: str) -> str:
    return name if number == last else str(number)


def _tensor(name: str, value: np.ndarray) -> TensorProto:
    return numpy_helper.from_array(np.array(value, order="C"), name)


def _floats(name: str, shape: list[int | str]) -> object:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def _model(name: str, nodes: list, inputs: list, outputs: list, tensors: list) -> ModelProto:
    graph = helper.make_graph(nodes, name, inputs, outputs, tensors)
    sets = [helper.make_opsetid("", 17), helper.make_opsetid(RUNTIME, 1)]
    return helper.make_model(graph, opset_imports=sets, ir_version=8, producer_name="training.export")


if __name__ == "__main__":
    main()
