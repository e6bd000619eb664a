#!/usr/bin/env bash
# tokenizers: a pair cut with strategy "only_second", for questions and passages.
# One would guess: a first text that is too long by itself is cut as well, or at worst its own pair fails.
# What happens: `encode_batch` raises a bare Exception for the whole batch, and a bound on characters does not prevent
# it: where the normalizer decomposes (BERT's does, to strip accents) one Korean character becomes three pieces.
# What helps: to cut the first text by the offsets of a tokenizer that truncates nothing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv >/dev/null
venv/bin/pip install -q --disable-pip-version-check --no-deps 'tokenizers==0.23.3' 2>/dev/null
venv/bin/python - <<'PYTHON'
import sys
import unicodedata

import tokenizers
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

parts = sorted(set(unicodedata.normalize("NFD", "한국who")))
vocabulary = {"[UNK]": 0} | {piece: n for n, piece in enumerate([*parts, *(f"##{p}" for p in parts)], 1)}
tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=1_000))
tokenizer.normalizer, tokenizer.pre_tokenizer = BertNormalizer(), BertPreTokenizer()
pieces = len(tokenizer.encode("한국" * 25).ids)
print("tokenizers", tokenizers.__version__, "- 50 Korean characters are", pieces, "pieces")
tokenizer.enable_truncation(max_length=60, strategy="only_second")
fits = len(tokenizer.encode_batch([("who", "who " * 200)])[0].ids)
print("a short question and a long passage:", fits, "pieces")
try:
    tokenizer.encode_batch([("who", "who"), ("한국" * 25, "who")])
    raised = None
except Exception as error:
    raised = f"{type(error).__name__}: {error}"
print("a batch in which one question is too long:", raised)
sys.exit(0 if pieces > 100 and fits == 60 and raised and raised.startswith("Exception: Truncation error") else 1)
PYTHON
