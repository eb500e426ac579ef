#!/usr/bin/env bash
# Every command with extreme arguments, on a server and on redis-server side by side: no internal
# error, and no difference that is not on the list in testkit (Tolerance).
# Arguments: both command lines, parts of the names of the commands to run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. .mvn/find-jdk.sh
require_jdk "$0"

./atlaskv --version # builds it if it has to, so that no start waits for that
./mvnw -q -pl testkit -DskipTests compile
exec "$JAVA_HOME/bin/java" -cp testkit/target/classes io.atlaskv.testkit.extreme.ArgumentExtremes "$@"
