"""What trucks fetch: ``pickups.csv``, a row per consignment, such as steel that waits at a supplier."""

from datetime import datetime
from pathlib import Path

from juli.core.errors import Problem, Severity
from juli.plant.demand import Pickup
from juli.plant.reading.orders import RowReader
from juli.plant.reading.plant_file import LocatedPlant
from juli.plant.reading.table_file import Row, read_table
from juli.plant.site import Transport

REQUIRED = ("pickup", "site", "weight_kg", "volume_m3", "due")
OPTIONAL = ("ready", "lateness_per_hour", "remark")


def read_pickups(
    path: Path, start: datetime, located: LocatedPlant | None, taken: set[str], problems: list[Problem]
) -> tuple[Pickup, ...]:
    """Read the pick-ups; there are none where the file is absent.

    Parameters
    ----------
    path
        The table.
    start
        The plan's start: gives moments without a zone theirs, and is when goods are ready that do not say.
    located
        The plant, whose sites and trucks they are held against; None where it can't be read.
    taken
        Ids that are in use already: those of the orders.
    problems
        Gains what is wrong.
    """
    if not path.exists():
        return ()
    known = located is not None and located.knows("transport")
    transport = located.plant.transport if located is not None and known else None
    pickups: list[Pickup] = []
    used = set(taken)
    for row in read_table(path, REQUIRED, OPTIONAL, problems):
        reader = RowReader(row, problems)
        pickup = Pickup(
            id=reader.identifier("pickup"),
            site=row.values["site"],
            weight_kg=reader.number("weight_kg", least=0, above=True),
            volume_m3=reader.number("volume_m3", least=0, above=True),
            ready=reader.moment("ready", start) if row.values.get("ready") else start,
            due=reader.moment("due", start),
            lateness_per_hour=reader.number("lateness_per_hour", least=0)
            if row.values.get("lateness_per_hour")
            else 0.0,
        )
        if pickup.id in used:
            message = f"{pickup.id} is the id of an order or of another pick-up"
            reader.refuse("pickup", message, "give it an id of its own")
        used.add(pickup.id)
        if reader.sound and pickup.due <= pickup.ready:
            message = f"{pickup.id} is due at {pickup.due}, not after it is ready at {pickup.ready}"
            reader.refuse("due", message, "swap the two, or correct one")
        if known:
            _hold_against(transport, pickup, row, reader, problems)
        pickups.append(pickup)
    return tuple(pickups)


def _hold_against(
    transport: Transport | None, pickup: Pickup, row: Row, reader: RowReader, problems: list[Problem]
) -> None:
    """Find what the plant's sites and trucks say against a pick-up."""
    if transport is None:
        reader.refuse("site", "the plant has no transport", "add transport to plant.yaml, or take it out")
        return
    if pickup.site not in {site.id for site in transport.sites}:
        message = f"{pickup.id} is fetched at the unknown site {pickup.site}"
        reader.refuse("site", message, "name a site of plant.yaml's transport.sites")
    trucks = transport.trucks
    if not any(pickup.weight_kg <= t.capacity_kg and pickup.volume_m3 <= t.capacity_m3 for t in trucks):
        message = f"{pickup.id} has {pickup.weight_kg:g} kg and {pickup.volume_m3:g} m3, "
        mend = "split it, or add a truck; until then it is not fetched"
        place = row.place_of("weight_kg")
        problems.append(Problem(place, message + "more than any truck carries", mend, Severity.WARNING))
