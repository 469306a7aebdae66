import markdown

text = "[TOC]\n\n# Title\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```python\nx = 1\n```\n\nNote[^1]\n\n[^1]: text\n"
print(markdown.markdown(text, extensions=["extra", "toc", "codehilite", "meta", "smarty"]))
print(sorted(each.name for each in markdown.util.get_installed_extensions()))
