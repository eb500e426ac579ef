/// The transaction benchmark: four kinds of transactions of two stores, side by side in one JVM.
///
/// Layer: stores are known by [io.atlaskv.bench.transaction.TransactionalStore] only; one adapter
/// class each.
@NullMarked
package io.atlaskv.bench.transaction;

import org.jspecify.annotations.NullMarked;
