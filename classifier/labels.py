"""The closed lists of labels: 22 fields, 7 kinds, 6 registers. Ids are stable; titles are what staff read."""

from __future__ import annotations

FIELDS: dict[str, str] = {
    "roads": "hạ tầng giao thông",
    "traffic_violation": "vi phạm giao thông",
    "street_order": "trật tự đô thị",
    "waste": "rác thải",
    "pollution": "ô nhiễm",
    "noise": "tiếng ồn",
    "drainage": "thoát nước",
    "water_supply": "cấp nước",
    "electricity": "điện",
    "street_lighting": "chiếu sáng",
    "trees": "cây xanh",
    "telecom": "viễn thông",
    "construction": "xây dựng",
    "land": "đất đai",
    "housing": "nhà chung cư",
    "security": "an ninh trật tự",
    "health_food_safety": "y tế, an toàn thực phẩm",
    "education": "giáo dục",
    "social_welfare": "an sinh xã hội, lao động",
    "admin_procedure": "thủ tục hành chính",
    "official_conduct": "thái độ, hành vi cán bộ",
    "other": "khác",
}
KINDS: dict[str, str] = {
    "report": "phản ánh",
    "proposal": "kiến nghị",
    "question": "hỏi đáp",
    "complaint": "khiếu nại",
    "denunciation": "tố cáo",
    "thanks": "lời cảm ơn",
    "spam": "tin rác",
}
# Kinds with a road of their own in law; a person always decides on them.
LEGAL_KINDS = ("complaint", "denunciation")
# Kinds that need no answer; a dispatcher closes them.
ANSWERLESS = ("thanks", "spam")
REGISTERS = ("chat", "no_diacritics", "teencode", "formal", "asr", "app_short")
CHANNELS = ("zalo", "email", "hotline", "ihanoi", "web")
