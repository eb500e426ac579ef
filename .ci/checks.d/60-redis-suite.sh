#!/usr/bin/env bash
# Redis' own tests: the units of suites/redis/units.txt, against a running server and with servers
# that the suite starts. Fails for every test that Redis passes, we do not, and left-out.tsv does not
# name. Arguments go to suites/redis/run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

./atlaskv --version # builds it if it has to, so that no start waits for that
exec suites/redis/run "$@"
