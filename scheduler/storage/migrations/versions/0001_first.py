"""The first shape of everything."""

import sqlalchemy as sa
from alembic import op

from scheduler.storage import columns

revision = "0001"
down_revision = None


def upgrade() -> None:  # noqa: PLR0915  -- one statement for each table and index
    op.create_table(
        "body",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column("created_at", columns.Instant(), nullable=False),
        sa.Column("shown_at", columns.Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code", name="uq_body__code"),
    )
    op.create_table(
        "code",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("of_type", sa.String(), nullable=False),
        sa.Column("of_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_code_of_id"), "code", ["of_id"], unique=False)
    op.create_table(
        "due",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("due_key", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("webhook_id", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("meeting_id", sa.String(), nullable=True),
        sa.Column("subject_line", sa.String(), nullable=True),
        sa.Column("due_at", columns.Instant(), nullable=False),
        sa.Column("useless_at", columns.Instant(), nullable=True),
        sa.Column("claim_at", columns.Instant(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("data", columns.Json(), nullable=False),
        sa.Column("created_at", columns.Instant(), nullable=False),
        sa.Column("settled_at", columns.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("due_key", name="uq_due__due_key"),
    )
    op.create_index(
        "ix_due__claim_at",
        "due",
        ["claim_at"],
        unique=False,
        sqlite_where=sa.text("status IN ('planned', 'sending')"),
        postgresql_where=sa.text("status IN ('planned', 'sending')"),
    )
    op.create_index("ix_due__due_at", "due", ["due_at", "id"], unique=False)
    op.create_index("ix_due__meeting_id", "due", ["meeting_id"], unique=False)
    op.create_index("ix_due__person_id", "due", ["person_id", "due_at"], unique=False)
    op.create_index("ix_due__subject_id", "due", ["subject_id"], unique=False)
    op.create_table(
        "foretold",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("meeting_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("expected_at", columns.Instant(), nullable=False),
        sa.Column("carried", sa.Boolean(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("near", sa.Integer(), nullable=False),
        sa.Column("next", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_foretold_meeting_id"), "foretold", ["meeting_id"], unique=False)
    op.create_table(
        "horizon",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("reached", columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "idempotent_answer",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("created_at", columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_idempotent_answer_created_at"), "idempotent_answer", ["created_at"], unique=False)
    op.create_table(
        "installation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "journal",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", columns.Instant(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("by_person", sa.String(), nullable=True),
        sa.Column("by_role", sa.String(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("body_id", sa.String(), nullable=True),
        sa.Column("session_id", sa.String(), nullable=True),
        sa.Column("meeting_id", sa.String(), nullable=True),
        sa.Column("organisation_id", sa.String(), nullable=True),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("meeting_number", sa.Integer(), nullable=True),
        sa.Column("data", columns.Json(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("meeting_id", "meeting_number", name="uq_journal__meeting_id__meeting_number"),
    )
    op.create_index("ix_journal__session_id", "journal", ["session_id", "id"], unique=False)
    op.create_index("ix_journal__subject_id", "journal", ["subject_id"], unique=False)
    op.create_table(
        "journal_counter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "journal_cursor",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "known",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("meeting_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("starts_at", columns.Instant(), nullable=False),
        sa.Column("ends_at", columns.Instant(), nullable=False),
        sa.Column("room", sa.String(), nullable=True),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_known_meeting_id"), "known", ["meeting_id"], unique=False)
    op.create_index(op.f("ix_known_session_id"), "known", ["session_id"], unique=False)
    op.create_table(
        "organisation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("region", sa.String(), nullable=True),
        sa.Column("groups", columns.Json(), nullable=False),
        sa.Column("created_at", columns.Instant(), nullable=False),
        sa.Column("shown_at", columns.Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name", name="uq_organisation__name"),
    )
    op.create_table(
        "stale",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=True),
        sa.Column("meeting_id", sa.String(), nullable=True),
        sa.Column("organisation_id", sa.String(), nullable=True),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("inscription_id", sa.String(), nullable=True),
        sa.Column("list_id", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_stale_position"), "stale", ["position"], unique=False)
    op.create_table(
        "watched",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("looked_at", columns.Instant(), nullable=False),
        sa.Column("warned", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "webhook",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("kinds", columns.Json(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_webhook__created_at", "webhook", ["created_at", "id"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("email_key", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=True),
        sa.Column("channels", columns.Json(), nullable=False),
        sa.Column("lead_minutes", columns.Json(), nullable=False),
        sa.Column("quiet_start", sa.String(), nullable=True),
        sa.Column("quiet_end", sa.String(), nullable=True),
        sa.Column("quiet_own_turn", sa.Boolean(), nullable=False),
        sa.Column("turn_rules", columns.Json(), nullable=False),
        sa.Column("list_rules", columns.Json(), nullable=False),
        sa.Column("feed_moves_minutes", sa.Integer(), nullable=False),
        sa.Column("slots_by", sa.String(), nullable=False),
        sa.Column("erased", sa.Boolean(), nullable=False),
        sa.Column("created_at", columns.Instant(), nullable=False),
        sa.Column("shown_at", columns.Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email_key", name="uq_person__email_key"),
    )
    op.create_index(op.f("ix_person_organisation_id"), "person", ["organisation_id"], unique=False)
    op.create_table(
        "session",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("body_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("starts_on", sa.String(), nullable=False),
        sa.Column("ends_on", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=True),
        sa.Column("venue", sa.String(), nullable=True),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column("deadlines", columns.Json(), nullable=False),
        sa.Column("reply_seconds", columns.Json(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("created_at", columns.Instant(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("shown_at", columns.Instant(), nullable=False),
        sa.Column("status_sequence", sa.Integer(), nullable=False),
        sa.Column("named_at", columns.Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["body_id"],
            ["body.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code", name="uq_session__code"),
    )
    op.create_index("ix_session__starts_on", "session", ["starts_on", "id"], unique=False)
    op.create_index(op.f("ix_session_body_id"), "session", ["body_id"], unique=False)
    op.create_table(
        "accreditation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("created_at", columns.Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["session.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("session_id", "organisation_id", name="uq_accreditation__session_id__organisation_id"),
    )
    op.create_index(op.f("ix_accreditation_organisation_id"), "accreditation", ["organisation_id"], unique=False)
    op.create_table(
        "feed",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=True),
        sa.Column("organisation_id", sa.String(), nullable=True),
        sa.Column("include", columns.Json(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("memory", columns.Json(), nullable=False),
        sa.Column("memory_turns", sa.Integer(), nullable=False),
        sa.Column("created_at", columns.Instant(), nullable=False),
        sa.Column("last_read_at", columns.Instant(), nullable=True),
        sa.Column("last_read_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("secret_hash", name="uq_feed__secret_hash"),
    )
    op.create_index("ix_feed__person_id", "feed", ["person_id", "created_at", "id"], unique=False)
    op.create_table(
        "item",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("parent_id", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("started_at", columns.Instant(), nullable=True),
        sa.Column("ended_at", columns.Instant(), nullable=True),
        sa.Column("shown_at", columns.Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["session.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("session_id", "number", name="uq_item__session_id__number"),
    )
    op.create_table(
        "meeting",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("date", sa.String(), nullable=False),
        sa.Column("start", sa.String(), nullable=False),
        sa.Column("end", sa.String(), nullable=False),
        sa.Column("fold", sa.Integer(), nullable=True),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("starts_at", columns.Instant(), nullable=False),
        sa.Column("ends_at", columns.Instant(), nullable=False),
        sa.Column("zone_data", sa.String(), nullable=False),
        sa.Column("room", sa.String(), nullable=True),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("languages", columns.Json(), nullable=False),
        sa.Column("items", columns.Json(), nullable=False),
        sa.Column("remote_budget_seconds", sa.Integer(), nullable=True),
        sa.Column("remote_booked_seconds", sa.Integer(), nullable=False),
        sa.Column("end_if_exceeded", sa.String(), nullable=True),
        sa.Column("webcast_url", sa.String(), nullable=True),
        sa.Column("join_url", sa.String(), nullable=True),
        sa.Column("links_for", sa.String(), nullable=False),
        sa.Column("replies", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("created_at", columns.Instant(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("shown_at", columns.Instant(), nullable=False),
        sa.Column("status_sequence", sa.Integer(), nullable=False),
        sa.Column("named_at", columns.Instant(), nullable=False),
        sa.Column("links_sequence", sa.Integer(), nullable=False),
        sa.Column("links_shown_at", columns.Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("floor_version", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["session.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("session_id", "number", name="uq_meeting__session_id__number"),
    )
    op.create_index("ix_meeting__session_id__starts_at", "meeting", ["session_id", "starts_at", "id"], unique=False)
    op.create_index("ix_meeting__starts_at", "meeting", ["starts_at", "id"], unique=False)
    op.create_table(
        "role_grant",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("scope_type", sa.String(), nullable=True),
        sa.Column("scope_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_role_grant__scope_id", "role_grant", ["scope_id"], unique=False)
    op.create_index(op.f("ix_role_grant_person_id"), "role_grant", ["person_id"], unique=False)
    op.create_table(
        "sign_in",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("created_at", columns.Instant(), nullable=False),
        sa.Column("last_seen_at", columns.Instant(), nullable=True),
        sa.Column("expires_at", columns.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("secret_hash", name="uq_sign_in__secret_hash"),
    )
    op.create_index(op.f("ix_sign_in_person_id"), "sign_in", ["person_id"], unique=False)
    op.create_table(
        "speakers_list",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("meeting_id", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("allocation", sa.String(), nullable=False),
        sa.Column("opens_at", columns.Instant(), nullable=True),
        sa.Column("opens_as", columns.Json(), nullable=True),
        sa.Column("closes_at", columns.Instant(), nullable=True),
        sa.Column("closes_as", columns.Json(), nullable=True),
        sa.Column("closes_item_id", sa.String(), nullable=True),
        sa.Column("closes_state", sa.String(), nullable=True),
        sa.Column("hand_status", sa.String(), nullable=True),
        sa.Column("hand_at", columns.Instant(), nullable=True),
        sa.Column("due_at", columns.Instant(), nullable=True),
        sa.Column("modes", columns.Json(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("policy_options", columns.Json(), nullable=False),
        sa.Column("seconds_default", sa.Integer(), nullable=False),
        sa.Column("seconds_by_category", columns.Json(), nullable=False),
        sa.Column("window_start", sa.Integer(), nullable=False),
        sa.Column("window_end", sa.Integer(), nullable=False),
        sa.Column("window_follows", sa.Boolean(), nullable=False),
        sa.Column("slot_seconds", sa.Integer(), nullable=True),
        sa.Column("gap_seconds", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("one_per_organisation", sa.Boolean(), nullable=False),
        sa.Column("draw_commitment", sa.String(), nullable=True),
        sa.Column("draw_seed", sa.String(), nullable=True),
        sa.Column("created_at", columns.Instant(), nullable=False),
        sa.Column("shown_at", columns.Instant(), nullable=False),
        sa.Column("opens_sequence", sa.Integer(), nullable=False),
        sa.Column("opens_shown_at", columns.Instant(), nullable=False),
        sa.Column("closes_sequence", sa.Integer(), nullable=False),
        sa.Column("closes_shown_at", columns.Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meeting.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_speakers_list__meeting_id", "speakers_list", ["meeting_id", "position"], unique=False)
    op.create_index(op.f("ix_speakers_list_due_at"), "speakers_list", ["due_at"], unique=False)
    op.create_index(op.f("ix_speakers_list_item_id"), "speakers_list", ["item_id"], unique=False)
    op.create_table(
        "inscription",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("list_id", sa.String(), nullable=False),
        sa.Column("meeting_id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("slot_id", sa.String(), nullable=True),
        sa.Column("held_after", sa.Integer(), nullable=True),
        sa.Column("held_seconds", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=True),
        sa.Column("organisation_key", sa.String(), nullable=True),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("topic", sa.String(), nullable=True),
        sa.Column("on_behalf_of", sa.String(), nullable=True),
        sa.Column("delivered_by", sa.String(), nullable=True),
        sa.Column("seconds_requested", sa.Integer(), nullable=True),
        sa.Column("ready", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("asked_ready_at", columns.Instant(), nullable=True),
        sa.Column("foreseen_start", columns.Instant(), nullable=True),
        sa.Column("foreseen_seconds", sa.Integer(), nullable=True),
        sa.Column("foreseen_at", columns.Instant(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("created_at", columns.Instant(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("shown_at", columns.Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["speakers_list.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_inscription__list_id", "inscription", ["list_id", "created_at"], unique=False)
    op.create_index("ix_inscription__meeting_id", "inscription", ["meeting_id"], unique=False)
    op.create_index("ix_inscription__organisation_id", "inscription", ["organisation_id", "created_at"], unique=False)
    op.create_index("ix_inscription__person_id", "inscription", ["person_id", "created_at"], unique=False)
    op.create_index(
        "uq_inscription__list_id__organisation_key",
        "inscription",
        ["list_id", "organisation_key"],
        unique=True,
        sqlite_where=sa.text("status NOT IN ('withdrawn')"),
        postgresql_where=sa.text("status NOT IN ('withdrawn')"),
    )
    op.create_index(
        "uq_inscription__list_id__person_id",
        "inscription",
        ["list_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("status NOT IN ('withdrawn')"),
        postgresql_where=sa.text("status NOT IN ('withdrawn')"),
    )
    op.create_table(
        "slot",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("list_id", sa.String(), nullable=False),
        sa.Column("meeting_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("starts_after", sa.Integer(), nullable=False),
        sa.Column("reserved_category", sa.String(), nullable=True),
        sa.Column("reserved_mode", sa.String(), nullable=True),
        sa.Column("reserved_organisation_id", sa.String(), nullable=True),
        sa.Column("inscription_id", sa.String(), nullable=True),
        sa.Column("placed_at", columns.Instant(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["speakers_list.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("inscription_id", name="uq_slot__inscription_id"),
    )
    op.create_index("ix_slot__list_id", "slot", ["list_id", "position"], unique=False)
    op.create_index("ix_slot__meeting_id", "slot", ["meeting_id"], unique=False)
    op.create_table(
        "waiting",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("list_id", sa.String(), nullable=False),
        sa.Column("meeting_id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=True),
        sa.Column("organisation_key", sa.String(), nullable=True),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("topic", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("slot_id", sa.String(), nullable=True),
        sa.Column("offered_until", columns.Instant(), nullable=True),
        sa.Column("created_at", columns.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["speakers_list.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("list_id", "position", name="uq_waiting__list_id__position"),
    )
    op.create_index(
        "ix_waiting__meeting_id",
        "waiting",
        ["meeting_id"],
        unique=False,
        sqlite_where=sa.text("status IN ('waiting', 'offered')"),
        postgresql_where=sa.text("status IN ('waiting', 'offered')"),
    )
    op.create_index(
        "ix_waiting__offered_until",
        "waiting",
        ["offered_until"],
        unique=False,
        sqlite_where=sa.text("status = 'offered'"),
        postgresql_where=sa.text("status = 'offered'"),
    )
    op.create_index("ix_waiting__person_id", "waiting", ["person_id", "created_at"], unique=False)
    op.create_index(
        "uq_waiting__list_id__organisation_key",
        "waiting",
        ["list_id", "organisation_key"],
        unique=True,
        sqlite_where=sa.text("status IN ('waiting', 'offered')"),
        postgresql_where=sa.text("status IN ('waiting', 'offered')"),
    )
    op.create_index(
        "uq_waiting__list_id__person_id",
        "waiting",
        ["list_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("status IN ('waiting', 'offered')"),
        postgresql_where=sa.text("status IN ('waiting', 'offered')"),
    )
    op.create_index(
        "uq_waiting__slot_id",
        "waiting",
        ["slot_id"],
        unique=True,
        sqlite_where=sa.text("status = 'offered'"),
        postgresql_where=sa.text("status = 'offered'"),
    )
    op.create_table(
        "swap",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("with_id", sa.String(), nullable=False),
        sa.Column("proposes", sa.Boolean(), nullable=False),
        sa.Column("proposed_at", columns.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["id"],
            ["inscription.id"],
        ),
        sa.ForeignKeyConstraint(
            ["with_id"],
            ["inscription.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_swap_with_id"), "swap", ["with_id"], unique=False)
    op.execute("INSERT INTO journal_counter (id, last) VALUES (1, 0)")
