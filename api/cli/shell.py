"""What the commands share: wrong use in one line, the settings, a database that is ready."""

import argparse
import os
from typing import NoReturn

from api.settings import Settings, read_settings


class Failed(Exception):  # noqa: N818  -- an answer to whoever typed the command
    """Why a command did not do what was asked, in one line; `code` is its exit code."""

    def __init__(self, line: str, code: int = 1) -> None:
        super().__init__(line)
        self.code = code


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, where argparse prints the usage before it."""

    def error(self, message: str) -> NoReturn:
        """Raises Failed."""
        raise Failed(f"{message[:1].upper()}{message[1:]}. `{self.prog} --help` explains.", 2)


def settings() -> Settings:
    """The settings of this process. Raises SettingsError."""
    return read_settings(os.environ)
