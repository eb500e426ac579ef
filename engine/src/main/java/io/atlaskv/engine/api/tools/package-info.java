/// What the tools of `StoreTools` say of the files of a store.
///
/// Layer: types only, as `api`; used by all packages that have something to tell of their files.
@NullMarked
package io.atlaskv.engine.api.tools;

import org.jspecify.annotations.NullMarked;
