"""Turns answers, articles and reports into HTML and Markdown: takes their JSON, gives text.

Everything that comes from an article, a file name or a question is escaped, so that it is shown and never
run. Knows nothing about Gradio, the store or the models.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from qa.ingest.blocks import blocks
from qa.types import REPORTS_DIFFER, SAYS, Article

Row = Mapping[str, Any]

SNIPPET_CHARS = 280  # two lines in the list of articles
_CITED = re.compile(r"\[(\d+)\]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$])")


def escape(text: object) -> str:
    """Text that stays text: in HTML, in attributes, and in Gradio's templates, `{{…}}` and `${…}`."""
    escaped = html.escape(str(text), quote=True)
    return escaped.replace("{", "&#123;").replace("}", "&#125;").replace("$", "&#36;")


def day_in_words(day: str | None) -> str:
    """`2025-04-25` as "25 April 2025"; "undated" for None."""
    if not day:
        return "undated"
    known = date.fromisoformat(day[:10])
    return f"{known.day} {known:%B %Y}"


def span_in_words(first: date | None, last: date | None) -> str:
    """The stretch of days a collection covers; empty when nothing is dated."""
    if first is None or last is None:
        return ""
    if first == last:
        return day_in_words(first.isoformat())
    return f"{day_in_words(first.isoformat())} – {day_in_words(last.isoformat())}"


def masthead_html(*, count: int, span: str) -> str:
    """Name, one line, what the collection holds, and the switch between light and dark."""
    held = f"{count:,} article{'' if count == 1 else 's'}" if count else "No articles yet"
    days = f'<span class="days">{escape(span)}</span>' if span else ""
    return (
        '<header class="masthead"><div><h1>Dateline</h1>'
        '<p class="tagline">Answers in the articles’ own words.</p></div>'
        f'<p class="held"><span>{held}</span>{days}</p>'
        '<button type="button" class="theme" aria-label="Switch between light and dark">'
        '<span aria-hidden="true">◐</span></button></header>'
    )


MAY_ANSWER = "This may answer it:"


def welcome_html() -> str:
    """What the empty chat says."""
    return (
        '<div class="welcome"><p class="lead">What would you like to know?</p>'
        "<p>Every answer is quoted from the articles. Click a number to read the sentence where it stands. "
        "When the articles do not say, you are told so.</p></div>"
    )


# Answers


def answer_html(answer: Row, *, whole: bool = True) -> str:
    """An answer as it stands in the chat; `whole` is False while its text is still growing."""
    if answer["status"] in ("not_found", "unsure"):
        body = _not_found(answer)
    elif answer.get("written_by"):
        body = _written(answer) + (_table(answer) + _findings(answer) if whole else "")
    elif whole and answer["findings"]:
        body = _opening(answer) + _table(answer) + _findings(answer)
    else:
        body = _growing(answer)
    return f'<div class="answer">{_searched(answer)}{body}{_notice(answer)}</div>'


def question_html(question: str) -> str:
    """A question as it stands in the chat."""
    return f'<h2 class="asked">{escape(question)}</h2>'


def thinking_html() -> str:
    """What stands in the place of an answer until there is one."""
    return '<div class="answer"><p class="thinking">Reading the articles…</p></div>'


def notice_html(sentence: str) -> str:
    """A sentence in the place of an answer: something could not be done."""
    return f'<div class="answer"><p class="notice" role="alert">{escape(sentence)}</p></div>'


def _searched(answer: Row) -> str:
    if answer["searched"].strip().casefold() == answer["question"].strip().casefold():
        return ""
    return f'<p class="searched">Understood as: {escape(answer["searched"])}</p>'


def _written(answer: Row) -> str:
    """What a chat model wrote, with its numbers as buttons, and who wrote it."""
    lines = "".join(
        f'<p class="prose">{_numbered(line, answer)}</p>'
        for line in answer["text"].split("\n")
        if line.strip()
    )
    return (
        f'{lines}<p class="small">Written by {escape(answer["written_by"])}; every sentence was checked '
        "against its quote. The quotes:</p>"
    )


def _notice(answer: Row) -> str:
    notice = answer.get("notice")
    return f'<p class="small" role="status">{escape(notice)}</p>' if notice else ""


