# What ./atlaskv and cli/build-dist both know about the built layout. Sourced, after `root` is set.

dist=$root/cli/target/dist

# True if there is no build, or a source is newer than it. Folders count: a deleted file changes its
# folder. `built` carries the time at which the build began.
is_stale() {
  [ ! -e "$dist/built" ] && return
  [ -n "$(find "$root/pom.xml" "$root/cli/build-dist" "$root"/{engine,redis,server,cli}/{pom.xml,src/main} \
    -newer "$dist/built" -print -quit)" ]
}
