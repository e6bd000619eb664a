"""MiniLM's encoder in eight-bit integers, for processors that have no units for bfloat16.

A helper of the stages that own a model. ONNX Runtime multiplies the integers: weights are quantized when they
are loaded, a scale for each output, and what runs between the layers text by text, one scale for all of it
("dynamic quantization"). A few inputs of a layer are ten times the others, which would be left a few steps of
that scale; so they are divided by what their weights are multiplied with (SmoothQuant, Xiao et al. 2023).
`models/encoder.onnx` is the graph without weights; `training/graph.py` makes it. What it costs and brings:
benchmarks/README.md, "The reader".
"""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from qa.errors import ModelError
from qa.models.runtime import has_bf16_units, sha256

GRAPH = Path(__file__).parent / "encoder.onnx"
GRAPH_SHA256 = "986ea10e3d9439001e28daf5df89335edcc669584a5eb0daca22736a8a39811f"
MENDED_BY = "git checkout -- qa/models"

LAYERS, DIM = 6, 384
INPUTS, OUTPUT = ("ids", "kinds"), "hidden"  # of the graph
MOST = 100  # of a weight, either side of zero: sums of two products fit sixteen bits, but for extremes
SHIFTED = 0.7  # how much of their inputs' differences goes into the weights
LEAST = 1e-3

# Questions and texts of the kinds to come; how large each input of a layer is, is seen by them.
SAMPLE = (
    (
        "Who was elected mayor of Lyon, and where were the votes counted again?",
        "LYON (AP) - Dr. Jeanne Marchand was elected on Sunday after a recount in a school outside the city; "
        "France's interior ministry confirmed the result.",
    ),
    (
        "How many of the 1,250 people were hurt when the river flooded?",
        "Three people were killed and 27 injured on Tuesday when a river flooded two streets of Genoa, the "
        'mayor, Carla Rossi, said.\n"The water came within minutes," she told Reuters; damage is put at '
        "€12.5m (£10.4m). According to Italy's interior ministry, the U.S.-born engineer had warned of it "
        "in 2019 — nobody listened.",
    ),
    (
        "When did Apple's shares rise?",
        "Apple shares rose 4% to $212.49 after the company said it would buy back its stock. "
        "https://example.org/news?id=17 | Follow @dateline on X #markets",
    ),
)

Floats = npt.NDArray[np.float32]
Array = npt.NDArray[Any]
Weights = Mapping[str, Array]


class Tokens(Protocol):
    """A text as a tokenizer gives it."""

    @property
    def ids(self) -> list[int]: ...

    @property
    def type_ids(self) -> list[int]: ...


def is_quicker() -> bool:
    """Whether this processor runs the encoder quicker in integers than in what torch has for it.

    Measured on x86 alone, and with units for bfloat16 those are the quicker ones.
    """
    return platform.machine().lower() in ("x86_64", "amd64") and not has_bf16_units()


class Encoder:
    """The six layers, with weights of their own. Safe to call from several threads, each on its own core."""

    most = 0  # tokens that are worth going through together: a text alone is as quick

    def __init__(self, model: Any, texts: Sequence[Tokens]) -> None:
        """`model`: a `BertModel` of MiniLM's shape, in float32; it is not needed afterwards.

        `texts`: SAMPLE in the form in which the model is to read.
        Raises ModelError when the graph is missing or damaged.
        """
        import onnxruntime as ort

        if not GRAPH.exists() or sha256(GRAPH) != GRAPH_SHA256:
            raise ModelError(f"The graph of the models, {GRAPH.name}, is damaged. Run `{MENDED_BY}`.")
        weights = dict(quantized(model, texts))
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # a tenth slower, and keeps what the longest text has needed
        values = [ort.OrtValue.ortvalue_from_numpy(value) for value in weights.values()]
        options.add_external_initializers(list(weights), values)
        self._session = ort.InferenceSession(GRAPH, options, providers=["CPUExecutionProvider"])

    def __call__(self, ids: Sequence[list[int]], kinds: Sequence[list[int]], length: int) -> Floats:
        """The last hidden states of rows of tokens, (rows, `length`, 384); zeros behind each row's own.

        Each row runs alone, so that it comes out the same whatever it is with.
        """
        states = np.zeros((len(ids), length, DIM), np.float32)
        for state, *row in zip(states, ids, kinds, strict=True):
            given = {name: np.array([part], np.int32) for name, part in zip(INPUTS, row, strict=True)}
            state[: len(row[0])] = self._session.run([OUTPUT], given)[0][0]
        return states


