import jsonschema
from jsonschema.validators import validator_for

for draft in ("Draft3", "Draft4", "Draft7", "Draft202012"):
    validator = getattr(jsonschema, draft + "Validator")
    validator.check_schema({"type": "object"})
    print(draft, validator.META_SCHEMA.get("$id", validator.META_SCHEMA.get("id")))
schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": "https://json-schema.org/draft/2020-12/meta/applicator"}
print([error.message for error in validator_for(schema)(schema).iter_errors({"properties": 1})])
