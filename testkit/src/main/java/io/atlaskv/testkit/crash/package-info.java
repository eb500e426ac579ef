/// The kill -9 ledger: what a server acknowledged must be there after SIGKILL.
///
/// Each writer owns its keys and derives its operations from a seed, so the whole ledger is one
/// pair of numbers per writer: acknowledged through operation *a*, sent through operation *s*.
/// After a kill the server must show the state after some operation *c* with *a* <= *c* <= *s*, the
/// same *c* for all keys of the writer: nothing acknowledged is lost, nothing deleted comes back,
/// and the writer's history has no hole.
///
/// Layer: uses `testkit.process` and the JDK.
@NullMarked
package io.atlaskv.testkit.crash;

import org.jspecify.annotations.NullMarked;
