"""The tables of the catalogue. Knows nothing of who reads or writes them."""

from __future__ import annotations

import sqlalchemy as sa

SCHEMA = 1  # raised when tables change in a way that older code cannot read

tables = sa.MetaData()
text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")  # sorted by code point, as in SQLite
_id = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # only INTEGER counts up by itself in SQLite

meta = sa.Table(
    "meta", tables, sa.Column("key", text, primary_key=True), sa.Column("value", text, nullable=False)
)
articles = sa.Table(
    "articles",
    tables,
    sa.Column("id", text, primary_key=True),
    sa.Column("revision", text, nullable=False),
    sa.Column("cluster", text, nullable=False),
    sa.Column("text_hash", text, nullable=False, index=True),
    sa.Column("day", text, index=True),
    sa.Column("outlet", text, index=True),
    sa.Column("passages", sa.Integer, nullable=False),
)
revisions = sa.Table(  # old ones stay, for citations already given
    "revisions",
    tables,
    sa.Column("article_id", text, primary_key=True),
    sa.Column("revision", text, primary_key=True),
    sa.Column("url", text),
    sa.Column("title", text, nullable=False),
    sa.Column("outlet", text),
    sa.Column("author", text),
    sa.Column("published", text),
    sa.Column("text", text, nullable=False),
    sa.Column("modified", text),
    sa.Column("language", text),
)
passages = (
    sa.Table(  # of current revisions only; the numbers of one revision are consecutive and never used again
        "passages",
        tables,
        sa.Column("number", _id, primary_key=True, autoincrement=True),
        sa.Column("article_id", text, nullable=False, index=True),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),  # float16, dim numbers
        sqlite_autoincrement=True,
    )
)
# What an index has to do, in order: passages first..last came or went. Numbers are nanoseconds of the clock
# and always rise: when an older copy of the catalogue has been put back, the number that an index last took
# up is not among them, which tells that the index has another past.
changes = sa.Table(
    "changes",
    tables,
    sa.Column("number", _id, primary_key=True, autoincrement=False),
    sa.Column("came", sa.Boolean, nullable=False),
    sa.Column("first", _id, nullable=False),
    sa.Column("last", _id, nullable=False),
)
sources = sa.Table(  # where articles were found
    "sources",
    tables,
    sa.Column("source", text, primary_key=True),
    sa.Column("file", text, nullable=False, index=True),
    sa.Column("article_id", text, nullable=False, index=True),
    sa.Column("revision", text, nullable=False),  # of what was read there
)
files = sa.Table(  # what was read to its end, so that it need not be read again
    "files",
    tables,
    sa.Column("file", text, primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("modified_ns", sa.BigInteger, nullable=False),
    sa.Column("sha256", text, nullable=False),
    sa.Column("failures", text, nullable=False),  # JSON
)
twins = sa.Table(  # sources whose text is stored under another article's id; read again when that changes
    "twins", tables, sa.Column("source", text, primary_key=True)
)
shingles = sa.Table(  # keys under which copies of one story meet, see copies.py
    "shingles",
    tables,
    sa.Column("key", sa.BigInteger, primary_key=True),
    sa.Column("article_id", text, primary_key=True, index=True),
)
feeds = sa.Table(  # addresses that give articles again and again, as the last load found them
    "feeds",
    tables,
    sa.Column("address", text, primary_key=True),
    sa.Column("loaded", text, nullable=False),  # ISO 8601
    sa.Column("articles", sa.Integer, nullable=False),
    sa.Column("failed", text),  # a sentence
)
given_days = sa.Table(  # days that a reader has given to articles which say none
    "given_days",
    tables,
    sa.Column("article_id", text, primary_key=True),
    sa.Column("day", text, nullable=False),
)


def is_current() -> sa.ColumnElement[bool]:
    """Of a row of `revisions` beside one of `articles`: whether it is the one that answers are made of."""
    return (revisions.c.article_id == articles.c.id) & (revisions.c.revision == articles.c.revision)
