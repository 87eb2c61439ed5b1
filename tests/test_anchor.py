"""What a host remembers of what it signed: a history that is another one is signed no further."""

# ruff: noqa: F811 (fixtures are named as parameters)

import json
import shutil
import stat

import pytest
import sqlalchemy as sa

from app.audit.anchors import AnchorFile
from app.audit.rules import chain
from app.audit.signing import make_signer, read_signer
from app.core.config import read_settings
from app.models import Event
from tests.support.commands import WHO, refused
from tests.support.factories import EDITOR, INDUSTRY, find, make_caller
from tests.support.registers import apps, operate, settings  # noqa: F401

pytestmark = [pytest.mark.long, pytest.mark.one_database]

ADD = ("key", "add", "--name", "集成", "--role", "reader", *WHO)
ACCEPT = ("audit", "accept-restore", "--as", "王操作", "--reason", "磁盘损坏，恢复昨夜备份")
TABLES = Event.metadata.tables
EVENTS, CHECKPOINTS, HEADS = (TABLES[name] for name in ("events", "checkpoints", "heads"))


def signed(real):
    """Return every checkpoint, oldest first."""
    rows = sa.select(CHECKPOINTS).order_by(CHECKPOINTS.c.sequence)
    return real.read(lambda session: session.execute(rows).all())


def anchor_of(settings):
    """Return the anchor of the register."""
    return AnchorFile(settings.anchor_file).read()


def lines_of(settings):
    """Return the lines of the file outside."""
    return [json.loads(line) for line in settings.checkpoints_file.read_text().splitlines()]


def go_back(real, until):
    """Bring the chain back to the event *until*, as a backup of then would."""
    with real.engine.begin() as connection:
        later = sa.delete(CHECKPOINTS).where(CHECKPOINTS.c.sequence > until)
        connection.execute(later)
        connection.execute(sa.text("DELETE FROM key_secrets"))
        connection.execute(sa.text("DELETE FROM access_keys"))
        connection.execute(sa.text("DELETE FROM principal_roles"))
        connection.execute(sa.text("DELETE FROM principals"))
        connection.execute(sa.text("DELETE FROM sealed_values WHERE subject_type = 'principal'"))
        connection.execute(sa.delete(EVENTS).where(EVENTS.c.sequence > until))
        set_head(connection)


def rewrite(real, sequence):
    """Let the event *sequence* say something else, make all hashes fit, and forget what follows."""
    with real.engine.begin() as connection:
        rows = connection.execute(
            sa.select(EVENTS).where(EVENTS.c.sequence >= sequence).order_by(EVENTS.c.sequence)
        ).all()
        before = rows[0].previous_hash
        for row in rows:
            values = {**row._mapping, "at": row.at.isoformat(), "previous_hash": before}
            if row.sequence == sequence:
                values["note"] = "so it was not"
            before = chain.event_hash(values)
            own = sa.update(EVENTS).where(EVENTS.c.sequence == row.sequence)
            connection.execute(
                own.values(note=values["note"], previous_hash=values["previous_hash"], hash=before)
            )
        connection.execute(sa.delete(CHECKPOINTS).where(CHECKPOINTS.c.sequence >= sequence))
        set_head(connection)


def set_head(connection):
    """Let the head agree with the last event and the newest checkpoint."""
    last = connection.execute(sa.select(EVENTS).order_by(EVENTS.c.sequence.desc())).first()
    newest = connection.execute(
        sa.select(CHECKPOINTS).order_by(CHECKPOINTS.c.sequence.desc())
    ).first()
    connection.execute(
        sa.update(HEADS).values(
            sequence=last.sequence,
            hash=last.hash,
            checkpoint_sequence=newest.sequence if newest else 0,
            checkpoint_at=newest.at if newest else None,
        )
    )


# -- the anchor


def test_each_checkpoint_has_a_number_and_the_host_remembers_the_newest(operate, settings, real):
    assert operate(*ADD).exit_code == 0
    assert operate(*ADD).exit_code == 0
    assert [row.number for row in signed(real)] == [1, 2]
    anchor = anchor_of(settings)
    newest = signed(real)[-1]
    assert (anchor.number, anchor.sequence, anchor.hash) == (2, newest.sequence, newest.hash)
    assert stat.S_IMODE(settings.anchor_file.stat().st_mode) == 0o600
    assert anchor.length_of(settings.checkpoints_file) == settings.checkpoints_file.stat().st_size
    for words in (("verify",), ("audit", "verify")):
        assert operate(*words).exit_code == 0, operate(*words).output


