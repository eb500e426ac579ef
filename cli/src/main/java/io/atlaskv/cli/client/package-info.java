/// Commands that talk to a running server: `get`, `put`, `del`, `scan`, `ping`, `cli`.
///
/// Layer: uses nothing of ours, sockets only; used by `cli`. Nothing here is loaded by a server.
@NullMarked
package io.atlaskv.cli.client;

import org.jspecify.annotations.NullMarked;
