"""``python -m gaitlab``: the command line."""

import sys

from gaitlab.cli import main

sys.exit(main())
