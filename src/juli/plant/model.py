"""The base of every description: frozen, strict about unknown keys, bilingual in its names."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

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
NonNegative = Annotated[float, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]
Fraction = Annotated[float, Field(ge=0, le=1)]
