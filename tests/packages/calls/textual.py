import asyncio

from textual.app import App
from textual.widgets import Footer, Header, MarkdownViewer, TextArea


class Page(App):
    CSS = "Header { background: red; }"

    def compose(self):
        yield Header()
        yield MarkdownViewer("# Title\n\n```python\nx = 1\n```\n")
        yield TextArea("x = 1", language="python")
        yield Footer()


async def main():
    page = Page()
    async with page.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        page.save_screenshot("page.svg")
        print(len(page.stylesheet.rules), page.query_one(Header).size, "Title" in page.export_screenshot())


asyncio.run(main())
