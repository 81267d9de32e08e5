"""From the bytes of a participants' list to what it says, whatever kind of file it is: its first bytes tell."""

from api.spreadsheets import comma_separated, workbook
from api.spreadsheets.naming import NAMING
from scheduler.errors import Meaningless, TooLarge
from scheduler.secretariat import participants
from scheduler.secretariat.participants import Sheet
from scheduler.secretariat.reading import MOST_BYTES

_ZIP = b"PK"
_OLE = b"\xd0\xcf\x11\xe0"


def read(data: bytes) -> Sheet:
    """What a CSV or XLSX file says; the faults of single rows are in it, not raised.

    What it is called does not matter: browsers and spreadsheet programs give CSV files three different media types.

    Raises:
        Meaningless, TooLarge: it is no such file, or not one of people.
    """
    if len(data) > MOST_BYTES:
        raise TooLarge(f"The file has more than {MOST_BYTES:,} bytes. Send it in parts.")
    if data.startswith(_OLE):
        raise Meaningless("This is an .xls file, or one with a password. Save it as .xlsx, or as “CSV UTF-8”.")
    rows = workbook.rows(data) if data.startswith(_ZIP) else comma_separated.rows(data)
    return participants.read(rows, NAMING)
