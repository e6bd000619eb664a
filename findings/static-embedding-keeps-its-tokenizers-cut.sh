#!/usr/bin/env bash
# A StaticEmbedding has no longest text, it says; made with a BERT's tokenizer it still reads only the beginning.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 sentence-transformers==6.2.0
echo "One would guess: max_seq_length is inf, padding is switched off, so every word of a text counts."
cat > "$work/show.py" <<'PY'
import math
from importlib.metadata import version

import numpy as np
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer, models, pre_tokenizers

print("sentence-transformers", version("sentence-transformers"), "tokenizers", version("tokenizers"))
tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0, "rain": 1, "sun": 2}, unk_token="[UNK]"))
tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
tokenizer.enable_truncation(128)  # as all-MiniLM-L6-v2's tokenizer.json has it
tokenizer.enable_padding()
model = SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_dim=8)], device="cpu")
beginning = "rain " * 128
short, long = model.encode([beginning, beginning + "sun " * 1_000])
assert model.max_seq_length == math.inf and tokenizer.padding is None
assert np.array_equal(short, long), "the whole text counts now"
print(f"max_seq_length is {model.max_seq_length}; padding was switched off; truncation is still {tokenizer.truncation}")
print("What happens: a thousand more words change nothing. Call tokenizer.no_truncation() before.")
PY
"$work/env/bin/python" "$work/show.py"
