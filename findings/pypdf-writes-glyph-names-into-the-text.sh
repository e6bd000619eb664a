#!/usr/bin/env bash
# A letter that a font calls "five.oldstyle" comes out of pypdf as the words "/five.oldstyle".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check pypdf==7.1.0
"$work/venv/bin/pip" list 2>/dev/null | grep pypdf
echo "One would guess: “5 percent”. Adobe's glyph list says that what follows the point is only a variant."
cat > "$work/show.py" <<'PY'
import io

from pypdf import PdfReader

stream = b"BT /F1 12 Tf 72 700 Td (\\001 percent of \\002ank) Tj ET"
objects = [
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
    b" /Resources << /Font << /F1 5 0 R >> >> >>",
    b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Type /Encoding"
    b" /BaseEncoding /WinAnsiEncoding /Differences [1 /five.oldstyle /B.sc] >> >>",
]
data = b"%PDF-1.4\n"
places = []
for number, held in enumerate(objects, start=1):
    places.append(len(data))
    data += b"%d 0 obj\n%s\nendobj\n" % (number, held)
table = len(data)
data += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
data += b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % table
text = PdfReader(io.BytesIO(data)).pages[0].extract_text()
print("What happens:", repr(text))
assert "/five.oldstyle" in text and "/B.sc" in text, "the variants are read now"
PY
"$work/venv/bin/python" "$work/show.py"
