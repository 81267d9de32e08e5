"""Values that have broken others."""

LONG = "a" * 70_000
TEXTS = (
    *("", " ", "\0", "a\0b", "\ud800", "\ufffe", "\u202e", "\u2028", "\r\nSet-Cookie: a=b", "'", '"', "%00", "%", "_"),
    *("\\", "..", "../../etc/passwd", "{code}", "<script>", "🗣️" * 100, "é", LONG),
    *(
        "0001-01-01",
        "9999-12-31",
        "1970-01-01",
        "2100-12-31",
        "0000-00-00",
        "2022-02-30",
        "10000-01-01",
        "24:00",
        "23:59",
        "00:00",
    ),
    *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"),
    *("2022-03-27T02:30:00+14:00", "2022-06-01T10:00:60Z", "2022-06-01T10:00:00.123456789Z"),
    *("America/Argentina/ComodRivadavia", "Asia/Calcutta", "Etc/GMT+12", "UTC+2", "Factory", "localtime", "posixrules"),
    *(
        "null",
        "true",
        "-1",
        "1e400",
        "NaN",
        "0x10",
        "１２",
        "W10",
        "WyIiLCIiXQ",
        "WzEsMl0",
        "bnVsbA",
        "WyJcdTAwMDAiLCIiXQ",
    ),
)
"""Characters, dates at the edges of calendars, odd zones, cursors made up."""
HUGE = (0, -1, 2**31 - 1, 2**31, -(2**31) - 1, 2**53, 2**63 - 1, 2**63, 10**30)

RAW = (
    b"\xff",
    b"%ff%fe",
    b"%",
    b"%zz",
    b"%ED%A0%80",
    b"\xc3\xa9",
    b"a;b",
    b"a%2Fb",
    b"%2e%2e%2f",
    b"#a",
    b"\\",
    b"[",
    b"&&=",
)
"""Bytes that no address should have."""
METHODS = ("HEAD", "OPTIONS", "PUT", "TRACE", "PATCH", "DELETE", "PROPFIND", "get", "G\xc3\xa9T")
_LONG = b"a" * 9_000
HEADERS = tuple(
    (name, value)
    for name, values in {
        b"Authorization": (b"", b"Bearer", b"Bearer ", b"Bearer \xff", b"Basic YTpi", b"bearer\ta", b"Bearer " + _LONG),
        b"Idempotency-Key": (b"", b"\xff", b"a" * 256, _LONG, b"\xe2\x80\xa8"),
        b"If-None-Match": (b"", b"*", b'"', b'W/"', b'W/"a", "b', b"\xff", b'"a",' * 900, b",,,"),
        b"If-Modified-Since": (b"", b"0", b"Thu, 01 Jan 0000 00:00:00 GMT", b"Fri, 31 Dec 9999 23:59:59 GMT", b"\xff"),
        b"Accept-Encoding": (b"", b"gzip;q=0", b"gzip;q=x", b"gzip;q=1e400", b"*;q=0", b"\xff", b"gzip," * 900),
        b"Accept-Language": (b"", b"*", b"fr;q=x", b"es;q=1e400,fr", b"\xff", b"a-" * 900, b"../../etc"),
        b"Accept": (b"", b"text/html;q=x", b"\xff"),
        b"Range": (b"bytes=0-0", b"bytes=-1", b"bytes=9-1", b"x"),
        b"Host": (b"", b"\xff", b"a b", b"[", b"example.org:99999"),
        b"Cookie": (b"", b"=", b"a=\xff; b", b"session=" + _LONG),
        b"X-Forwarded-For": (b"", b",,", b"\xff", b"1.2.3.4, unknown"),
        b"Content-Length": (b"x", b"99999999999999999999"),
        b"Last-Event-ID": (b"-1", b"9" * 30, b"\xff"),
        b"Expect": (b"100-continue", b"x"),
        b"Upgrade": (b"websocket", b"h2c"),
        b"X-HTTP-Method-Override": (b"DELETE",),
    }.items()
    for value in values
)
_DEEP = 100_000
BODIES = (
    *(b"", b" ", b"null", b"[]", b"{}", b"0", b'""', b"[null]", b"{", b"\xff\xfe", b"\xef\xbb\xbf{}", b"NaN", b"\0"),
    *(b"[" * _DEEP, b'{"a":' * _DEEP, b'{"a":' * 500 + b"1" + b"}" * 500, b'{"a":1,"a":2}', b'{"\\ud800":"\\udfff"}'),
    *(b'{"a":1e999}', b'{"a":' + b"9" * 5_000 + b"}", b'{"__proto__":{}}', b'[{"a":1}]' * 2, "{}".encode("utf-16")),
    *(b"a" * 1_000_001, b'{"code":"' + b"a" * 900_000 + b'"}'),
)
"""Bodies that are no JSON, or JSON at its worst."""
