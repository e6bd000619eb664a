"""The reader: a question and passages in, the words that answer out, each with how sure it is.

The shipped one ranks and reads in one pass (`training/README.md`): its first layers say how much a passage is
about the question, its last ones where an answer stands (extractive, with a "no answer" at the first token,
Devlin et al. 2019), which words are predicates, whether what they name happened, and what is only somebody's
words. Whether a span is good enough to be shown is for others to decide.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from qa.errors import ModelError
from qa.models.network import CLAIMED, EARLY, END, HAPPENED, PREDICATE, START, Network
from qa.models.runtime import Cores, batches, has_bf16_units, prepare, sha256, tensors
from qa.types import Passage, Span

BUILTIN = "builtin"
BUILTIN_FOLDER = Path(__file__).parent / "reader"
MENDED_BY = "git checkout -- qa/models/reader"

WINDOW = 320  # tokens of question and passage
BATCH_TOKENS = 1_600  # of each core, for models of torch: ten passages of 160 tokens go through at once
STRIDE = 96  # tokens that neighbouring windows of a long text share
QUESTION_WORDS = 64  # a longer question is cut; it would leave no room for the passage
QUESTION_CHARS, QUESTION_TOKENS = 400, 128
CHAR_TOKENS = 3  # a character is so many tokens at most: a Korean one, as its parts are told apart
SPAN_TOKENS = 30  # the longest answer; people's answers to NewsQA are 4 tokens in the median
SPARE = 2  # spans beyond those asked for: some turn out to be a full stop, or a part of the same word
KEPT = 8  # passages that are read to the end
SURELY = 3.0  # what happened, as the tables that were learnt from say it; minus that: it did not
STEM = 4  # letters that two forms of a word share at least
CALIBRATION = (0.45, -2.7)  # slope and intercept for a model that brings none; see benchmarks/README.md

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Calibration:
    """Turns a margin (span logits minus "no answer" logits) into a probability: a logistic curve."""

    slope: float
    intercept: float

    def __call__(self, margin: float) -> float:
        return float(1 / (1 + np.exp(-(self.slope * margin + self.intercept))))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span and what speaks for it. What only the shipped reader tells is None with another one."""

    span: Span
    start: float  # logits of its first and its last token
    end: float
    happened: float | None = (
        None  # at the nearest predicate of its line: -3 it did not, 3 it did; None: none near
    )
    asked: float | None = None  # the same at the predicate that the question names; None: it names none there
    claimed: float | None = None  # the probability that the words are only somebody's, 0 to 1


@dataclass(frozen=True, slots=True)
class Reading:
    """A passage as it was read, for one question."""

    early: (
        float | None
    )  # how much it is about the question, a logit of the first layers; None with another reader
    relevance: float | None = None  # the same of the last layer; None where it was not read to the end
    nothing: float | None = None  # "no answer": what the sum of a span's logits is to be compared with
    spans: tuple[Candidate, ...] = ()  # best first, apart; none where it was not read to the end


@dataclass(frozen=True)
class _Window:
    pair: int  # which of the pairs it belongs to
    ids: list[int]
    kinds: list[int]
    offsets: list[tuple[int, int]]  # characters of the passage's text; (0, 0) outside it
    lines: npt.NDArray[np.int32]  # the passage's line that a token stands in; -1 outside the passage


@dataclass(frozen=True)
class _Seen:
    """What a network says of a window."""

    tokens: Floats  # (tokens, 2 or 5): start, end, and with the shipped reader predicate, happened, claimed
    early: float | None = None
    relevance: float | None = None


class _Runs(Protocol):
    """A network, in one of two forms."""

    def read(self, windows: Sequence[_Window], cores: Cores) -> list[_Seen]:
        """Each window read to the end."""
        ...

    def look(self, windows: Sequence[_Window], cores: Cores, *, kept: int) -> list[_Seen | float]:
        """The windows of the `kept` pairs that look best, read to the end; for the others how they look."""
        ...


def load_reader(name: str = BUILTIN, *, threads: int | None = None) -> Reader:
    """The reader of that name: `builtin`, a folder as `training/` writes it, or an extractive
    question-answering model by name or path.

    Raises ModelError when it is missing, damaged, or no such model. Only one of the last kind needs torch.
    """
    if name == BUILTIN:
        return _load_own(_builtin_folder(), threads=threads)
    if (Path(name) / EARLY).exists():
        return _load_own(Path(name), threads=threads)
    return _load_another(name, prepare(threads))


