"""The ward benchmark: everyone runs, everyone is counted alike. How good and fast they are, only the benchmark says."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import long_texts, names, ward_process, ward_report, ward_scores, wards
from benchmarks.rivals import BY_NAME, CONTESTANTS, Answer, Message
from benchmarks.ward_process import ROOT, Job, NetworkRefused, Outcome, OutOfPatience
from benchmarks.ward_report import Entry
from classifier.wards.evaluate import Case
from classifier.wards.units import old_units, unit

TAY_MO, NGHIA_DO, LANG = "00634", "00160", "00199"
ROWS = (
    {"text": "Rác ở phường Tây Mỗ mấy hôm chưa ai dọn", "wards": [TAY_MO], "style": "chat"},
    {
        "text": "Mất nước từ sáng, phường Nghĩa Đô",
        "subject": "Mất nước",
        "wards": [NGHIA_DO],
        "style": "formal",
    },
    {"text": "Đường ngập, tôi không nhớ chỗ nào", "wards": [], "ward_case": "none"},
    {"text": "Đèn hỏng ở thành phố Vinh, tỉnh Nghệ An", "wards": [], "ward_case": "outside"},
)


def case(*gold: str, clue: str = "") -> Case:
    return Case.from_row({"text": "…", "wards": gold, "ward_case": clue, "style": "chat"})


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    messages = [Case.from_row(row) for row in ROWS]
    task = replace(wards.job(messages, length=200), passes=1, seconds=0.0, long_passes=1)
    return wards.measure(messages, task)


# --- The run --------------------------------------------------------------------------------------------------------


def test_every_contestant_ran_on_every_message(entries: list[Entry]) -> None:
    assert [entry.outcome.name for entry in entries] == [each.name for each in CONTESTANTS]
    for contestant, entry in zip(CONTESTANTS, entries, strict=True):
        outcome = entry.outcome
        variants = 1 if contestant.ours else 2
        assert [len(row) for row in outcome.answers] == [variants] * len(ROWS), contestant.name
        assert (outcome.calls, outcome.crashes, outcome.network) == (variants * len(ROWS), 0, 0), (
            contestant.name
        )
        assert (
            min(outcome.per_second, outcome.p50_ms, outcome.load_s, outcome.imports_s, outcome.memory_mb) > 0
        )
        assert outcome.p50_ms <= outcome.p99_ms
        assert set(outcome.long_ms) == set(long_texts.shapes([]))
        assert None not in outcome.long_ms.values(), contestant.name


def test_answers_come_back_as_codes_of_today(entries: list[Entry]) -> None:
    said = {entry.outcome.name: entry.outcome.answers[0] for entry in entries}
    assert said["resolver"][0].ward == TAY_MO
    assert Answer(TAY_MO, (TAY_MO,)) in said["vietnamadminunits 2025"]
    for variants in said.values():
        for each in variants:
            assert all(unit(code) for code in each.listed)
            assert each.ward is None or each.ward in each.listed


def test_the_record_names_everyone_and_no_path(entries: list[Entry]) -> None:
    text = ward_report.markdown(entries, {"messages.jsonl": len(ROWS)}, load=1.0)
    assert "messages.jsonl (4): 2 determined, 0 several, 1 none, 1 outside" in text
    assert str(ROOT) not in text
    for contestant in CONTESTANTS:
        assert f"| {contestant.name} |" in text
    for limit in ward_report.LIMITS:
        assert f"| {limit.name} |" in text


# --- The process ----------------------------------------------------------------------------------------------------


def test_a_crash_is_no_answer_and_counted() -> None:
    def ask(message: Message) -> frozenset[str]:
        if "Hà Nội" in message.text:
            raise IndexError("no comma")
        return frozenset({TAY_MO})

    outcome = Outcome("longest name")
    job = Job((Message("a"), Message("b")), {})
    ward_process._collect_answers(BY_NAME["longest name"], ask, job, outcome)
    assert (outcome.calls, outcome.crashes) == (4, 2)
    assert outcome.answers == [[Answer(TAY_MO, (TAY_MO,)), Answer()]] * 2


def test_a_long_text_is_given_up_and_a_crash_on_one_is_seen() -> None:
    def ask(message: Message) -> None:
        while message.text == "endless":
            pass
        if message.text == "odd":
            raise ValueError

    outcome = Outcome("longest name")
    job = Job((), {"endless": "endless", "odd": "odd", "easy": "easy"}, patience=0.05)
    for shape, text in job.long.items():
        ward_process._time_long(ask, shape, text, job, outcome)
    assert outcome.stopped == ["endless"]
    assert outcome.long_ms["endless"] == 50
    assert outcome.long_ms["odd"] is None
    assert ward_report.slowest(outcome) == float("inf")


def test_patience_is_past_every_except_exception() -> None:
    assert not issubclass(OutOfPatience, Exception)
    assert issubclass(NetworkRefused, Exception)


def test_the_network_is_refused_and_counted() -> None:
    code = """
