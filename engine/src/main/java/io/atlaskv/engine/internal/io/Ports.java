package io.atlaskv.engine.internal.io;

/// Everything the engine asks of the world.
public record Ports(
    FileSystem files, Clock clock, Scheduler scheduler, Waiter waiter, RandomSource random) {}
