package io.atlaskv.engine.internal.manifest;

/// How much of a range of keys lies in tables, as far as their indexes say.
///
/// @param tables tables that may have keys of it
/// @param bytes bytes of their files that fall to the range
/// @param entries entries that fall to it, in proportion
public record RangeSize(int tables, long bytes, long entries) {}
