# Sourced by the scripts of this directory, never run by itself. Goes to the project's root.
#
#   explain "$@"                    with --help among them, prints what the script's head says, and ends
#   benchmark JVM-FLAGS CLASS ...   builds, and runs a benchmark with all peers at hand
#   benchmark_alone ...             the same, with AtlasKV only
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. .mvn/find-jdk.sh
require_jdk "$0"

explain() {
  local argument
  for argument in "$@"; do
    if [ "$argument" = --help ]; then
      sed -n '2,/^[^#]/s/^# \{0,1\}//p' "bench/$(basename "$0")"
      exit 0
    fi
  done
}

benchmark() {
  ./mvnw -q -pl bench -am test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath
  exec "$JAVA_HOME/bin/java" -cp "bench/target/classes:$(cat bench/target/classpath)" "$@"
}

benchmark_alone() {
  ./mvnw -q -pl bench -am -DskipTests compile
  exec "$JAVA_HOME/bin/java" \
    -cp bench/target/classes:testkit/target/classes:engine/target/classes "$@"
}
