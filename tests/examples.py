"""How many examples property tests try: a quarter day by day, all of them in `make test-all`."""

import os

ALL = os.environ.get("QUIZAPP_TEST_EXAMPLES") == "all"


def tried(examples: int) -> int:
    """So many of these examples."""
    return examples if ALL else max(10, examples // 4)
