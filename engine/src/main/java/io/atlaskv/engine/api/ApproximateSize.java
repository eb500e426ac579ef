package io.atlaskv.engine.api;

/// How much of a range of keys lies in tables; see [KeyValueStore#approximateSize]. What memtables
/// still hold is not in it; [Db#flush] writes it to tables.
///
/// What is deleted, overwritten or expired counts until it is merged away, so `tableBytes` is the
/// space that the range takes, not what its values add up to. Compressed tables count as they are
/// in their files, with their part of indexes and filters.
///
/// @param tables tables that may have keys of the range
/// @param tableBytes bytes of their files that fall to the range. Whole tables are exact; each
///   table in which a bound lies is right but for half a data block there, compressed, which is 2
///   KiB or less, or half of a larger entry. Sizes of ranges that meet add up
/// @param tableEntries entries, tombstones and old versions included; of tables in which a bound
///   lies in proportion to the bytes
public record ApproximateSize(int tables, long tableBytes, long tableEntries) {}
