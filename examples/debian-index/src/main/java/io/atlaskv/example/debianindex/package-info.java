/// A real client: loads a Debian package index into a server through Jedis and queries it.
///
/// Layer: uses nothing of ours but the wire.
@NullMarked
package io.atlaskv.example.debianindex;

import org.jspecify.annotations.NullMarked;
