# The flight recorder's loop on a server: /bin/sh reads this from standard input, behind a function
# `choose` that sets one collector's words. It waits for a line that names a collector, runs that
# within its deadline and its size, and ends when standard input closes. It writes no file.
#
# Between markers (`@` and a number only this loop and the engine know) come a collector's bytes as
# they are produced:  begin N / bytes / status N / end N, or absent N why.
{
LC_ALL=C
PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
proc=${NOC_PROC:-/proc}
noc_loop=$$
export LC_ALL PATH proc noc_loop
set -f
exec 2>&1
can_stop=no
if [ "$may_fork" = yes ] && timeout -k 1 2 true </dev/null >/dev/null 2>&1; then can_stop=yes; fi

say() {
    printf '\n@%s %s\n' "$nonce" "$*"
}

run_bounded() {
    if [ "$can_stop" = yes ]; then
        timeout -k 1 "$deadline" /bin/sh -c "$command" noc-console
        return
    fi
    /bin/sh -c "$command" noc-console &
    child=$!
    (
        sleep "$deadline"
        kill -9 "$child" 2>/dev/null
    ) >/dev/null &
    watcher=$!
    wait "$child"
    status=$?
    kill "$watcher" 2>/dev/null
    return "$status"
}

collect() {
    for need in $needs; do
        if ! command -v "$need" >/dev/null; then
            say absent "$sequence" "$need is not installed"
            return 0
        fi
    done
    if [ -n "$when" ] && ! eval "$when"; then
        say absent "$sequence" not on this server
        return 0
    fi
    say begin "$sequence"
    if [ "$forks" = yes ]; then
        {
            run_bounded
            say status "$?"
        } </dev/null | head -c "$bytes"
    else
        set +f
        eval "$command"
        status=$?
        set -f
        say status "$status"
    fi
    say end "$sequence"
}

answer() { # the words of a line: collect, sequence, name
    if [ "$#" -ne 3 ] || [ "$1" != collect ]; then return 0; fi
    sequence=$2
    case $sequence in
    '' | *[!0-9]*) return 0 ;;
    esac
    if choose "$3"; then collect; else say absent "$sequence" unknown; fi
}

say ready
while read -r asked; do answer $asked; done
exit 0
}
