# What noc-console runs on a server: /bin/sh reads this from standard input and keeps it in memory.
# It waits for a line, answers it with one frame, and ends when standard input closes. It writes no
# file and starts no process: only shell builtins on /proc, so it goes on where fork is forbidden.
#
# A frame (every line of content begins with a space, so that no content looks like a marker):
#   @frame SEQUENCE / @+ FILE (its lines follow) / @- FILE (not on this server) / @end SEQUENCE
#
# A shell's `read` takes one byte at a time, so short files are read at each tick; what is long
# (all of stat, vmstat, net/snmp) at every sixth; more than 16 cores are listed only then too.
# A file under /proc/sys must be read in one go: a shell that cannot gives none of its lines.
{
LC_ALL=C
export LC_ALL
set -f
if [ -w /dev/null ]; then exec 2>/dev/null; fi
proc=${NOC_PROC:-/proc}
nl='
'
ticks=0
first_tick=${first_tick:-}
cores_shown=0

begin() { # FILE: opens its section; fails when there is no such file
    if [ -r "$proc/$1" ]; then
        out="$out@+ $1$nl"
    else
        out="$out@- $1$nl"
        return 1
    fi
}

lines() { # FILE COUNT: its first lines
    begin "$1" || return 0
    left=$2
    while [ "$left" -gt 0 ] && IFS= read -r line; do
        out="$out $line$nl"
        left=$((left - 1))
    done <"$proc/$1"
}

meminfo() {
    begin meminfo || return 0
    while IFS= read -r line; do
        case $line in
        MemTotal:* | MemAvailable:* | SwapTotal:*) out="$out $line$nl" ;;
        SwapFree:*)
            out="$out $line$nl"
            break
            ;;
        esac
    done <"$proc/meminfo"
}

netdev() {
    begin net/dev || return 0
    while IFS= read -r line; do
        case $line in
        *veth*:* | *Inter-* | *face*\|*) ;;
        *) out="$out $line$nl" ;;
        esac
    done <"$proc/net/dev"
}

diskstats() {
    begin diskstats || return 0
    while IFS= read -r line; do
        case $line in
        *' loop'* | *' ram'* | *' zram'* | *' dm-'* | *' zd'*) ;;
        *) out="$out $line$nl" ;;
        esac
    done <"$proc/diskstats"
}

whole_stat() {
    begin stat || return 0
    cores_shown=0
    while IFS= read -r line; do
        case $line in
        'cpu '*) out="$out $line$nl" ;;
        cpu*)
            out="$out $line$nl"
            cores_shown=$((cores_shown + 1))
            ;;
        btime* | procs_blocked*) out="$out $line$nl" ;;
        esac
    done <"$proc/stat"
    if [ "$cores_shown" -gt 16 ]; then cores_shown=0; fi
}

vmstat() {
    begin vmstat || return 0
    while IFS= read -r line; do
        case $line in
        pswpin* | pswpout*) out="$out $line$nl" ;;
        oom_kill*)
            out="$out $line$nl"
            break
            ;;
        esac
    done <"$proc/vmstat"
}

snmp() {
    begin net/snmp || return 0
    while IFS= read -r line; do
        case $line in
        'Tcp: '[0-9]*)
            out="$out $line$nl"
            break
            ;;
        Tcp:*) out="$out $line$nl" ;;
        esac
    done <"$proc/net/snmp"
}

answer() { # the words of a line
    sequence=$2
    case $sequence in
    '' | *[!0-9]*) return 0 ;;
    esac
    if [ "$1" != tick ]; then return 0; fi
    out="@frame $sequence$nl"
    lines uptime 1
    lines loadavg 1
    if [ "$ticks" -eq 0 ]; then
        whole_stat
        vmstat
        snmp
        ticks=6
    else
        lines stat $((cores_shown + 1))
    fi
    ticks=$((ticks - 1))
    meminfo
    netdev
    diskstats
    lines pressure/cpu 1
    lines pressure/memory 2
    lines pressure/io 2
    lines sys/fs/file-nr 1
    lines net/sockstat 2
    printf '%s@end %s\n' "$out" "$sequence"
}

printf '\n@noc-console %s\n' ready
answer $first_tick # no quotes: its words; none where the engine asks later
while read -r line; do answer $line; done
exit 0
}
