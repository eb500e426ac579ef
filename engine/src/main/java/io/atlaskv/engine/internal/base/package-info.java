/// The vocabulary of the engine: keys and their versions, hash, checksum, varints, native buffers,
/// the answer to a point read, and the header that files share.
///
/// Layer: uses `api`; must not know any other package.
///
/// All log segments, tables and manifests begin with the same 72 bytes [FileHeader]; their layout
/// never changes, so that each release can tell damage from a file that is too new for it. Files
/// are little-endian; integers inside keys are big-endian [Layouts].
///
/// ```
/// magic 8 | version 4 | features: compatible 4, read-only 4, incompatible 4 | store UUID 16
/// | file number 8 | encryption key id 16 | crc 4 | zero 4
/// ```
///
/// Fixed by the formats, and held by tests: [Hash64] (filters are stored), the seed of [Checksum],
/// [ValueKind], the shortest form of [Varint].
@NullMarked
package io.atlaskv.engine.internal.base;

import org.jspecify.annotations.NullMarked;
