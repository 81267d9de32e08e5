"""The command `rostrum`. A command's file is read only when it is asked for, so that each starts quickly."""

import gc
import sys
from collections.abc import Sequence
from importlib import import_module

from api.cli.shell import Failed, Parser
from api.settings import SettingsError
from scheduler.errors import Refusal

COMMANDS = {
    "demo": "the whole service on a database of its own, filled with the demonstration programme",
    "serve": "the service",
    "worker": "what sends reminders and webhooks, apart from `serve`",
    "migrate": "bring the database to the newest shape",
    "load": "load a programme file or a participants' list",
    "person": "add a person",
    "token": "make bearer tokens",
    "doctor": "what is wrong with this installation",
    "simulate": "play meetings at speed and judge the forecast",
    "forecast": "replay meetings' records and say when each speaker was expected",
}
_WRONG_USE = 2
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command and returns its exit code: 0, or 1 (it failed) or 2 (wrongly used) after one line on stderr."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _run(given)
    except Failed as failed:
        return _say(str(failed), failed.code)
    except Refusal as refusal:
        # A program finds them in `errors`, who reads a line behind it.
        told = [refusal.sentence.removesuffix(" See `errors`."), *(each.message for each in refusal.faults)]
        return _say(" ".join(dict.fromkeys(told)), 1)
    except SettingsError as error:
        return _say(str(error), 1)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has seen enough; nothing more can be written, not even at the interpreter's end.
        sys.stdout = None
        return 1


def _run(given: list[str]) -> int:
    if given and given[0] in {"-h", "--help"}:
        print(_overview())
        return 0
    if not given or given[0] not in COMMANDS:
        asked = f"There is no command {given[0]!r}" if given else "Name a command"
        raise Failed(f"{asked}: {', '.join(COMMANDS)}. `rostrum --help` explains them.", _WRONG_USE)
    # Reading a command's files makes no garbage: to look for it meanwhile is a tenth of the start.
    gc.disable()
    command = import_module(f"api.cli.{given[0]}")
    gc.enable()
    parser = Parser(prog=f"rostrum {given[0]}", description=command.__doc__)
    command.arguments(parser)
    code: int | None = command.run(parser.parse_args(given[1:]))
    return code or 0


def _overview() -> str:
    lines = [f"  {name:9}{what}" for name, what in COMMANDS.items()]
    return "\n".join(
        [
            "usage: rostrum COMMAND ...",
            "",
            *lines,
            "",
            "`rostrum COMMAND --help` explains one. Settings come from the environment (ROSTRUM_*).",
        ]
    )


def _say(line: str, code: int) -> int:
    print("rostrum:", " ".join(line.split()), file=sys.stderr)
    return code
