/// Ports to the world: files, log files, clock, scheduler, waiter and random numbers.
///
/// Layer: uses `base`; the only package that may touch `Files`, `FileChannel`, threads, system time
/// or random generators, so that everything above runs in one simulated thread from one seed.
@NullMarked
package io.atlaskv.engine.internal.io;

import org.jspecify.annotations.NullMarked;
