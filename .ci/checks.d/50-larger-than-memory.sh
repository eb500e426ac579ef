#!/usr/bin/env bash
# 1 GiB of data and less of smaller and larger rows, memory limit 512 MiB, heap 256 MiB, all kinds of work:
# right answers, never more memory than the limit, space given back.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
exec timeout --kill-after=10 900 bench/larger-than-memory --mib 1024 "$@"
