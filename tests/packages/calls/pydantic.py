from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.plugin._loader import get_plugins
from pydantic.version import version_info


class Page(BaseModel):
    """A page."""

    title: str
    numbers: list[int] = []


print(Page.model_validate_json('{"title": "a", "numbers": ["1", 2]}'), Page.model_json_schema())
try:
    Page(title=1)
except ValidationError as error:
    print(error.errors(include_url=False), TypeAdapter(dict[str, int]).validate_python({"a": "1"}))
print(list(get_plugins()), version_info().splitlines()[0])
