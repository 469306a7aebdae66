print("made {{ cookiecutter.name }}")
