"""What the hostile requests of `make fuzz` are judged by."""

from dataclasses import replace

import pytest

from tests.fuzz.addresses import fault_in
from tests.fuzz.raw import NO_HTTP, Answer, Request

API = Request("GET /x", "GET", b"/api/v1/x")
PAGE = Request("GET /", "GET", b"/")
PROBLEM = {"content-type": "application/problem+json"}


@pytest.mark.parametrize(
    ("request_", "answer", "fault"),
    [
        (API, Answer(200, {}, b"{}"), None),
        (API, Answer(404, PROBLEM, b'{"status":404,"code":"not-found"}'), None),
        (API, Answer(404, PROBLEM, b'{"status":400,"code":"not-found"}'), "an error out of shape"),
        (API, Answer(404, {}, b"Not Found"), "an error out of shape"),
        (API, Answer(400, {}, NO_HTTP), None),
        (API, Answer(500, PROBLEM, b'{"status":500,"code":"internal"}'), "500"),
        (API, Answer(503, PROBLEM | {"retry-after": "1"}, b'{"status":503,"code":"busy"}'), None),
        (API, Answer(503, PROBLEM, b'{"status":503,"code":"busy"}'), "503"),
        (API, Answer(422, PROBLEM, b'{"detail":"sqlite3.OperationalError"}'), "a leak"),
        (replace(API, signed=True), Answer(401, PROBLEM, b'{"status":401,"code":"not-signed-in"}'), None),
        (replace(API, signed=True), Answer(422, PROBLEM, b'{"status":422,"code":"invalid"}'), "not asked who it is"),
        (PAGE, Answer(404, {"content-type": "text/html"}, b"<p>Nothing</p>"), None),
        (PAGE, Answer(0, {}, b""), "no answer"),
    ],
)
def test_an_answer_is_a_fault_where_the_contract_forbids_it(
    request_: Request, answer: Answer, fault: str | None
) -> None:
    assert fault_in(request_, answer) == fault


def test_one_body_goes_out_with_its_length_unless_a_header_says_otherwise() -> None:
    plain = Request("POST /", "POST", b"/", body=b"{}").bytes()
    chunked = Request("POST /", "POST", b"/", {b"Transfer-Encoding": b"chunked"}, b"0\r\n\r\n").bytes()

    assert plain == b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"
    assert b"Content-Length" not in chunked
