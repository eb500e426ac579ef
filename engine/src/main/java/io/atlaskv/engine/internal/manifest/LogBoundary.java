package io.atlaskv.engine.internal.manifest;

/// Where an earlier recovery ended the log: groups of segments below `firstSegment` with a sequence
/// above `lastSequence` were dropped then and stay dropped; all up to it must be there.
///
/// @param firstSegment first log segment made after that recovery
/// @param lastSequence last sequence that recovery kept
public record LogBoundary(long firstSegment, long lastSequence) {}
