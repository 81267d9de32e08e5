"""Who may import whom stands in `pyproject.toml` and is checked by import-linter; here what it has no contract for."""

from graphlib import CycleError, TopologicalSorter

import grimp

from tests.architecture.sizes import PACKAGES


def test_imports_make_no_cycle_anywhere() -> None:
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}

    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        cycle = error.args[1]
    else:
        cycle = []

    assert cycle == []
