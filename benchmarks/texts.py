"""What the invented citizens write: the messages of the training corpus, in a fixed shuffled order."""

from __future__ import annotations

import json
import random
from functools import cache
from pathlib import Path

MESSAGES = Path(__file__).parent.parent / "classifier" / "corpus" / "messages"
SEED = 7


@cache
def texts() -> tuple[str, ...]:
    """Every text once. For speed only: what a classifier makes of texts it was trained on says nothing."""
    found = [
        str(json.loads(line)["text"])
        for file in sorted(MESSAGES.glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    random.Random(SEED).shuffle(found)
    return tuple(found)


def text(number: int) -> str:
    """Text `number`, beginning again where there are no more."""
    return texts()[number % len(texts())]
