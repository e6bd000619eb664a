#!/usr/bin/env bash
# A mail's date with an offset that RFC 5322 does not write becomes another moment, and nothing is said.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 --version
echo "One would guess: “09:15:00 +01:00” is 08:15 UTC, or the header counts as defective."
cat > "$work/show.py" <<'PY'
from email import message_from_bytes, policy

for written in ("Thu, 28 Nov 2024 09:15:00 +01:00", "Thu, 28 Nov 2024 09:15:00 GMT+0100"):
    message = message_from_bytes(f"Date: {written}\n\nText\n".encode(), policy=policy.default)
    header = message["Date"]
    print(f"{written!r} is read as {header.datetime.isoformat()}, defects {header.defects}, str {str(header)!r}")
    assert not header.datetime.utcoffset(), "the offset is read now"
    assert header.datetime.hour == 9 and not header.defects, "it is told now"
    assert "+01" not in str(header), "the header's text is kept now"
    assert dict(message.raw_items())["Date"].strip() == written
print("What happens: 09:15 stays, its hour's offset is gone, there is no defect, and str() writes -0000 or +0000,")
print("which RFC 5322 reads as UTC: an hour late. Only raw_items() still holds what was written.")
PY
python3 "$work/show.py"