def _load_own(folder: Path, *, threads: int | None) -> Reader:
    """A reader of the shipped one's form."""
    try:
        calibration = Calibration(**json.loads((folder / "config.json").read_text())["calibration"])
        tokenizer = _tokenizer(folder)
        network = Network(folder)
    except Exception as error:
        raise ModelError(f"The reader in {folder} cannot be loaded: {str(error).splitlines()[0]}") from error
    return Reader(_Shipped(network), tokenizer, calibration, prepare(threads, torch=False))


class Reader:
    """A loaded model. Safe to call from several threads; they share its cores."""

    def __init__(self, network: _Runs, tokenizer: Any, calibration: Calibration, cores: Cores) -> None:
        """`tokenizer`: of the library of that name; set here to cut long passages into windows."""
        tokenizer.no_padding()
        tokenizer.enable_truncation(max_length=WINDOW, stride=STRIDE, strategy="only_second")
        self._network, self._tokenizer, self._cores = network, tokenizer, cores
        self.calibration = calibration

    def read(self, question: str, passage: Passage, *, n: int = 1) -> list[Span]:
        """The `n` best spans of one passage, best first; they do not overlap. Empty for empty input."""
        return self.read_many([(question, passage)], n=n)[0]

    def read_many(self, pairs: Sequence[tuple[str, Passage]], *, n: int = 1) -> list[list[Span]]:
        """For each pair what `read` gives, in order; much quicker than one by one.

        A span that is probably no answer is there too, with its low score.
        """
        return [[candidate.span for candidate in reading.spans] for reading in self.study(pairs, n=n)]

    def study(self, pairs: Sequence[tuple[str, Passage]], *, n: int = 1) -> list[Reading]:
        """For each pair all that is known of its `n` best spans, in order; each is read to the end."""
        windows = self._windows(pairs)
        return self._readings(pairs, windows, self._network.read(windows, self._cores), n=n)

    def look(
        self, question: str, passages: Sequence[Passage], *, n: int = 1, kept: int = KEPT
    ) -> list[Reading]:
        """What is known of each passage, in order. The `kept` that look best after the first layers are read
        to the end, with their `n` best spans; another reader reads all. Nothing is known of empty input.
        """
        pairs = [(question, passage) for passage in passages]
        windows = self._windows(pairs)
        return self._readings(pairs, windows, self._network.look(windows, self._cores, kept=kept), n=n)

    def rank(self, question: str, passages: Sequence[Passage]) -> list[float]:
        """How much each passage is about the question, in order: a logit of the last layer, some -11 to 10.

        Another reader knows no such thing: the margin of the best span over "no answer".
        """
        readings = self.study([(question, passage) for passage in passages])
        return [_rank(reading) for reading in readings]

    def _windows(self, pairs: Sequence[tuple[str, Passage]]) -> list[_Window]:
        asked = [
            (number, question, passage)
            for number, (question, passage) in enumerate(pairs)
            if question.strip() and passage.text.strip()
        ]
        encoded = self._tokenizer.encode_batch(
            [(self._cut(question), passage.text) for _, question, passage in asked]
        )
        return [
            _window(number, passage, piece)
            for (number, _, passage), first in zip(asked, encoded, strict=True)
            for piece in (first, *first.overflowing)
        ]

    def _cut(self, question: str) -> str:
        """The question's beginning, short enough to leave a window room for the passage."""
        short = " ".join(question.split()[:QUESTION_WORDS])[:QUESTION_CHARS]
        if len(short) * (1 if short.isascii() else CHAR_TOKENS) <= QUESTION_TOKENS:
            return short
        offsets = self._whole.encode(short, add_special_tokens=False).offsets
        return short if len(offsets) <= QUESTION_TOKENS else short[: offsets[QUESTION_TOKENS][0]]

    @cached_property
    def _whole(self) -> Any:
        """The tokenizer once more, which cuts nothing: settings of one cannot be changed while it is used."""
        other = type(self._tokenizer).from_str(self._tokenizer.to_str())
        other.no_truncation()
        return other

    def _readings(
        self,
        pairs: Sequence[tuple[str, Passage]],
        windows: Sequence[_Window],
        seen: Sequence[_Seen | float],
        *,
        n: int,
    ) -> list[Reading]:
        of_pair: list[list[tuple[_Window, _Seen | float]]] = [[] for _ in pairs]
        for window, what in zip(windows, seen, strict=True):
            of_pair[window.pair].append((window, what))
        return [self._reading(*pair, whats, n=n) for pair, whats in zip(pairs, of_pair, strict=True)]

    def _reading(
        self, question: str, passage: Passage, whats: Sequence[tuple[_Window, _Seen | float]], *, n: int
    ) -> Reading:
        """A passage's windows as one reading; a long passage is about a question where one of them is."""
        read = [(window, seen) for window, seen in whats if isinstance(seen, _Seen)]
        early = [seen.early if isinstance(seen, _Seen) else seen for _, seen in whats]
        looks = max((value for value in early if value is not None), default=None)
        if not read:
            return Reading(looks)
        found = [
            (margin, window, seen, first, last)
            for window, seen in read
            for margin, first, last in _best_spans(window, seen.tokens, n=n + SPARE)
        ]
        candidates: list[Candidate] = []
        for margin, window, seen, first, last in sorted(found, key=lambda one: -one[0]):
            left, right = whole_words(passage.text, window.offsets[first][0], window.offsets[last][1])
            span = Span(passage, passage.start + left, passage.start + right, self.calibration(margin))
            taken = (one.span for one in candidates)
            if right > left and all(span.end <= one.start or span.start >= one.end for one in taken):
                candidates.append(_candidate(question, span, window, seen, (first, last)))
        relevance = max((seen.relevance for _, seen in read if seen.relevance is not None), default=None)
        nothing = min(float(seen.tokens[0, [START, END]].sum()) for _, seen in read)
        return Reading(looks, relevance, nothing, tuple(candidates[:n]))


