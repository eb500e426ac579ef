/// Test support for all modules; start at the package documentation of `io.atlaskv.testkit`.
module io.atlaskv.testkit {
  requires static transitive org.jspecify;
  requires static com.google.errorprone.annotations;

  exports io.atlaskv.testkit;
  exports io.atlaskv.testkit.compare;
  exports io.atlaskv.testkit.crash;
  exports io.atlaskv.testkit.extreme;
  exports io.atlaskv.testkit.hostile;
  exports io.atlaskv.testkit.linear;
  exports io.atlaskv.testkit.process;
}
