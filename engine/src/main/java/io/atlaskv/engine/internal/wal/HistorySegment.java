package io.atlaskv.engine.internal.wal;

/// A segment that can be read for what was committed, flushed since or not.
///
/// @param firstSequence first sequence that may be in it; 0 if only the file can tell
public record HistorySegment(long number, long firstSequence) {}
