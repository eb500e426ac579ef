"""A client of AtlasKV's native protocol, level 1 (docs/protocol/native.md): all of it."""
import socket
import struct


class Client:
    def __init__(self, host="127.0.0.1", port=6380):
        self.socket = socket.create_connection((host, port))
        self.input = self.socket.makefile("rb")

    def get(self, key):
        return self.call(1, struct.pack(">I", len(key)) + key)

    def put(self, key, value):
        self.call(2, struct.pack(">I", len(key)) + key + value)

    def delete(self, key):
        self.call(3, struct.pack(">I", len(key)) + key)

    def ping(self):
        return self.call(4, b"")

    def call(self, opcode, payload):
        self.socket.sendall(struct.pack(">BI", opcode, len(payload)) + payload)
        header = self.input.read(5)
        if len(header) < 5:
            raise ConnectionError("the server has closed the connection")
        status, length = struct.unpack(">BI", header)
        answer = self.input.read(length)
        if status == 2:
            raise RuntimeError(answer.decode())
        return answer if status == 0 else None
