"""The classifier benchmark: who is measured, and how it is counted. How good and fast they are, only the benchmark says."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from benchmarks import classifier, classifier_process, classifier_report, classifier_rivals, classifier_scores
from benchmarks.classifier_process import ROOT, Job, Outcome
from benchmarks.classifier_report import Entry, Subject
from benchmarks.classifier_rivals import BY_NAME, CONTESTANTS, Answer
from benchmarks.rivals import Message
from classifier import corpus
from classifier.labels import FIELDS, KINDS
from classifier.lexicon import concepts


def message(text: str, *fields: str, kind: str = "report", urgent: bool = False) -> corpus.Message:
    return corpus.Message.from_row(
        {"id": text, "text": text, "fields": list(fields or ("waste",)), "kind": kind, "urgent": urgent}
    )


def answer(*fields: str, sure: float = 1.0, kind: str = "report", urgent: bool = False) -> Answer:
    return Answer(tuple((each, sure) for each in fields), kind, urgent)


# Enough of each label for the five folds of the search.
TOY = [
    *(message(f"rác thải chưa ai dọn {number}", "waste") for number in range(12)),
    *(
        message(f"mất điện, dây điện cháy {number}", "electricity", kind="complaint", urgent=True)
        for number in range(8)
    ),
]


# --- The counting ---------------------------------------------------------------------------------------------------


def test_coverage_is_the_most_that_can_be_decided_surest_first() -> None:
    assert classifier_scores.covered([0.9, 0.8, 0.7, 0.6], [True, True, False, True], goal=0.75) == 4
    assert classifier_scores.covered([0.9, 0.8, 0.7, 0.6], [True, True, False, True]) == 2
    assert classifier_scores.covered([0.6, 0.9, 0.7, 0.8], [True, True, False, True]) == 2
    assert classifier_scores.covered([0.9, 0.8], [False, True]) == 0
    assert classifier_scores.covered([], []) == 0


def test_equally_sure_answers_are_decided_together() -> None:
    assert classifier_scores.covered([0.5, 0.5, 0.5], [True, True, False]) == 0
    assert classifier_scores.covered([0.9, 0.5, 0.5], [True, True, False]) == 1


def test_figures_are_those_of_the_evaluation() -> None:
    messages = [
        message("a", "waste"),
        message("b", "waste", "pollution", kind="complaint"),
        message("c", "noise", urgent=True),
    ]
    said = [
        answer("waste", sure=0.9),
        answer("pollution", sure=0.8, kind="denunciation"),
        answer("waste", "noise", sure=0.7, urgent=True),
    ]
    found = classifier_scores.score(messages, said)
    assert found.right == (True, True, False)
    assert (found.shares["field_acceptable"].right, found.shares["field_top3"].right) == (2, 3)
    # waste: two of two found, one said in vain: F1 0.8; noise: none.
    assert found.macro_f1 == pytest.approx(0.4)
    assert (found.covered.right, found.covered.total) == (2, 3)
    assert (found.shares["legal_recall"].value, found.shares["urgent_precision"].value) == (1, 1)
    assert not found.decides


def test_what_is_decided_by_its_own_rule_is_counted_apart() -> None:
    messages = [message("a"), message("b")]
    said = [
        Answer((("waste", 0.5),), "report", False, True),
        Answer((("noise", 0.3),), "report", False, False),
    ]
    found = classifier_scores.score(messages, said)
    assert found.decides
    assert str(found.shares["alone_share"]).endswith("1/2")
    assert str(found.shares["alone_field_right"]).endswith("1/1")


def test_sets_are_told_apart_and_the_middle_training_stands_first() -> None:
    measured = {"one": [message("a"), message("b")], "two": [message("c", "noise")]}
    trainings = [
        [answer("waste"), answer("waste"), answer("waste")],
        [answer("noise"), answer("noise"), answer("noise")],
        [answer("waste"), answer("noise"), answer("noise")],
    ]
    found = classifier.scores(measured, Outcome("underthesea-core", answers=trainings))
    assert [sum(each.right) for each in found["one"]] == [1, 2, 0]
    assert [len(each.right) for each in found["two"]] == [1, 1, 1]
    assert sum(found["two"][0].right) == 1


def test_who_alone_is_right() -> None:
    messages = [message("a"), message("b"), message("c")]
    ours = classifier_scores.score(messages, [answer("waste"), answer("waste"), answer("noise")])
    theirs = classifier_scores.score(messages, [answer("waste"), answer("noise"), answer("noise")])
    assert classifier_scores.apart(ours, theirs) == (1, 0)


# --- The rivals -----------------------------------------------------------------------------------------------------


def test_every_concept_is_of_a_field_or_of_a_kind() -> None:
    prefixes = {name.partition(".")[0] for name in concepts().names}
    known = {classifier_rivals.FIELD_OF.get(prefix, prefix) for prefix in prefixes}
    assert known >= set(FIELDS)
    assert known - set(FIELDS) <= {*KINDS, "negation"}
    assert {kind for kind, _ in classifier_rivals.KIND_CUES} < set(KINDS)


def test_keywords_take_the_field_with_most_hits(tmp_path: Path) -> None:
    reader = BY_NAME["keywords"].load(tmp_path)
    texts = (
        "Cột đèn đường hỏng, mất điện, cắt điện từ tối",
        "Tôi tố cáo tổ trưởng",
        "Bao giờ có lịch?",
        "nha dang chay lon",
        "zzz",
    )
    said = reader.read(reader.ask([Message(text) for text in texts]))
    assert said[0].fields[0][0] == "electricity"
    assert [each.kind for each in said] == ["report", "denunciation", "question", "report", "report"]
    assert [each.urgent for each in said] == [False, False, False, True, False]
    assert said[4].fields == (("other", 0.0),)


def test_ties_between_fields_go_by_the_table() -> None:
    order = ["waste", "noise", "trees"]
    assert classifier_rivals._by_hits(Counter(noise=2, waste=2), order) == (("waste", 0.0), ("noise", 0.0))
    assert classifier_rivals._by_hits(Counter(trees=3, waste=1), order)[0] == ("trees", 2.0)


def test_signalen_text_is_lower_case_without_signs() -> None:
    assert classifier_rivals.blanked("Ổ gà, số 5!") == "ổ gà  số 5 "


@pytest.mark.parametrize("name", [each.name for each in CONTESTANTS if each.train])
def test_who_learns_answers_after_being_stored(name: str, tmp_path: Path) -> None:
    contestant = BY_NAME[name]
    assert contestant.train is not None
    contestant.train(TOY, tmp_path)
    reader = contestant.load(tmp_path)
    said = reader.read(reader.ask([Message("rác thải chưa dọn"), Message("dây điện cháy", "Mất điện")]))
    assert said[0].fields[0][0] == "waste"
    if name != "commonest":
        assert [(each.fields[0][0], each.kind, each.urgent) for each in said] == [
            ("waste", "report", False),
            ("electricity", "complaint", True),
        ]
    assert contestant.ranks or len(said[0].fields) == 1


def test_signalen_learns_the_same_twice_and_suggests_from_its_limit(tmp_path: Path) -> None:
    recipe = BY_NAME["Signalen's recipe"]
    assert recipe.train is not None
    found = []
    for number in (0, 1):
        folder = tmp_path / str(number)
        folder.mkdir()
        recipe.train(TOY, folder)
        reader = recipe.load(folder)
        found.append(reader.read(reader.ask([Message("rác thải"), Message("zzz")])))
    assert found[0] == found[1]
    for each in found[0]:
        assert each.decided == (each.fields[0][1] >= 0.41)
        assert sum(chance for _, chance in each.fields) == pytest.approx(1)


def test_one_contestant_runs_in_processes_of_its_own() -> None:
    task = Job((Message("rác thải"), Message("mất điện", "Điện")), {}, batches=1, passes=1)
    outcome = classifier_process.run(BY_NAME["commonest"], task)
    assert [len(each) for each in outcome.answers] == [2]
    assert outcome.answers[0][0].fields[0][0] in FIELDS
    assert outcome.train_s is not None
    assert outcome.per_second > 0
    assert outcome.p99_ms is None


# --- The record and the command -------------------------------------------------------------------------------------


def entries(messages: list[corpus.Message]) -> list[Entry]:
    outcomes = [
        Outcome(each.name, answers=[[answer("waste", "noise", "trees") for _ in messages]] * each.trainings)
        for each in CONTESTANTS
    ]
    outcomes[0].per_second, outcomes[0].load_s, outcomes[0].grown_mb, outcomes[0].imports_s = (
        500,
        0.25,
        100,
        1,
    )
    return [Entry(each, classifier.scores({"set.jsonl": messages}, each)) for each in outcomes]


def test_the_record_names_everyone_and_shows_no_text() -> None:
    found = entries([message("rác thải bí mật"), message("tiếng ồn bí mật", "noise")])
    subject = Subject({"set.jsonl": 2}, 20, "triage-0", 3.5, 10, same=False)
    text = classifier_report.markdown(found, subject, load=1.0)
    assert "set.jsonl (2)" in text
    assert "triage-0 from 10 of another state" in text
    assert "bí mật" not in text
    assert str(ROOT) not in text
    for contestant in CONTESTANTS:
        assert f"| {contestant.name} |" in text
    assert "| 1/2 = 50.0 % |" in text
    assert "1 to 1 of 2 on set.jsonl" in text


def test_limits_judge_and_give_the_ratio() -> None:
    rows = {
        limit.name: limit.row[2:]
        for limit in classifier_report.limits(Outcome("ours", per_second=1500, p99_ms=12, load_s=0.25), 5)
    }
    assert rows["messages a second, batch"] == ("1,500 1/s", "1.50", "ok")
    assert rows["p99, one by one"] == ("12 ms", "1.50", "missed")
    assert rows["artefact"] == ("5 MB", "0.50", "ok")
    assert rows["50,000 characters, worst shape"] == ("–", "–", "not measured")


def test_messages_that_are_trained_on_are_not_measured(tmp_path: Path) -> None:
    file = tmp_path / "set.jsonl"
    file.write_text(
        json.dumps({"id": 1, "text": "a", "fields": ["waste"], "kind": "report", "urgent": False})
    )
    assert len(classifier.sets([file], [])["set.jsonl"]) == 1
    with pytest.raises(classifier.NoMessages, match="1 of its messages"):
        classifier.sets([file], [message("a")])
    with pytest.raises(classifier.NoMessages, match="name a file"):
        classifier.sets([], [])


def test_without_messages_it_says_so_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert classifier.main([str(tmp_path / "missing.jsonl")]) == 2
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"id": 1}\n', encoding="utf-8")
    assert classifier.main([str(broken)]) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert "missing.jsonl" in first
    assert "broken.jsonl, dòng 1" in second
