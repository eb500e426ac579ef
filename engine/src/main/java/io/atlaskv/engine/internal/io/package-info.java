/// Ports to the world: files, clock, scheduler, waiter and random numbers; see [Ports].
///
/// Layer: uses `api` and `base`; the only package that may touch files, threads, system time or
/// random generators, so that everything above runs in one simulated thread from one seed.
///
/// Each port has two implementations. `System...` is the real one, made by [SystemPorts]. The
/// simulated one lives in this package of the test sources: `SimPorts` and `FaultFileSystem`, which
/// is the definition of what a crash may do to files ([FileSystem], D1 and D2).
///
/// No call is ended or harmed by an interrupt of its thread: files survive it, waits go on, and the
/// flag is kept for the caller.
@NullMarked
package io.atlaskv.engine.internal.io;

import org.jspecify.annotations.NullMarked;
