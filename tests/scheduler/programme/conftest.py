import pytest

from scheduler.storage.writer import Writer
from tests.scheduler.programme.scene import Scene, scene


@pytest.fixture(name="scene")
def _scene(writer: Writer) -> Scene:
    return writer.act_now(scene)
