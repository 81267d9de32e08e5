from hashlib import sha256

from scheduler.allocation.seeding import commitment_to, lot


def test_lot_is_the_digest_of_seed_and_inscription() -> None:
    assert lot("spring rain", "a-1") == sha256(b"spring rain:a-1").hexdigest()


def test_commitment_is_the_digest_of_the_seed_as_utf_8() -> None:
    assert commitment_to("søster") == sha256("søster".encode()).hexdigest()
