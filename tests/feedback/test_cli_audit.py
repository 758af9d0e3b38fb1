"""`feedback audit` as operators and auditors run it: seals, copies outside, proofs, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest

from feedback import cli
from feedback.commands import doctor, progress
from feedback.domain.sealing import GENESIS, Signer
from feedback.services.app import App
from feedback.settings import Settings
from feedback.store.audit import parallel
from feedback.store.tables import AuditEvent
from tests.feedback.matters import routed
from tests.feedback.store.sealed import Past, tamper, write_anew
from tests.servers import DatabaseUrls

OTHER_KEY = "b3RoZXIta2V5LW90aGVyLWtleS1vdGhlci1rZXktISE="
Said = tuple[int, str, str]
Run = Callable[..., Said]


@pytest.fixture
def past(app: App, settings: Settings) -> Past:
    found = Past(app, settings)
    found.live()
    return found


@pytest.fixture
def feedback(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Run a command in this process; exit code and what it said on both streams."""

    def run(*words: object, **other: str) -> Said:
        with monkeypatch.context() as patch:
            for name, value in {**environ, **other}.items():
                patch.setenv(name, value)
            capsys.readouterr()
            code = cli.main(["audit", *map(str, words)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_seal_says_what_it_sealed_and_then_that_nothing_is_left(past: Past, feedback: Run) -> None:
    code, out, _ = feedback("seal", "--day", past.day(3))
    assert (code, [line.split(", root")[0] for line in out.splitlines()]) == (
        0,
        [f"sealed {past.day(4)}: 4 rows", f"sealed {past.day(3)}: 0 rows"],
    )
    assert len(feedback("seal")[1].splitlines()) == 2
    assert feedback("seal") == (0, "nothing to seal: every finished day has its seal\n", "")


def test_what_cannot_be_sealed_is_refused_in_one_line(past: Past, feedback: Run) -> None:
    code, out, err = feedback("seal", "--day", past.day(0))
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    code, out, err = feedback("seal", FEEDBACK_SEAL_KEY="")
    assert (code, out) == (2, "")
    assert "FEEDBACK_SEAL_KEY is not set" in err
    with pytest.raises(SystemExit):
        feedback("seal", "--day", "yesterday")


def test_a_day_that_is_none_and_a_copy_that_is_not_there_are_named(
    feedback: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        feedback("seal", "--day", "2026-02-31")
    assert "no such day: 2026-02-31" in capsys.readouterr().err
    assert feedback("verify", "--against", "not-there") == (2, "", "not-there: No such file or directory\n")


def test_the_public_key_is_printed_and_the_private_one_is_not(feedback: Run, settings: Settings) -> None:
    code, out, _ = feedback("key")
    assert settings.seal_key is not None
    signer = Signer(settings.seal_key)
    assert (code, signer.public in out, signer.key_id in out, settings.seal_key in out) == (
        0,
        True,
        True,
        False,
    )


def test_verify_counts_rows_chains_and_sealed_days(past: Past, feedback: Run) -> None:
    past.seal()
    assert feedback("verify") == (0, "audit trail holds: 16 rows in 7 chains, 4 sealed days\n", "")


def test_verify_warns_of_days_without_a_seal_and_does_not_fail(past: Past, feedback: Run) -> None:
    code, out, err = feedback("verify")
    assert (code, "holds: 12 rows" in out) == (0, True)
    assert f"warning: {past.day(4)} ended more than 26 hours ago and is not sealed" in err


def test_several_processes_find_what_one_finds(
    past: Past, feedback: Run, database_urls: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    past.seal()
    monkeypatch.setattr(parallel, "WORTH_IT", 1)
    assert feedback("verify", "--workers", 3)[:2] == (
        0,
        "audit trail holds: 16 rows in 7 chains, 4 sealed days\n",
    )
    tamper(database_urls, "UPDATE audit_event SET actor = 'x' WHERE seq = 2")
    single, several = feedback("verify", "--workers", 1), feedback("verify", "--workers", 3)
    assert single[0] == several[0] == 1
    assert sorted(single[1].splitlines()) == sorted(several[1].splitlines())


def test_without_the_private_key_the_public_one_is_enough_to_verify(
    past: Past, feedback: Run, settings: Settings
) -> None:
    past.seal()
    assert settings.seal_key is not None
    code, out, _ = feedback("verify", FEEDBACK_SEAL_KEY="")
    assert (code, "which is not among the known keys" in out) == (1, True)
    public = Signer(settings.seal_key).public
    assert feedback("verify", FEEDBACK_SEAL_KEY="", FEEDBACK_SEAL_PUBLIC_KEYS=public)[0] == 0


def test_after_a_change_of_keys_the_old_public_key_is_kept(
    past: Past, feedback: Run, settings: Settings
) -> None:
    assert settings.seal_key is not None
    assert feedback("seal", "--day", past.day(3))[0] == 0
    changed = {"FEEDBACK_SEAL_KEY": OTHER_KEY, "FEEDBACK_SEAL_PUBLIC_KEYS": Signer(settings.seal_key).public}
    assert feedback("seal", **changed)[0] == 0
    assert feedback("verify", **changed)[0] == 0
    code, out, _ = feedback("verify", FEEDBACK_SEAL_KEY=OTHER_KEY)
    assert (code, out.count("not among the known keys")) == (1, 2)


def test_a_copy_outside_convicts_an_owner_who_wrote_everything_anew(
    past: Past, feedback: Run, tmp_path: Path, database_urls: DatabaseUrls, settings: Settings
) -> None:
    past.seal()
    copy = tmp_path / "copy.jsonl"
    assert feedback("seals", "--export", copy)[0] == 0
    assert feedback("verify", "--against", copy)[:2] == (
        0,
        "audit trail holds: 16 rows in 7 chains, 4 sealed days; 4 days are those of the copy\n",
    )
    write_anew(database_urls)
    other = {"FEEDBACK_SEAL_KEY": OTHER_KEY}
    assert feedback("seal", **other)[0] == 0
    assert feedback("verify", **other)[0] == 0
    code, out, _ = feedback("verify", "--against", copy, **other)
    assert code == 1
    assert f"day {past.day(4)} has another root than in the copy" in out


def test_a_day_of_the_copy_that_is_gone_here_is_named(
    past: Past, feedback: Run, tmp_path: Path, database_urls: DatabaseUrls
) -> None:
    past.seal()
    copy = tmp_path / "copy.jsonl"
    feedback("seals", "--export", copy)
    tamper(database_urls, "DELETE FROM audit_seal WHERE day = (SELECT max(day) FROM audit_seal)")
    assert (
        f"day {past.day(1)} has a seal in the copy and none here" in feedback("verify", "--against", copy)[1]
    )


def test_a_copy_is_never_written_over(past: Past, feedback: Run, tmp_path: Path) -> None:
    past.seal()
    copy = tmp_path / "copy.jsonl"
    assert feedback("seals", "--export", copy)[0] == 0
    before = copy.read_text()
    code, _, err = feedback("seals", "--export", copy)
    assert (code, copy.read_text(), "exists" in err) == (1, before, True)
    assert feedback("seals", "--export", "-")[1] == before


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        "[1]",
        '{"kind": "something else"}',
        '{"kind": "hanoi-feedback audit seals", "format": 1, "keys": ["x"]}',
    ],
)
def test_a_file_that_is_no_copy_is_refused_in_one_line(feedback: Run, tmp_path: Path, text: str) -> None:
    copy = tmp_path / "copy.jsonl"
    copy.write_text(text)
    code, out, err = feedback("verify", "--against", copy)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert feedback("verify", "--against", tmp_path / "missing")[0] == 2


@pytest.fixture
def proven(past: Past, feedback: Run, tmp_path: Path) -> tuple[Path, Path, str]:
    """A proof of a sealed ticket, a copy of the seals, and the public key."""
    code = routed(past.at(2), past.settings)
    past.seal()
    proof, copy = tmp_path / "proof.json", tmp_path / "copy.jsonl"
    proof.write_text(feedback("proof", code)[1], encoding="utf-8")
    feedback("seals", "--export", copy)
    assert past.app.signer is not None
    return proof, copy, past.app.signer.public


NOWHERE: Mapping[str, str] = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}


def test_a_proof_is_checked_without_any_database(proven: tuple[Path, Path, str], feedback: Run) -> None:
    proof, copy, key = proven
    code, out, err = feedback("check-proof", proof, "--seals", copy, "--key", key, **NOWHERE)
    assert (code, err) == (0, "")
    assert out.startswith("proven: 2 rows of HN-")
    code, _, err = feedback("check-proof", proof, "--seals", copy, **NOWHERE)
    assert (code, "compare their ids" in err) == (0, True)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda row: row["row"].update(actor="x"), "the content does not belong to the hash"),
        (lambda row: row.update(hash="0" * 64), "does not stand in the sealed day"),
        (lambda row: row.update(id=row["id"] + 1), "does not stand in the sealed day"),
        (lambda row: row.update(index=0), "does not stand in the sealed day"),
        (lambda row: row.update(size=row["size"] + 1), "does not stand in the sealed day"),
        (lambda row: row.update(path=row["path"][:-1]), "does not stand in the sealed day"),
        (lambda row: row.update(day="2020-01-01"), "the copy has no seal of 2020-01-01"),
        (lambda row: row["row"].update(chain="ticket:99"), "the content is that of another row"),
        (lambda row: row["row"].update(prev_hash=GENESIS), "does not continue the row before it"),
    ],
)
def test_a_proof_that_was_touched_proves_nothing(
    proven: tuple[Path, Path, str], feedback: Run, change: Callable[[dict[str, object]], None], why: str
) -> None:
    proof, copy, key = proven
    found = json.loads(proof.read_text(encoding="utf-8"))
    change(found["rows"][1])
    proof.write_text(json.dumps(found), encoding="utf-8")
    code, out, _ = feedback("check-proof", proof, "--seals", copy, "--key", key)
    assert (code, why in out, "NOT PROVEN" in out) == (1, True, True), out


