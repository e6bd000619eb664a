"""The reader: a question and passages in, the words that answer out, each with how sure it is.

Extractive question answering with a "no answer" at the first token (Devlin et al. 2019). The one place that
knows the reader's model; whether a span is good enough to be shown is for others to decide.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from qa.errors import ModelError
from qa.models.int8 import SAMPLE, Encoder, Tokens, is_quicker
from qa.models.runtime import Cores, batches, has_bf16_units, prepare, sha256, tensors
from qa.types import Passage, Span

BUILTIN = "builtin"
BUILTIN_FOLDER = Path(__file__).parent / "reader"
MENDED_BY = "git checkout -- qa/models/reader"

WINDOW = 320  # tokens of question and passage
BATCH_TOKENS = 1_600  # of each core: ten passages of 160 tokens go through at once
STRIDE = 96  # tokens that neighbouring windows of a long text share
QUESTION_WORDS = 64  # a longer question is cut; it would leave no room for the passage
QUESTION_CHARS = 400
SPAN_TOKENS = 30  # the longest answer; people's answers to NewsQA are 4 tokens in the median
SPARE = 2  # spans beyond those asked for: some turn out to be a full stop, or a part of the same word
CALIBRATION = (0.45, -2.7)  # slope and intercept for a model that brings none; see benchmarks/README.md

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Calibration:
    """Turns a margin (span logits minus "no answer" logits) into a probability: a logistic curve."""

    slope: float
    intercept: float

    def __call__(self, margin: float) -> float:
        return float(1 / (1 + np.exp(-(self.slope * margin + self.intercept))))


@dataclass(frozen=True)
class _Window:
    pair: int  # which of the pairs it belongs to
    ids: list[int]
    kinds: list[int]
    offsets: list[tuple[int, int]]  # characters of the passage's text; (0, 0) outside it
    lines: list[int]  # the passage's line that a token stands in; -1 outside the passage


def load_reader(name: str = BUILTIN, *, threads: int | None = None) -> Reader:
    """The reader of that name: `builtin`, or an extractive question-answering model by name or path.

    Raises ModelError when it is missing, damaged, or no such model.
    """
    cores = prepare(threads)
    if name == BUILTIN:
        return Reader(_builtin_folder(), cores, integers=is_quicker())
    return Reader(name, cores)


class Reader:
    """A loaded model. Safe to call from several threads; they share its cores."""

    def __init__(self, folder: Path | str, cores: Cores, *, integers: bool = False) -> None:
        """`integers`: multiplied in eight bits; for a model of MiniLM's shape alone."""
        import torch
        from transformers import AutoModelForQuestionAnswering, AutoTokenizer

        dtype = torch.bfloat16 if has_bf16_units() and not integers else torch.float32
        try:
            tokenizer = AutoTokenizer.from_pretrained(folder)
            model = AutoModelForQuestionAnswering.from_pretrained(folder, dtype=dtype).eval()
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise ModelError(
                f"The reader {str(folder)!r} cannot be loaded: {str(error).splitlines()[0]} "
                f"Give the folder of an extractive question-answering model, or set reader to {BUILTIN!r}."
            ) from error
        self._tokenizer = _windowing(tokenizer)
        self.calibration = _calibration(model.config)
        self._network: _Floats | _Integers = (
            _Integers(model, [self._tokenizer.encode(*pair) for pair in SAMPLE])
            if integers
            else _Floats(model, kinds="token_type_ids" in tokenizer.model_input_names)
        )
        self._cores = cores

    def read(self, question: str, passage: Passage, *, n: int = 1) -> list[Span]:
        """The `n` best spans of one passage, best first; they do not overlap. Empty for empty input."""
        return self.read_many([(question, passage)], n=n)[0]

    def read_many(self, pairs: Sequence[tuple[str, Passage]], *, n: int = 1) -> list[list[Span]]:
        """For each pair what `read` gives, in order; much quicker than one by one.

        A span that is probably no answer is there too, with its low score.
        """
        windows = [window for number, pair in enumerate(pairs) for window in self._windows(number, *pair)]
        found: list[list[tuple[float, int, int]]] = [[] for _ in pairs]
        sizes = [len(window.ids) for window in windows]
        made = batches(sizes, longest=WINDOW, tokens=self._network.most, cores=self._cores.count)
        chosen = [([windows[row] for row in rows], length) for rows, length in made]
        for (batch, _), (starts, ends) in zip(chosen, self._cores.share(self._logits, chosen), strict=True):
            for window, spans in zip(batch, _best_spans(batch, starts, ends, n=n + SPARE), strict=True):
                found[window.pair] += spans
        return [
            self._spans(passage, candidates, n=n)
            for (_, passage), candidates in zip(pairs, found, strict=True)
        ]

    def _windows(self, number: int, question: str, passage: Passage) -> list[_Window]:
        if not question.strip() or not passage.text.strip():
            return []
        first = self._tokenizer.encode(_cut(question), passage.text)
        return [
            _Window(
                pair=number,
                ids=piece.ids,
                kinds=piece.type_ids,
                offsets=piece.offsets,
                lines=[
                    passage.text.count("\n", 0, left) if segment == 1 else -1
                    for segment, (left, _) in zip(piece.sequence_ids, piece.offsets, strict=True)
                ],
            )
            for piece in (first, *first.overflowing)
        ]

    def _logits(self, batch: tuple[list[_Window], int]) -> tuple[Floats, Floats]:
        """Start and end logits of windows that are padded to a length, (windows, length) each."""
        windows, length = batch
        ids, kinds = [window.ids for window in windows], [window.kinds for window in windows]
        return self._network.logits(ids, kinds, length)

    def _spans(self, passage: Passage, candidates: Sequence[tuple[float, int, int]], *, n: int) -> list[Span]:
        """Spans in the article's text from (margin, start, end) in the passage's, the `n` best apart."""
        spans: list[Span] = []
        for margin, start, end in sorted(candidates, reverse=True):
            left, right = whole_words(passage.text, start, end)
            left, right = passage.start + left, passage.start + right
            if right > left and all(right <= span.start or left >= span.end for span in spans):
                spans.append(Span(passage, left, right, self.calibration(margin)))
        return spans[:n]