def quantized(model: Any, texts: Sequence[Tokens]) -> Iterator[tuple[str, Array]]:
    """What the graph asks for, by name: products in integers with their scales, all else as it is.

    `texts`: with kinds, a few that are like those to come, for how large each input of a layer is.
    """
    weights = {name: weight.numpy() for name, weight in model.state_dict().items()}
    sizes = input_sizes(model, texts)
    for table in ("word", "position", "token_type"):
        name = f"embeddings.{table}_embeddings.weight"
        yield name, weights[name]
    yield from norm("embeddings.LayerNorm", weights)
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}"
        inner = [f"{at}.attention.self.{part}" for part in ("query", "key", "value")]
        yield from product(f"{at}.attention.self", inner, weights, sizes)
        yield from product(f"{at}.intermediate.dense", [f"{at}.intermediate.dense"], weights, sizes)
        for dense in (f"{at}.attention.output.dense", f"{at}.output.dense"):
            yield from product(dense, [dense], weights)
        yield from norm(f"{at}.attention.output.LayerNorm", weights)
        yield from norm(f"{at}.output.LayerNorm", weights)


def norm(name: str, weights: Weights) -> Iterator[tuple[str, Array]]:
    """A normalization's two weights."""
    for part in ("weight", "bias"):
        yield f"{name}.{part}", weights[f"{name}.{part}"]


def product(
    name: str, parts: Sequence[str], weights: Weights, sizes: Weights | None = None
) -> Iterator[tuple[str, Array]]:
    """Linear layers side by side as one: (inputs, outputs) integers, an output's scale and bias.

    With `sizes`, what the inputs are to be multiplied with, too.
    """
    weight = np.concatenate([weights[f"{part}.weight"] for part in parts]).T
    if sizes is not None:
        divisor = sizes[parts[0]] ** SHIFTED / np.maximum(np.abs(weight).max(1), LEAST) ** (1 - SHIFTED)
        weight = weight * divisor[:, None]
        yield f"{name}.smooth", 1 / divisor
    scale = np.maximum(np.abs(weight).max(0), LEAST) / MOST
    yield f"{name}.weight", np.ascontiguousarray(np.round(weight / scale).astype(np.int8))
    yield f"{name}.scale", scale
    yield f"{name}.bias", np.concatenate([weights[f"{part}.bias"] for part in parts])


def input_sizes(model: Any, texts: Sequence[Tokens]) -> dict[str, Floats]:
    """The root mean square of each input of each linear layer over the texts' tokens."""
    import torch

    squares: dict[str, list[Floats]] = {}

    def watch(name: str, layer: torch.nn.Module) -> Any:
        seen = squares.setdefault(name, [])
        return layer.register_forward_pre_hook(lambda _, given: seen.append(given[0][0].square().numpy()))

    hooks = [
        watch(name, layer) for name, layer in model.named_modules() if isinstance(layer, torch.nn.Linear)
    ]
    with torch.inference_mode():
        for text in texts:
            model(input_ids=torch.tensor([text.ids]), token_type_ids=torch.tensor([text.type_ids]))
    for hook in hooks:
        hook.remove()
    return {name: np.maximum(np.concatenate(seen).mean(0) ** 0.5, LEAST) for name, seen in squares.items()}
