"""The network: one BERT whose first token says how much a passage is about a question, early and at the
end, and whose tokens say where an answer begins and ends, what is a predicate, whether it happened, what is
only said.

It begins as a cross-encoder that ranks passages (`training/start.py`) and keeps that head.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertConfig, BertModel

HEADS = 12
BLOCKED = -1e4  # for padding
EXITS = (3, 4)  # layers after which the relevance can be told as well
PREDICATE, HAPPENED, CLAIMED = range(3)  # columns of the marks
HAPPENED_SCALE = 3.0  # -3 to 3 in the tables
WEIGHTS = "model.safetensors"


@dataclass(frozen=True)
class Output:
    """What the network says of rows of tokens, in logits."""

    relevance: Tensor  # (rows,)
    early: Tensor  # (rows, len(EXITS))
    spans: Tensor  # (rows, length, 2): start and end
    marks: Tensor  # (rows, length, 3): predicate, happened (divided by HAPPENED_SCALE), only said


class RankingReader(nn.Module):
    """Twelve layers with their heads."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.bert = BertModel(config, add_pooling_layer=True)
        self.classifier = nn.Linear(config.hidden_size, 1)
        self.spans = nn.Linear(config.hidden_size, 2)
        self.marks = nn.Linear(config.hidden_size, 3)
        self.exits = nn.ModuleList(
            nn.Sequential(
                nn.Linear(config.hidden_size, config.hidden_size), nn.Tanh(), nn.Linear(config.hidden_size, 1)
            )
            for _ in EXITS
        )

    def forward(self, input_ids: Tensor, token_type_ids: Tensor, attention_mask: Tensor) -> Output:
        """Each (rows, length); `token_type_ids` is 1 in the text, `attention_mask` 0 in the padding."""
        blocked = torch.zeros(attention_mask.shape, dtype=self.bert.dtype, device=input_ids.device)
        blocked = blocked.masked_fill(attention_mask == 0, BLOCKED)[:, None, None, :]
        states = self.bert.embeddings(input_ids=input_ids, token_type_ids=token_type_ids)
        early = []
        for number, layer in enumerate(self.bert.encoder.layer, 1):
            states = passed(layer, states, blocked)
            if number in EXITS:
                early.append(self.exits[EXITS.index(number)](self._whole(states[:, 0])))
        states = self._whole(states)
        return Output(
            relevance=self.classifier(self.bert.pooler(states))[:, 0],
            early=torch.cat(early, dim=1),
            spans=self.spans(states),
            marks=self.marks(states),
        )

    def halved(self) -> RankingReader:
        """A copy whose layers are bfloat16; its heads stay as they are, as their numbers are compared."""
        other = copy.deepcopy(self)
        other.bert.embeddings.bfloat16()
        other.bert.encoder.bfloat16()
        return other

    def _whole(self, states: Tensor) -> Tensor:
        return states.to(self.spans.weight.dtype)


def passed(layer: nn.Module, states: Tensor, blocked: Tensor) -> Tensor:
    """States behind a layer, (rows, length, width); `blocked` is added to what tokens think of others.

    As the library's, without its detour through float32 and with the scale on the smaller factor.
    """
    rows, length, width = states.shape
    own = layer.attention.self
    query, key, value = (
        part(states).view(rows, length, HEADS, -1).transpose(1, 2) for part in (own.query, own.key, own.value)
    )
    scores = (query * (width // HEADS) ** -0.5) @ key.transpose(-1, -2) + blocked
    mixed = (scores.softmax(-1) @ value).transpose(1, 2).reshape(rows, length, width)
    states = layer.attention.output.LayerNorm(layer.attention.output.dense(mixed) + states)
    inner = functional.gelu(layer.intermediate.dense(states))
    return layer.output.LayerNorm(layer.output.dense(inner) + states)


def load(folder: Path) -> RankingReader:
    """The network of a folder with `config.json` and weights; heads it lacks begin the same each time."""
    config = BertConfig.from_pretrained(folder, attention_probs_dropout_prob=0.0, hidden_dropout_prob=0.0)
    torch.manual_seed(0)
    model = RankingReader(config)
    for head in (model.spans, model.marks):
        nn.init.normal_(head.weight, std=0.02)
        nn.init.zeros_(head.bias)
    missing, unknown = model.load_state_dict(load_file(folder / WEIGHTS), strict=False)
    if unknown or any(name.startswith(("bert.", "classifier.")) for name in missing):
        raise SystemExit(f"{folder} holds no weights of this shape: {[*unknown, *missing][:3]} …")
    if any(name.startswith("exits.") for name in missing):  # as the last layer's head
        for head in model.exits:
            head[0].load_state_dict(model.bert.pooler.dense.state_dict())
            head[2].load_state_dict(model.classifier.state_dict())
    return model


def save(model: nn.Module, folder: Path, *, weights: dict[str, Tensor] | None = None) -> None:
    """Writes configuration and weights; `weights` in place of the model's own."""
    folder.mkdir(parents=True, exist_ok=True)
    model.bert.config.save_pretrained(folder)
    stored = {name: value.contiguous() for name, value in (weights or model.state_dict()).items()}
    beside = folder / f"{WEIGHTS}.part"
    save_file(stored, beside, metadata={"format": "pt"})
    beside.replace(folder / WEIGHTS)