import socket
from benchmarks import ward_process
outcome = ward_process.Outcome("")
ward_process._refuse_network(outcome)
for call in (lambda: socket.create_connection(("127.0.0.1", 9)), lambda: socket.getaddrinfo("localhost", 80)):
    try:
        call()
    except ward_process.NetworkRefused:
        continue
    raise SystemExit("not refused")
print(outcome.network)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout) >= 2


# --- The counting ---------------------------------------------------------------------------------------------------


def test_shares_are_counted_by_group() -> None:
    messages = [case(TAY_MO), case(TAY_MO), case(NGHIA_DO), case(TAY_MO, LANG), case(), case(clue="outside")]
    said = [
        Answer(TAY_MO, (TAY_MO,)),
        Answer(LANG, (LANG,)),
        Answer(None, (NGHIA_DO, LANG)),
        Answer(TAY_MO, (TAY_MO,)),
        Answer(),
        Answer(outside=True),
    ]
    scores = ward_scores.score(messages, [[each] for each in said])
    determined, several = scores.groups["determined"], scores.groups["several"]
    assert (determined.cases, determined.asserted, determined.right) == (3, 2, 1)
    assert (several.asserted, several.share, several.candidates) == (1, 0.5, 1)
    assert (scores.groups["none"].asserted, scores.groups["outside"].said_outside) == (0, 1)
    assert scores.styles == {"chat": determined}
    right, asserted, low, high = scores.right()
    assert (right, asserted) == (1, 2)
    assert (round(low, 3), round(high, 3)) == (0.095, 0.905)
    row = ward_report.quality([Entry(Outcome("resolver", calls=6), scores)])[1]
    assert row[1:9] == (
        "66.7 %",
        "1/2 = 50.0 %",
        "0.095–0.905",
        "33.3 %",
        "50.0 %",
        "1.0",
        "100.0 %",
        "0.0 %",
    )


@pytest.mark.parametrize(
    ("labelled", "better", "worse"),
    [
        (case(TAY_MO), Answer(TAY_MO, (TAY_MO,)), Answer(None, (TAY_MO, LANG))),
        (case(TAY_MO), Answer(), Answer(LANG, (LANG,))),
        (case(TAY_MO), Answer(None, (LANG, TAY_MO)), Answer()),
        (case(TAY_MO, LANG), Answer(None, (LANG, TAY_MO)), Answer(TAY_MO, (TAY_MO,))),
        (case(TAY_MO, LANG), Answer(TAY_MO, (TAY_MO,)), Answer()),
        (case(), Answer(None, (LANG, TAY_MO)), Answer(LANG, (LANG,))),
        (case(clue="outside"), Answer(outside=True), Answer()),
        (case(), Answer(), Answer(outside=True)),
    ],
)
def test_the_answer_that_serves_a_rival_most_is_counted(
    labelled: Case, better: Answer, worse: Answer
) -> None:
    assert ward_scores.best(labelled, [worse, better]) == better
    assert ward_scores.best(labelled, [better, worse]) == better


def test_ratios_and_limits() -> None:
    ours = Outcome("resolver", per_second=5000, p99_ms=2.5, load_s=0.5, memory_mb=20, long_ms={"names": 10})
    verdicts = {row[0]: row[3:] for row in ward_report.limits(ours)[1:]}
    assert verdicts["texts a second"] == ("1.00", "ok")
    assert verdicts["p99, one by one"] == ("1.25", "missed")
    assert verdicts["memory added"] == ("0.25", "ok")
    rival = Outcome("longest name", long_ms={"names": 5000}, stopped=["names"])
    scores = ward_scores.score([], [])
    table = ward_report.long_texts([Entry(ours, scores), Entry(rival, scores)])
    assert table[1] == ("names", "10 (1×)", "> 5,000 (500×)")


# --- The baseline and the texts -------------------------------------------------------------------------------------


def test_the_longest_name_wins_as_a_whole_word() -> None:
    longest = names.LongestName()
    heirs = {heir for old in old_units() if old.name == "Thanh Xuân Bắc" for heir in old.heirs}
    assert longest.find("thanh xuan bac gan Láng") == heirs
    assert longest.find("xóm Lángx") == frozenset()
    assert longest.find("PHUONG TAY MO") >= {TAY_MO}


def test_long_texts_are_exactly_as_long() -> None:
    made = long_texts.shapes(["một tin", "hai tin"], 1000)
    assert {len(text) for text in made.values()} == {1000}
    assert made["messages joined"].startswith("một tin hai tin một")


# --- The command ----------------------------------------------------------------------------------------------------


def test_without_messages_it_says_so_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(wards, "OWN", tmp_path)
    assert wards.main([]) == 2
    assert wards.main([str(tmp_path / "missing.jsonl")]) == 2
    broken = tmp_path / "broken.jsonl"
    broken.write_text(json.dumps({"text": "a", "wards": []}) + '\n\n{"text": "b"}\n', encoding="utf-8")
    assert wards.main([str(broken)]) == 2
    first, second, third = capsys.readouterr().err.splitlines()
    assert "no labelled messages" in first
    assert "missing.jsonl" in second
    assert "broken.jsonl:3 is no labelled message" in third
