"""The graph of MiniLM's encoder in eight-bit integers: writes the file that `qa/models/int8.py` runs.

    python -m training.graph

It has no weights: those of the reader and of the embedder are put in when they are loaded. The operators are
those that ONNX Runtime's optimizer and quantizer make of an exported BERT. They are put down by hand because
those tools write the weights with them, and a file for each model would be too much for a repository.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper
from transformers import BertConfig, BertModel

from qa.models.int8 import DIM, GRAPH, INPUTS, LAYERS, OUTPUT, quantized

HEADS, INNER = 12, 1_536
EPSILON = 1e-12
LEAST_OF_ROW = 0.5  # a token whose inputs are all smaller is as fine as it needs to be
TEXT = SimpleNamespace(ids=[0], type_ids=[0])
RUNTIME = "com.microsoft"  # ONNX Runtime's own operators


def main() -> None:
    GRAPH.write_bytes(graph().SerializeToString(deterministic=True))


def graph() -> ModelProto:
    """A text's tokens by number and kind, (1, tokens), to their last states, (1, tokens, 384)."""
    text = [1, "tokens"]
    encoder = helper.make_graph(
        list(nodes()),
        "encoder",
        [helper.make_tensor_value_info(name, TensorProto.INT32, text) for name in INPUTS],
        [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, [*text, DIM])],
        list(weights()),
    )
    sets = [helper.make_opsetid("", 17), helper.make_opsetid(RUNTIME, 1)]
    return helper.make_model(encoder, opset_imports=sets, ir_version=8, producer_name="training.graph")


def nodes() -> Iterator[NodeProto]:
    """The operators in order."""
    tables = [f"embeddings.{name}_embeddings.weight" for name in ("word", "position", "token_type")]
    norm = _norm("embeddings.LayerNorm")
    yield _node("EmbedLayerNormalization", [*INPUTS, *tables, *norm], ["0", "unused"], epsilon=EPSILON)
    for layer in range(LAYERS):
        yield from layer_nodes(
            f"encoder.layer.{layer}", str(layer), OUTPUT if layer == LAYERS - 1 else str(layer + 1)
        )


def layer_nodes(at: str, given: str, out: str) -> Iterator[NodeProto]:
    own = f"{at}.attention"
    yield _smoothed(f"{own}.self", given, f"{own}.given")
    integers = [f"{own}.given.{part}" for part in ("integers", "scale", "zero")]
    yield helper.make_node("DynamicQuantizeLinear", [f"{own}.given"], integers)
    weight, scale, bias = _product(f"{own}.self")
    inputs = [integers[0], weight, bias, integers[1], scale, "", integers[2], f"{own}.self.zero"]
    yield _node("QAttention", inputs, [f"{own}.mixed"], num_heads=HEADS)
    yield _dense(f"{own}.output.dense", f"{own}.mixed", f"{own}.dense")
    yield _added(f"{own}.dense", given, f"{own}.output", f"{own}.out")
    inner, outer = f"{at}.intermediate.dense", f"{at}.output.dense"
    yield _smoothed(inner, f"{own}.out", f"{at}.given")
    yield _dense(inner, f"{at}.given", f"{at}.inner")
    yield _node("BiasGelu", [f"{at}.inner", f"{inner}.bias"], [f"{at}.active"])
    yield from _by_rows(outer, f"{at}.active", f"{at}.dense")
    yield _added(f"{at}.dense", f"{own}.out", f"{at}.output", out)


def _smoothed(name: str, given: str, out: str) -> NodeProto:
    return helper.make_node("Mul", [given, f"{name}.smooth"], [out])


def _dense(name: str, given: str, out: str) -> NodeProto:
    weight, scale, _ = _product(name)
    return _node("DynamicQuantizeMatMul", [given, weight, scale], [out])


def _by_rows(name: str, given: str, out: str) -> Iterator[NodeProto]:
    """`_dense` with each token brought to the same largest input and back, so that its steps are its own."""
    largest, rows, products = f"{name}.largest", f"{name}.rows", f"{name}.products"
    yield helper.make_node("ReduceMax", [given], [f"{name}.most"], axes=[-1])
    yield helper.make_node("Max", [f"{name}.most", "least"], [largest])
    yield helper.make_node("Div", [given, largest], [rows])
    yield _dense(name, rows, products)
    yield helper.make_node("Mul", [products, largest], [out])


def _added(given: str, before: str, name: str, out: str) -> NodeProto:
    """What came before and the new, with its bias, normalized."""
    inputs = [given, before, *_norm(f"{name}.LayerNorm"), f"{name}.dense.bias"]
    return _node("SkipLayerNormalization", inputs, [out], epsilon=EPSILON)


def weights() -> Iterator[TensorProto]:
    """Each weight without its values, and the zero points of symmetric weights."""
    config = BertConfig(
        hidden_size=DIM, num_hidden_layers=LAYERS, num_attention_heads=HEADS, intermediate_size=INNER
    )
    model = BertModel(config, add_pooling_layer=False)
    for name, value in quantized(model, [TEXT]):
        kind = helper.np_dtype_to_tensor_dtype(value.dtype)
        tensor = TensorProto(name=name, dims=value.shape, data_type=kind, data_location=TensorProto.EXTERNAL)
        tensor.external_data.add(key="location", value="given when it is loaded")
        yield tensor
    yield numpy_helper.from_array(np.float32(LEAST_OF_ROW), "least")
    for layer in range(LAYERS):
        zero = np.zeros(3 * DIM, np.int8)
        yield numpy_helper.from_array(zero, f"encoder.layer.{layer}.attention.self.zero")


def _node(operator: str, inputs: list[str], outputs: list[str], **settings: object) -> NodeProto:
    return helper.make_node(operator, inputs, outputs, domain=RUNTIME, **settings)


def _norm(name: str) -> list[str]:
    return [f"{name}.{part}" for part in ("weight", "bias")]


def _product(name: str) -> list[str]:
    return [f"{name}.{part}" for part in ("weight", "scale", "bias")]


if __name__ == "__main__":
    main()
