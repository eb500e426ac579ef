/// Sessions of a web server: entries that expire by themselves, an index that expires with them,
/// and a bound for each user.
@NullMarked
package io.atlaskv.example.sessioncache;

import org.jspecify.annotations.NullMarked;
