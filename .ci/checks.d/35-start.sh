#!/usr/bin/env bash
# A start is fast if the JVM finds all it needs in the AOT cache: from process start to the first PONG
# no class may come from elsewhere, and none may be made at run time, but for what no cache can hold.
# One of three starts must be clean: on a slow machine background work comes before the PONG.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

./atlaskv --version # builds it if it has to, so that no start waits for that

work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

# Starts a server and leaves in $work/until-pong which classes it had loaded when it answered.
start() {
  local port pong
  rm -rf "${work:?}"/*
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
}

# The JDK's own: events of the flight recorder are never archived, the launcher closes a jar before the
# cache is looked at, and what java.lang.foreign makes for itself is not ours to change.
not_archived='^(jdk\.internal\.event\.[A-Za-z]*|java\.io\.RandomAccessFile\$1|java\.lang\.invoke\.LambdaForm\$[A-Za-z]*/0x[0-9a-f]*) '

for _ in 1 2 3; do
  start
  from_cache=$(grep -c 'source: shared objects file' "$work/until-pong" || true)
  forms=$(grep -c '^java\.lang\.invoke\.LambdaForm\$[A-Za-z]*/0x.*source: __JVM' "$work/until-pong" || true)
  others=$(grep ' source: ' "$work/until-pong" | grep -v 'source: shared objects file' |
    grep -E -v "$not_archived" || true)
  echo "$from_cache classes from the AOT cache, $forms forms of method handles made at run time"
  if [ -z "$others" ] && [ "$from_cache" -ge 1000 ] && [ "$forms" -le 12 ]; then
    exit 0
  fi
  printf 'expected 1000 from the cache at least and 12 forms at most; not in the cache:\n%s\n' "$others"
done
exit 1
