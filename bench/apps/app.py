"""The sample app as plain WSGI: what the bench and the end-to-end tests put behind a front door."""
import hashlib
import time
from urllib.parse import parse_qs

SMALL = b"x" * 97 + b"\n"
CHUNK = b"y" * 65536


def number(query, name, default):
    return float(query.get(name, [default])[0])


def answer(start_response, body, content_type="text/plain", status="200 OK", extra=()):
    start_response(status, [("Content-Type", content_type), ("Content-Length", str(len(body))), *extra])
    return [body]


def sleep(environ, start_response, query):
    """Holds the worker for ms milliseconds: the caller decides, so every system serves the very same times."""
    began = time.perf_counter()
    time.sleep(number(query, "ms", "20") / 1000)
    took = int((time.perf_counter() - began) * 1e6)
    return answer(start_response, SMALL, extra=[("X-Service-Us", str(took))])


def big(environ, start_response, query):
    left = int(number(query, "bytes", "8388608"))
    start_response("200 OK", [("Content-Type", "application/octet-stream"), ("Content-Length", str(left))])
    return pieces(left)


def pieces(left):
    while left > 0:
        yield CHUNK if left >= len(CHUNK) else CHUNK[:left]
        left -= len(CHUNK)


def upload(environ, start_response, query):
    length, digest = 0, hashlib.sha1()
    # Gunicorn ends wsgi.input at the end of a chunked body itself; others promise a Content-Length.
    left = int(environ.get("CONTENT_LENGTH") or -1)
    while left != 0:
        piece = environ["wsgi.input"].read(min(65536, left) if left > 0 else 65536)
        if not piece:
            break
        length += len(piece)
        left -= len(piece) if left > 0 else 0
        digest.update(piece)
    return answer(start_response, b"%d %s\n" % (length, digest.hexdigest().encode()))


def chunked(environ, start_response, query):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return (b"part %d\n" % i for i in range(5))


def sse(environ, start_response, query):
    start_response("200 OK", [("Content-Type", "text/event-stream"), ("Cache-Control", "no-cache")])
    return events(int(number(query, "count", "3")), number(query, "ms", "200") / 1000)


def events(count, pause):
    for i in range(count):
        yield b"data: %d\n\n" % i
        time.sleep(pause)


def headers(environ, start_response, query):
    """What the app saw, one variable a line."""
    lines = sorted("%s=%s" % (k, v) for k, v in environ.items() if k.isupper() and isinstance(v, str))
    return answer(start_response, "\n".join(lines).encode("latin-1"))


PATHS = {
    "/": lambda environ, start_response, query: answer(start_response, SMALL),
    "/100kb": lambda environ, start_response, query: answer(start_response, CHUNK + CHUNK[:36864]),
    "/sleep": sleep,
    "/exp": sleep,
    "/big": big,
    "/upload": upload,
    "/chunked": chunked,
    "/sse": sse,
    "/headers": headers,
}


def app(environ, start_response):
    found = PATHS.get(environ["PATH_INFO"])
    if found is None:
        return answer(start_response, b"no such path\n", status="404 Not Found")
    return found(environ, start_response, parse_qs(environ.get("QUERY_STRING", "")))
