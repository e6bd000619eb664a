#!/usr/bin/env bash
# A web archive that breaks off within a record, as one does whose crawler was killed, is read without an error.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check warcio==1.8.1
"$work/venv/bin/pip" list 2>/dev/null | grep warcio
echo "One would guess: a record that is shorter than its Content-Length raises, or says so."
cat > "$work/show.py" <<'PY'
import io

from warcio.archiveiterator import ArchiveIterator

body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + b"<p>words</p>" * 50
head = (
    "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2024-04-05T13:00:00Z\r\n"
    f"WARC-Target-URI: https://a.example/1\r\nContent-Type: application/http\r\nContent-Length: {len(body)}\r\n\r\n"
).encode()
whole = head + body + b"\r\n\r\n"

def read(data):
    return [len(record.content_stream().read()) for record in ArchiveIterator(io.BytesIO(data))]

print("whole, two records:", read(whole * 2))
in_body = read(whole + whole[:-200])
in_head = read(whole + whole[: len(head) + 20])
print("cut within the second page:", in_body, "- cut within the server's header of the second:", in_head)
assert in_body[1] < in_body[0], "the cut page is no longer given as if it were whole"
assert in_head[0] == in_body[0] and sum(in_head[1:]) < 50, "the cut header is told now"
print("What happens: half a page is given as a page, and half a header as an empty one; no error.")
print("What tells: raw_stream.limit stays above 0, and the last four bytes are not CR LF CR LF.")
PY
"$work/venv/bin/python" "$work/show.py"
