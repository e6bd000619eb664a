"""Components and events that several tabs make the same way."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import gradio as gr
from rcssmin import cssmin
from rjsmin import jsmin

Item = TypeVar("Item")

STATIC = Path(__file__).parents[1] / "static"
WORDS = "words"  # class of a box for words, in static/css/boxes.css
# Of every event of the page: it is no endpoint, and what it changes says itself that it waits.
PRIVATE: Mapping[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def html(value: str = "", **options: Any) -> Any:
    """HTML of ours, in our own looks."""
    return gr.HTML(value, apply_default_css=False, **options)


def one_line_box(elem_id: str, label: str, placeholder: str, button: str) -> Any:
    """A box for a few words with its button inside: topic, search."""
    return gr.Textbox(
        elem_id=elem_id,
        elem_classes=WORDS,
        label=label,
        show_label=False,
        container=False,
        placeholder=placeholder,
        submit_btn=button,
        max_lines=1,
    )


def day_box(label: str) -> Any:
    """A day, as 2025-04-25; the script makes it the browser's date picker. Gradio's own has no label."""
    return gr.Textbox(label=label, placeholder="2025-04-25", max_lines=1, elem_classes="day")


def small_button(label: str, **options: Any) -> Any:
    """A button that reads as a link."""
    return gr.Button(label, size="sm", min_width=0, **options)


def script(*names: str) -> str:
    """The scripts of `static/js/` by those names, as one, without what only we need."""
    return str("\n".join(jsmin((STATIC / "js" / f"{name}.js").read_text()) for name in names))


def style(*names: str) -> str:
    """The style sheets of `static/css/` by those names, in that order, likewise."""
    return str(cssmin("\n".join((STATIC / "css" / f"{name}.css").read_text() for name in names)))


@contextmanager
def begun(items: Generator[Item, None, None]) -> Iterator[Iterator[Item]]:
    """The same, with work on the first begun at once and not when it is asked for: meanwhile the page is told
    that something is on its way. Ends once that work has."""

    def all_of_them() -> Iterator[Item]:
        yield from first.result()
        yield from items

    with closing(items), ThreadPoolExecutor(1) as aside:
        first = aside.submit(list, islice(items, 1))
        yield all_of_them()


def save_on(button: Any, text_of: Callable[..., str], given: Any, saved: Any, name: str) -> None:
    """The button hands the reader a file of that name. Its text is made here and passes through `saved`."""
    button.click(text_of, given, saved, **PRIVATE).then(
        None, saved, None, js=f"(text) => window.dateline.save('{name}', text)", **PRIVATE
    )


def save_as_json_on(button: Any, given: Any, name: str) -> None:
    """The button hands the reader what the browser holds, as JSON."""
    button.click(
        None,
        given,
        None,
        js=f"(held) => window.dateline.save('{name}', JSON.stringify(held, null, 2))",
        **PRIVATE,
    )
