package io.atlaskv.cli.config;

import io.atlaskv.redis.config.Origin;
import io.atlaskv.redis.config.Setting;
import io.atlaskv.redis.config.Settings;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The file that a server is started with.
abstract sealed class ConfigurationFile implements Settings.Home permits RedisConf, YamlConf {
  final Path path;

  ConfigurationFile(Path path) {
    this.path = path.toAbsolutePath().normalize();
  }

  /// By its name: `.yaml` and `.yml` are YAML, all others a redis.conf.
  static ConfigurationFile of(Path path) {
    String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    return name.endsWith(".yaml") || name.endsWith(".yml")
        ? new YamlConf(path)
        : new RedisConf(path);
  }

  @Override
  public final String path() {
    return path.toString();
  }

  /// What it says, in order.
  abstract List<Given> read() throws ConfigurationException;

  /// The text of the file with the values of now.
  abstract String rewritten(String text, Settings settings, boolean isEverything)
      throws IOException;

  /// True if the file has to say a value that it does not say.
  static boolean isToBeWritten(Setting setting, boolean isEverything) {
    Origin.Door door = setting.origin().door();
    return isEverything || door.compareTo(Origin.Door.FILE) > 0;
  }

  static String text(Path file) throws ConfigurationException {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      String reason = Files.exists(file) ? String.valueOf(e.getMessage()) : "there is no such file";
      throw new ConfigurationException(List.of(file + ": " + reason));
    }
  }

  /// Beside the file, then over it: there is always a whole one. A file that is a link stays one.
  @Override
  public final void rewrite(Settings settings, boolean isEverything) throws IOException {
    Path target = Files.exists(path) ? path.toRealPath() : path;
    String text = Files.exists(target) ? Files.readString(target, StandardCharsets.UTF_8) : "";
    String rewritten = rewritten(text, settings, isEverything);
    Path draft = Files.createTempFile(target.getParent(), target.getFileName() + ".", ".new");
    try {
      if (Files.exists(target)) {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(target);
        Files.setPosixFilePermissions(draft, permissions);
      }
      Files.writeString(draft, rewritten, StandardCharsets.UTF_8);
      try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(
          draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(draft);
    }
  }
}