def _growing(answer: Row) -> str:
    """The text as far as it has come: each value large, the sentence it is quoted from below."""
    texts = [text for text in answer["text"].split("\n") if text.strip()]
    opening = texts[:1] if answer["opening"] else []
    lines = [f'<p class="lead">{escape(text)}</p>' for text in opening]
    for text, line in zip(texts[len(opening) :], answer["lines"], strict=False):
        lead, quote = line["words"], text[len(line["words"]) :].removeprefix(":").strip()
        lines.append(f'<p class="lead">{escape(lead)}</p>' if lead else "")
        lines.append(f'<p class="quote">{_numbered(quote, answer)}</p>' if quote else "")
    return f'<div class="growing" aria-busy="true">{"".join(lines)}</div>'


def _numbered(text: str, answer: Row) -> str:
    """Escaped text in which the [n] of citations are buttons."""
    known = {citation["number"]: citation for citation in answer["citations"]}
    parts: list[str] = []
    end = 0
    for match in _CITED.finditer(text):
        citation = known.get(int(match[1]))
        if citation:
            before = text[end : match.start()]
            kept = "&nbsp;" if before.endswith(" ") else ""  # a number never begins a line
            parts += [escape(before.rstrip(" ")), kept, _cite(citation)]
            end = match.end()
    return "".join(parts) + escape(text[end:])


def _opening(answer: Row) -> str:
    """What stands above the findings: "As of …", and that reports differ."""
    said = answer["opening"]
    if not said:
        return ""
    if REPORTS_DIFFER in said:
        when = " ".join(one for one in said if one != REPORTS_DIFFER).rstrip(":")
        as_of = f'<span class="asof">{escape(when)}</span>' if when else ""
        return f'<p class="opening">{as_of}<span class="differ">Reports differ</span> newest first</p>'
    return f'<p class="opening">{escape(" ".join(said).rstrip(":"))}</p>'


