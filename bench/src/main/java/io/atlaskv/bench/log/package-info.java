/// The experiment behind docs/adr/0003-log-segments.md: what ways to write and to sync a log cost.
@NullMarked
package io.atlaskv.bench.log;

import org.jspecify.annotations.NullMarked;
