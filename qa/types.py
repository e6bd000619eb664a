"""The nouns that pass between the stages: frozen values, no behaviour beyond slicing and JSON.

Offsets are characters of `Article.text`; days are `YYYY-MM-DD`; scores of a `Span` are probabilities.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal

SAYS = "says"  # the column of findings that are whole sentences
REPORTS_DIFFER = "Reports differ:"  # in the opening of an answer whose findings are of one and the same thing
UNSURE = "Not sure of this: "  # opens the sentence that names a part of the question that is left open
Status = Literal["answered", "unsure", "not_found"]
Kind = Literal["fact", "list", "yes_no", "about", "compare"]
# What kind of words can answer. "country" and "state" are to be among those there are, "city" not; "name" is
# a proper name of anything else; "span" is how long something takes.
Expected = Literal["person", "number", "time", "span", "place", "country", "state", "city", "name", "any"]
# What a question asks for beyond that, where it matters to an answer's words: who did something and who won
# (not who suffered or lost it), a sum of money, what did not happen, a web address, a first name.
Aim = Literal["doer", "winner", "sum", "denial", "address", "given_name"]
BlockKind = Literal["title", "lede", "heading", "list", "body", "embed", "caption", "sources"]


@dataclass(frozen=True, slots=True)
class RawArticle:
    """An article as a reader found it in a file: every field as written there, nothing cleaned.

    `source` says where: a path or an address, with `#3` behind it for the third article of one file.
    `uid` is an identity that holds beyond its file (an agency's guid), `version` a number that grows with
    each correction. `withdrawn` says why nobody may be told it ("canceled"), `embargo` until when. `page`
    is the number of a later page of one story, under the same address as its first. `captions` are the
    words below its pictures, `remark` what the report should say of it ("only a part, behind a paywall").
    """

    source: str
    text: str
    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    published: str | None = None
    url: str | None = None
    modified: str | None = None
    language: str | None = None
    uid: str | None = None
    version: str | None = None
    withdrawn: str | None = None
    embargo: str | None = None
    page: int | None = None
    captions: tuple[str, ...] = ()
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that could not be ingested, and why, in words for whoever can mend it."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that went as it should and has to be said: what a report names beside its numbers.

    `passed_over`: a file that holds no article, or a kind that nobody reads; nothing of it was stored.
    `remark`: a story that is held back, withdrawn, older than what is stored, or here only in part.
    """

    source: str
    reason: str
    kind: Literal["passed_over", "remark"] = "remark"


@dataclass(frozen=True, slots=True)
class Article:
    """Cleaned text and where it came from.

    `id` is stable across revisions (canonical URL, else source path); `revision` is a hash of the content.
    `published` is ISO 8601, a day or a moment with its offset, or None when nothing says it.
    `cluster` is shared by copies of one wire story; None until the store has assigned it.
    `modified` is ISO 8601 too, `language` a tag such as "en" or "en-GB". Neither is part of the revision: a
    page that is only stamped anew says nothing new.
    """

    id: str
    revision: str
    url: str | None
    title: str
    outlet: str | None
    author: str | None
    published: str | None
    text: str
    cluster: str | None = None
    modified: str | None = None
    language: str | None = None

    @property
    def day(self) -> str | None:
        """The day of publication, `YYYY-MM-DD`, in the article's own time zone."""
        return self.published[:10] if self.published else None


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of `Article.text` of one kind. Blocks never overlap; between them stands white space only."""

    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """What is indexed and read: `article.text[start:end] == text`, always."""

    article_id: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found. Best first; scores compare only within one list."""

    passage: Passage
    score: float

    def to_dict(self, article: Article) -> dict[str, Any]:
        """The row of `search --json`; `article` is the one the passage is cut from."""
        return {
            "article_id": article.id,
            "title": article.title,
            "outlet": article.outlet,
            "published": article.day,
            "start": self.passage.start,
            "end": self.passage.end,
            "text": self.passage.text,
            "score": round(self.score, 4),
        }


@dataclass(frozen=True, slots=True)
class Span:
    """Words the reader picked: `start` and `end` are offsets in the article's text, within the passage.

    `score` is the calibrated probability that these words answer the question, 0 to 1.
    """

    passage: Passage
    start: int
    end: int
    score: float

    @property
    def text(self) -> str:
        offset = self.passage.start
        return self.passage.text[self.start - offset : self.end - offset]


@dataclass(frozen=True, slots=True)
class Quote:
    """The sentence or sentences shown: a slice of a stored revision, never kept apart from it. `likely` is
    where the words in it stand that may answer, in a quote that may; it tells no two quotes apart."""

    article: Article
    start: int
    end: int
    likely: tuple[int, int] | None = field(default=None, compare=False)

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]

    def to_dict(self) -> dict[str, Any]:
        """Its JSON; `likely` only where there is one."""
        article = self.article
        first, last = self.likely or (0, 0)
        likely = {"text": article.text[first:last], "start": first, "end": last}
        return {
            "article_id": article.id,
            "revision": article.revision,
            "title": article.title,
            "url": article.url,
            "outlet": article.outlet,
            "published": article.day,
            "quote": self.text,
            "start": self.start,
            "end": self.end,
            **({"likely": likely} if self.likely else {}),
        }


