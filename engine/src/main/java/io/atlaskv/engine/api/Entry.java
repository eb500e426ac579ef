package io.atlaskv.engine.api;

/// A key and its value.
public record Entry(Bytes key, Bytes value) {}
