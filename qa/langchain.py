"""Dateline as LangChain parts: a retriever over its search and a runnable over its answers.

Takes an Assistant; LangChain itself is imported on first use. Documents go in through `Assistant.ingest`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables import Runnable

    from qa.desk import Assistant
    from qa.types import Hit


def retriever(desk: Assistant, **options: Any) -> BaseRetriever:
    """A BaseRetriever over `desk.search`; `options` are passed on: k, now, since, until, outlet."""
    from langchain_core.callbacks import CallbackManagerForRetrieverRun
    from langchain_core.retrievers import BaseRetriever

    class DatelineRetriever(BaseRetriever):
        """Passages of stored news articles, best first."""

        def _get_relevant_documents(
            self, query: str, *, run_manager: CallbackManagerForRetrieverRun
        ) -> list[Document]:
            return [as_document(desk, hit) for hit in desk.search(query, **options)]

    return DatelineRetriever()


def runnable(desk: Assistant) -> Runnable[str | Mapping[str, Any], dict[str, Any]]:
    """A Runnable from a question, or from a dictionary of `ask`'s arguments, to the answer's JSON."""
    from langchain_core.runnables import RunnableLambda

    def answer(asked: str | Mapping[str, Any]) -> dict[str, Any]:
        arguments = {"question": asked} if isinstance(asked, str) else dict(asked)
        return desk.ask(**arguments).to_dict()

    return RunnableLambda(answer, name="dateline")


def as_document(desk: Assistant, hit: Hit) -> Document:
    """The passage as a Document; its metadata say where it stands, so that it can be cited."""
    from langchain_core.documents import Document

    row = hit.to_dict(desk.article(hit.passage.article_id))
    text = row.pop("text")
    return Document(page_content=text, metadata=row)