class _Shipped:
    """The shipped network. Each text runs alone, so that it comes out the same whatever it is with."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def read(self, windows: Sequence[_Window], cores: Cores) -> list[_Seen]:
        return cores.share(self._read, windows)

    def look(self, windows: Sequence[_Window], cores: Cores, *, kept: int) -> list[_Seen | float]:
        begun = cores.share(lambda window: self._network.early(window.ids, window.kinds), windows)
        best: dict[int, float] = {}
        for window, (_, early) in zip(windows, begun, strict=True):
            best[window.pair] = max(early, best.get(window.pair, early))
        chosen = set(sorted(best, key=lambda pair: -best[pair])[:kept])
        ends = iter(
            cores.share(self._end, [one for w, one in zip(windows, begun, strict=True) if w.pair in chosen])
        )
        return [
            next(ends) if window.pair in chosen else early
            for window, (_, early) in zip(windows, begun, strict=True)
        ]

    def _read(self, window: _Window) -> _Seen:
        return self._end(self._network.early(window.ids, window.kinds))

    def _end(self, begun: tuple[Floats, float]) -> _Seen:
        states, early = begun
        tokens, relevance = self._network.late(states)
        return _Seen(tokens, early, relevance)


class _Floats:
    """Any extractive question-answering model, as torch runs it."""

    def __init__(self, model: Any, *, kinds: bool) -> None:
        """`kinds`: whether the model tells question from passage by a number for each token."""
        self._model, self._has_kinds = model, kinds

    def read(self, windows: Sequence[_Window], cores: Cores) -> list[_Seen]:
        sizes = [len(window.ids) for window in windows]
        made = batches(sizes, longest=WINDOW, tokens=BATCH_TOKENS, cores=cores.count)
        chosen = [([windows[row] for row in rows], length) for rows, length in made]
        seen: list[_Seen | None] = [None] * len(windows)
        for (rows, _), logits in zip(made, cores.share(self._logits, chosen), strict=True):
            for row, tokens in zip(rows, logits, strict=True):
                seen[row] = _Seen(tokens)
        return [one for one in seen if one is not None]

    def look(self, windows: Sequence[_Window], cores: Cores, *, kept: int) -> list[_Seen | float]:
        return list(self.read(windows, cores))

    def _logits(self, batch: tuple[list[_Window], int]) -> list[Floats]:
        """Start and end logits of windows that are padded to a length, (tokens, 2) each."""
        import torch

        windows, length = batch
        inputs = tensors([window.ids for window in windows], [window.kinds for window in windows], length)
        if not self._has_kinds:
            del inputs["token_type_ids"]
        with torch.inference_mode():
            output = self._model(**inputs)
        both = torch.stack([output.start_logits, output.end_logits], dim=2).float().numpy()
        return [rows[: len(window.ids)] for rows, window in zip(both, windows, strict=True)]


def _window(number: int, passage: Passage, piece: Any) -> _Window:
    breaks = [spot.start() for spot in re.finditer("\n", passage.text)]
    inside = np.array([segment == 1 for segment in piece.sequence_ids])
    lines = np.searchsorted(breaks, [left for left, _ in piece.offsets], side="left")
    return _Window(
        number, piece.ids, piece.type_ids, piece.offsets, np.where(inside, lines, -1).astype(np.int32)
    )


def _rank(reading: Reading) -> float:
    if reading.relevance is not None:
        return reading.relevance
    if not reading.spans or reading.nothing is None:
        return -np.inf
    return reading.spans[0].start + reading.spans[0].end - reading.nothing


def _best_spans(window: _Window, tokens: Floats, *, n: int) -> list[tuple[float, int, int]]:
    """The `n` best spans that do not overlap: margin over "no answer", first and last token; best first."""
    inside, length = window.lines >= 0, len(tokens)
    start = np.where(inside, tokens[:, START], -np.inf)
    end = np.where(inside, tokens[:, END], -np.inf)
    scores = np.full((length, SPAN_TOKENS), -np.inf, np.float32)  # by first token and length of the span
    for size in range(min(SPAN_TOKENS, length)):
        one_line = window.lines[: length - size] == window.lines[size:]  # no answer runs over a line's end
        scores[: length - size, size] = np.where(one_line, start[: length - size] + end[size:], -np.inf)
    nothing, found = float(tokens[0, START] + tokens[0, END]), []
    for _ in range(n):
        first, size = divmod(int(scores.argmax()), SPAN_TOKENS)
        best = float(scores[first, size])
        if not np.isfinite(best):
            break
        found.append((best - nothing, first, first + size))
        for width in range(SPAN_TOKENS):  # whatever touches first..last is taken
            scores[max(0, first - width) : first + size + 1, width] = -np.inf
    return found


def _candidate(question: str, span: Span, window: _Window, seen: _Seen, ends: tuple[int, int]) -> Candidate:
    first, last = ends
    start, end = float(seen.tokens[first, START]), float(seen.tokens[last, END])
    if seen.tokens.shape[1] <= CLAIMED:
        return Candidate(span, start, end)
    predicates = np.flatnonzero((window.lines == window.lines[first]) & (seen.tokens[:, PREDICATE] > 0))
    nearest = sorted(predicates, key=lambda token: max(first - token, token - last, 0))
    asked = _stems(question)
    named = [token for token in nearest if _names(span.passage.text, window.offsets[token], asked)]
    claimed = 1 / (1 + np.exp(-seen.tokens[first : last + 1, CLAIMED]))
    return Candidate(
        span,
        start,
        end,
        happened=_happened(seen.tokens, nearest),
        asked=_happened(seen.tokens, named),
        claimed=float(claimed.mean()),
    )


def _happened(tokens: Floats, nearest: Sequence[Any]) -> float | None:
    """Whether what the first of these predicates names happened, -SURELY to SURELY; None without one."""
    return float(np.clip(tokens[nearest[0], HAPPENED], -1, 1)) * SURELY if nearest else None


def _stems(question: str) -> list[str]:
    """The question's words that may name an event, in lower case."""
    return [word for word in re.findall(r"[^\W\d_]+", question.lower()) if len(word) >= STEM]


