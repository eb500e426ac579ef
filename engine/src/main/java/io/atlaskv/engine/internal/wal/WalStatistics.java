package io.atlaskv.engine.internal.wal;

/// What the log has done since it was opened.
///
/// @param groups groups written, each by one write; marks and the like included
/// @param bytes bytes written in groups
/// @param syncs syncs of segments that hold groups
/// @param segmentSwitches how often the log went on in another segment
/// @param segmentsMade segments made of new files
/// @param segmentsRecycled segments made of old ones
/// @param segmentsDeleted old segments deleted
/// @param keptSegments segments kept for their history only
/// @param keptBytes bytes of their files
public record WalStatistics(
    long groups,
    long bytes,
    long syncs,
    long segmentSwitches,
    long segmentsMade,
    long segmentsRecycled,
    long segmentsDeleted,
    int keptSegments,
    long keptBytes) {}
