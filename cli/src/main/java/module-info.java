/// The command line; start at `io.atlaskv.cli.Main`.
module io.atlaskv.cli {
  requires static transitive org.jspecify;
  requires static com.google.errorprone.annotations;
  requires io.atlaskv.server;
  requires org.jline.reader;
  requires org.jline.terminal;
  requires org.snakeyaml.engine;

  provides System.LoggerFinder with
      io.atlaskv.cli.log.ServerLoggerFinder;
}
