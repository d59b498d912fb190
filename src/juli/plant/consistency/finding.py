"""What is found wrong in a plant's description."""

from dataclasses import dataclass

from juli.core.errors import Severity

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Finding:
    """A contradiction inside ``plant.yaml``: the path of the value, what is wrong, and the mend."""

    path: Path
    message: str
    mend: str
    severity: Severity = Severity.ERROR
