"""Counts the primes below ?below=N, by Eratosthenes' sieve. An HTTP server that is started once."""
import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

MOST = 50_000_000


def primes(below):
    """How many primes there are below a number, and how often the sieve was touched."""
    if below < 3:
        return 0, 0
    sieve = bytearray([1]) * below
    sieve[0:2] = b"\x00\x00"
    touched = 0
    for number in range(2, int((below - 1) ** 0.5) + 1):
        if sieve[number]:
            multiples = range(number * number, below, number)
            sieve[number * number :: number] = bytes(len(multiples))
            touched += len(multiples)
    return sum(sieve), touched


class Sieve(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer()

    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.answer()

    def answer(self):
        text = parse_qs(urlparse(self.path).query).get("below", ["1000000"])[0]
        if not text.isdigit() or not 0 < int(text) <= MOST:
            self.reply(400, {"error": f"below must be a whole number from 1 to {MOST}"})
            return
        count, touched = primes(int(text))
        self.reply(200, {"below": int(text), "primes": count, "operations": touched})

    def reply(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Sieve).serve_forever()
