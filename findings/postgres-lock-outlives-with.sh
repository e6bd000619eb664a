#!/usr/bin/env bash
# SQLAlchemy's pool and PostgreSQL's advisory locks.
# One would guess: a session's lock taken in `with engine.connect()` is free after the block.
# It is not: the connection goes back to the pool with its session alive, and the lock with it. The pool's own
# reset is a ROLLBACK, which session locks survive; `pool_reset_on_return` has no other choice than that or COMMIT.
# What helps: `connection.invalidate()`, which closes the session, or pg_advisory_unlock_all() in a reset event.
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
"${user[@]}" "$programs/initdb" -D "$folder/cluster" -A trust -U someone -E UTF8 --no-sync >/dev/null
"${user[@]}" "$programs/pg_ctl" -D "$folder/cluster" -w -o "-c listen_addresses= -k $folder" -l "$folder/log" start >/dev/null
venv/bin/python - "$folder" <<'PYTHON'
import sys
import sqlalchemy as sa

url = f"postgresql+psycopg://someone@/postgres?host={sys.argv[1]}"
engine, other = sa.create_engine(url), sa.create_engine(url)
take = sa.text("SELECT pg_try_advisory_lock(7)")

def free() -> bool:
    with other.connect() as connection:
        taken = connection.scalar(take)
        if taken:
            connection.execute(sa.text("SELECT pg_advisory_unlock(7)"))
        return taken

with engine.connect() as connection:
    print("PostgreSQL", connection.scalar(sa.text("SHOW server_version")), "SQLAlchemy", sa.__version__)
    assert connection.scalar(take)
left = free()
print("after the with block the lock is", "free" if left else "still held")
with engine.connect() as connection:
    connection.invalidate()
gone = free()
print("after invalidate() it is", "free" if gone else "still held")
sys.exit(0 if (left, gone) == (False, True) else 1)
PYTHON
