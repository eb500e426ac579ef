package io.atlaskv.engine.internal.base;

/// Where an earlier recovery ended the log, kept in the manifest: what lies in segments below
/// `firstSegment` with a sequence above `lastSequence` was dropped then, and stays dropped; all up
/// to it was made safe then, and must be there.
///
/// @param firstSegment first segment made after that recovery
/// @param lastSequence last sequence it recovered
public record LogBoundary(long firstSegment, long lastSequence) {}
