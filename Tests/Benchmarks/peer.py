"""A service without an interface of its own, made with Python's varlink package: it answers GetInfo."""

import sys

import varlink

service = varlink.Service(vendor="Muster", product="peer", version="1", url="man:musterd(8)")


class Handler(varlink.RequestHandler):
    service = service


with varlink.ThreadingServer(sys.argv[1], Handler) as server:
    server.serve_forever()
