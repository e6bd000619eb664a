"""The shipped reader's network: two ONNX graphs in integers, run a text at a time by ONNX Runtime.

A helper of `read.py`; nothing of torch is imported, and nothing is computed when it is loaded.
`training/export.py` writes the graphs.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

EARLY, LATE = "early.onnx", "late.onnx"
START, END, PREDICATE, HAPPENED, CLAIMED = range(5)  # columns of a token's logits

Floats = npt.NDArray[np.float32]


class Network:
    """The first layers, and the rest. Safe to call from several threads, each on its own core."""

    def __init__(self, folder: Path) -> None:
        """Raises what ONNX Runtime raises where the files are no such graphs."""
        import onnxruntime as ort

        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # a tenth slower, and keeps what the longest text has needed
        options.log_severity_level = 3
        providers = ["CPUExecutionProvider"]
        self._early = ort.InferenceSession(folder / EARLY, options, providers=providers)
        self._late = ort.InferenceSession(folder / LATE, options, providers=providers)

    def early(self, ids: Sequence[int], kinds: Sequence[int]) -> tuple[Floats, float]:
        """A text's states behind the first layers, (1, tokens, 384), and a relevance."""
        given = {"ids": np.array([ids], np.int32), "kinds": np.array([kinds], np.int32)}
        states, relevance = self._early.run(["states", "relevance"], given)
        return states, float(relevance[0, 0])

    def late(self, states: Floats) -> tuple[Floats, float]:
        """The logits of a text's tokens, (tokens, 5), and its relevance, from its states."""
        tokens, relevance = self._late.run(["tokens", "relevance"], {"states": states})
        return tokens[0], float(relevance[0, 0])
