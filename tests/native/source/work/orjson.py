"""Encode and decode JSON in Rust."""

import datetime
import uuid

import orjson


def main():
    value = {"at": datetime.datetime(2026, 11, 20), "id": uuid.UUID(int=1), "list": [1, 2.5, None, "ü"]}
    text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2)
    print(text.decode(), orjson.loads(text))
    try:
        orjson.loads("{")
    except orjson.JSONDecodeError as error:
        print(error)
