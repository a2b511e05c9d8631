# How a server stands before and after a reboot: one part a call, as told by the first line,
# `part=NAME`. /bin/sh reads this from standard input. It changes nothing, writes no file and needs
# no sudo. Where it can it uses builtins only, so that a server that no longer forks still answers.
# A part is whole when its line `end NAME` has come.
{
LC_ALL=C
PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
if [ -w /dev/null ]; then exec 2>/dev/null; fi
proc=${NOC_PROC:-/proc}
run=${NOC_RUN:-/run}

say_init() {
    if [ -d "$run/systemd/system" ]; then # sd_booted(3)
        printf 'init systemd\n'
    elif [ -d "$run/openrc" ]; then
        printf 'init openrc\n'
    else
        printf 'init sysvinit\n'
    fi
}

machine() {
    if read -r up rest <"$proc/uptime"; then printf 'uptime %s\n' "$up"; fi
    if read -r load rest <"$proc/loadavg"; then printf 'load %s\n' "$load"; fi
    while read -r word number rest; do
        if [ "$word" = btime ]; then printf 'btime %s\n' "$number"; fi
    done <"$proc/stat"
    set -- "$proc"/[0-9]*
    if [ -e "$1" ]; then printf 'processes %s\n' "$#"; fi
    say_init
    for program in sudo systemctl service rc-service shutdown reboot; do
        if command -v "$program" >/dev/null; then printf 'has %s\n' "$program"; fi
    done
    # by cat: most shells read byte by byte, which /proc/sys refuses
    printf 'boot %s\n' "$(cat "$proc/sys/kernel/random/boot_id" </dev/null)"
    printf 'kernel %s\n' "$(cat "$proc/sys/kernel/osrelease" </dev/null || uname -r </dev/null)"
    printf 'user %s\n' "$(id -u </dev/null)"
}

mounts() { # a backslash in a name is written as in proc(5): \040
    file=$proc/self/mounts
    if [ ! -r "$file" ]; then file=$proc/mounts; fi
    if [ ! -r "$file" ]; then return 1; fi
    while read -r device point kind rest; do printf 'mount %s %s\n' "$kind" "$point"; done <"$file"
}

ports_of() { # PROTOCOL STATE FILE
    if [ ! -r "$3" ]; then return 0; fi
    while read -r slot local remote state rest; do
        if [ "$state" = "$2" ]; then printf 'port %s %s\n' "$1" "${local##*:}"; fi
    done <"$3"
}

ports() { # net/tcp(5): state 0A listens; a UDP socket that waits for anybody is 07
    if [ ! -r "$proc/net/tcp" ]; then return 1; fi
    ports_of tcp 0A "$proc/net/tcp"
    ports_of tcp 0A "$proc/net/tcp6"
    ports_of udp 07 "$proc/net/udp"
    ports_of udp 07 "$proc/net/udp6"
}

systemd_services() {
    listed=$(systemctl list-units --type=service --all --plain --no-legend --no-pager </dev/null) ||
        return 1
    printf '%s\n' "$listed" | while read -r unit load active sub rest; do
        printf 'service %s %s %s\n' "$active" "$sub" "$unit"
    done
}

script_services() { # each script's `status`, with its exit code (LSB: 0 runs, 3 does not)
    for script in /etc/init.d/* "${NOC_INIT_SCRIPTS:-/nowhere}"/*; do
        name=${script##*/}
        if [ ! -x "$script" ]; then continue; fi
        if [ -d "$run/openrc" ]; then
            rc-service "$name" status </dev/null >/dev/null
        else
            service "$name" status </dev/null >/dev/null
        fi
        printf 'service code %s %s\n' "$?" "$name"
    done
}

services() {
    if [ -d "$run/systemd/system" ]; then systemd_services; else script_services; fi
}

sessions() { # terminals by who(1), or else by systemd-logind
    if command -v who >/dev/null; then
        who </dev/null | while read -r user rest; do printf 'session %s\n' "$user"; done
    elif command -v loginctl >/dev/null; then
        loginctl list-sessions --no-legend --no-pager </dev/null |
            while read -r number user_number user rest; do printf 'session %s\n' "$user"; done
    else
        return 1
    fi
}

case $part in
machine | mounts | ports | services | sessions) "$part" && printf 'end %s\n' "$part" ;;
esac
exit 0
}
