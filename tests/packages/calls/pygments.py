import pygments
from pygments import formatters, lexers, styles

print(len(list(lexers.get_all_lexers())), len(list(styles.get_all_styles())), len(list(formatters.get_all_formatters())))
for name, code in (("page.rs", "fn main() {}"), ("page.toml", "[a]\nb = 1"), ("page.hs", "main = 1")):
    lexer = lexers.get_lexer_for_filename(name, code)
    print(lexer.name, pygments.highlight(code, lexer, formatters.get_formatter_by_name("html", style="monokai")))
print(lexers.guess_lexer("#!/usr/bin/env ruby\n").name, lexers.load_lexer_from_file.__name__)
