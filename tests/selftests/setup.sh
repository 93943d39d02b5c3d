# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# What the kernel's selftests need, unpacked in a cache and never installed. To be sourced, after
# tools/setup.sh and tests/vm/setup.sh.
#
#   $selftests_cache/kernel/net/forwarding    the scripts, of the source package of the guest's kernel
#   $selftests_cache/tools/usr/{bin,lib,sbin} what the scripts call and this machine does not have

selftests_cache=$vm_cache/selftests
selftests_kernel=6.12
selftests_packages=(bc dc ethtool gojq iputils-arping iputils-ping ncat netsniff-ng smcroute socat tcpdump)
# Debian 12's does not know all words of the scripts.
selftests_newer=(iproute2)

# In the place of a directory of the cache: what COMMAND makes of a new one, or nothing.
selftests_unpack() {
  local name=$1 new=$selftests_cache/$1.new
  [[ -d $selftests_cache/$name ]] && return
  vm_apt_update
  say "unpacking the selftests' $name"
  rm -rf "$new"
  mkdir -p "$new"
  ("selftests_unpack_$name" "$new") >"$vm_cache/log" 2>&1 ||
    die "could not fetch the selftests' $name (log: $vm_cache/log)"
  mv "$new" "$selftests_cache/$name"
}

selftests_unpack_kernel() {
  local tests=linux-source-$selftests_kernel/tools/testing/selftests
  # A link to a file that is not unpacked says so here, not in a virtual machine.
  cd "$1" &&
    vm_apt apt-get download "linux-source-$selftests_kernel/${vm_suite[$selftests_kernel]}" &&
    dpkg -f ./*.deb Version >version &&
    dpkg -x ./*.deb package &&
    tar -xJf "package/usr/src/linux-source-$selftests_kernel.tar.xz" --strip-components=4 \
      "$tests/net/lib.sh" "$tests/net/forwarding" "$tests/drivers/net/dsa" &&
    rm -r ./*.deb package &&
    [[ -z $(find . -xtype l) ]]
}

selftests_unpack_tools() {
  local packages package
  cd "$1" || return
  mapfile -t packages < <(vm_apt apt-get -s install -y --no-install-recommends "${selftests_packages[@]}" \
    "${selftests_newer[@]/%//bookworm-backports}" | sed -nE 's/^Inst ([^ ]+) .*\(([^ ]+) .*/\1=\2/p')
  vm_apt apt-get download "${packages[@]}" || return
  for package in ./*.deb; do dpkg -x "$package" . || return; done
  rm ./*.deb
}

# Everything, where it is missing; does nothing the next time.
selftests_setup() {
  vm_setup
  mkdir -p "$selftests_cache"
  selftests_unpack kernel
  selftests_unpack tools
  rm -rf "$vm_cache/apt" "$vm_cache/log"
}
