"""What ids are called in a language: machines, products, operations, sites, parts of the bill."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import polars as pl

from juli.plant.factory import Plant
from juli.plant.model import Language, Name
from juli.report.words import WORDS, word


class _Named(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def name(self) -> Name | None: ...


def period_name(period: str, language: Language) -> str:
    """Name a price period; a tariff's own periods keep the names that they have there."""
    key = f"period_{period}"
    return word(key, language) if key in WORDS else period


def part_name(category: str, item: str, language: Language) -> str:
    """Name a row of the money table."""
    if category == "energy":
        return word("energy_in_period", language, period=period_name(item, language))
    return word(f"category_{category}", language)


def item_name(category: str, item: str, language: Language) -> str:
    """Name an item of a line of the bill; ids and months stay as they are."""
    if category == "energy":
        return period_name(item, language)
    return word(item, language) if item in ("battery", "export") else item


@dataclass(frozen=True)
class Names:
    """The names of a plant's things in one language; what has none is called by its id."""

    plant: Plant
    language: Language

    @cached_property
    def machines(self) -> Mapping[str, str]:
        """Machines by id."""
        return self._labels(self.plant.machines)

    @cached_property
    def products(self) -> Mapping[str, str]:
        """Products by id."""
        return self._labels(self.plant.products)

    @cached_property
    def sites(self) -> Mapping[str, str]:
        """Sites by id; the empty id is the plant."""
        sites = self.plant.transport.sites if self.plant.transport else ()
        return {"": word("the_plant", self.language), **self._labels(sites)}

    @cached_property
    def steps(self) -> Mapping[tuple[str, str], str]:
        """Operations by product and step."""
        return {
            (product.id, step.operation): step.name.in_language(self.language)
            if step.name
            else step.operation
            for product in self.plant.products
            for step in product.routing
        }

    def _labels(self, things: Iterable[_Named]) -> dict[str, str]:
        """Name each thing; where two share a name, the id follows it."""
        names = {thing.id: thing.name.in_language(self.language) if thing.name else "" for thing in things}
        shared = Counter(names.values())
        return {
            key: key if not name else name if shared[name] == 1 else f"{name} {key}"
            for key, name in names.items()
        }

    def in_table(self, table: pl.DataFrame) -> pl.DataFrame:
        """Put names in the place of ids, in every column that holds some."""
        columns = set(table.columns)
        renamed: list[pl.Expr] = []
        if {"product", "operation"} <= columns:
            pairs = zip(table["product"], table["operation"], strict=True)
            steps = [self.steps.get(pair, pair[1]) for pair in pairs]
            table = table.with_columns(pl.Series("operation", steps, dtype=pl.String))
        for column, names in (
            ("machine", self.machines),
            ("product", self.products),
            ("site", self.sites),
            ("from", self.sites),
            ("to", self.sites),
        ):
            if column in columns:
                renamed.append(pl.col(column).replace(dict(names)))
        if "period" in columns:
            periods = {period: period_name(period, self.language) for period in table["period"].unique()}
            renamed.append(pl.col("period").replace(periods))
        return table.with_columns(renamed)

    def headers(self, table: pl.DataFrame) -> list[str]:
        """Head each column of a table, with its unit."""
        return [
            word(f"column_{column}", self.language, currency=self.plant.currency) for column in table.columns
        ]
