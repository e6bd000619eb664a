"""`python -m qa …`: the command line of `qa/surfaces/cli.py`."""

import sys

from qa.surfaces.cli import main

sys.exit(main())
