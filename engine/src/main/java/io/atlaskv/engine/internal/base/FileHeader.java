package io.atlaskv.engine.internal.base;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.UnsupportedFormatException;
import java.lang.foreign.MemorySegment;
import java.util.UUID;

/// The first 72 bytes of every log segment, table and manifest. Its layout is the same in all
/// format versions, so that any release can tell damage from a file that is too new for it.
///
/// ```
/// offset  size  field
///      0     8  magic, by FileFormat
///      8     4  format version
///     12     4  compatible features: unknown ones may be ignored
///     16     4  read-only compatible features: unknown ones forbid writing
///     20     4  incompatible features: unknown ones forbid reading
///     24    16  store UUID, two longs, high one first
///     40     8  file number
///     48    16  encryption key id, two longs, high one first; 0 = not encrypted
///     64     4  CRC32C of bytes 0..63
///     68     4  zero
/// ```
///
/// @param keyHigh high half of the encryption key id; reserved, 0
/// @param keyLow low half of the encryption key id; reserved, 0
public record FileHeader(
    FileFormat format,
    int version,
    int compatibleFeatures,
    int readOnlyFeatures,
    int incompatibleFeatures,
    UUID storeUuid,
    long fileNumber,
    long keyHigh,
    long keyLow) {
  public static final int MAGIC_OFFSET = 0;
  public static final int VERSION_OFFSET = 8;
  public static final int COMPATIBLE_OFFSET = 12;
  public static final int READ_ONLY_OFFSET = 16;
  public static final int INCOMPATIBLE_OFFSET = 20;
  public static final int STORE_UUID_OFFSET = 24;
  public static final int FILE_NUMBER_OFFSET = 40;
  public static final int KEY_ID_OFFSET = 48;
  public static final int CRC_OFFSET = 64;
  public static final int PAD_OFFSET = 68;

  /// Size of the header.
  public static final int BYTES = 72;

  /// The header this release writes: newest version, no optional features, not encrypted.
  public static FileHeader of(FileFormat format, UUID storeUuid, long fileNumber) {
    return new FileHeader(format, format.version(), 0, 0, 0, storeUuid, fileNumber, 0, 0);
  }

  /// The same with features that a reader has to know.
  public FileHeader withIncompatibleFeatures(int features) {
    return new FileHeader(
        format,
        version,
        compatibleFeatures,
        readOnlyFeatures,
        features,
        storeUuid,
        fileNumber,
        keyHigh,
        keyLow);
  }

  /// Writes the 72 bytes at `offset`.
  public void encode(MemorySegment target, long offset) {
    target.set(Layouts.LE_LONG, offset + MAGIC_OFFSET, format.magic());
    target.set(Layouts.LE_INT, offset + VERSION_OFFSET, version);
    target.set(Layouts.LE_INT, offset + COMPATIBLE_OFFSET, compatibleFeatures);
    target.set(Layouts.LE_INT, offset + READ_ONLY_OFFSET, readOnlyFeatures);
    target.set(Layouts.LE_INT, offset + INCOMPATIBLE_OFFSET, incompatibleFeatures);
    target.set(Layouts.LE_LONG, offset + STORE_UUID_OFFSET, storeUuid.getMostSignificantBits());
    target.set(
        Layouts.LE_LONG,
        offset + STORE_UUID_OFFSET + Long.BYTES,
        storeUuid.getLeastSignificantBits());
    target.set(Layouts.LE_LONG, offset + FILE_NUMBER_OFFSET, fileNumber);
    target.set(Layouts.LE_LONG, offset + KEY_ID_OFFSET, keyHigh);
    target.set(Layouts.LE_LONG, offset + KEY_ID_OFFSET + Long.BYTES, keyLow);
    target.set(Layouts.LE_INT, offset + CRC_OFFSET, Checksum.crc32c(target, offset, CRC_OFFSET));
    target.set(Layouts.LE_INT, offset + PAD_OFFSET, 0);
  }

  /// Reads and checks the header at the start of `source`, which may be shorter than a header.
  ///
  /// @param file plain name, for messages
  /// @throws CorruptionException if it is damaged or of another kind of file
  /// @throws UnsupportedFormatException if it is intact, but this release cannot read the file
  public static FileHeader decode(String file, MemorySegment source, FileFormat format) {
    if (source.byteSize() < BYTES) {
      throw new CorruptionException(
          file, 0, "expected a header of " + BYTES + " bytes, found " + source.byteSize());
    }
    long magic = source.get(Layouts.LE_LONG, MAGIC_OFFSET);
    if (magic != format.magic()) {
      throw new CorruptionException(
          file, MAGIC_OFFSET, "not a " + format.title() + ": magic is " + Long.toHexString(magic));
    }
    int expectedCrc = source.get(Layouts.LE_INT, CRC_OFFSET);
    int foundCrc = Checksum.crc32c(source, 0, CRC_OFFSET);
    if (expectedCrc != foundCrc) {
      throw CorruptionException.checksum(file, 0, expectedCrc, foundCrc);
    }
    int pad = source.get(Layouts.LE_INT, PAD_OFFSET);
    if (pad != 0) {
      throw new CorruptionException(file, PAD_OFFSET, "expected 0, found " + pad);
    }
    var header =
        new FileHeader(
            format,
            source.get(Layouts.LE_INT, VERSION_OFFSET),
            source.get(Layouts.LE_INT, COMPATIBLE_OFFSET),
            source.get(Layouts.LE_INT, READ_ONLY_OFFSET),
            source.get(Layouts.LE_INT, INCOMPATIBLE_OFFSET),
            new UUID(
                source.get(Layouts.LE_LONG, STORE_UUID_OFFSET),
                source.get(Layouts.LE_LONG, STORE_UUID_OFFSET + Long.BYTES)),
            source.get(Layouts.LE_LONG, FILE_NUMBER_OFFSET),
            source.get(Layouts.LE_LONG, KEY_ID_OFFSET),
            source.get(Layouts.LE_LONG, KEY_ID_OFFSET + Long.BYTES));
    header.requireReadable(file);
    return header;
  }

  private void requireReadable(String file) {
    if (version < 1 || version > format.version()) {
      throw new UnsupportedFormatException(
          file,
          format.title()
              + " has format version "
              + Integer.toUnsignedString(version)
              + ", this release reads 1 to "
              + format.version());
    }
    int unknown = incompatibleFeatures & ~format.incompatibleFeatures();
    if (unknown != 0) {
      throw new UnsupportedFormatException(
          file,
          format.title()
              + " needs features 0x"
              + Integer.toHexString(unknown)
              + " that this release does not know");
    }
    if (keyHigh != 0 || keyLow != 0) {
      throw new UnsupportedFormatException(file, format.title() + " is encrypted");
    }
  }

  /// Refuses files that this release may read but not write to.
  public void requireWritable(String file) {
    int unknown = readOnlyFeatures & ~format.readOnlyFeatures();
    if (unknown != 0) {
      throw new UnsupportedFormatException(
          file,
          format.title()
              + " can be opened read-only: it uses features 0x"
              + Integer.toHexString(unknown)
              + " that this release does not know");
    }
  }

  /// Checks that the file belongs to this store and has not been renamed or copied over another.
  public void requireIdentity(String file, UUID expectedStoreUuid, long expectedFileNumber) {
    if (!storeUuid.equals(expectedStoreUuid)) {
      throw new CorruptionException(
          file, STORE_UUID_OFFSET, "expected store " + expectedStoreUuid + ", found " + storeUuid);
    }
    if (fileNumber != expectedFileNumber) {
      throw new CorruptionException(
          file,
          FILE_NUMBER_OFFSET,
          "expected file number " + expectedFileNumber + ", found " + fileNumber);
    }
  }
}
