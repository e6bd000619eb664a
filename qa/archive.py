"""The stored articles of a desk: ingested, listed, dated, removed and put back, checked, copied.

Opens the store and hands paths, ids and days on to those who know. Asks nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.answer.engine import Engine
from qa.errors import ArgumentError, SettingsError
from qa.question.asked import Day, as_day, filters
from qa.settings import Settings
from qa.store import browse
from qa.types import Article, Filters, IngestReport

if TYPE_CHECKING:
    from qa.ingest.flow import Progress
    from qa.ingest.workers import Cluster
    from qa.store.kept import Kept
    from qa.store.store import Store


class Archive:
    """What a desk does with its articles."""

    def __init__(self, settings: Settings, *, embedder: Any = None) -> None:
        self.settings = settings
        self.engine = Engine(settings, embedder=embedder)
        _ = self.engine.chat_model  # so that a wrong name is said now

    @property
    def store(self) -> Store:
        return self.engine.store

    @cached_property
    def kept(self) -> Kept:
        """The answers that the page has given, by the ids that its addresses carry."""
        from qa.store.kept import Kept

        return Kept(self.settings.data, self.settings.database_url)

    def ingest(
        self,
        paths: Iterable[Any] | str | Path,
        *,
        remove_missing: bool = False,
        scheduler: str | None = None,
        fields: Mapping[str, str] | None = None,
        progress: Callable[[Progress], None] | None = None,
        on_wait: Callable[[], None] | None = None,
    ) -> IngestReport:
        """Stores files, folders, addresses or LangChain Documents; one bad file never stops the run.

        `scheduler` is the address of a Dask scheduler whose workers read and embed instead of this machine.
        `fields` says where records of an unknown kind keep their facts: `{"text": "body.content"}`.
        `on_wait` is called when somebody else is writing and this has to wait; here and below.
        """
        from qa.ingest.flow import ingest

        given = [paths] if isinstance(paths, str | Path) else list(paths)
        run = partial(
            ingest,
            given,
            store=self.store,
            max_words=self.settings.passage_words,
            remove_missing=remove_missing,
            allow_private=self.settings.private_addresses,
            fields=fields,
            progress=progress,
            on_wait=on_wait,
        )
        if scheduler is None:
            return run(embed=self.engine.embed)
        with self._cluster(scheduler, given) as cluster:
            return run(embed=cluster.embed, read=cluster.read)

    @contextmanager
    def _cluster(self, scheduler: str, given: Sequence[Any]) -> Iterator[Cluster]:
        """Workers that have been told what of `given` they will read."""
        from qa.ingest.load import expand
        from qa.ingest.workers import changed, connected

        if not isinstance(self.engine.embedder_given, str):
            raise SettingsError(
                "Workers can load an embedder by its name only, not one that was given as such."
            )
        with connected(
            scheduler,
            embedder=self.engine.chosen_embedder,
            max_words=self.settings.passage_words,
            allow_private=self.settings.private_addresses,
        ) as cluster:
            files = self.store.catalogue.read_files()
            known = {name: (file.size, file.modified_ns) for name, (file, _) in files.items()}
            cluster.expect(changed(expand([item for item in given if isinstance(item, str | Path)]), known))
            yield cluster

    def watch(
        self,
        paths: Iterable[str | Path],
        *,
        every_s: float | None = None,
        remove_missing: bool = False,
        progress: Callable[[Progress], None] | None = None,
        on_wait: Callable[[], None] | None = None,
    ) -> Iterator[IngestReport]:
        """Ingests, then goes on for ever with what comes or changes: a report each time something did.

        Files are looked at every second; addresses are loaded every `every_s` seconds.
        """
        from qa.ingest.watch import ADDRESS_S, watch

        for batch in watch(list(paths), every_s=every_s or ADDRESS_S, removals=remove_missing):
            yield self.ingest(batch, remove_missing=remove_missing, progress=progress, on_wait=on_wait)

    def remove(self, ids: Iterable[str], *, on_wait: Callable[[], None] | None = None) -> int:
        """Removes articles; gives how many there were."""
        with self.store.writing(on_wait=on_wait):
            removed = self.store.remove(list(ids))
            self.store.commit()
        return removed

    def put_back(self, removed: Mapping[str, str], *, on_wait: Callable[[], None] | None = None) -> int:
        """Undoes `remove`: ids with the revision that each had; gives how many were put back."""
        from qa.ingest.again import put_back

        with self.store.writing(on_wait=on_wait):
            self.store.check_embedder()
            return put_back(self.store, self.engine.embed, removed, max_words=self.settings.passage_words)

    def set_day(self, id: str, day: Day, *, on_wait: Callable[[], None] | None = None) -> Article:
        """Gives an undated article its day. Raises NotStored, and ArgumentError where it says one itself."""
        from qa.ingest.again import set_day

        known = as_day(day, "day")
        if known is None:
            raise ArgumentError("day is empty. Write it as 2025-04-25.")
        with self.store.writing(on_wait=on_wait):
            self.store.check_embedder()
            most = self.settings.passage_words
            return set_day(self.store, self.engine.embed, id, known.isoformat(), max_words=most)

    def browse(
        self,
        *,
        outlet: str | None = None,
        month: str | None = None,
        order: browse.Order = "newest",
        page: int = 1,
    ) -> dict[str, Any]:
        """A page of the stored articles, from 1 on, and how many there are of each outlet and month.

        `month` is `2015-09` or `2015`; an empty outlet or month means articles without one. A page beyond
        the last is the last.
        """
        chosen = browse.Chosen(outlet=outlet, month=month)
        return browse.page(self.store.catalogue, chosen, order=order, number=page)

    def articles(
        self, *, since: Day = None, until: Day = None, outlet: str | None = None
    ) -> list[dict[str, Any]]:
        """The stored articles as rows, newest first."""
        return self.store.articles(self._filters(since, until, outlet))

    def article(self, id: str, revision: str | None = None) -> Article:
        """One stored article. Raises NotStored."""
        return self.store.article(id, revision)

    def check(self) -> list[str]:
        """What is wrong with the store, each with the command that mends it; empty when it is sound."""
        return self.store.check()

    def rebuild(self, *, on_wait: Callable[[], None] | None = None) -> None:
        """Builds both indexes anew from the catalogue; embeds anew only for another embedder."""
        with self.store.writing(on_wait=on_wait):
            self.store.rebuild(self.engine.embed)

    def copy(
        self,
        *,
        to_data: Path | None = None,
        to_database: str | None = None,
        to_chroma: str | None = None,
        on_copied: Callable[[str, int, int], None] | None = None,
        on_wait: Callable[[], None] | None = None,
    ) -> dict[str, Any]:
        """Copies the store to servers, or to another folder; gives the verified rows of each table.

        On servers this folder goes on as this node's own. Raises StoreError.
        """
        from qa.store.store import Store
        from qa.store.transfer import copy

        name, dim = self.store.catalogue.made_with
        target = Store.open(
            to_data or self.settings.data,
            embedder=name,
            dim=dim,
            database_url=to_database,
            chroma_url=to_chroma,
            for_copy=True,
        )
        try:
            return copy(self.store, target, on_copied=on_copied, on_wait=on_wait).to_dict()
        finally:
            target.close()

    def _filters(
        self,
        since: Day = None,
        until: Day = None,
        outlet: str | Sequence[str] | None = None,
        articles: Sequence[str] | None = None,
    ) -> Filters:
        return filters(since, until, outlet, articles, known=self.store.outlets)
