#!/usr/bin/env bash
# psycopg 3, SQLAlchemy and a database whose encoding is SQL_ASCII, which `initdb` makes where LANG is C: in most
# containers.
# One would guess: UTF-8 goes in and comes out, as it does through psql, or the client says that it will not.
# What happens: psycopg gives every text as bytes, and SQLAlchemy falls at its first connect with
# "TypeError: cannot use a string pattern on a bytes-like object". With client_encoding=utf8 both work, and then
# substr() counts bytes: it cuts characters in two, and the half is an error on the way out.
set -euo pipefail
programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)
[ -n "$programs" ] || { echo "This needs PostgreSQL's programs: apt-get install postgresql"; exit 2; }
folder=$(mktemp -d)
user=(); [ "$(id -u)" != 0 ] || { chown postgres "$folder"; user=(runuser -u postgres --); }
stop() { "${user[@]}" "$programs/pg_ctl" -D "$folder/cluster" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$folder"; }
trap stop EXIT
cd "$folder"
python3 -m venv venv >/dev/null
venv/bin/pip install -q --disable-pip-version-check 'psycopg[binary]==3.3.9' 'SQLAlchemy==2.1.9' 2>/dev/null
"${user[@]}" env -u LC_ALL -u LC_CTYPE LANG=C "$programs/initdb" -D "$folder/cluster" -A trust -U someone --no-sync >/dev/null
"${user[@]}" "$programs/pg_ctl" -D "$folder/cluster" -w -o "-c listen_addresses= -k $folder" -l "$folder/log" start >/dev/null
venv/bin/python - "$folder" <<'PYTHON'
import sys
import psycopg
import sqlalchemy as sa

url = f"postgresql+psycopg://someone@/postgres?host={sys.argv[1]}"
with psycopg.connect(host=sys.argv[1], user="someone", dbname="postgres") as plain:
    encoding = plain.execute("SHOW server_encoding").fetchone()[0]
print("psycopg", psycopg.__version__, "SQLAlchemy", sa.__version__, "SHOW server_encoding:", repr(encoding))
try:
    sa.create_engine(url).connect()
    fell = ""
except TypeError as error:
    fell = str(error)
print("SQLAlchemy's first connect:", fell or "works")
with sa.create_engine(url, connect_args={"client_encoding": "utf8"}).connect() as connection:
    length = connection.scalar(sa.text("SELECT length('Łódź')"))
    print("with client_encoding=utf8: length('Łódź') is", length)
    try:
        cut = connection.scalar(sa.text("SELECT substr('Łódź', 1, 1)"))
    except (UnicodeDecodeError, sa.exc.DBAPIError) as error:
        cut = str(error).splitlines()[0]
print("substr('Łódź', 1, 1) gives:", cut)
sys.exit(0 if isinstance(encoding, bytes) and "bytes-like" in fell and length == 7 and cut != "Ł" else 1)
PYTHON
