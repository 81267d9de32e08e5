"""Every state of every page: nothing that axe-core objects to, nothing wider than a narrow window."""

import pytest

from tests.browser.looking import too_wide, violations
from tests.browser.states import walks
from tests.browser.world import ARABIC, DARK, DESKTOP, NARROW, World


@pytest.mark.parametrize("page", walks())
async def test_no_state_of_a_page_shuts_anybody_out(here: World, page: str) -> None:
    found = []
    async for state in walks()[page](here):
        for look in (DESKTOP, DARK, ARABIC):
            found += await violations(here, state, look)
        found += await too_wide(here, state, NARROW)

    assert found == []
