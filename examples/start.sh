# Builds and starts the programs of an example. Sourced by each of them, after it has said in needs which modules of the root
# its example is built upon.

home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[1]}")")" && pwd)
root=${home%/*/*}
name=${0##*/}

say() { printf '%s: %s\n' "$name" "$*" >&2; }
die() { say "$@"; exit 1; }

# start CLASS JVM-OPTION… -- ARGUMENT…
start() {
    local class=$1 options=() jars
    shift
    while [[ $1 != -- ]]; do options+=("$1"); shift; done
    shift
    . "$root/.mvn/jdk.sh"
    find_jdk || die "needs a JDK $jdk_minimum or newer, looked at $jdk_looked. Install one (Debian: openjdk-25-jdk), or set JAVA_HOME to it."
    mkdir -p "$home/target" && exec {lock}>"$home/target/build.lock" || die "cannot write to $home/target"
    flock --nonblock "$lock" || { say 'another one is building, waiting for it…'; flock "$lock"; }
    ! is_stale || build
    exec {lock}>&-
    jars=("$home"/target/app/*.jar)
    printf -v class_path '%s:' "${jars[@]}"
    exec "$jdk_home/bin/java" "${options[@]}" -cp "${class_path%:}" "$class" "$@"
}

# Was anything changed since the last build began? Folders count: their time changes when a file goes.
is_stale() {
    local sources=("$root/pom.xml" "$home"/{pom.xml,src/main}) module
    [[ -e $home/target/app.built ]] || return 0
    for module in "${needs[@]}"; do sources+=("$root/$module"/{pom.xml,src/main}); done
    [[ $(find "${sources[@]}" -newer "$home/target/app.built" -print -quit) ]]
}

build() {
    local log=$home/target/build.log line
    say 'building, a minute the first time…'
    : >"$home/target/app.started"
    (cd "$root" && JAVA_HOME=$jdk_home ./mvnw --batch-mode -pl "examples/${home##*/}" -am package \
        -Dmaven.test.skip -Dmaven.javadoc.skip -Dmaven.source.skip -Dspotless.check.skip) </dev/null 2>&1 | tee "$log" |
        while IFS= read -r line; do
            [[ $line != *' --- compiler:'*':compile '* ]] || { line=${line##* @ } && say "  compiling ${line% ---}…"; }
        done
    if ((PIPESTATUS[0])); then
        grep -E '^\[ERROR\]' "$log" >&2 || tail -n 20 "$log" >&2
        die "the build failed, see $log"
    fi
    mv -f "$home/target/app.started" "$home/target/app.built" # with the time of the start: what changed since is newer
}
