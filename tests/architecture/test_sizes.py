from tests.architecture.sizes import Size, file_sizes, function_sizes

# What may be longer, by its place, and why.
FILES: dict[str, str] = {}
FUNCTIONS: dict[str, str] = {}


def too_long(sizes: list[Size], limit: int, exceptions: dict[str, str]) -> list[Size]:
    return [size for size in sizes if size.lines > limit and size.where not in exceptions]


def test_no_file_is_longer_than_400_lines() -> None:
    assert too_long(file_sizes(), 400, FILES) == []


def test_no_function_is_longer_than_60_lines() -> None:
    assert too_long(function_sizes(), 60, FUNCTIONS) == []


def test_each_exception_is_still_needed() -> None:
    long = {size.where for size in file_sizes() if size.lines > 400}
    long |= {size.where for size in function_sizes() if size.lines > 60}

    assert set(FILES) | set(FUNCTIONS) == long
