#!/usr/bin/env bash
# 1 GiB of data, memory limit 512 MiB, heap 256 MiB: right answers, bounded memory, space given back.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
exec timeout --kill-after=10 900 bench/larger-than-memory --mib 1024 "$@"
