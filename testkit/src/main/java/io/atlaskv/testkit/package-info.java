/// What the tests of every module share: rules on sources here; below, server processes and the
/// proofs that run against them.
///
/// Layer: uses nothing of ours, so that every module's tests may use it.
@NullMarked
package io.atlaskv.testkit;

import org.jspecify.annotations.NullMarked;
