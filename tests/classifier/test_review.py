"""When a person must look: each reason alone, and none without cause."""

from __future__ import annotations

from dataclasses import replace

import pytest

from classifier.artefact import Thresholds
from classifier.prediction import LabelScore, Urgency, WardReading, WardScore
from classifier.review import Reading, review
from classifier.urgency import Danger

LIMITS = Thresholds(
    field_alone=0.7, legal=0.2, urgent=0.3, urgent_unclear=0.1, secondary=0.2, familiar=0.8, rule_score=0.5
)
LANG = WardScore("00199", "Phường Láng", 0.98)
SURE = Reading(
    ward=WardReading(LANG, (LANG,)),
    fields=(LabelScore("roads", 0.95), LabelScore("waste", 0.02)),
    kind=LabelScore("report", 0.97),
    urgent=Urgency(False, 0.01),
    rule=None,
    familiar=1.0,
    language="vi",
)
THANKS = replace(
    SURE,
    kind=LabelScore("thanks", 0.97),
    fields=(LabelScore("other", 0.95), LabelScore("waste", 0.02)),
)
FIRE = Danger("cháy nổ", 0, 4)


def test_a_clear_message_is_decided_alone() -> None:
    assert review(SURE, LIMITS).needed is False
    assert review(SURE, LIMITS).reasons == ()
    assert review(replace(SURE, urgent=Urgency(True, 0.6), rule=FIRE), LIMITS).needed is False


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        (replace(SURE, fields=(LabelScore("roads", 0.6), LabelScore("waste", 0.3))), "Chưa chắc về lĩnh vực"),
        (
            replace(SURE, fields=(LabelScore("other", 0.95), LabelScore("waste", 0.02))),
            "Không thuộc lĩnh vực",
        ),
        (replace(SURE, kind=LabelScore("complaint", 0.3)), "khiếu nại"),
        (replace(SURE, kind=LabelScore("denunciation", 0.9)), "tố cáo"),
        (replace(SURE, urgent=Urgency(False, 0.2)), "Chưa rõ có khẩn cấp"),
        (replace(SURE, rule=FIRE, urgent=Urgency(False, 0.2)), "Có lời báo nguy (cháy nổ)"),
        (replace(SURE, familiar=0.5), "Nội dung lạ"),
        (replace(SURE, language="en"), "tiếng Việt"),
        (
            replace(SURE, ward=WardReading(None, (LANG,), reasons=("Nhắc hai nơi.",), doubtful=True)),
            "hai nơi",
        ),
        (replace(THANKS, kind=LabelScore("thanks", 0.6)), "Có thể không chỉ là lời cảm ơn"),
        (replace(THANKS, fields=(LabelScore("security", 0.95), LabelScore("other", 0.02))), "lời cảm ơn"),
        (replace(THANKS, rule=FIRE), "lời cảm ơn"),
        (replace(THANKS, urgent=Urgency(True, 0.6)), "lời cảm ơn"),
        (replace(THANKS, kind=LabelScore("spam", 0.5)), "tin rác"),
    ],
)
def test_every_cause_alone_calls_a_person(reading: Reading, words: str) -> None:
    found = review(reading, LIMITS)
    assert found.needed
    assert any(words in reason for reason in found.reasons)


def test_a_ward_that_only_the_sender_knows_is_told_and_calls_nobody() -> None:
    found = review(
        replace(SURE, ward=WardReading(None, (LANG,), reasons=("Nghĩa Đô cũ nay thuộc 3 đơn vị.",))), LIMITS
    )
    assert found.needed is False
    assert found.reasons == ("Nghĩa Đô cũ nay thuộc 3 đơn vị.",)


def test_plain_thanks_are_closed_without_a_second_reading() -> None:
    assert review(THANKS, LIMITS).needed is False


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan"), "0.5", None, 1])
def test_thresholds_are_shares(value: object) -> None:
    with pytest.raises(ValueError, match="legal"):
        replace(LIMITS, legal=value)
