#!/usr/bin/env bash
# A server with all doors open on ports of its own choice: the Python client of the native protocol,
# HTTP by Python's own client, the client commands of ./atlaskv, the shell on a pseudo terminal.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

./atlaskv --version # builds it if it has to, so that no start waits for that
work=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

fail() {
  echo "FAILED: $*"
  cat "$work/out"
  exit 1
}

: >"$work/out"
./atlaskv server --port 0 --native-port 0 --http-port 0 --dir "$work/data" >"$work/out" 2>&1 &
server=$!
for _ in {1..600}; do
  grep -q 'Ready to accept' "$work/out" && break
  kill -0 "$server" 2>/dev/null || fail "the server has ended"
  sleep 0.1
done
door() { sed -n "s/^  $1  .*127\.0\.0\.1:\([0-9]*\)$/\1/p" "$work/out"; }
port=$(door address) native=$(door native) http=$(door http)
[ -n "$port" ] && [ -n "$native" ] && [ -n "$http" ] || fail "not every door is on the start screen"

echo "-- native protocol"
python3 examples/native-python/demo.py "$native"

echo "-- HTTP"
python3 - "$http" <<'PYTHON'
import http.client, sys

def get(path, method="GET"):
    connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=30)
    connection.request(method, path)
    answer = connection.getresponse()
    return answer.status, answer.read().decode(), answer.headers

assert get("/health")[:2] == (200, "ok\n")
assert get("/ready")[:2] == (200, "ready\n")
assert get("/nothing")[0] == 404
assert get("/health", "POST")[0] == 405
status, page, headers = get("/metrics")
assert status == 200 and headers["Content-Type"].startswith("text/plain; version=0.0.4"), headers
samples = {}
for line in page.splitlines():
    if not line.startswith("#"):
        name, value = line.rsplit(" ", 1)
        samples[name] = float(value)
assert samples["atlaskv_ready"] == 1
assert samples["atlaskv_connections_received_total"] >= 1
assert len(samples) > 40, samples
print(f"health, readiness and {len(samples)} samples of metrics")
PYTHON

echo "-- client commands"
# expect CODE OUTPUT COMMAND...: what a command prints, its last line end left out, and its exit code.
expect() {
  local code=$1 wanted=$2 got result=0
  shift 2
  got=$(./atlaskv "$@" 2>&1 </dev/null) || result=$?
  [ "$result" -eq "$code" ] && [ "$got" = "$wanted" ] || fail "atlaskv $*: exit code $result: $got"
}
head -c 100000 /dev/urandom >"$work/value"
./atlaskv put --port "$port" random - <"$work/value" >/dev/null
./atlaskv get --native --port "$native" random | cmp - "$work/value" || fail "get of random bytes"
expect 0 OK put --port "$port" "schlüssel" 1
LC_ALL=C expect 0 1 get --port "$port" "schlüssel" # a locale in which the JVM cannot read it
expect 0 $'random\nschlüssel' scan --port "$port"
expect 0 '{"key":"schlüssel","value":"1"}' scan --port "$port" --values --json sch
expect 0 2 cli --port "$port" incr "schlüssel"
expect 0 1 del --port "$port" random
expect 1 'atlaskv get: no such key' get --port "$port" random
expect 0 PONG ping --native --port "$native"
expect 2 'atlaskv get: expected: KEY (see atlaskv get --help)' get --port "$port"
printf 'set a 1\nincr a\nget a\n' | ./atlaskv cli --port "$port" >"$work/lines"
[ "$(cat "$work/lines")" = $'OK\n2\n2' ] || fail "cli with lines: $(cat "$work/lines")"
echo "get, put, del, scan, ping, cli"

echo "-- shell"
python3 - "$port" "$work" <<'PYTHON'
import fcntl, os, pty, select, struct, sys, termios, time

port, home = sys.argv[1:]
os.environ["TERM"] = "xterm"
os.environ["ATLASKV_JAVA_OPTS"] = "-Duser.home=" + home
pid, terminal = pty.fork()
if pid == 0:
    os.execv("./atlaskv", ["./atlaskv", "cli", "--port", port])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))

seen = b""

def expect(wanted, seconds=60):
    global seen
    end = time.time() + seconds
    while wanted not in seen:
        if time.time() > end or not select.select([terminal], [], [], end - time.time())[0]:
            sys.exit(f"not seen: {wanted!r} in {seen!r}")
        seen += os.read(terminal, 4096)
    seen = seen[seen.index(wanted) + len(wanted):]

prompt = f"127.0.0.1:{port}> ".encode()
expect(prompt)
os.write(terminal, b"set shell 'a b'\r")
expect(b"OK\r\n")
expect(prompt)
os.write(terminal, b"GE")
os.write(terminal, b"T shell\r")
expect(b'"a b"\r\n')
expect(prompt)
os.write(terminal, b"comm\tcount\r")
expect(b"(integer) ")
expect(prompt)
os.write(terminal, b"auth secret\r")
expect(b"(error) ")
expect(prompt)
os.write(terminal, b"exit\r")
while True:
    try:
        if not os.read(terminal, 4096):
            break
    except OSError:
        break
assert os.waitpid(pid, 0)[1] == 0
with open(os.path.join(home, ".atlaskv_history")) as file:
    history = file.read()
assert "set shell" in history and "secret" not in history, history
print("prompt, completion, history without passwords")
PYTHON

kill "$server"
wait "$server" || fail "the server ended with $?"
server=
echo "all doors are right"
