"""Every state of every page: nothing that axe-core objects to, nothing wider than a narrow window."""

import pytest

from tests.browser.looking import faults
from tests.browser.states import walks
from tests.browser.world import World


@pytest.mark.parametrize("page", walks())
async def test_no_state_of_a_page_shuts_anybody_out(here: World, page: str) -> None:
    found = []
    async for state in walks()[page](here):
        found += await faults(here, state)

    assert found == []
