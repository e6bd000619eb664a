#!/usr/bin/env bash
# The headings of a table get lost when the table has a caption.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check trafilatura==2.3.1 lxml_html_clean==0.4.6
"$work/venv/bin/pip" list 2>/dev/null | grep -i trafilatura
echo "One would guess: <caption> is a line above the table, or is dropped; the first row of cells stays the headings."
cat > "$work/show.py" <<'PY'
import trafilatura
from lxml import etree, html

words = "The council of the town was elected on Sunday, and the votes were counted by Monday noon, its clerk said. "
page = (
    f"<html><body><article><p>{words * 3}</p><table>%s<tr><th>Party</th><th>Votes</th></tr>"
    f"<tr><td>Labour</td><td>52,310</td></tr></table><p>{words * 3}</p></article></body></html>"
)
rows = {}
for caption in ("", "<caption>Result</caption>"):
    tree = html.document_fromstring(page % caption)
    found = trafilatura.bare_extraction(tree, include_comments=False, with_metadata=False)
    rows[caption] = [[etree.tostring(cell).decode() for cell in row] for row in found.body.iter("row")]
    print(caption or "no caption", "->", rows[caption])
assert "Party" in rows[""][0][0]
assert "Result" in rows["<caption>Result</caption>"][0][0], "the caption is no row now"
print("What happens: the caption is the first row, marked as a heading, beside an empty cell.")
print("What helps: make it a paragraph above the table before trafilatura sees it.")
PY
"$work/venv/bin/python" "$work/show.py"
