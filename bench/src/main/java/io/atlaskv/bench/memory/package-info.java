/// Data larger than memory: a store of many times its memory limit, watched from outside.
@NullMarked
package io.atlaskv.bench.memory;

import org.jspecify.annotations.NullMarked;
