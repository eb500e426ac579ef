/// The write-ahead log: segments, groups, the writer of an open store, recovery.
///
/// Layer: uses `base` and `io`; must not know memtables, tables, the manifest or `db`. File format
/// version 1 (little-endian; owner of each part in brackets):
///
/// ```
/// segment = header, group*, unused rest        [LogSegmentHeader]
/// group   = header, batch*, padding            [LogGroupFormat]
/// batch   = header, operation*                 [base.WriteBatchFormat]
/// ```
///
/// How a store uses it:
///
/// ```
/// // open: what the manifest says goes in, what the log holds comes out, in commit order
/// RecoveredLog found = isNew
///     ? WalRecovery.none(files)
///     : WalRecovery.recover(ports, new RecoveryRequest(uuid, logNumber, flushedThrough, boundaries, mode), sink);
/// Wal wal = new Wal(ports, WalOptions.DEFAULT, uuid, found, onProgress);  // its first segment is safe now
/// manifest.apply(boundary = found.boundary());                           // before the first append
/// wal.releaseBelow(logNumber);                                           // what a crash left over
///
/// // commit, under the commit lock
/// if (!wal.hasRoom(length)) { return STALLED; }      // onProgress, then try again; shortage() = disk full
/// wal.append(nextSequence, operations, batch, length);
///
/// // without locks
/// wal.write();                                       // gate: writtenSequence() >= sequence
/// wal.requestSync();                                 // gate: durableSequence() >= sequence
///
/// // seal of a memtable, under the commit lock; then its flush
/// long logNumber = wal.currentSegment();             // later operations are in this segment or behind
/// manifest.apply(logNumber, flushedThrough);         // only once durableSequence() >= flushedThrough
/// wal.releaseBelow(logNumber);
///
/// wal.close();                                       // before the scheduler is closed
/// ```
///
/// The manifest must name a segment (as a boundary's first or as `logNumber`) only after it was
/// made: a segment that is named and not there is corruption.
@NullMarked
package io.atlaskv.engine.internal.wal;

import org.jspecify.annotations.NullMarked;
