"""What an examination found, one thing a line."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: `says` how it is, and where it is wrong also what to do about it."""

    about: str
    says: str
    wrong: bool

    @property
    def line(self) -> str:
        """As it is printed."""
        return " ".join(f"{'wrong' if self.wrong else 'ok':6}{self.about}: {self.says}".split("\n"))


def ok(about: str, says: str) -> Finding:
    """As it should be; a few words."""
    return Finding(about, says, wrong=False)


def wrong(about: str, what: str, remedy: str = "") -> Finding:
    """What is wrong, and what to do about it."""
    return Finding(about, f"{what if what.endswith('.') else what + '.'} {remedy}".strip(), wrong=True)
