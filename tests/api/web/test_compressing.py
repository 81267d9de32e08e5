import gzip

import pytest
from starlette.requests import Request
from starlette.responses import Response

from api.web.compressing import compressed, takes_gzip

LONG = b"<p>" + b"The list goes on. " * 60


def asked(accepts: str) -> Request:
    return Request({"type": "http", "headers": [(b"accept-encoding", accepts.encode())]})


@pytest.mark.parametrize(
    ("accepts", "taken"),
    [
        *[("gzip", True), ("br, gzip;q=0.5", True), ("x-gzip", True), ("gzip;q=0", False), ("gzip; q=0.000", False)],
        *[("br", False), ("", False), ("*", False)],
    ],
)
def test_gzip_is_taken_where_it_is_named_and_not_refused(accepts: str, *, taken: bool) -> None:
    assert takes_gzip(accepts.encode()) is taken


def test_long_answer_goes_out_compressed_and_says_so() -> None:
    answer = compressed(asked("gzip, br"), Response(LONG, headers={"Vary": "Cookie"}))

    assert gzip.decompress(answer.body) == LONG
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-length"] == str(len(answer.body))
    assert answer.headers["vary"] == "Cookie, Accept-Encoding"


def test_answer_goes_out_as_it_is_where_gzip_is_not_taken() -> None:
    answer = compressed(asked("br"), Response(LONG))

    assert (answer.body, answer.headers["vary"], "content-encoding" in answer.headers) == (
        LONG,
        "Accept-Encoding",
        False,
    )


def test_short_answer_is_left_alone() -> None:
    answer = compressed(asked("gzip"), Response(b"short"))

    assert (answer.body, "vary" in answer.headers) == (b"short", False)
