import jedi

script = jedi.Script("import json\njson.lo\nimport jinja2\njinja2.Envi\n''.upp", environment=jedi.InterpreterEnvironment())
print([each.name for each in script.complete(2, 7)], [each.name for each in script.complete(4, 11)], [each.name for each in script.complete(5, 6)])
print(script.infer(2, 2)[0].full_name, script.get_names()[0].name, [each.description for each in jedi.Script("[].append").infer()])
project = jedi.Script("import jinja2\njinja2.Template")
print(project.infer(2, 10)[0].full_name, project.goto(2, 10, follow_imports=True)[0].module_path is not None)
