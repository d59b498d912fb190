"""Text files as people really save them: missing, empty, or in another encoding."""

from pathlib import Path

from juli.core.errors import Problem


def read_bytes(path: Path, place: str, problems: list[Problem]) -> bytes | None:
    """Read a file as it is; where that fails, add the problem, which names the place, and return None."""
    try:
        return path.read_bytes()
    except OSError as error:
        problems.append(
            Problem(place, f"can't be read: {error.strerror}", "check the file's name and rights")
        )
        return None


def read_text(path: Path, place: str, problems: list[Problem]) -> str | None:
    """Read a UTF-8 file; where that fails, add the problem and return None.

    Parameters
    ----------
    path
        The file.
    place
        What to call it in a problem.
    problems
        Gains what is wrong.
    """
    raw = read_bytes(path, place, problems)
    if raw is None:
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problems.append(
            Problem(
                f"{place}:{line}",
                f"is not UTF-8: byte 0x{raw[error.start]:02x} at offset {error.start}",
                "save it as UTF-8 (Excel: 'CSV UTF-8'; Notepad: Save as, Encoding UTF-8)",
            )
        )
        return None
    if not text.strip():
        problems.append(
            Problem(place, "is empty", "write its content, or delete the file where it is optional")
        )
        return None
    return text
