"""Draws that anyone can check: the order by lot comes from a seed alone. The recipe is in docs/allocation.md. Pure."""

from hashlib import sha256


def lot(seed: str, inscription: str) -> str:
    """The lot of an inscription (its id): SHA-256, in hexadecimal, of the seed, a colon and the id. The least is first.

    The id is what everybody reads as `inscription` of a slot, and it is given before the seed is known.
    """
    return sha256(f"{seed}:{inscription}".encode()).hexdigest()


def commitment_to(seed: str) -> str:
    """What is published of a seed before the draw: its SHA-256 in hexadecimal."""
    return sha256(seed.encode()).hexdigest()
