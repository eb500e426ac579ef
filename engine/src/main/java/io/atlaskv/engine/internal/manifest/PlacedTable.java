package io.atlaskv.engine.internal.manifest;

/// A table and where it is.
///
/// @param tree number of the tree
/// @param level its level there
/// @param table what is known of it
public record PlacedTable(int tree, int level, TableMeta table) {}
