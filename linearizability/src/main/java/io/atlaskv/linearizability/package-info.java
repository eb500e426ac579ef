/// What the Lincheck tests share. Nothing depends on this module; it may use any other.
@NullMarked
package io.atlaskv.linearizability;

import org.jspecify.annotations.NullMarked;
