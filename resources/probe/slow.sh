# The slower readings of noc-console, on a channel of their own: what needs other programs (df,
# systemctl, awk), so that a df that hangs on a dead network mount does not hold up the ticks.
# /bin/sh reads this from standard input. It writes no file, needs no sudo, and ends when standard
# input closes. Frames are those of probe.sh.
# Each program gets /dev/null as its input: else it would eat the lines that are meant for us.
{
LC_ALL=C
PATH=$PATH:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
set -f
if [ -w /dev/null ]; then exec 2>/dev/null; fi
proc=${NOC_PROC:-/proc}
spool=${NOC_SPOOL:-/var/spool}
devices=${NOC_DEV:-/dev}
first_tick=${first_tick:-}

indent() { # puts a space before each of the first $1 lines
    left=$1
    while IFS= read -r line && [ "$left" -gt 0 ]; do
        printf ' %s\n' "$line"
        left=$((left - 1))
    done
}

first_line() { # SECTION FILE
    if [ -r "$2" ]; then
        printf '@+ %s\n' "$1"
        indent 1 <"$2"
    else
        printf '@- %s\n' "$1"
    fi
}

systemd_units() { # the manager's times are microseconds since boot, whatever zone and clock say
    properties=Id,Names,LoadState,ActiveState,SubState,NRestarts
    properties=$properties,ActiveEnterTimestampMonotonic,InactiveEnterTimestampMonotonic
    printf '@+ systemd\n'
    systemctl show --no-pager -p "$properties" -- "$@" </dev/null | indent 3000
}

script_units() { # SECTION UNIT...: exit status of `status`, or `absent`
    section=$1
    shift
    printf '@+ %s\n' "$section"
    for unit in "$@"; do
        name=${unit%.service}
        if [ ! -e "/etc/init.d/$name" ]; then
            printf ' absent %s\n' "$unit"
            continue
        fi
        case $section in
        openrc) rc-service "$name" status </dev/null >/dev/null ;;
        *) service "$name" status </dev/null >/dev/null ;;
        esac
        printf ' %s %s\n' "$?" "$unit"
    done
}

units() { # UNIT...: what could be an option, or is no service name, is left out
    count=$#
    while [ "$count" -gt 0 ]; do
        case $1 in
        -* | *[!A-Za-z0-9@._:\\-]*) ;;
        *) set -- "$@" "$1" ;;
        esac
        shift
        count=$((count - 1))
    done
    if [ -d /run/systemd/system ]; then # sd_booted(3)
        systemd_units "$@"
    elif [ -d /run/openrc ]; then
        script_units openrc "$@"
    elif [ -d /etc/init.d ] && command -v service >/dev/null; then
        script_units sysvinit "$@"
    else
        printf '@- systemd\n'
    fi
}

mounts() {
    printf '@+ df\n'
    df -P -k -T </dev/null | indent 500
    printf '@+ df-inodes\n'
    df -P -i </dev/null | indent 500
    printf '@+ sys/fs/file-nr\n' # by cat: most shells read byte by byte, which /proc/sys refuses
    cat "$proc/sys/fs/file-nr" </dev/null | indent 1
    netfilter=$proc/sys/net/netfilter/nf_conntrack
    printf '@+ conntrack\n'
    cat "${netfilter}_count" "${netfilter}_max" </dev/null | indent 2
    arrays
}

arrays() { # software RAID; a container is shown its host's, too, which are no devices of its own
    if [ ! -r "$proc/mdstat" ]; then return 0; fi
    printf '@+ mdstat\n'
    own=
    left=500
    while IFS= read -r line && [ "$left" -gt 0 ]; do
        case $line in
        md*) if [ -e "$devices/${line%% *}" ]; then own=yes; else own=; fi ;;
        esac
        if [ "$own" ]; then printf ' %s\n' "$line"; fi
        left=$((left - 1))
    done <"$proc/mdstat"
}

limited() { # COMMAND...: ends it when it hangs, where there is a program for that
    if command -v timeout >/dev/null; then timeout 15 "$@"; else "$@"; fi
}

files_below() { # DIRECTORY PATTERN: counts files, at a small share of what the mailer's own list costs
    find "$1" -type f -name "$2" </dev/null | awk 'END { print NR }'
}

