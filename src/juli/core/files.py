"""Files that appear whole or not at all: written beside their place, then renamed into it."""

import os
import tempfile
from pathlib import Path


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file through a temporary name in its own folder, which is made where it is missing.

    A reader sees the old content or the new, never half of either; after an error the old file stands.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:  # whatever stops it, Ctrl-C too, leaves no half file behind
        Path(temporary).unlink(missing_ok=True)
        raise


def write_text(path: Path, content: str) -> None:
    """Write a UTF-8 text file through a temporary name."""
    write_bytes(path, content.encode("utf-8"))
