#!/usr/bin/env bash
# What Word hides in an RTF document comes out as text.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check striprtf==0.0.35
"$work/venv/bin/pip" list 2>/dev/null | grep striprtf
echo "One would guess: \\v, the control word for hidden text, hides it, as \\* hides what a reader need not know."
cat > "$work/show.py" <<'PY'
from striprtf.striprtf import rtf_to_text

text = rtf_to_text(r"{\rtf1\ansi The ferry sank.{\v The desk doubts this.} It was Tuesday.}")
print(repr(text))
assert "doubts" in text, "hidden text is left out now"
print("What happens: hidden notes stand among the sentences. What helps: drop the groups that begin with \\v first.")
PY
"$work/venv/bin/python" "$work/show.py"
