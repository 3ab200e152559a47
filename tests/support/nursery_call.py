"""Stands for a server of :mod:`support.nursery`: asks for one with its own streams, folder and
environment, and ends as that ends. As little as can be is imported here.
"""

import os
import socket
import sys

with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as nursery:
    nursery.connect("\0" + sys.argv[1])
    environ = [name + b"=" + value for name, value in os.environb.items()]
    said = b"\0".join([os.getcwdb(), *environ])  # noqa: PTH109 - bytes, as the rest
    sent = socket.send_fds(nursery, [said], [0, 1, 2])
    nursery.sendall(said[sent:])
    nursery.shutdown(socket.SHUT_WR)
    status = nursery.recv(16)
sys.exit(int(status or b"1") & 0xFF)
