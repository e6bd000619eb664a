"""Door: `python ingest.py [PATH…]` stores articles. The flow is `qa/ingest.py`, the options `qa/cli.py`."""

import sys

from qa.cli import ingest_main

if __name__ == "__main__":
    sys.exit(ingest_main())
