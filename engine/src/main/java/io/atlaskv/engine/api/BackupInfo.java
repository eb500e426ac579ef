package io.atlaskv.engine.api;

import java.util.UUID;

/// A backup in a repository.
///
/// @param number names it in its repository; later ones have larger numbers
/// @param storeUuid identity of the store
/// @param timeMillis the moment it is of, in milliseconds since 1970
/// @param firstSequence the log that it brings along begins here: from the moment of an earlier
///   backup with at least the sequence before this one, each later moment can be restored
/// @param lastSequence last commit in it
/// @param files number of its files
/// @param bytes content of its files
/// @param copiedBytes how much of that was copied; the rest it shares with earlier backups
public record BackupInfo(
    long number,
    UUID storeUuid,
    long timeMillis,
    long firstSequence,
    long lastSequence,
    int files,
    long bytes,
    long copiedBytes) {}
