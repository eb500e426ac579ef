/// What the tests of every module share: seeds, manual clock, golden runner, history checker.
///
/// Layer: uses nothing of ours, so that every module's tests may use it.
@NullMarked
package io.atlaskv.testkit;

import org.jspecify.annotations.NullMarked;
