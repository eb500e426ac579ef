package io.atlaskv.engine.internal.events;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.StackTrace;

/// An event of the JDK's flight recorder. While nobody records, its methods do nothing; see
/// `Recorder`.
@Category("AtlasKV")
@StackTrace(false)
abstract class Recording extends Event {}
