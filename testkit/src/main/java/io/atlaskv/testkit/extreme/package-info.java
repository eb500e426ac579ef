/// Every command with extreme arguments, on a server under test and on redis-server side by side.
///
/// Layer: uses `process`. What commands there are, and what arguments they take, is asked of the
/// servers (`COMMAND DOCS`), so that new commands are tried as soon as they are in the table.
@NullMarked
package io.atlaskv.testkit.extreme;

import org.jspecify.annotations.NullMarked;
