/// What compaction styles cost, without a store.
@NullMarked
package io.atlaskv.bench.compaction;

import org.jspecify.annotations.NullMarked;
