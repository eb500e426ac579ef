#!/usr/bin/env bash
# Bad flags, taken ports, full and read-only disks, malformed input against a real server.
# Arguments: another server's command line; parts of the names of the scenarios to run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. .mvn/find-jdk.sh
require_jdk "$0"

./atlaskv --version # builds it if it has to, so that no start waits for that
./mvnw -q -pl testkit -DskipTests compile
exec "$JAVA_HOME/bin/java" -cp testkit/target/classes io.atlaskv.testkit.hostile.HostileConditions "$@"
