# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# The rest of PID 1 of a virtual machine, on the host's files: what a started system has, then the
# command, then its status for QEMU. boot sets command, modules, first_value, disk and systemd: if not empty,
# systemd becomes PID 1 and runs the command as a service of its own.

# run_command: ends the machine with the command's status.
run_command() {
  local status
  "${command[@]}"
  status=$?
  echo "done after $(cut -d ' ' -f 1 /proc/uptime) s, exit status $status"
  ((status < 100)) || status=100
  # isa-debug-exit's port.
  printf '%b' "\\x$(printf %x $((first_value + status)))" |
    dd of=/dev/port bs=1 seek=$((0xf4)) conv=notrunc status=none
}

# systemd has started this file again.
if [[ ${INVOCATION_ID:-} ]]; then
  run_command
  exit
fi

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
if [[ $disk ]]; then
  mkdir -p /mnt/disk
  mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000 disk /mnt/disk
  cp -a /mnt/disk/. /
fi
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TMPDIR=/tmp
echo "guest is up" >/dev/ttyS0
echo "Linux $(uname -r) is up after $(cut -d ' ' -f 1 /proc/uptime) s"

[[ $systemd ]] || run_command
mkdir -p /run/systemd/system
# Not ours: this machine's may be a container.
rm -f /.dockerenv /run/.containerenv
# It would look at all files of the host's, and empty /tmp, where the command is.
ln -s /dev/null /run/systemd/system/systemd-tmpfiles-setup.service
# What is enabled on the disk, and nothing of this machine's.
enabled=$(cd /mnt/disk/etc/systemd/system/multi-user.target.wants 2>/dev/null && echo *)
cat >/run/systemd/system/xsw-test.service <<EOF
[Unit]
Wants=$enabled
[Service]
Type=oneshot
ExecStart=/bin/bash $0
WorkingDirectory=$PWD
StandardOutput=file:/dev/ttyS1
StandardError=inherit
EOF
exec /lib/systemd/systemd --unit=xsw-test.service
