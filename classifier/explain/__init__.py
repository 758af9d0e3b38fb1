"""Why a message was read as it was: the words for and against each decision, in the citizen's own text."""

from __future__ import annotations

from classifier.explain.evidence import field_evidence

__all__ = ["field_evidence"]