def _table(answer: Row) -> str:
    """The rows of a compound question; on a phone each row becomes a small block of its own."""
    names = list(dict.fromkeys(name for finding in answer["findings"] for name in finding["values"]))
    if len(names) < 2:
        return ""
    cites = {citation["number"]: _cite(citation) for citation in answer["citations"]}
    head = "".join(f'<th scope="col">{escape(_column(name))}</th>' for name in names)
    rows = "".join(
        "<tr>"
        + "".join(_cell(name, finding["values"].get(name)) for name in names)
        + f'<td class="from" data-label="Source">{" ".join(cites[n] for n in finding["citations"])}</td></tr>'
        for finding in answer["findings"]
    )
    return (
        f'<table class="rows"><thead><tr>{head}<th scope="col">Source</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _cell(name: str, value: Row | None) -> str:
    text = escape(_one_line(value["text"])) if value else '<span class="none">not said</span>'
    return f'<td data-label="{escape(_column(name))}">{text}</td>'


def _column(name: str) -> str:
    return name[:1].upper() + name[1:]


def _findings(answer: Row) -> str:
    compound = any(len(finding["values"]) > 1 for finding in answer["findings"])
    leads = ["" if compound else _lead(finding, line, answer) for finding, line in _told(answer)]
    cards = [_card(finding, lead, answer) for finding, lead in zip(answer["findings"], leads, strict=True)]
    return f'<div class="findings">{"".join(cards)}</div>'


def _told(answer: Row) -> Iterator[tuple[Row, Row]]:
    return zip(answer["findings"], answer["lines"], strict=True)


def _lead(finding: Row, line: Row, answer: Row) -> str:
    """The value as the text says it ("in Balashikha"); below a chat model's prose as the article has it."""
    if SAYS in finding["values"]:
        return ""
    if answer.get("written_by"):
        return ", ".join(value["text"] for value in finding["values"].values())
    return str(line["words"])


def _card(finding: Row, lead: str, answer: Row) -> str:
    cited = [citation for citation in answer["citations"] if citation["number"] in finding["citations"]]
    quotes = "".join(_quote(citation, finding) for citation in cited)
    said = f'<p class="lead">{escape(_one_line(lead))}</p>' if lead else ""
    count = finding["sources"]
    sources = f'<p class="sources">{count} independent sources</p>' if count > 1 else ""
    return f'<section class="finding">{said}{quotes}{sources}</section>'


def _quote(citation: Row, finding: Row) -> str:
    spans = [] if SAYS in finding["values"] else finding["values"].items()
    marks = [
        (value["start"] - citation["start"], value["end"] - citation["start"], name)
        for name, value in spans
        if value["article_id"] == citation["article_id"]
        and citation["start"] <= value["start"]
        and value["end"] <= citation["end"]
    ]
    text = _marked(citation["quote"], marks)
    opened, closed = ("", "") if citation["quote"][:1] in '“"' else ("“", "”")
    return (
        f'<figure class="cited"><blockquote>{opened}{text}{closed}&nbsp;{_cite(citation)}</blockquote>'
        f"<figcaption>{_byline(citation)}</figcaption></figure>"
    )


def _marked(text: str, marks: Iterable[tuple[int, int, str]]) -> str:
    """Escaped text with the given stretches marked; a stretch within an earlier one is passed over."""
    parts: list[str] = []
    end = 0
    for start, stop, name in sorted(marks):
        if start < end:
            continue
        label = escape(_column(name))
        parts += [escape(text[end:start]), f'<mark title="{label}">{escape(text[start:stop])}</mark>']
        end = stop
    return "".join(parts) + escape(text[end:])


def _not_found(answer: Row) -> str:
    said = " ".join(answer["opening"])
    near = "".join(
        f'<li><button type="button" class="near" {_opens(quote)}>'
        f"“{escape(_one_line(quote['quote']))}”</button>"
        f'<span class="by">{_byline(quote)}</span></li>'
        for quote in answer["closest"]
    )
    if answer["status"] == "unsure":
        lead, label = " ".join([said, MAY_ANSWER]).strip(), ""
    else:
        lead, label = said, '<p class="small">The closest they come:</p>'
    closest = f'{label}<ul class="closest">{near}</ul>' if near else ""
    return f'<p class="lead none-found">{escape(lead)}</p>{closest}'


def _cite(citation: Row) -> str:
    label = f"Source {citation['number']}: {_plain_byline(citation)}. Open the article"
    return (
        f'<button type="button" class="cite" aria-label="{escape(label)}" title="{escape(label)}" '
        f"{_opens(citation)}>{citation['number']}</button>"
    )


def _opens(quote: Row) -> str:
    """What the page needs to open an article at a sentence."""
    fields = {name: quote[name] for name in ("article_id", "revision", "start", "end")}
    return " ".join(f'data-{name.replace("_", "-")}="{escape(value)}"' for name, value in fields.items())


def _byline(row: Row, *, undated: str = "undated") -> str:
    known = [row["outlet"], row["title"], day_in_words(row["published"]) if row["published"] else undated]
    return ' <span aria-hidden="true">·</span> '.join(escape(part) for part in known if part)


def _plain_byline(row: Row) -> str:
    return ", ".join(
        str(part) for part in (row["title"], row["outlet"], day_in_words(row["published"])) if part
    )


# Articles


def article_html(article: Article, start: int | None = None, end: int | None = None) -> str:
    """A whole article with the sentence from `start` to `end` marked, ready to be scrolled to."""
    by = [article.outlet, article.author, day_in_words(article.day)]
    meta = ' <span aria-hidden="true">·</span> '.join(escape(part) for part in by if part)
    link = safe_link(article.url)
    original = (
        f' <a href="{escape(link)}" target="_blank" rel="noopener noreferrer nofollow">Original</a>'
        if link
        else ""
    )
    body = "".join(_block(article.text, block, start, end) for block in blocks(article.text))
    return (
        f'<header class="source-head"><h2 tabindex="-1">{escape(article.title)}</h2>'
        f'<p class="meta">{meta}{original}</p></header><div class="source-body">{body}</div>'
    )


def safe_link(url: str | None) -> str | None:
    """The address if it leads to a web page; None for `javascript:` and everything else."""
    return url if url and re.match(r"https?://", url, re.IGNORECASE) else None


def _block(text: str, block: Any, start: int | None, end: int | None) -> str:
    kind = {"heading": "h3", "title": "h3"}.get(block.kind, "p")
    return "".join(
        f'<{kind} class="block {block.kind}">{_highlighted(text, first, last, start, end)}</{kind}>'
        for first, last in _lines(text, block.start, block.end)
    )


def _lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The lines within a stretch of text, without those that are empty."""
    return [
        (start + line.start(), start + line.end()) for line in re.finditer(r"[^\n]*\S[^\n]*", text[start:end])
    ]


def _highlighted(text: str, first: int, last: int, start: int | None, end: int | None) -> str:
    if start is None or end is None or end <= first or last <= start:
        return escape(text[first:last])
    inner, outer = max(first, start), min(last, end)
    return (
        escape(text[first:inner])
        + f'<mark class="quoted">{escape(text[inner:outer])}</mark>'
        + escape(text[outer:last])
    )


def timeline_html(rows: Sequence[Row]) -> str:
    """Dated quotes, oldest first, each opening its article."""
    if not rows:
        return '<p class="empty">The articles say nothing of that in these days.</p>'
    items = "".join(
        f"<li><time>{escape(day_in_words(row['published']))}</time>"
        f'<div><button type="button" class="near" {_opens(row)}>“{escape(_one_line(row["quote"]))}”</button>'
        f'<span class="by">{_byline({**row, "published": None}, undated="")}</span></div></li>'
        for row in rows
    )
    return f'<ol class="timeline">{items}</ol>'


def timeline_markdown(topic: str, rows: Sequence[Row]) -> str:
    """The same, to keep."""
    lines = [f"# {_as_markdown(topic)}"]
    for row in rows:
        link = safe_link(row["url"])
        where = f" <{link}>" if link and not re.search(r"[\s<>]", link) else ""
        by = ", ".join(part for part in (row["title"], row["outlet"]) if part)
        lines.append(
            f"**{day_in_words(row['published'])}**: {_as_markdown(by)}{where}\n\n"
            f"> {_as_markdown(row['quote'])}"
        )
    return "\n\n".join(lines) + "\n"


def articles_html(rows: Sequence[Row], *, total: int, can_remove: bool) -> str:
    """The list of articles, newest first; `total` counts also those that are not in `rows`."""
    if not rows:
        how = "Add some above, or run" if can_remove else "Where the server runs, run"
        return f'<p class="empty">There are no articles yet. {how}: <code>python ingest.py PATH</code></p>'
    items = "".join(_article_item(row, can_remove=can_remove) for row in rows)
    more = f'<p class="empty">{total - len(rows)} more; search to find them.</p>' if total > len(rows) else ""
    return f'<ul class="articles">{items}</ul>{more}'


def _article_item(row: Row, *, can_remove: bool) -> str:
    opens = f'data-article-id="{escape(row["id"])}" data-revision="{escape(row["revision"])}"'
    by = [row["outlet"], day_in_words(row["published"])]
    meta = ' <span aria-hidden="true">·</span> '.join(escape(part) for part in by if part)
    remove = (
        f'<button type="button" class="remove" data-remove="{escape(row["id"])}" '
        f'aria-label="Remove {escape(row["title"])}">Remove</button>'
        if can_remove
        else ""
    )
    return (
        f'<li><div><button type="button" class="title" {opens}>{escape(row["title"])}</button>'
        f'<span class="by">{meta}</span></div>{remove}</li>'
    )


def hits_html(rows: Sequence[Row]) -> str:
    """Passages that were found, best first, each opening its article."""
    if not rows:
        return '<p class="empty">Nothing found.</p>'
    items = "".join(
        f'<li><div><button type="button" class="title" data-article-id="{escape(row["article_id"])}" '
        f'data-start="{row["start"]}" data-end="{row["end"]}">{escape(row["title"])}</button>'
        f'<span class="by">{_byline({**row, "title": None})}</span>'
        f'<p class="snippet">{escape(_shortened(row["text"]))}</p></div></li>'
        for row in rows
    )
    return f'<ul class="articles">{items}</ul>'


def report_html(report: Row) -> str:
    """What an ingest did, in a sentence, and what failed and why."""
    counts = [(report["added"], "added"), (report["updated"], "updated"), (report["unchanged"], "unchanged")]
    said = ", ".join(f"{count} {word}" for count, word in counts if count) or "Nothing added"
    failed = "".join(
        f"<li>{escape(failure['source'])}: {escape(failure['reason'])}</li>" for failure in report["failed"]
    )
    problems = f'<ul class="failed">{failed}</ul>' if failed else ""
    return f'<div class="report" role="status"><p>{escape(said)}.</p>{problems}</div>'


# Markdown, to keep


def conversation_markdown(answers: Sequence[Row]) -> str:
    """A conversation with its quotes and sources, as Markdown."""
    return "# Conversation\n\n" + "\n\n".join(_answer_markdown(answer) for answer in answers) + "\n"


def _answer_markdown(answer: Row) -> str:
    lines = [f"## {_as_markdown(answer['question'])}"]
    lines += [
        _as_markdown(line).replace(r"\[", "[").replace(r"\]", "]") for line in answer["text"].split("\n")
    ]
    for citation in answer["citations"]:
        link = safe_link(citation["url"])
        where = f" <{link}>" if link and not re.search(r"[\s<>]", link) else ""
        lines.append(
            f"[{citation['number']}] {_as_markdown(_plain_byline(citation))}{where}\n\n"
            f"> {_as_markdown(_one_line(citation['quote']))}"
        )
    return "\n\n".join(lines)


def _as_markdown(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", _one_line(text))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _shortened(text: str) -> str:
    line = _one_line(text)
    return line if len(line) <= SNIPPET_CHARS else line[: SNIPPET_CHARS - 1].rsplit(" ", 1)[0] + "…"
