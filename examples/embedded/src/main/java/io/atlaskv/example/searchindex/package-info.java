/// A full-text index in three namespaces: tuples as keys, prefix scans, leapfrogging cursors, and
/// transactions that keep the namespaces in step.
@NullMarked
package io.atlaskv.example.searchindex;

import org.jspecify.annotations.NullMarked;
