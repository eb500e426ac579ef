/// Hostile conditions for a real server process: what a stranger gets wrong, and what a disk, a
/// network peer or a second process does to it. Each must end in one clear sentence, with nothing
/// lost and, where it ran, the server alive.
///
/// Layer: uses `testkit.process` and the JDK.
@NullMarked
package io.atlaskv.testkit.hostile;

import org.jspecify.annotations.NullMarked;
