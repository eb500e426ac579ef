/// A server against the real Redis, side by side: the same commands to both, the same replies
/// expected.
///
/// Layer: uses `testkit.process` and the JDK.
@NullMarked
package io.atlaskv.testkit.compare;

import org.jspecify.annotations.NullMarked;
