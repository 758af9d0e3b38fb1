"""The model card: what the artefact is for, what it was trained on, how good it is and where it is not."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from classifier.artefact import MANIFEST
from classifier.evaluate import Case, field_ece, figures, macro_f1, slices

METRICS = "metrics.json"
WEIGHTS = "sha256"
"""The key in the metrics under which stands what they were measured with."""
GOALS = {
    "field_acceptable": "≥ 90 %",
    "field_top3": "≥ 98 %",
    "alone_share": "≥ 75 %",
    "alone_field_right": "≥ 97 %",
    "legal_recall": "≥ 97 %",
    "legal_precision": "≥ 60 %",
    "urgent_recall": "≥ 95 %",
    "urgent_precision": "≥ 75 %",
}
"""What the service wants of messages that nobody has seen."""
CARD = "MODEL_CARD.md"


def measured(cases: Sequence[Case]) -> dict[str, Any]:
    """Figures of the whole pipeline on labelled messages that no training saw: value, interval, counts."""
    shares = {
        name: {
            "value": round(share.value, 4),
            "interval": [round(x, 3) for x in share.interval],
            "of": share.total,
        }
        for name, share in figures(cases).items()
    }
    return {
        "messages": len(cases),
        **shares,
        "field_macro_f1": round(macro_f1(cases), 4),
        "field_ece": round(field_ece(cases), 4),
        **{
            f"field_acceptable_by_{name}": {part: round(share.value, 4) for part, share in found.items()}
            for name, found in slices(cases).items()
        },
    }


def keep(folder: Path, name: str, found: Mapping[str, Any]) -> None:
    """Write figures under `name` into the artefact's metrics, beside others of the same weights, and the card anew."""
    path = folder / METRICS
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if known.get(WEIGHTS) != manifest["sha256"]:
        known = {WEIGHTS: manifest["sha256"]}
    known[name] = found
    path.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (folder / CARD).write_text(text(manifest, known), encoding="utf-8")


def text(manifest: Mapping[str, Any], metrics: Mapping[str, Any]) -> str:
    """The card in Vietnamese and English."""
    corpus, limits = manifest["corpus"], manifest["thresholds"]
    parts = [
        f"# {manifest['version']}\n",
        VIETNAMESE.format(**corpus, **limits),
        ENGLISH.format(**corpus, **limits, seed=manifest["seed"]),
    ]
    if "held_out_authors" in metrics:
        parts.append(_held_out(metrics["held_out_authors"]))
    parts += [_measured(title, metrics[name]) for name, title in SETS.items() if name in metrics]
    return "\n".join([*parts, WEAKNESSES])


def _held_out(found: Mapping[str, Any]) -> str:
    rows = [
        ("field in the acceptable set", found["field_acceptable"]),
        ("field exactly the primary one", found["field_exact"]),
        ("acceptable field among the first three", found["field_top3"]),
        ("sure of the field", found["field_sure"]),
        ("acceptable where sure", found["field_right_where_sure"]),
        ("complaint and denunciation: recall", found["legal"]["recall"]),
        ("complaint and denunciation: precision", found["legal"]["precision"]),
        ("urgent, without the safety rules: recall", found["urgent_by_model_alone"]["recall"]),
        ("urgent, without the safety rules: precision", found["urgent_by_model_alone"]["precision"]),
        ("urgent, with the safety rules: recall", found["urgent_with_rules"]["recall"]),
        ("urgent, with the safety rules: precision", found["urgent_with_rules"]["precision"]),
    ]
    head = f"## Held-out authors ({found['messages']} messages written for the project)\n"
    lines = [head, "| figure | share |", "|---|---:|", *(f"| {name} | {value:.1%} |" for name, value in rows)]
    lines += [f"| field: macro-F1 | {found['field_macro_f1']:.3f} |"]
    lines += [f"| calibration error (ECE) of the field | {found['field_ece']:.3f} |", ""]
    return "\n".join([*lines, *_slices(found)])


def _measured(title: str, found: Mapping[str, Any]) -> str:
    shares = [(name, row) for name, row in found.items() if isinstance(row, dict) and "interval" in row]
    lines = [
        f"## {title.format(found['messages'])}\n",
        "| figure | goal | share | 95 % interval | of |",
        "|---|---:|---:|---|---:|",
    ]
    for name, row in shares:
        low, high = row["interval"]
        goal = GOALS.get(name, "")
        lines.append(f"| {name} | {goal} | {row['value']:.1%} | {low:.1%}–{high:.1%} | {row['of']} |")
    lines += [
        f"| field_macro_f1 (acceptable counts as primary) | ≥ 0.87 | {found['field_macro_f1']:.3f} | | |"
    ]
    lines += [f"| field_ece (of the exact primary field) | ≤ 0.04 | {found['field_ece']:.3f} | | |", ""]
    return "\n".join([*lines, *_slices(found)])


