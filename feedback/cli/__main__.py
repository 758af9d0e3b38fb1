"""`python -m feedback.cli`"""

import sys

from feedback.cli import main

sys.exit(main())