def test_an_anchor_never_goes_back(operate, settings):
    operate(*ADD)
    first = anchor_of(settings)
    operate(*ADD)
    AnchorFile(settings.anchor_file).put(first)
    assert anchor_of(settings).number == 2


def test_a_history_that_was_rewritten_is_found_and_signed_no_further(
    operate, apps, settings, real, caplog
):
    operate(*ADD)
    operate(*ADD)
    rewrite(real, signed(real)[0].sequence - 1)
    alone = {"checkpoints_file": None}
    for words in (("verify",), ("audit", "verify")):
        told = operate(*words, **alone)
        assert told.exit_code == 1
        assert "the anchor of this host remembers checkpoint 2" in told.stderr
    for words in (("audit", "checkpoint"), ("audit", "export", str(settings.audit_key) + "-b")):
        assert "Nothing is signed" in refused(operate(*words, **alone))
    caplog.clear()
    assert operate(*ADD, **alone).exit_code == 0  # work goes on, unsigned
    assert "nothing is signed" in caplog.text
    assert signed(real) == []
    client = apps(**alone).test_client()
    answer = client.get("/readyz", headers={"Accept-Language": "en"})
    assert answer.status_code == 503
    [error] = answer.get_json()["errors"]
    assert error["field"] == "audit_anchor"
    assert "was rewritten or cut short" in error["message"]


def test_no_receipt_is_handed_out_for_a_history_that_was_rewritten(operate, apps, real):
    operate(*ADD)
    operate(*ADD)

    def write(app, version):
        app.extensions["database"].engine.dispose()
        app.extensions["database"] = real
        real.signer = app.extensions["checkpointing"].database.signer
        editor = make_caller(app.test_client(), real, *EDITOR, office=INDUSTRY)
        one = f"/api/v1/recommendations/{find(editor)['id']}"
        tag = ("metaverse", "talent")[version - 1]
        return editor.post(f"{one}/tags", {"add": [tag]}, version)

    first = write(apps(), 1)
    assert first.status_code == 200, first.get_json()
    assert len(first.headers["Audit-Receipt"].split(";")) == 6
    rewrite(real, signed(real)[0].sequence - 1)
    second = write(apps(), 2)
    assert second.status_code == 200, second.get_json()
    assert "Audit-Receipt" not in second.headers


def test_all_checkpoints_taken_away_are_missed(operate, real):
    operate(*ADD)
    with real.engine.begin() as connection:
        connection.execute(sa.delete(CHECKPOINTS))
        connection.execute(sa.update(HEADS).values(checkpoint_sequence=0, checkpoint_at=None))
    told = operate("verify", checkpoints_file=None)
    assert told.exit_code == 1
    assert "the anchor of this host remembers checkpoint 1" in told.stderr
    assert "events at the end are not signed, though there is a key" in told.stderr
    assert "flask audit checkpoint" in told.stderr


def test_a_checkpoint_taken_from_the_middle_is_missed(operate, real):
    for _ in range(3):
        operate(*ADD)
    with real.engine.begin() as connection:
        middle = signed(real)[1].sequence
        connection.execute(sa.delete(CHECKPOINTS).where(CHECKPOINTS.c.sequence == middle))
    told = operate("verify", checkpoints_file=None)
    assert told.exit_code == 1
    assert "checkpoint 2 is missing" in told.stderr


def test_checkpoints_of_the_release_before_keep_their_text_and_are_counted(operate, settings, real):
    operate(*ADD)
    signer = read_signer(settings.audit_key)
    [row] = signed(real)
    text = chain.checkpoint_text(row.sequence, row.hash, row.at.isoformat())
    with real.engine.begin() as connection:
        connection.execute(sa.update(CHECKPOINTS).values(number=None, signature=signer.sign(text)))
    for each in (settings.anchor_file, settings.checkpoints_file):
        each.unlink()
    assert operate(*ADD).exit_code == 0
    assert [row.number for row in signed(real)] == [None, 2]
    assert operate("verify").exit_code == 0
    with real.engine.begin() as connection:
        connection.execute(sa.delete(CHECKPOINTS).where(CHECKPOINTS.c.number.is_(None)))
    assert "1 of the first 1 checkpoints are missing" in operate("verify").stderr


