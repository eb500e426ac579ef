package io.atlaskv.example.debianindex;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// This machine's own copy of the Debian package index, as `apt-get update` leaves it.
final class PackageLists {
  private static final Path FOLDER = Path.of("/var/lib/apt/lists");
  private static final String MARK = "_Packages";
  private static final int STANZAS_MIN = 50_000;

  private PackageLists() {}

  /// All stanzas of all lists. Too few are an error: a proof on little data proves little.
  static List<Stanza> read() throws IOException {
    var stanzas = new ArrayList<Stanza>();
    for (var file : files()) {
      var name = file.getFileName().toString();
      split(name.substring(0, name.indexOf(MARK)), unpack(file), stanzas);
    }
    if (stanzas.size() < STANZAS_MIN) {
      throw new IllegalStateException(
          "only "
              + stanzas.size()
              + " package stanzas in "
              + FOLDER
              + ", fewer than "
              + STANZAS_MIN
              + ": run `apt-get update` on a Debian machine first");
    }
    return stanzas;
  }

  private static List<Path> files() throws IOException {
    if (!Files.isDirectory(FOLDER)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.getFileName().toString().contains(MARK)).sorted().toList();
    }
  }

  /// Lists may be packed with LZ4; apt's own program reads them whatever they are.
  private static byte[] unpack(Path file) throws IOException {
    var process =
        new ProcessBuilder("/usr/lib/apt/apt-helper", "cat-file", file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var output = process.getInputStream()) {
      var bytes = output.readAllBytes();
      int exitCode = process.waitFor();
      if (exitCode != 0) {
        throw new IOException("apt-helper cat-file " + file + " exited with " + exitCode);
      }
      return bytes;
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new IOException("interrupted while reading " + file, e);
    }
  }

  /// Stanzas are divided by one empty line, and keep the line feed of their last line.
  private static void split(String list, byte[] bytes, List<Stanza> stanzas) {
    // One char per byte: positions in the text are positions in the bytes.
    var text = new String(bytes, StandardCharsets.ISO_8859_1);
    int start = 0;
    while (start < bytes.length) {
      int gap = text.indexOf("\n\n", start);
      int end = gap < 0 ? bytes.length : gap + 1;
      stanzas.add(new Stanza(list, text.substring(start, end)));
      start = end + 1;
    }
  }
}
