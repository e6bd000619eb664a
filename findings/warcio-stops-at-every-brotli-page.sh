#!/usr/bin/env bash
# A web archive is read up to its first page that a server packed with Brotli, as most servers do, and no further.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check warcio==1.8.1 brotli==1.2.1
"$work/venv/bin/pip" list 2>/dev/null | grep -iE "warcio|brotli"
echo "One would guess: with brotli installed, warcio unpacks Content-Encoding: br, as its documentation says."
cat > "$work/show.py" <<'PY'
import io

import brotli
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

page = b"<html><body><p>words</p></body></html>"
held = io.BytesIO()
writer = WARCWriter(held, gzip=True)
for address, packed in (("https://a.example/1", brotli.compress(page)), ("https://a.example/2", page)):
    headers = [("Content-Type", "text/html")] + [("Content-Encoding", "br")] * (packed != page)
    status = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
    writer.write_record(
        writer.create_warc_record(address, "response", payload=io.BytesIO(packed), http_headers=status)
    )

came = []
try:
    for record in ArchiveIterator(io.BytesIO(held.getvalue())):
        came.append(record.content_stream().read())
except AttributeError as error:
    print(f"AttributeError: {error}; read before that: {len(came)} of 2 pages")
assert len(came) < 2, "brotli pages are read now"
print("What happens: warcio sets `unused_data` on brotli.Decompressor, which takes no attribute since it is a type of C.")
print("What helps: BufferedReader.DECOMPRESSORS['br'] = a class of one's own that calls Decompressor.process.")
PY
"$work/venv/bin/python" "$work/show.py"