# -- the file outside


def test_a_file_outside_that_was_cut_short_or_lost_is_missed_and_not_written_anew(
    operate, settings
):
    operate(*ADD)
    operate(*ADD)
    outside = settings.checkpoints_file
    whole = outside.read_bytes()
    for content in (whole.splitlines(keepends=True)[0], b""):
        outside.write_bytes(content)
        assert "bytes and had" in operate("verify").stderr
        assert "bring it back, or name a new file" in refused(operate("audit", "checkpoint"))
        assert outside.read_bytes() == content
    outside.unlink()
    assert "No such file" in operate("audit", "verify").stderr
    outside.write_bytes(whole)
    assert operate("verify").exit_code == 0
    new = {"checkpoints_file": outside.with_name("new.jsonl")}
    assert operate("audit", "checkpoint", **new).exit_code == 0
    assert operate("verify", **new).exit_code == 0
    assert new["checkpoints_file"].read_bytes() == whole


def test_a_file_outside_whose_lines_are_others_is_found(operate, settings):
    operate(*ADD)
    operate(*ADD)
    one, two = settings.checkpoints_file.read_bytes().splitlines(keepends=True)
    settings.checkpoints_file.write_bytes(two + two)
    assert "kept inside, missing outside" in operate("verify").stderr
    settings.checkpoints_file.write_bytes(one + two.replace(b'"hash": "', b'"hash": "0'))
    assert "not signed with the key" in operate("verify").stderr


def test_checkpoints_are_kept_outside_unless_an_empty_setting_names_no_file(monkeypatch, tmp_path):
    monkeypatch.delenv("CHECKPOINTS_FILE", raising=False)
    monkeypatch.setenv("AUDIT_KEY", str(tmp_path / "key"))
    assert read_settings().checkpoints_file == tmp_path / "checkpoints.jsonl"
    assert read_settings().anchor_file == tmp_path / "key.anchor"
    monkeypatch.setenv("AUDIT_ANCHOR", str(tmp_path / "elsewhere"))
    assert read_settings().anchor_file == tmp_path / "elsewhere"
    monkeypatch.setenv("CHECKPOINTS_FILE", "")
    assert read_settings().checkpoints_file is None


# -- a backup that is restored


def test_a_restore_is_accepted_once_and_then_signed_on(operate, settings, real, caplog):
    assert "there is no restore to accept" in refused(operate(*ACCEPT))
    operate("audit", "checkpoint")
    backup = signed(real)[-1].sequence
    operate(*ADD)
    operate(*ADD)
    given_up = lines_of(settings)
    go_back(real, backup)
    assert "Nothing is signed" in refused(operate("audit", "checkpoint"))
    caplog.clear()
    assert operate("migrate").exit_code == 0
    assert "nothing is signed" in caplog.text
    assert lines_of(settings) == given_up
    done = operate(*ACCEPT)
    assert done.exit_code == 0, done.output
    assert f"given up: until checkpoint 3, event {given_up[-1]['sequence']}" in done.output
    assert f"goes on: after checkpoint 1, event {backup}" in done.output
    newest = signed(real)[-1]
    assert (newest.number, newest.resumes_after) == (4, 1)
    assert lines_of(settings)[:-1] == given_up
    assert lines_of(settings)[-1]["resumes_after"] == 1
    told = real.read(lambda session: session.get(Event, newest.sequence))
    assert (told.operation, told.note) == ("register.restore_accepted", ACCEPT[-1])
    before, after = json.loads(told.changes)["anchor"]
    assert (before["number"], before["sequence"]) == (3, given_up[-1]["sequence"])
    assert (after["number"], after["sequence"]) == (1, backup)
    assert "there is no restore to accept" in refused(operate(*ACCEPT))
    assert operate(*ADD).exit_code == 0
    assert signed(real)[-1].number == 5
    outside = ("audit", "verify", "--checkpoints", str(settings.checkpoints_file))
    for words in (("verify",), ("audit", "verify"), outside):
        assert operate(*words).exit_code == 0, operate(*words).stderr


