package io.atlaskv.planted.internal.stray;

/// Breaks the rule that every package is in `EngineRules.LAYERS`.
final class HasNoLayer {}
