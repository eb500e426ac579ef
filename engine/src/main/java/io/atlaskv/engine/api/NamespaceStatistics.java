package io.atlaskv.engine.api;

import java.util.OptionalLong;

/// How much of a namespace lies in tables; see [Db#namespaceStatistics]. What memtables still hold
/// is not in it, but for the live counts. What was read and written is counted from the open of the
/// store on.
///
/// @param tables tables that may have keys of it; they may have those of others, too
/// @param tableBytes bytes of their files, of shared ones the part between the namespace's first
///   and last key: right but for half a block (2 KiB) at each end, so an estimate for small
///   namespaces
/// @param tableEntries entries, tombstones and old versions included; of shared tables in
///   proportion to the bytes
/// @param ioShares its shares of the background I/O, 0 if it has none of its own
///   ([NamespaceOptions#ioShares])
/// @param prefixBytes how many bytes of its keys are the prefix that tables written from now on
///   have in their filter, 0 for none ([NamespaceOptions#prefixBytes])
/// @param gets reads of single keys, by handles, snapshots, transactions and `async()`; a
///   transaction's reads of what it wrote itself are none
/// @param hits those that found a value
/// @param readBytes bytes of those values
/// @param writes operations committed: puts, deletions, and deletions of ranges
/// @param writtenBytes bytes of their keys and values
/// @param liveEntries exact number of entries that are neither overwritten nor deleted, those that
///   are due and not yet taken out included; only of a namespace with a quota
/// @param liveBytes exact bytes of their keys and values; only of a namespace with a quota
public record NamespaceStatistics(
    int tables,
    long tableBytes,
    long tableEntries,
    int ioShares,
    int prefixBytes,
    long gets,
    long hits,
    long readBytes,
    long writes,
    long writtenBytes,
    OptionalLong liveEntries,
    OptionalLong liveBytes) {}