# Whoever may look into a mailer's spool counts there. Anybody may ask postfix by its setgid postqueue
# (which, when postfix is down, lists by itself and exits 69); exim tells only whom it was told to.
mail() {
    printf '@+ mail\n'
    if ! command -v awk >/dev/null; then return 0; fi
    if command -v postqueue >/dev/null; then
        if [ -r "$spool/postfix/deferred" ] && [ -r "$spool/postfix/active" ]; then
            count=0
            for queue in maildrop incoming active deferred hold; do
                found=$(files_below "$spool/postfix/$queue" '*')
                count=$((count + ${found:-0}))
            done
            printf ' postfix %s\n' "$count"
        else
            { limited postqueue -j || printf 'failed %s\n' "$?"; } </dev/null | awk '
                substr($0, 1, 1) == "{" { mails++ }
                /^failed/ { status = $2 }
                END { if (!status || (status == 69 && mails)) print " postfix " mails + 0 }
            '
        fi
    fi
    for exim in exim4 exim; do
        if ! command -v "$exim" >/dev/null; then continue; fi
        if [ -r "$spool/$exim/input" ]; then
            printf ' exim %s\n' "$(files_below "$spool/$exim/input" '*-H')"
        elif count=$(limited "$exim" -bpc </dev/null); then
            printf ' exim %s\n' "$count"
        fi
        break
    done
}

# Names are the kernel's "comm", never arguments, which can hold secrets. A comm may hold spaces,
# parentheses and line ends: its end is the last `)`, and a line without the fields that must
# follow is put together with the next. The owner of /proc/PID is the effective user.
processes() {
    if ! command -v awk >/dev/null; then
        printf '@- processes\n'
        return 0
    fi
    printf '@+ page-size\n'
    getconf PAGESIZE </dev/null | indent 1
    printf '@+ processes\n'
    set +f
    {
        if [ -r /etc/passwd ]; then cat /etc/passwd; fi
        printf '\001\n'
        ls -ldn "$proc"/[0-9]*
        printf '\001\n'
        cat "$proc"/[0-9]*/stat
    } </dev/null | awk -v limit=4000 '
        $0 == "\001" { part++; next }
        part == 0 { split($0, word, ":"); user[word[3]] = word[1]; next }
        part == 1 { depth = split($NF, word, "/"); owner[word[depth]] = $3; next }
        {
            whole = held == "" ? $0 : held "?" $0
            pieces = split(whole, piece, ")")
            fields = split(piece[pieces], field, " ")
            if (pieces < 2 || fields < 22) {
                held = length(whole) < 200 ? whole : ""
                next
            }
            held = ""
            start = index(whole, "(")
            pid = substr(whole, 1, start - 2)
            comm = substr(whole, start + 1, length(whole) - start - length(piece[pieces]) - 1)
            total++
            if (field[1] == "Z") zombies++
            if (total > limit) next
            who = owner[pid]
            if (who in user) who = user[who]
            if (who == "") who = "-"
            ticks = field[12] + field[13]
            print " " pid, field[1], ticks, field[20], field[22], who, comm
        }
        END { printf " total %d zombies %d\n", total, zombies }
    '
    set -f
}

facts() {
    printf '@+ uname\n'
    uname -snrm </dev/null | indent 1
    printf '@+ cores\n'
    { getconf _NPROCESSORS_ONLN || nproc; } </dev/null | indent 1
    printf '@+ now\n'
    date -u +%s </dev/null | indent 1
    if [ -d /run/systemd/system ]; then
        printf '@+ comm\n systemd\n'
    elif [ -d /run/openrc ]; then
        printf '@+ comm\n openrc\n'
    else
        first_line comm "$proc/1/comm"
    fi
    first_line memory "$proc/meminfo"
    for file in /etc/os-release /usr/lib/os-release; do # os-release(5)
        if [ -r "$file" ]; then
            printf '@+ os-release\n'
            indent 50 <"$file"
            break
        fi
    done
}

answer() { # the words of a line: tick, sequence, parts, names of units
    sequence=$2
    parts=$3
    case $sequence in
    '' | *[!0-9]*) return 0 ;;
    esac
    if [ "$1" != tick ]; then return 0; fi
    shift 2
    if [ "$#" -gt 0 ]; then shift; fi
    printf '@frame %s\n' "$sequence"
    first_line uptime "$proc/uptime"
    case ,$parts, in *,units,*) units "$@" ;; esac
    case ,$parts, in *,mounts,*) mounts ;; esac
    case ,$parts, in *,processes,*) processes ;; esac
    case ,$parts, in *,facts,*) facts ;; esac
    case ,$parts, in *,mail,*) mail ;; esac
    printf '@end %s\n' "$sequence"
}

send() { # WORD...: a whole frame in one piece: each line by itself is a packet, dear to both ends
    frame=$(answer "$@")
    if [ -n "$frame" ]; then printf '%s\n' "$frame"; fi
}

printf '\n@noc-console %s\n' ready
send $first_tick # no quotes: its words; none where the engine asks later
while read -r asked; do send $asked; done
exit 0
}
