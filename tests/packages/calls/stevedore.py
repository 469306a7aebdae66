from stevedore import DriverManager, ExtensionManager, NamedExtensionManager

print(sorted(ExtensionManager("babel.extractors", invoke_on_load=False).names()))
for each in NamedExtensionManager("console_scripts", ["flask", "pybabel", "mkdocs"], name_order=True):
    print(each.name, each.entry_point_target, each.plugin.__module__, each.module_name)
print(DriverManager("mkdocs.themes", "readthedocs").driver.__name__)
