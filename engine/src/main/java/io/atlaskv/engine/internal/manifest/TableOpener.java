package io.atlaskv.engine.internal.manifest;

import java.util.UUID;

/// Opens tables that a version names.
@FunctionalInterface
public interface TableOpener {
  /// Opens table `number`, which belongs to store `storeUuid`.
  ///
  /// @throws io.atlaskv.engine.api.AtlasException if it is missing, damaged or another store's
  Table open(long number, UUID storeUuid);
}
