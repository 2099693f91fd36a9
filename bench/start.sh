# Builds and starts the programs of this folder. Sourced by each of them.

bench=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
root=${bench%/*}
name=${0##*/}

say() { printf '%s: %s\n' "$name" "$*" >&2; }
die() { say "$@"; exit 1; }

# start CLASS JVM-OPTION… -- ARGUMENT…
start() {
    local class=$1 options=()
    shift
    while [[ $1 != -- ]]; do options+=("$1"); shift; done
    shift
    . "$root/.mvn/jdk.sh"
    find_jdk || die "needs a JDK $jdk_minimum or newer, looked at $jdk_looked. Install one (Debian: openjdk-25-jdk), or set JAVA_HOME to it."
    mkdir -p "$bench/target" && exec {lock}>"$bench/target/bench.lock" || die "cannot write to $bench/target"
    flock --nonblock "$lock" || { say 'another one is building, waiting for it…'; flock "$lock"; }
    ! is_stale || build
    exec {lock}>&-
    exec "$jdk_home/bin/java" "${options[@]}" -cp "$bench/target/app/*" "$class" "$@"
}

# Was anything changed since the last build began? Folders count: their time changes when a file goes.
is_stale() {
    [[ -e $bench/target/bench.built ]] || return 0
    [[ $(find "$root"/{pom.xml,core/pom.xml,core/src/main,bench/pom.xml,bench/src/main} \
        -newer "$bench/target/bench.built" -print -quit) ]]
}

build() {
    local log=$bench/target/bench-build.log line
    say 'building, a minute the first time…'
    : >"$bench/target/bench.started"
    (cd "$root" && JAVA_HOME=$jdk_home ./mvnw --batch-mode -pl bench -am package \
        -Dmaven.test.skip -Dmaven.javadoc.skip -Dmaven.source.skip -Dspotless.check.skip) </dev/null 2>&1 | tee "$log" |
        while IFS= read -r line; do
            [[ $line != *' --- compiler:'*':compile '* ]] || { line=${line##* @ } && say "  compiling ${line% ---}…"; }
        done
    if ((PIPESTATUS[0])); then
        grep -E '^\[ERROR\]' "$log" >&2 || tail -n 20 "$log" >&2
        die "the build failed, see $log"
    fi
    mv -f "$bench/target/bench.started" "$bench/target/bench.built" # with the time of the start: what changed since is newer
}
