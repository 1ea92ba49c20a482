"""What every test relies on: hypothesis tries the same examples on every run.

To search for new ones: `pytest --hypothesis-profile=explore`.
"""

from __future__ import annotations

import os
import signal

from hypothesis import HealthCheck, settings

# A shell that starts the tests in the background has them ignore Ctrl-C, and so the programs that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Programs that tests start keep what they compiled: a hundred of them would do it anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# No deadline: it would measure the machine and not the code. Speed has tests of its own.
settings.register_profile(
    "same", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile("same")