def test_a_copy_that_was_touched_proves_nothing(proven: tuple[Path, Path, str], feedback: Run) -> None:
    proof, copy, key = proven
    head, *lines = copy.read_text().splitlines()
    first = json.loads(lines[0])
    copy.write_text("\n".join([head, json.dumps({**first, "rows": 9}), *lines[1:]]))
    assert "the signature does not hold" in feedback("check-proof", proof, "--seals", copy, "--key", key)[1]
    copy.write_text("\n".join([head, lines[0], *lines[2:]]))
    assert "does not follow" in feedback("check-proof", proof, "--seals", copy, "--key", key)[1]
    stranger = Signer(OTHER_KEY).public
    assert "not among the trusted" in feedback("check-proof", proof, "--seals", copy, "--key", stranger)[1]


def test_what_is_no_proof_or_no_key_is_refused(proven: tuple[Path, Path, str], feedback: Run) -> None:
    proof, copy, _ = proven
    assert feedback("check-proof", proof, "--seals", copy, "--key", "short")[0] == 2
    for text in ("", "[]", '{"kind": "hanoi-feedback audit proof", "format": 1, "rows": [{}]}'):
        proof.write_text(text)
        code, out, err = feedback("check-proof", proof, "--seals", copy)
        assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert feedback("proof", "HN-26-7K3F-92")[0] == 1


