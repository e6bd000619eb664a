"""The word index: BM25 over stemmed words (tantivy). Built from the catalogue, lost without loss.

Takes stored passages and plain words, gives passage numbers with scores. Knows nothing about vectors.

Each passage has two fields: its `text` under title, outlet and date, and the `lead` of its article, because
news says at the top what it is about.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.store.index_text import day_bounds, day_number, index_text, outlet_key
from qa.types import Filters

if TYPE_CHECKING:
    from qa.store.passages import Stored

LEAD_WORDS = 110
LEAD_WEIGHT = 0.4  # of a word in the lead beside one in the passage: RealTime QA gold first .50 -> .57
WRITER_BYTES = 64_000_000  # tantivy's buffer; 15 MB is its least, more than this brings no speed
MOST_TERMS = 200  # of a query; more only cost time


class Lexical:
    """An index in a folder. One writer at a time; any number of searches beside it."""

    def __init__(self, folder: Path, *, make: bool = False) -> None:
        """Opens the index; `make` makes an empty one where there is none, which only a writer may do.

        Raises FileNotFoundError when there is none, ValueError for a damaged one.
        """
        import tantivy

        if make:
            folder.mkdir(parents=True, exist_ok=True)
        elif not (folder / "meta.json").exists():
            raise FileNotFoundError(f"there is no word index in {folder.name}")
        self._folder = folder
        self._schema = _schema()
        self._index = tantivy.Index(self._schema, path=str(folder), reuse=True)
        self._fresh = self._index.searcher()

    def apply(self, *, gone: Iterable[tuple[int, int]], came: Iterable[Sequence[Stored]]) -> None:
        """Drops the passages numbered from-to in `gone`, then takes up those of `came`. Safe to repeat."""
        writer = self._index.writer(heap_size=WRITER_BYTES, num_threads=1)
        for first, last in gone:
            self._delete(writer, first, last)
        for batch in came:  # passages in order of number, all that there are between the first and the last
            if batch:
                self._delete(writer, batch[0].number, batch[-1].number)
            for stored in batch:
                writer.add_document(_document(stored))
        writer.commit()
        writer.wait_merging_threads()
        self.refresh()

    def refresh(self) -> None:
        """Sees what has been committed, here or by another process."""
        self._index.reload()
        self._fresh = self._index.searcher()

    def search(
        self,
        words: str,
        *,
        k: int,
        filters: Filters,
        among: Sequence[tuple[int, int]] | None = None,
        lead: float = LEAD_WEIGHT,
    ) -> list[tuple[int, float]]:
        """(passage number, score), best first; `words` are plain words, no syntax.

        `among` are the stretches of passage numbers of the articles that `filters` names, which this index
        does not know; None where it names none. `lead` is what a word in the article's
        lead counts beside one in the passage.
        """
        query = self._query(words, filters, among, lead)
        if query is None or k < 1:
            return []
        searcher = self._fresh
        found = searcher.search(query, k, count=False).hits
        return [(searcher.doc(address)["number"][0], float(score)) for score, address in found]

    def count(self) -> int:
        """How many passages the index holds."""
        return int(self._fresh.num_docs)

    def removed(self) -> int:
        """How many passages were dropped that words are still weighed by, as long as tantivy keeps their
        segment: until it holds enough of them to be merged."""
        segments = json.loads((self._folder / "meta.json").read_text())["segments"]
        return sum((segment["deletes"] or {}).get("num_deleted_docs", 0) for segment in segments)

    def numbers(self) -> list[int]:
        """Every passage number in the index, for checking."""
        import tantivy

        searcher = self._fresh
        found = searcher.search(tantivy.Query.all_query(), max(1, searcher.num_docs)).hits
        return sorted(searcher.doc(address)["number"][0] for _, address in found)

    def close(self) -> None:
        """Nothing is held open that matters; here so that both indexes are used alike."""

    def _delete(self, writer: Any, first: int, last: int) -> None:
        """By query: `delete_documents_by_term` takes the number for a signed one and deletes nothing."""
        import tantivy

        numbers = tantivy.Query.range_query(self._schema, "number", tantivy.FieldType.Unsigned, first, last)
        writer.delete_documents_by_query(numbers)

    def _query(
        self, words: str, filters: Filters, among: Sequence[tuple[int, int]] | None, lead: float
    ) -> Any:
        import tantivy

        terms = list(dict.fromkeys(re.findall(r"[^\W_]+", words.lower())))[:MOST_TERMS]
        if not terms:
            return None
        boosts = {"text": 1.0, "lead": lead}
        # Lower case: AND, OR, NOT and IN in capitals are syntax.
        # Lenient: a word that tantivy divides would be a phrase, for which the index has no positions.
        query, _ = self._index.parse_query_lenient(" ".join(terms), list(boosts), field_boosts=boosts)
        must = [(tantivy.Occur.Must, query)]
        for condition in _conditions(self._schema, filters, among):
            must.append((tantivy.Occur.Must, tantivy.Query.const_score_query(condition, 0.0)))
        return tantivy.Query.boolean_query(must)


def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", stored=True, indexed=True)
    builder.add_unsigned_field("day", stored=False, indexed=True, fast=True)
    builder.add_text_field("outlet", stored=False, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("text", stored=False, tokenizer_name="en_stem", index_option="freq")
    builder.add_text_field("lead", stored=False, tokenizer_name="en_stem", index_option="freq")
    return builder.build()


def _document(stored: Stored) -> Any:
    import tantivy

    article = stored.article
    document = tantivy.Document()
    document.add_unsigned("number", stored.number)  # a keyword argument would make it signed
    document.add_unsigned("day", day_number(article.day))
    document.add_text("outlet", outlet_key(article.outlet))
    document.add_text("text", index_text(article.title, article.outlet, article.day, stored.passage.text))
    opening = article.text[: LEAD_WORDS * 12].split()[:LEAD_WORDS]
    document.add_text("lead", " ".join([article.title, *opening]))
    return document


def _conditions(schema: Any, filters: Filters, among: Sequence[tuple[int, int]] | None) -> Iterable[Any]:
    import tantivy

    bounds = day_bounds(filters)
    if bounds:
        yield tantivy.Query.range_query(schema, "day", tantivy.FieldType.Unsigned, *bounds)
    if filters.outlets:
        keys = [outlet_key(outlet) for outlet in filters.outlets]
        yield tantivy.Query.term_set_query(schema, "outlet", keys)
    if among is not None:
        stretches = [
            tantivy.Query.range_query(schema, "number", tantivy.FieldType.Unsigned, first, last)
            for first, last in among
        ]
        should = [(tantivy.Occur.Should, one) for one in stretches]
        yield tantivy.Query.boolean_query(should) if should else tantivy.Query.empty_query()
