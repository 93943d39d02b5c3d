# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# The rest of PID 1 of a virtual machine, on the host's files: what a started system has, then the
# command, then its status for QEMU. boot sets command, modules and first_value.

# The kernel's own messages have the first serial line, the command the second.
exec >/dev/ttyS1 2>&1 </dev/null
stty -F /dev/ttyS1 raw

mkdir -p "/lib/modules/$(uname -r)"
mount --bind "$modules/$(uname -r)" "/lib/modules/$(uname -r)"
mount -t tmpfs tmp /run
mount -t tmpfs tmp /dev/shm 2>/dev/null || { mkdir /dev/shm && mount -t tmpfs tmp /dev/shm; }
mkdir -p /run/netns /dev/pts
mount -t devpts -o ptmxmode=0666 devpts /dev/pts
mount -t bpf bpf /sys/fs/bpf
mount -t tracefs trace /sys/kernel/tracing
mount -t cgroup2 cgroup /sys/fs/cgroup
ip link set lo up
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TMPDIR=/tmp
echo "Linux $(uname -r) is up after $(cut -d ' ' -f 1 /proc/uptime) s"

"${command[@]}"
status=$?

echo "done after $(cut -d ' ' -f 1 /proc/uptime) s, exit status $status"
((status < 100)) || status=100
# isa-debug-exit's port.
printf '%b' "\\x$(printf %x $((first_value + status)))" |
  dd of=/dev/port bs=1 seek=$((0xf4)) conv=notrunc status=none
