/// Which tables are live: version edits, versions, the version set and the file `CURRENT`.
///
/// Layer: uses `base`, `iterator`, `io`, `sstable` and `cache`; must not know compaction or `db`.
///
/// Start at `VersionSet`. `StoreState` and `Levels` are plain values, made by applying a
/// `VersionEdit` to the one before; a `Version` is such a value with its tables open.
///
/// Files, format version 1; in brackets the class that owns each part:
///
/// ```
/// MANIFEST-NNNNNN = header [FileHeader], record*         [ManifestWriter, ManifestReader]
/// record          = frame [ManifestRecord], edit         [VersionEditFormat]
/// CURRENT         = header, name of the manifest         [CurrentFile]
/// COMMITTED       = header, two marks                    [CommittedMark]
/// ```
@NullMarked
package io.atlaskv.engine.internal.manifest;

import org.jspecify.annotations.NullMarked;
