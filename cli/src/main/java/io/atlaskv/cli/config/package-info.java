/// The doors of configuration: YAML file, redis.conf, environment, flags, and how they are put
/// together into `Settings`.
///
/// Layer: used by `cli`; knows `redis.config` and no server.
@NullMarked
package io.atlaskv.cli.config;

import org.jspecify.annotations.NullMarked;
