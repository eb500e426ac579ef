#!/usr/bin/env bash
# 100 kills -9 under pipelined writers over the durability modes: nothing acknowledged may be lost and
# nothing deleted may come back; each of flush, compaction and segment switch must have been hit.
# Arguments: flags of the program, for example --kills 5000 --seed 7.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. .mvn/find-jdk.sh
require_jdk "$0"

./atlaskv --version # builds it if it has to, so that no start waits for that
./mvnw -q -pl testkit -DskipTests compile
exec "$JAVA_HOME/bin/java" -cp testkit/target/classes io.atlaskv.testkit.crash.KillLedger "$@"
