"""Door: `python app.py` serves the chat. The page is in `qa/chat.py`, the endpoints in `qa/api.py`."""

import sys
from typing import Any

from qa.serve import main, page


def __getattr__(name: str) -> Any:
    """`demo`, the Gradio page, made when another server asks for it."""
    if name != "demo":
        raise AttributeError(name)
    return page()


if __name__ == "__main__":
    sys.exit(main())
