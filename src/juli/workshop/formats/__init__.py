"""Standard files of scheduling instances: flexible, classic and assembly job shops."""

from juli.workshop.formats.instance import Format, Instance, read_instance, shop_of
from juli.workshop.formats.series import priced, read_power, read_prices
from juli.workshop.formats.writing import instance_text

__all__ = [
    "Format",
    "Instance",
    "instance_text",
    "priced",
    "read_instance",
    "read_power",
    "read_prices",
    "shop_of",
]
