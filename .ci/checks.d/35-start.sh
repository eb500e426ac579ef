#!/usr/bin/env bash
# A start is fast if the JVM finds all it needs in the AOT cache: from process start to the first PONG
# no class may come from elsewhere, and none may be made at run time, but for what no cache can hold.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

./atlaskv --version # builds it if it has to, so that no start waits for that

work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
ATLASKV_JAVA_OPTS="-Xlog:class+load:file=$work/classes:none" \
  ./atlaskv server --port 0 --dir "$work/data" >"$work/out" 2>&1 &
server=$!
for _ in {1..600}; do
  ! grep -q 'Ready to accept connections' "$work/out" || break
  kill -0 "$server"
  sleep 0.05
done
port=$(sed -n 's/.*127\.0\.0\.1:\([0-9][0-9]*\).*/\1/p' "$work/out" | head -n 1)
exec 3<>"/dev/tcp/127.0.0.1/$port"
printf 'PING\r\n' >&3
IFS= read -r -t 30 pong <&3
cp "$work/classes" "$work/until-pong"
exec 3>&-
kill "$server"
wait "$server"
server=
[ "$pong" = $'+PONG\r' ]

# The JDK's own: events of the flight recorder are never archived, the launcher closes the jar before
# the cache is looked at, and what java.lang.foreign makes for itself is not ours to change.
not_archived='^(jdk\.internal\.event\.[A-Za-z]*|java\.io\.RandomAccessFile\$1|java\.lang\.invoke\.LambdaForm\$[A-Za-z]*/0x[0-9a-f]*) '
from_cache=$(grep -c 'source: shared objects file' "$work/until-pong" || true)
others=$(grep -v 'source: shared objects file' "$work/until-pong" | grep -E ' source: ' | grep -E -v "$not_archived" || true)
forms=$(grep -c '^java\.lang\.invoke\.LambdaForm\$[A-Za-z]*/0x.*source: __JVM' "$work/until-pong" || true)
echo "$from_cache classes from the AOT cache, $forms forms of method handles made at run time"
if [ -n "$others" ]; then
  printf 'not in the AOT cache:\n%s\n' "$others"
  exit 1
fi
if [ "$from_cache" -lt 1000 ] || [ "$forms" -gt 12 ]; then
  echo "expected 1000 classes at least from the cache, and 12 forms at most"
  exit 1
fi
