/// The log of the server: lines in the form of Redis, on standard output or in a file.
///
/// Layer: stands behind `System.Logger`; uses `redis.config` for its levels.
@NullMarked
package io.atlaskv.cli.log;

import org.jspecify.annotations.NullMarked;