class _Floats:
    """Any extractive question-answering model, as torch runs it."""

    most = BATCH_TOKENS

    def __init__(self, model: Any, *, kinds: bool) -> None:
        """`kinds`: whether the model tells question from passage by a number for each token."""
        self._model, self._has_kinds = model, kinds

    def logits(self, ids: list[list[int]], kinds: list[list[int]], length: int) -> tuple[Floats, Floats]:
        """Start and end logits of rows of tokens that are padded to `length`, (rows, length) each."""
        import torch

        inputs = tensors(ids, kinds, length)
        if not self._has_kinds:
            del inputs["token_type_ids"]
        with torch.inference_mode():
            output = self._model(**inputs)
        return output.start_logits.float().numpy(), output.end_logits.float().numpy()


class _Integers:
    """A model of MiniLM's shape, its encoder in eight-bit integers."""

    most = Encoder.most

    def __init__(self, model: Any, texts: Sequence[Tokens]) -> None:
        self._encoder = Encoder(model.bert, texts)
        self._head = model.qa_outputs.weight.detach().numpy().T  # (384, 2)
        self._bias = model.qa_outputs.bias.detach().numpy()

    def logits(self, ids: list[list[int]], kinds: list[list[int]], length: int) -> tuple[Floats, Floats]:
        """As those of `_Floats`."""
        both = self._encoder(ids, kinds, length) @ self._head + self._bias
        return both[:, :, 0], both[:, :, 1]


