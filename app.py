"""Door: `python app.py` serves the chat. Page and endpoints are in `qa/surfaces/`: page/ and api.py."""

import sys
from typing import Any

from qa.surfaces.server import main, page


def __getattr__(name: str) -> Any:
    """`demo`, the Gradio page, made when another server asks for it."""
    if name != "demo":
        raise AttributeError(name)
    return page()


if __name__ == "__main__":
    sys.exit(main())
