#!/usr/bin/env bash
# String and bitmap commands with extreme arguments, side by side with the real redis-server.
# Arguments: how many commands, seed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. .mvn/find-jdk.sh
require_jdk "$0"

if ! command -v redis-server > /dev/null; then
  echo "$0: redis-server is missing: this check compares with it" >&2
  exit 1
fi
./atlaskv --version # builds it if it has to
./mvnw -q -pl testkit -DskipTests compile

folder=$(mktemp -d)
redis_port=$((20000 + RANDOM % 20000))
our_port=$((redis_port + 1))
redis-server --port "$redis_port" --save '' --dir "$folder" > "$folder/redis.log" &
redis_pid=$!
./atlaskv server --port "$our_port" --dir "$folder/data" > "$folder/ours.log" &
our_pid=$!
trap 'kill "$redis_pid" "$our_pid" || true; wait; rm -rf "$folder"' EXIT

for port in "$redis_port" "$our_port"; do
  for _ in $(seq 100); do
    [ "$(redis-cli -p "$port" ping 2> /dev/null)" = PONG ] && continue 2
    sleep 0.1
  done
  echo "$0: no server on port $port" >&2
  cat "$folder"/*.log >&2
  exit 1
done
"$JAVA_HOME/bin/java" -cp testkit/target/classes io.atlaskv.testkit.compare.RandomStrings \
  "$redis_port" "$our_port" "${@:-20000}"
