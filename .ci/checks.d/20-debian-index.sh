#!/usr/bin/env bash
# Real data through a real client, with kill -9 in the middle: see examples/debian-index/README.md.
# Arguments: another server's command line, --without-ranges.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. .mvn/find-jdk.sh
require_jdk "$0"

if [ ! -x /usr/lib/apt/apt-helper ]; then
  echo "$0: /usr/lib/apt/apt-helper is missing: this check reads the package index of a Debian machine" >&2
  exit 1
fi
module=examples/debian-index
./atlaskv --version # builds it if it has to, so that no start waits for that
./mvnw -q -pl "$module" -DskipTests compile dependency:build-classpath -Dmdep.outputFile=target/classpath
exec "$JAVA_HOME/bin/java" -cp "$module/target/classes:$(cat "$module/target/classpath")" \
  io.atlaskv.example.debianindex.DebianIndex "$@"
