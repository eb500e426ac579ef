package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.internal.manifest.CounterId;
import java.util.Map;

/// What is true of the store at the moment a memtable is sealed.
///
/// @param lastSequence last sequence in it
/// @param counters values after that sequence
record SealPoint(long lastSequence, Map<CounterId, Long> counters) {}
