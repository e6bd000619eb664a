"""Fills the templates of `templates/`: every value is escaped, so that it is shown and never run."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

TEMPLATES = Path(__file__).parents[1] / "templates"

Row = Mapping[str, Any]


def render(template: str, **values: Any) -> str:
    """The template of that name, without suffix, with its values."""
    return _templates().get_template(f"{template}.html").render(**values)


def escape(text: object) -> str:
    """Text that stays text: in HTML, in attributes, and in Gradio's templates, `{{…}}` and `${…}`."""
    escaped = html.escape(str(text), quote=True)
    return escaped.replace("{", "&#123;").replace("}", "&#125;").replace("$", "&#36;")


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=_finalized,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    templates.filters |= {
        "day": day_in_words,
        "moment": moment_in_words,
        "line": one_line,
        "column": column,
        "inner_marks": inner_marks,
        "in_marks": in_marks,
        "link": safe_link,
        "byline": byline,
        "plain_byline": plain_byline,
    }
    return templates


def _finalized(value: Any) -> Markup:
    """Jinja's own escaping leaves `{{` and `${`, which Gradio would fill in."""
    if hasattr(value, "__html__"):
        return Markup(value.__html__())
    return Markup(escape("" if value is None else value))


# Values in words


def day_in_words(day: str | None) -> str:
    """`2025-04-25` as "25 April 2025"; "undated" for None."""
    if not day:
        return "undated"
    known = date.fromisoformat(day[:10])
    return f"{known.day} {known:%B %Y}"


def month_in_words(month: str) -> str:
    """`2015-09` as "September 2015"."""
    return f"{date.fromisoformat(f'{month}-01'):%B %Y}"


def moment_in_words(moment: str) -> str:
    """`2025-04-25T10:00:00+00:00` as "25 April 2025, 10:00 UTC"."""
    known = datetime.fromisoformat(moment)
    return f"{day_in_words(known.date().isoformat())}, {known:%H:%M} {known.tzname() or ''}".rstrip()


def span_in_words(first: date | None, last: date | None) -> str:
    """The stretch of days a collection covers; empty when nothing is dated."""
    if first is None or last is None:
        return ""
    if first == last:
        return day_in_words(first.isoformat())
    return f"{day_in_words(first.isoformat())} – {day_in_words(last.isoformat())}"


def years_in_words(first: date | None, last: date | None) -> str:
    """The years a collection covers, "2006–2023"; empty when nothing is dated."""
    if first is None or last is None:
        return ""
    return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"


def byline(row: Row, *, undated: str = "undated") -> list[str]:
    """Outlet, headline and day, as far as they are known."""
    known = [row["outlet"], row["title"], day_in_words(row["published"]) if row["published"] else undated]
    return [part for part in known if part]


def plain_byline(row: Row) -> str:
    """The same in one line of plain text, the headline first."""
    return ", ".join(
        str(part) for part in (row["title"], row["outlet"], day_in_words(row["published"])) if part
    )


def one_line(text: str) -> str:
    """Text without line breaks."""
    return " ".join(text.split())


def inner_marks(text: str) -> str:
    """A quote as it stands between “ and ”: straight double marks within it become ‘ and ’."""
    return re.sub(r'(^|[\s(\[—–-])"', r"\1‘", text).replace('"', "’")


def in_marks(text: str) -> str:
    """A quote in one line between “ and ”; one that opens with a mark of its own has its own."""
    line = one_line(text)
    return line if line[:1] in ("“", '"') else f"“{inner_marks(line)}”"


def column(name: str) -> str:
    """The name of a part as the head of a column: "how many" is "How many"."""
    return name[:1].upper() + name[1:]


def safe_link(url: str | None) -> str | None:
    """The address if it leads to a web page; None for `javascript:` and everything else."""
    return url if url and re.match(r"https?://", url, re.IGNORECASE) else None


# Text in which stretches are marked


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text; `label` says what it is where it is marked, and is None where it is not."""

    text: str
    label: str | None = None


def pieces(text: str, marks: Iterable[tuple[int, int, str]]) -> list[Piece]:
    """The text cut at its marks (start, end, label); a mark within an earlier one is passed over."""
    cut: list[Piece] = []
    end = 0
    for start, stop, label in sorted(marks):
        if start < end:
            continue
        cut += [Piece(text[end:start]), Piece(text[start:stop], label)]
        end = stop
    return [piece for piece in [*cut, Piece(text[end:])] if piece.text]
