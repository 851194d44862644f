"""`python -m cesura_translate`."""

import sys

from cesura_translate.cli import main

sys.exit(main())
