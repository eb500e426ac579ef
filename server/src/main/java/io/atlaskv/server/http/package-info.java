/// The HTTP door: health, readiness and metrics for probes and scrapers.
///
/// Layer: knows the figures of a server by `Figures` only; used by `server`.
@NullMarked
package io.atlaskv.server.http;

import org.jspecify.annotations.NullMarked;
