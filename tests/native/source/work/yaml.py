"""Load and dump by libyaml."""

import yaml


def main():
    text = "- &a {n: 1, list: [x, 2.5, null]}\n- *a\n- 2026-11-20\n"
    value = yaml.load(text, yaml.CSafeLoader)
    print(yaml.__with_libyaml__, value, value == yaml.safe_load(text), yaml.dump(value, Dumper=yaml.CSafeDumper))
    try:
        yaml.load("a: [1", yaml.CLoader)
    except yaml.YAMLError as error:
        print(type(error), error)
