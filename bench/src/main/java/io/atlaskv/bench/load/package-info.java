/// Load generator for servers that speak RESP: what redis-benchmark cannot do, which is
/// transactions, fixed rates and subscribers.
///
/// Layer: uses the JDK and HdrHistogram only; knows servers by the wire.
@NullMarked
package io.atlaskv.bench.load;

import org.jspecify.annotations.NullMarked;
