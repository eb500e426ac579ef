"""Tries every request of the native protocol against a server: python3 demo.py [PORT]"""
import sys

from atlaskv import Client

client = Client(port=int(sys.argv[1]) if len(sys.argv) > 1 else 6380)
assert client.ping() == b"PONG"

key, value = b"native-python:\x00\xff", b"any\r\nbytes\x00"
client.put(key, value)
assert client.get(key) == value
client.put(key, b"")
assert client.get(key) == b"", "an empty value is not an absent one"
client.delete(key)
client.delete(key)
assert client.get(key) is None

large = bytes(range(256)) * 4096 * 15  # 15 MiB
client.put(key, large)
assert client.get(key) == large
client.delete(key)

for opcode, payload, sentence in [
    (16, b"", "unknown opcode 16"),
    (1, b"\0\0\0\5k", "key of 5 bytes in a payload with room for 1"),
    (1, b"\0\1\0\0" + 65536 * b"k", "key is longer than 65524 bytes"),
]:
    try:
        client.call(opcode, payload)
        sys.exit(f"no error: {sentence}")
    except RuntimeError as error:
        assert str(error) == sentence, error
assert client.ping() == b"PONG", "still in step after errors"
print("native protocol: all answers are right")