def _slices(found: Mapping[str, Any]) -> list[str]:
    """A table for each way of slicing."""
    lines = []
    for key, parts in found.items():
        if key.startswith(SLICE):
            lines += [f"| {key.removeprefix(SLICE)} | acceptable field |", "|---|---:|"]
            lines += [f"| {name} | {value:.1%} |" for name, value in parts.items()] + [""]
    return lines


SLICE = "field_acceptable_by_"
SETS = {
    "unseen": "Unseen messages ({}, real-like, by an author nothing was improved with; the fields of both annotators count)",
    "unseen_author": "The same {} with the author's labels alone",
    "development": "Development messages ({}, real-like, by others, never trained on; their figures were watched on the way)",
}
"""The measured sets that a card tells of, by the name under which `keep` has them."""

VIETNAMESE = """## Tóm tắt

Mô hình đọc tin phản ánh tiếng Việt và đề xuất lĩnh vực (22), loại tin (7) và mức khẩn. Mô hình tuyến tính và một mạng nhỏ (một lớp ẩn)
trên cùng các đặc trưng: từ, cặp từ, từ cách quãng, ký tự và từ điển khái niệm; tên địa danh được bỏ ra trước khi đếm. Học từ {messages} tin
của {authors} người viết riêng cho dự án (mỗi tin được hai người gán nhãn độc lập) và {phrases} cụm từ, không dùng tin thật của người dân.
Phường, xã do bộ từ điển địa danh xác định, không do mô hình này.

Dùng để: chuyển tin rõ ràng đến đúng nơi, gợi ý cho người điều phối. Không dùng để: quyết định khiếu nại, tố cáo (luôn do người quyết
định), đánh giá con người, hay thay số khẩn cấp 113, 114, 115.

Ngưỡng quyết định (chọn trên tin của người viết không tham gia huấn luyện): chắc về lĩnh vực từ {field_alone}, nghi khiếu nại hoặc tố cáo từ
{legal}, khẩn từ {urgent}, chưa rõ khẩn từ {urgent_unclear}, nội dung lạ khi dưới {familiar} số từ là từ đã gặp.

Hạn chế: tin huấn luyện là tin được viết ra, nên số liệu trên “held-out authors” nói về loại tin ấy; các bộ tin đo riêng gần công việc hơn
nhưng ít tin, khoảng tin cậy rộng. Các lĩnh vực dùng chung từ ngữ (đường và thoát nước, đất đai và xây dựng, an ninh và thái độ cán bộ) hay
nhầm nhất. Tin khẩn kể bằng lời không có từ báo nguy dễ bị bỏ sót. Tin bằng tiếng nước ngoài luôn có người xem.
"""

ENGLISH = """## Summary

Reads Vietnamese citizen messages and proposes field (22), kind (7) and urgency. Linear heads (scikit-learn's LinearSVC) and a small network
(one hidden layer, numpy) on the same features: words, pairs, words with a gap, letters, and a concept lexicon, of the text as written and
without accents, names of places left out. Trained on {messages} messages written for this project by {authors} authors, each labelled twice
independently, and on {phrases} phrases, each text also without accents and bent by typing and speech recognition. Mixed, and calibrated
class by class, on held-out authors. At run time arrays and JSON only. Seed {seed}.

Intended use: route clear messages, propose to dispatchers. Complaints and denunciations are always decided by a person. Not for judging
people; not in place of an emergency number.

Thresholds, chosen on held-out authors: sure of the field from {field_alone} (lower 95 % bound of precision 97 %), complaint or denunciation
from {legal}, urgent from {urgent}, unclear urgency from {urgent_unclear}, strange below a familiar share of {familiar}.
"""

WEAKNESSES = """## Known weaknesses

The training texts are invented: figures on held-out authors describe this kind of text; the measured sets are nearer to the service's work
but small (wide intervals). Fields whose words overlap (roads and drainage, land and construction, security and official conduct) are
confused most. Emergencies told without any word of danger are missed most. Messages in other languages are always shown to a person. The
safety rules were widened after reading what they missed of authors a1 to a8, so their share in the figures with rules is kind to them.
Annotators share their knowledge of the city and its language: their agreement is no proof that strangers would agree.
"""
