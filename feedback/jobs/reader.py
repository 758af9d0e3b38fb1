"""Loading the classifier, the one heavy part of a worker."""

from __future__ import annotations

import logging
from pathlib import Path

from classifier import ArtefactInvalid, Classifier
from feedback.services.triage import Reader

log = logging.getLogger(__name__)


def load_reader(models_dir: Path) -> Reader | None:
    """The classifier; None where its artefact is missing or damaged: then people triage, and nothing waits."""
    try:
        return Classifier.load(models_dir)
    except ArtefactInvalid as fault:
        log.error("no classifier, every ticket goes to the dispatcher", extra={"fault": str(fault)})
        return None
