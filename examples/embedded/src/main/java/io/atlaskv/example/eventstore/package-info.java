/// Events in streams, and what was true at any time: ordered keys, a condition on each append,
/// states as of an instant, and a projection that follows the change feed.
@NullMarked
package io.atlaskv.example.eventstore;

import org.jspecify.annotations.NullMarked;
