/// The types of the embedded API: database, batches, options, snapshots, cursors, exceptions.
///
/// Layer: lowest; uses nothing of ours. Types only, no behaviour that needs an open store.
@NullMarked
package io.atlaskv.engine.api;

import org.jspecify.annotations.NullMarked;