def test_of_a_restricted_ticket_a_proof_gives_hashes_only(
    past: Past, feedback: Run, tmp_path: Path, database_urls: DatabaseUrls
) -> None:
    code = routed(past.at(2), past.settings)
    with psycopg.connect(database_urls.superuser) as connection:
        connection.execute("UPDATE ticket SET restricted = true WHERE code = %s", (code,))
    past.seal()
    proof, copy = tmp_path / "proof.json", tmp_path / "copy.jsonl"
    proof.write_text(feedback("proof", code)[1], encoding="utf-8")
    feedback("seals", "--export", copy)
    assert [row["row"] for row in json.loads(proof.read_text(encoding="utf-8"))["rows"]] == [None, None]
    assert feedback("check-proof", proof, "--seals", copy)[0] == 0


def test_a_proof_is_a_reading_and_stands_in_the_trail(past: Past, feedback: Run) -> None:
    code = routed(past.at(2), past.settings)
    feedback("proof", code)
    with past.app.store.reading() as session:
        last = session.query(AuditEvent).order_by(AuditEvent.id.desc()).first()
    assert last is not None
    assert (last.action, last.actor, last.after) == ("ticket_read", "command line", {"proven": 0})


def doctors_words(environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What the doctor says of the trail and its seals."""
    capsys.readouterr()
    doctor.examine(environ)
    return [
        line for line in capsys.readouterr().out.splitlines() if "seals:" in line or "audit rows:" in line
    ]


def test_doctor_says_how_old_the_last_seal_is_and_what_is_missing(
    past: Past, environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    guarded = "ok     audit rows: append-only for the application"
    assert doctors_words(environ, capsys) == [
        guarded,
        f"FAULT  seals: {len(past.verify().late)} finished days are not sealed, the first is {past.day(4)}",
    ]
    past.seal()
    assert doctors_words(environ, capsys) == [
        guarded,
        f"ok     seals: the last one is of {past.day(1)}, 0 h old",
    ]
    (_, untrusted, _) = doctors_words({**environ, "FEEDBACK_SEAL_KEY": OTHER_KEY}, capsys)
    assert untrusted == f"FAULT  seals: that of {past.day(1)} is not signed by a key this host trusts"
    assert "is not set" in doctors_words({**environ, "FEEDBACK_SEAL_KEY": ""}, capsys)[1]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("ALTER TABLE audit_event DISABLE TRIGGER audit_event_link", "not guarded by audit_event_link"),
        ("DROP TRIGGER audit_seal_guard ON audit_seal", "not guarded by audit_seal_guard"),
        ("GRANT UPDATE ON audit_head TO feedback_app", "the application holds UPDATE on audit_head"),
        ("GRANT TRUNCATE ON audit_event TO feedback_app", "the application holds TRUNCATE on audit_event"),
    ],
)
def test_doctor_finds_a_guard_that_is_off_and_a_right_too_many(
    environ: dict[str, str],
    database_urls: DatabaseUrls,
    capsys: pytest.CaptureFixture[str],
    statement: LiteralString,
    said: str,
) -> None:
    with psycopg.connect(database_urls.superuser, autocommit=True) as connection:
        connection.execute(statement)
    assert f"FAULT  audit rows: {said}" in doctors_words(environ, capsys)


def test_progress_tells_how_far_how_fast_and_how_long_still() -> None:
    assert progress.line(1_000_000, 250_000, 10.0, "rows").strip() == (
        "250,000 of 1,000,000 rows, 25,000 a second, 30 s left"
    )
    assert "not begun" in progress.line(10, 0, 0.0, "rows")
