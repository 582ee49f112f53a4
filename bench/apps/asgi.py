"""The sample app's short paths as plain ASGI, for servers that work on many requests at once."""
import asyncio
import time
from urllib.parse import parse_qs

SMALL = b"x" * 97 + b"\n"


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
        return
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(SMALL)).encode())]
    if scope["path"] == "/sleep":
        query = parse_qs(scope["query_string"].decode())
        began = time.perf_counter()
        await asyncio.sleep(float(query.get("ms", ["20"])[0]) / 1000)
        headers.append((b"x-service-us", str(int((time.perf_counter() - began) * 1e6)).encode()))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": SMALL})


async def lifespan(receive, send):
    while True:
        message = await receive()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return
