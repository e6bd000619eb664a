"""A topic's dated quotes, to be shown and to be kept."""

from __future__ import annotations

from collections.abc import Sequence

from qa.surfaces.html.keep import as_markdown, where
from qa.surfaces.html.render import Row, day_in_words, render


def timeline_html(rows: Sequence[Row]) -> str:
    """Dated quotes, oldest first, each opening its article."""
    return render("timeline", rows=rows)


def window_html(since: str, until: str) -> str:
    """Which days count; empty when all do."""
    if not since and not until:
        return ""
    said = " – ".join(day_in_words(day) if day else "…" for day in (since, until))
    return render("window", said=said)


def timeline_markdown(topic: str, rows: Sequence[Row]) -> str:
    """The timeline as Markdown, to keep."""
    lines = [f"# {as_markdown(topic)}"]
    for row in rows:
        by = ", ".join(part for part in (row["title"], row["outlet"]) if part)
        lines.append(
            f"**{day_in_words(row['published'])}**: {as_markdown(by)}{where(row)}\n\n"
            f"> {as_markdown(row['quote'])}"
        )
    return "\n\n".join(lines) + "\n"
