/// Checks whether what clients were answered can be explained by doing their operations one after
/// the other, each at a moment between its call and its answer: linearizability.
///
/// `History` records calls and answers of many threads, `LinearizabilityChecker` searches for an
/// order, `KeyValueModel` says what keys, counters and transactions answer.
///
/// Layer: uses the JDK only.
@NullMarked
package io.atlaskv.testkit.linear;

import org.jspecify.annotations.NullMarked;