def _names(text: str, spot: tuple[int, int], asked: Sequence[str]) -> bool:
    """Whether the word that a token belongs to is a form of one of these: "killed" of "kill"."""
    left, right = whole_words(text, *spot)
    word = text[left:right].lower()
    return any(_shared(word, one) >= max(STEM, min(len(word), len(one)) - 1) for one in asked)


def _shared(one: str, other: str) -> int:
    """Letters that two words begin with in common."""
    for number, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return number
    return min(len(one), len(other))


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


def _load_another(name: str, cores: Cores) -> Reader:
    import torch
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(name)
        model = AutoModelForQuestionAnswering.from_pretrained(
            name, dtype=torch.bfloat16 if has_bf16_units() else torch.float32
        ).eval()
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise ModelError(
            f"The reader {name!r} cannot be loaded: {str(error).splitlines()[0]} "
            f"Give the folder of an extractive question-answering model, or set reader to {BUILTIN!r}."
        ) from error
    if not tokenizer.is_fast:
        raise ModelError("The reader's tokenizer knows no offsets; choose a model with a fast tokenizer.")
    network = _Floats(model, kinds="token_type_ids" in tokenizer.model_input_names)
    return Reader(network, tokenizer.backend_tokenizer, _calibration(model.config), cores)


def _calibration(config: Any) -> Calibration:
    own = (getattr(config, "dateline", None) or {}).get("calibration")
    return Calibration(own["slope"], own["intercept"]) if own else Calibration(*CALIBRATION)


def _tokenizer(folder: Path) -> Any:
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def _builtin_folder() -> Path:
    """The folder of the shipped weights, after checking them against the hashes beside them."""
    sums = BUILTIN_FOLDER / "SHA256SUMS"
    if not sums.exists():
        raise ModelError(f"The reader's weights are missing from qa/models/reader. Run `{MENDED_BY}`.")
    for line in sums.read_text().splitlines():
        expected, name = line.split()
        path = BUILTIN_FOLDER / name
        if not path.exists() or sha256(path) != expected:
            raise ModelError(f"The reader's file {name} is damaged or missing. Run `{MENDED_BY}`.")
    return BUILTIN_FOLDER
