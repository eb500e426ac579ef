# Finds a JDK >= 25. Sourced by ./mvnw and ./atlaskv, never run by itself.
#
#   find_jdk          sets JDK_FOUND to the home of the first JDK >= 25, or returns 1
#   require_jdk NAME  find_jdk, then exports JAVA_HOME; if there is none, says so for command NAME and exits
#
# Order: JAVA_HOME, java on PATH, the standard folders. The version is read from the file `release`
# that every JDK carries, without starting a process: ./atlaskv is on the path to the first PONG.
# POSIX sh, because ./mvnw is.

JDK_MIN=25

# True if $1 is the home of a JDK that is new enough.
is_jdk() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  while IFS='=' read -r _key _value; do
    if [ "$_key" = JAVA_VERSION ]; then
      _value=${_value#\"}
      _value=${_value%%[!0-9]*} # "25.0.1" -> 25; "1.8.0" -> 1, which is too old as well
      [ "${_value:-0}" -ge "$JDK_MIN" ]
      return
    fi
  done <"$1/release"
  return 1
}

find_jdk() {
  JDK_FOUND=
  if [ -n "${JAVA_HOME-}" ] && is_jdk "$JAVA_HOME"; then
    JDK_FOUND=$JAVA_HOME
    return 0
  fi
  _java=$(command -v java) || _java=
  if [ -n "$_java" ]; then
    _java=$(readlink -f "$_java" 2>/dev/null) || _java=
    _java=${_java%/bin/java}
    if [ -n "$_java" ] && is_jdk "$_java"; then
      JDK_FOUND=$_java
      return 0
    fi
  fi
  # ./mvnw runs with globbing off (set -f), so it is switched on here and put back.
  case $- in *f*) _glob=off ;; *) _glob=on ;; esac
  set +f
  for _home in /usr/lib/jvm/* /opt/* "${HOME:-/nonexistent}"/.sdkman/candidates/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if is_jdk "$_home"; then
      JDK_FOUND=$_home
      break
    fi
  done
  [ "$_glob" = on ] || set -f
  [ -n "$JDK_FOUND" ]
}

require_jdk() {
  find_jdk || {
    echo "$1: AtlasKV needs a JDK $JDK_MIN or newer; none found in JAVA_HOME, on PATH, in /usr/lib/jvm," \
      "/opt, ~/.sdkman or /Library/Java. Install one (https://adoptium.net) or set JAVA_HOME." >&2
    exit 1
  }
  JAVA_HOME=$JDK_FOUND
  export JAVA_HOME
}
