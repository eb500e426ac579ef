/// The experiment behind docs/adr/0002-memtable.md: the memtable and the candidates it was chosen
/// over, which live here only.
@NullMarked
package io.atlaskv.bench.memtable;

import org.jspecify.annotations.NullMarked;