def test_a_host_that_remembers_what_was_given_up_understands_it(operate, settings, real, tmp_path):
    operate("audit", "checkpoint")
    backup = signed(real)[-1].sequence
    operate(*ADD)
    shutil.copy(settings.anchor_file, tmp_path / "other-host")
    go_back(real, backup)
    other = {"audit_anchor": tmp_path / "other-host", "checkpoints_file": None}
    assert operate("verify", **other).exit_code == 1
    assert operate(*ACCEPT).exit_code == 0
    assert operate("verify", **other).exit_code == 0, operate("verify", **other).stderr
    assert "no restore to accept" in refused(operate(*ACCEPT, **other))
    with real.engine.begin() as connection:  # a made-up acceptance gives nothing up
        accepted = CHECKPOINTS.c.resumes_after.is_not(None)
        connection.execute(sa.update(CHECKPOINTS).where(accepted).values(number=9))
    assert operate("audit", "checkpoint", **other).exit_code == 1


# -- the key


def test_another_key_signs_nothing(operate, apps, tmp_path, real):
    operate(*ADD)
    make_signer(tmp_path / "other-key")
    other = {"audit_key": tmp_path / "other-key"}
    assert "bring that key back" in refused(operate("audit", "checkpoint", **other))
    assert "bring that key back" in refused(operate("migrate", **other))
    assert "bring that key back" in refused(operate(*ACCEPT, **other))
    before = len(signed(real))
    operate(*ADD, **other)
    assert len(signed(real)) == before
    assert apps(**other).test_client().get("/readyz").status_code == 503


@pytest.mark.parametrize(("mode", "is_fine"), [
    (0o600, True), (0o400, True), (0o440, True), (0o444, False), (0o644, False), (0o660, False),
])  # fmt: skip
def test_a_key_that_others_can_read_is_refused(monkeypatch, tmp_path, mode, is_fine):
    make_signer(tmp_path / "key")
    (tmp_path / "key").chmod(mode)
    monkeypatch.setenv("AUDIT_KEY", str(tmp_path / "key"))
    if is_fine:
        assert read_settings().audit_key == tmp_path / "key"
    else:
        with pytest.raises(Exception, match="chmod 600"):
            read_settings()


# -- receipts


def test_a_receipt_from_before_finds_a_rewriting_of_what_was_signed_then(operate, real, settings):
    operate(*ADD)
    before = anchor_of(settings)
    operate(*ADD)
    signer, last = read_signer(settings.audit_key), signed(real)[-1]
    text = chain.receipt_text(last.sequence, last.hash, before.event)
    receipt = f"{last.sequence};{last.hash};{signer.key_id};{signer.sign(text)}"
    receipt += f";{before.sequence};{before.hash}"
    old = f"{last.sequence};{last.hash};{signer.key_id}"
    old += f";{signer.sign(chain.receipt_text(last.sequence, last.hash))}"
    bundle = settings.audit_key.with_name("bundle")
    assert operate("audit", "export", str(bundle)).exit_code == 0
    for each in (receipt, old):
        assert operate("audit", "verify", "--receipt", each).exit_code == 0
        assert chain.bundle_problems(bundle, signer.public_key, [each]) == []
    for each in (receipt.replace(before.hash, "0" * 64), old.replace(last.hash, "0" * 64), "1;2"):
        assert "not signed with this key" in operate("audit", "verify", "--receipt", each).stderr
        assert chain.bundle_problems(bundle, signer.public_key, [each])
    other = (before.sequence, "0" * 64)
    forged = chain.receipt_text(last.sequence, last.hash, other)
    true = (
        f"{last.sequence};{last.hash};{signer.key_id};{signer.sign(forged)};{other[0]};{other[1]}"
    )
    told = f"event {other[0]}, signed before, is missing or another one now"
    assert told in operate("audit", "verify", "--receipt", true).stderr
    assert any(told in problem for problem in chain.bundle_problems(
        bundle, signer.public_key, [true]))  # fmt: skip


def test_the_check_of_a_bundle_misses_a_checkpoint_and_takes_receipts(operate, settings, real):
    for _ in range(3):
        operate(*ADD)
    with real.engine.begin() as connection:
        middle = signed(real)[1].sequence
        connection.execute(sa.delete(CHECKPOINTS).where(CHECKPOINTS.c.sequence == middle))
    bundle = settings.audit_key.with_name("bundle")
    operate("audit", "export", str(bundle))
    public = read_signer(settings.audit_key).public_key
    assert chain.bundle_problems(bundle, public) == ["checkpoint 2 is missing"]
    words = [str(bundle), "--public-key", public, "--receipt", "7;x;y;z"]
    assert chain.main(words) == 1
