/// What a store tells while it runs: its listeners, and the JDK's flight recorder.
///
/// Layer: uses everything below; must not know `db`.
///
/// Start at `StoreEvents`, which brings events to listeners on a lane of their own. A `...Span` is
/// one piece of work from begin to end, told to both; the `...Recording`s are the events of the
/// flight recorder.
@NullMarked
package io.atlaskv.engine.internal.events;

import org.jspecify.annotations.NullMarked;
