"""Serve requests with FastAPI on uvicorn and uvloop."""

import asyncio
import json
import socket
from threading import Thread
from typing import List
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Page(BaseModel):
    """A page."""

    title: str
    numbers: List[int] = []


@app.post("/pages")
async def add(page: Page):
    """Add a page, and tell which loop runs."""
    await asyncio.sleep(0.01)
    return {"sum": sum(page.numbers), "loop": type(asyncio.get_running_loop()).__module__}


def main():
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, loop="uvloop", log_level="warning"))
    thread = Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    address = "http://127.0.0.1:%d" % listening.getsockname()[1]
    opener = build_opener(ProxyHandler({}))
    try:
        for page in ({"title": "a", "numbers": [1, 2]}, {"numbers": "x"}):
            try:
                with opener.open(Request(address + "/pages", json.dumps(page).encode(), {"Content-Type": "application/json"}), timeout=30) as answer:
                    print(answer.status, answer.read())
            except HTTPError as error:
                print(error.code, error.read())
        with opener.open(address + "/openapi.json", timeout=30) as answer:
            print(json.load(answer)["paths"])
    finally:
        server.should_exit = True
        thread.join()
