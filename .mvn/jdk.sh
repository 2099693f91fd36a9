# Finds the JDK that builds and runs fdpass. Sourced by ../mvnw and ../fdpass, so it is for any sh that knows "local". It
# reads files and avoids starting a process: every start of the command comes through here.

jdk_minimum=25

# Sets jdk_home to a JDK of that version or newer: JAVA_HOME, else the one of the java on the PATH, else the first in
# /usr/lib/jvm; and jdk_release to all that its file "release" says, which changes with every update. Where there is
# none: status 1, and jdk_looked says for people what was looked at.
find_jdk() {
    local dir java=''
    jdk_home='' jdk_looked=''
    if [ -z "${JAVA_HOME-}" ]; then
        jdk_looked='JAVA_HOME (not set)'
    elif is_jdk "$JAVA_HOME" "JAVA_HOME $JAVA_HOME"; then
        return 0
    fi
    if ! java_on_path; then
        jdk_looked="$jdk_looked, PATH (no java)"
    elif is_jdk "$java" 'PATH'; then
        return 0
    fi
    for dir in /usr/lib/jvm/*/; do
        if is_jdk "${dir%/}" "${dir%/}"; then
            return 0
        fi
    done
    return 1
}

# Sets java to the home of the first java on the PATH.
java_on_path() {
    local dir home rest="$PATH:"
    while [ -n "$rest" ]; do
        dir=${rest%%:*} rest=${rest#*:}
        if [ -f "$dir/java" ] && [ -x "$dir/java" ]; then
            java=$dir/..
            if [ -L "$dir/java" ]; then
                # Mostly it is a distribution's link to one of these. Else follow it, which takes a process.
                for home in /usr/lib/jvm/*/; do
                    if [ "${home}bin/java" -ef "$dir/java" ]; then
                        java=${home%/}
                        return 0
                    fi
                done
                java=$(readlink -f "$dir/java")
                java=${java%/bin/java}
            fi
            return 0
        fi
    done
    return 1
}

# Is $1 the home of such a JDK? $2 names the place for people.
is_jdk() {
    local line version='' major=''
    jdk_release=''
    if [ -r "$1/release" ]; then
        while IFS= read -r line; do
            jdk_release="$jdk_release$line "
            case $line in
                JAVA_VERSION=*)
                    version=${line#*=} version=${version#\"} version=${version%\"} major=${version%%[!0-9]*}
                    [ "${major:-0}" -ge "$jdk_minimum" ] || break
                    ;;
            esac
        done <"$1/release"
    fi
    if [ "${major:-0}" -ge "$jdk_minimum" ]; then
        if [ -x "$1/bin/javac" ]; then
            jdk_home=$1
            return 0
        fi
        version="$version without javac"
    fi
    jdk_looked="${jdk_looked:+$jdk_looked, }$2 (${version:-no JDK})"
    return 1
}
