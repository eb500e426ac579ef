package io.atlaskv.engine.api;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What one namespace wants other than the rest of the store. Kept in the store itself: a namespace
/// that is opened without options has those it was last given.
///
/// A quota has to be given when the namespace is made; from then on it may be raised, lowered, even
/// below what there is, or taken away for good. docs/embedded/namespaces.md says what counts.
///
/// @param compaction how its tables are merged; may be changed at any time, the next merges follow
///   it
/// @param quotaBytes most bytes of live keys and values; 0 is no limit
/// @param quotaEntries most live entries; 0 is no limit
/// @param durability of its writes, which are at least as durable as that, as
///   [Options#durability()] and as the call says; null asks for nothing
/// @param ioShares its shares of the background I/O and of the memtables, 1 to 10,000, or 0: none
///   of its own; all namespaces with 0 have 100 together. They count where there is not enough for
///   all; what one does not use, others may. May be changed at any time. A namespace with shares
///   has tables of its own, so tens of namespaces may have some, not thousands
/// @param prefixBytes how many bytes of its keys, 1 to 1,024, are the prefix that tables written
///   from now on have a filter for: reads of a range of keys that all begin with the same that many
///   bytes pass over tables with none of them. 0 is no such filter. May be changed at any time
public record NamespaceOptions(
    CompactionStyle compaction,
    long quotaBytes,
    long quotaEntries,
    @Nullable Durability durability,
    int ioShares,
    int prefixBytes) {
  private static final int IO_SHARES_MAX = 10_000;
  private static final int PREFIX_BYTES_MAX = 1_024;

  /// The defaults.
  public static final NamespaceOptions DEFAULT =
      new NamespaceOptions(CompactionStyle.LEVELED, 0, 0, null, 0, 0);

  public NamespaceOptions {
    Objects.requireNonNull(compaction, "compaction");
    if (quotaBytes < 0) {
      throw new IllegalArgumentException("quotaBytes must be at least 0, is " + quotaBytes);
    }
    if (quotaEntries < 0) {
      throw new IllegalArgumentException("quotaEntries must be at least 0, is " + quotaEntries);
    }
    if (ioShares < 0 || ioShares > IO_SHARES_MAX) {
      throw new IllegalArgumentException(
          "ioShares must be 0 to " + IO_SHARES_MAX + ", is " + ioShares);
    }
    if (prefixBytes < 0 || prefixBytes > PREFIX_BYTES_MAX) {
      throw new IllegalArgumentException(
          "prefixBytes must be 0 to " + PREFIX_BYTES_MAX + ", is " + prefixBytes);
    }
  }

  /// Whether there is a quota of bytes or of entries.
  public boolean hasQuota() {
    return quotaBytes > 0 || quotaEntries > 0;
  }

  /// With another way to merge tables.
  public NamespaceOptions withCompaction(CompactionStyle value) {
    return new NamespaceOptions(value, quotaBytes, quotaEntries, durability, ioShares, prefixBytes);
  }

  /// With another quota of bytes.
  public NamespaceOptions withQuotaBytes(long value) {
    return new NamespaceOptions(compaction, value, quotaEntries, durability, ioShares, prefixBytes);
  }

  /// With another quota of entries.
  public NamespaceOptions withQuotaEntries(long value) {
    return new NamespaceOptions(compaction, quotaBytes, value, durability, ioShares, prefixBytes);
  }

  /// With another durability.
  public NamespaceOptions withDurability(@Nullable Durability value) {
    return new NamespaceOptions(compaction, quotaBytes, quotaEntries, value, ioShares, prefixBytes);
  }

  /// With other shares of the I/O.
  public NamespaceOptions withIoShares(int value) {
    return new NamespaceOptions(
        compaction, quotaBytes, quotaEntries, durability, value, prefixBytes);
  }

  /// With a prefix filter over another number of bytes.
  public NamespaceOptions withPrefixBytes(int value) {
    return new NamespaceOptions(compaction, quotaBytes, quotaEntries, durability, ioShares, value);
  }
}