@dataclass(frozen=True, slots=True)
class Citation:
    """The `[n]` of an answer: from 1, in order of first use."""

    number: int
    quote: Quote

    def to_dict(self) -> dict[str, Any]:
        return {"number": self.number, **self.quote.to_dict()}


@dataclass(frozen=True, slots=True)
class Finding:
    """One row of an answer: what was asked for, by name, and the citations it stands on.

    `sources` counts independent sources: copies of one wire story are one.
    """

    values: dict[str, Span]
    citations: tuple[int, ...]
    sources: int

    def to_dict(self) -> dict[str, Any]:
        return {
            "values": {key: _span_to_dict(span) for key, span in self.values.items()},
            "citations": list(self.citations),
            "sources": self.sources,
        }


@dataclass(frozen=True, slots=True)
class Line:
    """How one finding is told: its words, then the quotes of its citations.

    `words` is empty where the quote says it all; an outlet and a day or a title open them where reports stand
    side by side. `value` is what of them answers the first part, empty for a whole sentence. `retold`: the
    prose of a chat model says it already, so that the text does not repeat it.
    """

    words: str
    citations: tuple[int, ...]
    value: str = ""
    retold: bool = False

    def to_dict(self) -> dict[str, Any]:
        return {"words": self.words, "value": self.value, "citations": list(self.citations)}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the articles say. `not_found` is a result, never an exception; then `closest` holds what is near.
    `unsure` has no findings either: `closest` holds the sentences that may answer, best first. Beside
    findings it holds those that may answer the part of the question which these leave open.

    `searched` is the question as it was searched, with follow-ups resolved. `opening` are the sentences
    before the findings, `lines` the words of each finding, in the same order, `prose` what a chat model wrote
    instead of them; `text` is made of these, last (`qa.answer.text`).
    `as_of` is the day that "today" meant, or None in an empty store. `written_by` names the chat model that
    phrased the text, `notice` says why one that was to did not, or what the store was without; both None
    otherwise.
    """

    question: str
    searched: str
    status: Status
    text: str = ""
    opening: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    findings: tuple[Finding, ...] = ()
    citations: tuple[Citation, ...] = ()
    closest: tuple[Quote, ...] = ()
    as_of: str | None = None
    took_ms: int = 0
    prose: str = ""
    written_by: str | None = None
    notice: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The JSON that every surface returns; `written_by` and `notice` only where there is one."""
        more = {"written_by": self.written_by, "notice": self.notice}
        return {
            "question": self.question,
            "searched": self.searched,
            "status": self.status,
            "text": self.text,
            "opening": list(self.opening),
            "lines": [line.to_dict() for line in self.lines],
            "as_of": self.as_of,
            "findings": [finding.to_dict() for finding in self.findings],
            "citations": [citation.to_dict() for citation in self.citations],
            "closest": [quote.to_dict() for quote in self.closest],
            "took_ms": self.took_ms,
            **{name: value for name, value in more.items() if value is not None},
        }


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles may answer: published from `since` to `until`, both days included, by one of `outlets`,
    and among `articles`, which are ids.

    None and the empty tuple admit everything; with a day given, undated articles are left out.
    """

    since: date | None = None
    until: date | None = None
    outlets: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()

    def days_outside(self, day: date) -> int:
        """How many days before `since` or after `until` a day lies; 0 for one of the stretch."""
        if self.since and day < self.since:
            return (self.since - day).days
        if self.until and day > self.until:
            return (day - self.until).days
        return 0


@dataclass(frozen=True, slots=True)
class Demand:
    """A name, number or year that a question insists on: folded words, the last one its head."""

    words: tuple[str, ...]
    sure: bool = True  # False where only its place in the sentence suggests a name ("killed in paris")
    source: bool = False  # True where the question points at whose report it means ("the Reuters article")


@dataclass(frozen=True, slots=True)
class Part:
    """One thing a question asks for. Made by `qa.question.parts.part`, which reads the rest off the question.

    `name` is the column of the finding ("who", "where", "how many", …); `question` asks for it alone, with a
    slot `{who}` where it asks about the value of another part. `expects` is the kind of words that can
    answer, `demands` the names and numbers it insists on, `words` its other content words, folded. `asked` is
    its clause as it was asked, where `question` has to say more: "Who was it against?".
    """

    name: str
    question: str
    expects: Expected = "any"
    demands: tuple[Demand, ...] = ()
    words: tuple[str, ...] = ()
    aims: frozenset[Aim] = frozenset()
    asked: str = ""

    @property
    def has_slot(self) -> bool:
        """Whether it can be asked only once another part has a value."""
        return "{" in self.question


@dataclass(frozen=True, slots=True)
class Search:
    """One thing to look for, in the articles that `filters` admit.

    `clauses` are the texts that are searched by themselves, `text` alone where there is but one. `topic` are
    the folded words that a sentence which answers should hold, empty where all of an article is asked for;
    `demands` the names and numbers that must stand near it.
    """

    text: str
    filters: Filters = Filters()
    clauses: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    demands: tuple[Demand, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a question that stands alone asks for; the question is read once, and this is all that is known of
    it afterwards. Made by `qa.question.plan.plan`.

    `kind`: `fact` wants spans; `list` several spans; `yes_no` the sentence that settles it; `about` the best
    sentences in order; `compare` each of `sides` answered by itself. `searches` holds at least one. `topic`
    are the folded words that what comes closest should hold.
    `sides` are questions of their own that it is made of: of each article that it names, or of its clauses.
    Without `compare` they are a fact's clauses, read each in its own article, or what a yes-or-no question is
    cut into when no sentence settles it as a whole.
    `favoured` is the stretch of days that its time words mean: other days are not hidden. `relative` says
    that those words ("this week", "latest") depend on `as_of`, the day that "today" means.
    `news`: it asks for the news as such. `asks_more`: more words seem to ask than there are parts.
    `apart` is a yes-or-no question behind it, "and did he go?", which is to be asked by itself.
    """

    question: str
    kind: Kind
    parts: tuple[Part, ...]
    searches: tuple[Search, ...]
    topic: tuple[str, ...] = ()
    filters: Filters = Filters()
    sides: tuple[Plan, ...] = ()
    latest: bool = False
    as_of: date | None = None
    favoured: Filters | None = None
    relative: bool = False
    news: bool = False
    asks_more: bool = False
    apart: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange of a conversation: what was asked, how it was searched, and what was answered.

    `values` are the answers to its first part, best first, as they were told; `answer` is its text, which
    only a chat model is shown.
    """

    question: str
    answer: str = ""
    searched: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What a run did, in articles. One bad file never stops a run: it is among `failed`.

    `passed_over` are files that nobody reads, `remarks` what else has to be known (`Notice`).
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    failed: tuple[Failure, ...] = field(default=())
    passed_over: tuple[Notice, ...] = field(default=())
    remarks: tuple[Notice, ...] = field(default=())

    def to_dict(self) -> dict[str, Any]:
        lists = ("failed", "passed_over", "remarks")
        named = {
            name: [{"source": each.source, "reason": each.reason} for each in getattr(self, name)]
            for name in lists
        }
        return {**asdict(self), **named}


def _span_to_dict(span: Span) -> dict[str, Any]:
    return {
        "text": span.text,
        "start": span.start,
        "end": span.end,
        "article_id": span.passage.article_id,
        "score": round(span.score, 4),
    }
