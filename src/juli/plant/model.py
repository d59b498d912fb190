"""The base of every description: frozen, strict about unknown keys, bilingual in its names."""

from datetime import datetime, time
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

Language = Literal["zh", "en"]


class Description(BaseModel):
    """A frozen piece of a plant's description; unknown keys are errors, so that no typing slip is lost."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Name(Description):
    """What people call a thing, in Chinese and in English."""

    zh: str
    en: str

    def in_language(self, language: Language) -> str:
        """Give the name in one language."""
        return self.zh if language == "zh" else self.en


def _same_in_both(value: Any) -> Any:
    return {"zh": value, "en": value} if isinstance(value, str) else value


#: Written as plain text (the same in both languages) or as ``{zh: …, en: …}``.
BilingualName = Annotated[Name, BeforeValidator(_same_in_both, json_schema_input_type=str | Name)]

Identifier = Annotated[
    str, Field(min_length=1, pattern=r"^[^\s/#,]+$", description="unique; no space, / # ,")
]
#: Above a thousand million of any unit it is a slip, and products of such figures overflow.
NonNegative = Annotated[float, Field(ge=0, le=1e9)]
Positive = Annotated[float, Field(gt=0, le=1e9)]
Fraction = Annotated[float, Field(ge=0, le=1)]

#: Years that a plan can lie in; what is outside is a slip, and calendars break down near year 1 and 9999.
PLAUSIBLE_YEARS: Final = range(1990, 2201)


def _not_a_number(value: Any) -> Any:
    # A bare number would be read as seconds: of the day, or since 1970.
    if isinstance(value, int | float) or (isinstance(value, str) and value.strip().lstrip("+-").isdigit()):
        raise ValueError(f"{value} is no time; write 08:00, or 2023-12-18T08:00 where it is a moment")
    return value


def _plausible(moment: datetime) -> datetime:
    if moment.year not in PLAUSIBLE_YEARS:
        first, last = PLAUSIBLE_YEARS[0], PLAUSIBLE_YEARS[-1]
        raise ValueError(f"the year {moment.year} is not one from {first} to {last}")
    return moment


def _local(clock: time) -> time:
    if clock.tzinfo is not None:
        raise ValueError(f"{clock} has a time zone; hours are local, write 08:00")
    return clock


#: A date and time, local where it has no offset.
Moment = Annotated[
    datetime,
    BeforeValidator(_not_a_number),
    AfterValidator(_plausible),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2})?([+-]\d{2}:?\d{2}|Z)?)?$",
            "examples": ["2023-12-18T06:00"],
        }
    ),
]
#: A time of the day, local.
Clock = Annotated[
    time,
    BeforeValidator(_not_a_number),
    AfterValidator(_local),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$",
            "examples": ["08:00"],
        }
    ),
]
