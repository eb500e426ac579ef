package io.atlaskv.engine.internal.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/// Random numbers nobody can guess, from the kernel. `SecureRandom` takes 17 ms to get going, a
/// third of our start-up, so it serves only where there is no such device.
final class SystemRandom implements RandomSource {
  private static final Path DEVICE = Path.of("/dev/urandom");

  @Override
  public long nextLong() {
    if (Files.isReadable(DEVICE)) {
      try (InputStream device = Files.newInputStream(DEVICE)) {
        byte[] bytes = device.readNBytes(Long.BYTES);
        if (bytes.length == Long.BYTES) {
          return ByteBuffer.wrap(bytes).getLong();
        }
      } catch (IOException _) {
        return new SecureRandom().nextLong(); // no device after all
      }
    }
    return new SecureRandom().nextLong();
  }
}
