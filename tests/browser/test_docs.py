"""The viewer of the API, in a browser that lets it load what its policy allows."""

from tests.browser.world import World


async def test_every_operation_is_shown_and_can_be_tried(here: World) -> None:
    asked: list[str] = []
    said: list[str] = []
    async with here.visit() as page:
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        await page.goto("/docs")
        await page.locator(".opblock").first.wait_for()
        document = await (await page.request.get("/api/v1/openapi.json")).json()
        shown = await page.locator(".opblock").count()

        sessions = page.locator("#operations-sessions-read_sessions_api_v1_sessions_get")
        await sessions.locator(".opblock-summary-control").click()
        await sessions.get_by_role("button", name="Try it out").click()
        await sessions.get_by_role("button", name="Execute").click()
        status = sessions.locator(".live-responses-table tbody .response-col_status")
        await status.first.wait_for()

        assert await status.first.inner_text() == "200"
    assert shown == sum(len(operations) for operations in document["paths"].values())
    assert [url for url in asked if not url.startswith((here.base, "data:"))] == []
    assert said == []
