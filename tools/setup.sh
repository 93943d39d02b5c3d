# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
# What tools/quickstart, tests/run and bench/run have in common: packages, checks and the build. To be sourced.

# Names as in Debian 12.
build_packages=(g++ cmake ninja-build pkg-config clang bpftool libc6-dev libbpf-dev libabsl-dev
                libnl-3-dev libnl-route-3-dev libnl-genl-3-dev libxdp-dev
                nlohmann-json3-dev libpcap-dev)
test_packages=(libgtest-dev libgmock-dev libbenchmark-dev
               iproute2 iputils-ping ethtool tcpdump tshark procps nftables xdp-tools python3-jsonschema tmux graphviz
               frr       # not as a service: see services
               prometheus prometheus-node-exporter # nor these
               podman runc crun containerd containernetworking-plugins golang-go golang-github-appc-cni-dev busybox-static
               debhelper lintian autopkgtest
               dpdk-dev) # dpdk-testpmd; the package dpdk has none
bench_packages=(llvm linux-libc-dev iproute2 iputils-ping ethtool openvswitch-switch dpdk-dev gnuplot-nox
                containernetworking-plugins)

oldest_kernel=6.1
# clang 14 has been seen to take all memory there is.
build_limit_kb=12000000

say() { printf '%s: %s\n' "${0##*/}" "$*"; }
die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

check_root() {
  ((EUID == 0)) || die "must be run as root, for network namespaces and BPF: sudo $0"
}

# The first thing missing, before anything is installed. perl-base is on every Debian; it loads the
# smallest BPF program there is: bpf(BPF_PROG_LOAD, "r0 = 0; exit").
check_bpf() {
  local release errno
  release=$(uname -r)
  [[ $(printf '%s\n' "$oldest_kernel" "$release" | sort -V | head -n1) == "$oldest_kernel" ]] ||
    die "this machine cannot run xsw: Linux $release is older than $oldest_kernel"
  command -v perl >/dev/null || return 0
  # shellcheck disable=SC2016
  errno=$(perl -e '
    my %number = (x86_64 => 321, aarch64 => 280, riscv64 => 280, s390x => 351, ppc64le => 361);
    chomp(my $machine = `uname -m`);
    exit unless $number{$machine};
    my $code = pack("CCsl CCsl", 0xb7, 0, 0, 0, 0x95, 0, 0, 0);
    my $attr = pack("LL P16 p LL Q LL", 3, 2, $code, "GPL", 0, 0, 0, 0, 0);
    print $!{ENOSYS} ? "ENOSYS" : $!{EPERM} || $!{EACCES} ? "EPERM" : "$!"
      if syscall($number{$machine}, 5, $attr, length $attr) < 0;')
  case $errno in
    '') ;;
    ENOSYS) die "this machine cannot run BPF: its kernel has no bpf() system call" ;;
    EPERM) die "this machine cannot run BPF: no permission, root here lacks CAP_BPF or CAP_SYS_ADMIN" \
               "(a container? try --privileged)" ;;
    *) die "this machine cannot run BPF: loading a program failed: $errno" ;;
  esac
}

# What a package would start, now or at boot.
declare -A services=([frr]=frr
                     [podman]="podman.socket podman.service podman-restart.service podman-auto-update.timer"
                     [containerd]=containerd
                     [prometheus]=prometheus
                     [prometheus-node-exporter]=prometheus-node-exporter)

# without_services "NAME..." COMMAND...: what COMMAND installs does not start those services, now or at boot. A
# mask that is left by a command that was killed is gone with the next boot.
without_services() {
  local names name status
  read -ra names <<<"$1"
  shift
  ((${#names[@]})) || { "$@"; return; }
  [[ ! -d /run/systemd/system ]] || systemctl -q mask --runtime "${names[@]}" 2>/dev/null
  "$@"
  status=$?
  [[ ! -d /run/systemd/system ]] || systemctl -q unmask --runtime "${names[@]}" 2>/dev/null
  for name in "${names[@]}"; do
    ! command -v systemctl >/dev/null || systemctl -q disable "$name" 2>/dev/null
  done
  return "$status"
}

# install PACKAGE...: only what is missing.
install() {
  local missing=() package log unwanted=
  command -v apt-get >/dev/null ||
    die "this is not Debian: no apt-get here; install what $(dirname "${BASH_SOURCE[0]}")/setup.sh lists by hand"
  for package; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] ||
      missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  # Who had a package already decides about its services; the tests start its daemons themselves.
  for package in "${missing[@]}"; do unwanted+=" ${services[$package]:-}"; done
  say "installing ${missing[*]}"
  log=$(mktemp)
  export DEBIAN_FRONTEND=noninteractive
  apt-get -q update >"$log" 2>&1
  without_services "$unwanted" apt-get -qy -o DPkg::Lock::Timeout=300 --no-install-recommends \
    install "${missing[@]}" >>"$log" 2>&1 || {
    tail -n 15 "$log" >&2
    die "apt-get could not install the packages (log: $log)"
  }
  rm -f "$log"
}

# jobs_that_fit [GIGABYTES]: as many as there are processors, and memory, a gigabyte or so many for each.
jobs_that_fit() {
  local fit processors
  fit=$(awk -v each="${1:-1}" '/^MemAvailable/ { print int($2 / 1000000 / each) }' /proc/meminfo)
  processors=$(nproc)
  echo $((fit < 1 ? 1 : fit < processors ? fit : processors))
}

# build DIR TARGETS [CMAKE ARGUMENT...]: "all" is everything that DIR is configured for. What not every command
# needs is in a new directory only if it is asked for; in an old one it stays, for whoever came before.
build() {
  local dir=$1 targets=$2 cache=$1/CMakeCache.txt options=() output=()
  shift 2
  # A directory that was configured for a checkout elsewhere is of no use.
  if [[ -f $cache ]] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" "$cache"; then
    rm -rf "$dir"
  fi
  [[ -f $cache ]] || options=(-G Ninja -DXSW_TESTS=OFF -DXSW_BENCH=OFF)
  [[ -t 1 ]] || output=(--quiet)
  say "building $dir"
  # shellcheck disable=SC2086
  (
    ulimit -v "$build_limit_kb"
    cmake -S . -B "$dir" "${options[@]}" "$@" --log-level=WARNING >/dev/null &&
      cmake --build "$dir" -j "$(jobs_that_fit)" --target $targets -- "${output[@]}" ${BUILDFLAGS-}
  ) || die "the build failed"
  # Under sudo: leave the files to whom the checkout belongs.
  [[ -z ${SUDO_UID:-} ]] || chown -R "$SUDO_UID:${SUDO_GID:-$SUDO_UID}" "$dir"
}
