package io.atlaskv.cli.client;

import java.io.BufferedOutputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/// Where a client command reads and writes.
///
/// @param in standard input, bytes
/// @param out standard output, bytes
/// @param err standard error
/// @param isInteractive whether a person sits at both ends
public record Terminal(InputStream in, OutputStream out, PrintWriter err, boolean isInteractive) {
  /// That of this process.
  @SuppressWarnings("SystemConsoleNull") // it is null where JDK 25's own console finds no terminal
  public static Terminal ofProcess() {
    Console console = System.console();
    return new Terminal(
        System.in,
        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        console != null && console.isTerminal());
  }

  public void print(String text) throws IOException {
    print(text.getBytes(StandardCharsets.UTF_8));
  }

  public void println(String line) throws IOException {
    print(line + "\n");
  }

  void print(byte[] bytes) throws IOException {
    out.write(bytes);
  }

  /// A value: in a pipe its bytes and nothing else, so that they can be compared; for a person with
  /// a line end, and in quotes if the terminal would not show it.
  void printValue(Bytes value) throws IOException {
    if (isInteractive) {
      println(readable(value));
    } else {
      print(value.array());
    }
  }

  /// A key in a list, on a line.
  void printKey(Bytes key) throws IOException {
    if (isInteractive) {
      print(readable(key));
    } else {
      print(key.array());
    }
  }

  /// As a person can read it.
  String readable(Bytes bytes) {
    String text = bytes.text();
    return text != null && bytes.isPrintable() ? text : bytes.quoted();
  }
}