def _cut(question: str) -> str:
    """The question's first words, few enough to leave a window room for the passage."""
    return " ".join(question.split()[:QUESTION_WORDS])[:QUESTION_CHARS]


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The span grown to whole words, then without space and loose punctuation at its ends."""
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    while end > start and _is_edge(text[start:end], text[end - 1], " \n\t,;:-–—", ends=True):
        end -= 1
    while end > start and _is_edge(text[start:end], text[start], " \n\t,;:.!?-–—"):
        start += 1
    return start, end


def _is_edge(words: str, mark: str, marks: str, *, ends: bool = False) -> bool:
    """Whether the mark at an edge of the words does not belong to them."""
    stops = ends and mark in ".!?" and not _is_abbreviation(words)
    return mark in marks or stops or _is_loose(words, mark)


def _is_loose(words: str, mark: str) -> bool:
    """Whether `mark` is a quotation mark or bracket without its partner within the words."""
    partners = {"“": "”", "”": "“", "(": ")", ")": "(", "[": "]", "]": "[", "«": "»", "»": "«", "‘": "’"}
    if mark == '"':
        return words.count('"') % 2 == 1
    return mark in partners and words.count(mark) > words.count(partners[mark])


def _is_abbreviation(words: str) -> bool:
    """Whether the final stop belongs to the last word: "U.S.", "p.m.", "Inc."."""
    last = words.rsplit(maxsplit=1)[-1]
    return last.count(".") > 1 or last in ("Inc.", "Jr.", "Sr.", "Corp.", "Co.", "Ltd.", "St.", "Bros.")


def _best_spans(
    windows: Sequence[_Window], starts: Floats, ends: Floats, *, n: int
) -> list[list[tuple[float, int, int]]]:
    """For each window its `n` best spans that do not overlap: (margin over "no answer", start, end)."""
    rows, length = starts.shape
    lines = np.full((rows, length), -1)
    for row, window in enumerate(windows):
        lines[row, : len(window.lines)] = window.lines
    start = np.where(lines >= 0, starts, -np.inf)
    end = np.where(lines >= 0, ends, -np.inf)
    scores = np.full(
        (rows, length, SPAN_TOKENS), -np.inf, np.float32
    )  # by first token and length of the span
    for size in range(min(SPAN_TOKENS, length)):
        one_line = lines[:, : length - size] == lines[:, size:]  # an answer never runs over a line's end
        scores[:, : length - size, size] = np.where(
            one_line, start[:, : length - size] + end[:, size:], -np.inf
        )
    nothing = starts[:, 0] + ends[:, 0]
    return [
        _peel(window, score, float(null), n=n)
        for window, score, null in zip(windows, scores, nothing, strict=True)
    ]


def _peel(window: _Window, scores: Floats, nothing: float, *, n: int) -> list[tuple[float, int, int]]:
    """The best span, then the best apart from it, and so on."""
    found = []
    for _ in range(n):
        first, size = divmod(int(scores.argmax()), SPAN_TOKENS)
        best = float(scores[first, size])
        if not np.isfinite(best):
            break
        last = first + size
        found.append((best - nothing, window.offsets[first][0], window.offsets[last][1]))
        for width in range(SPAN_TOKENS):  # whatever touches first..last is taken
            scores[max(0, first - width) : last + 1, width] = -np.inf
    return found


def _windowing(tokenizer: Any) -> Any:
    """The fast tokenizer underneath, set to cut long passages into overlapping windows."""
    if not tokenizer.is_fast:
        raise ModelError("The reader's tokenizer knows no offsets; choose a model with a fast tokenizer.")
    fast = tokenizer.backend_tokenizer
    fast.no_padding()
    fast.enable_truncation(max_length=WINDOW, stride=STRIDE, strategy="only_second")
    return fast


def _calibration(config: Any) -> Calibration:
    own = (getattr(config, "dateline", None) or {}).get("calibration")
    return Calibration(own["slope"], own["intercept"]) if own else Calibration(*CALIBRATION)


def _builtin_folder() -> Path:
    """The folder of the shipped weights, after checking them against the hashes beside them."""
    sums = BUILTIN_FOLDER / "SHA256SUMS"
    if not (BUILTIN_FOLDER / "model.safetensors").exists() or not sums.exists():
        raise ModelError(f"The reader's weights are missing from qa/models/reader. Run `{MENDED_BY}`.")
    for line in sums.read_text().splitlines():
        expected, name = line.split()
        path = BUILTIN_FOLDER / name
        if not path.exists() or sha256(path) != expected:
            raise ModelError(f"The reader's file {name} is damaged. Run `{MENDED_BY}`.")
    try:
        json.loads((BUILTIN_FOLDER / "config.json").read_text())
    except ValueError as error:
        raise ModelError(f"The reader's config.json is damaged: {error}. Run `{MENDED_BY}`.") from None
    return BUILTIN_FOLDER
