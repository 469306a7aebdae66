"""Validate, serialise, describe: Rust in ``pydantic_core``."""

from typing import List

from pydantic import BaseModel, Field, TypeAdapter, ValidationError


class Page(BaseModel):
    """A page."""

    title: str = Field(pattern="^[a-z]+$")
    numbers: List[int] = []


def main():
    print(Page.model_validate_json('{"title": "a", "numbers": ["1", 2]}'), Page.model_json_schema())
    print(TypeAdapter(List[Page]).dump_json([Page(title="b")]))
    try:
        Page(title="1", numbers=["x"])
    except ValidationError as error:
        print(error.errors(include_url=False))
