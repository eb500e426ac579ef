/// Commands that look at a data directory while no server has it open: `inspect`, `verify`,
/// `repair`, `stats`, `compact`, `doctor`.
///
/// Layer: uses the engine, `cli.config` and the command-line parts of `cli.client`; used by `cli`.
@NullMarked
package io.atlaskv.cli.tools;

import org.jspecify.annotations.NullMarked;
