/// Real server processes under test: start, talk RESP, watch from outside, kill.
///
/// Layer: uses the JDK only. Knows servers by their command line and the wire, so that AtlasKV and
/// its peers are treated alike.
@NullMarked
package io.atlaskv.testkit.process;

import org.jspecify.annotations.NullMarked;
