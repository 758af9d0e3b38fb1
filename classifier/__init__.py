"""Vietnamese text to ward, field, kind and urgency. Knows no Flask, no database, no queue and no channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from classifier.pipeline import ArtefactInvalid, Classifier

__all__ = ["ArtefactInvalid", "Classifier"]


def __getattr__(name: str) -> Any:
    """`Classifier` is loaded at first use: it needs numpy and the gazetteer, which the web processes never do."""
    if name in __all__:
        from classifier import pipeline

        return getattr(pipeline, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
