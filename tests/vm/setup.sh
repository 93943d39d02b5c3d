# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What virtual machines need: QEMU, and two kernels that are unpacked in a cache and never installed.
# To be sourced, after tools/setup.sh.
#
#   $vm_cache/6.1/{vmlinux,initramfs,lib/modules}     and the same for 6.12

vm_cache=${XSW_VM_CACHE:-/var/cache/xsw-vm}
vm_kernels=(6.1 6.12)
vm_packages=(busybox-static kmod xz-utils zstd)

# The distribution that has a kernel: Debian 12's own, and the one of its backports.
declare -A vm_suite=([6.1]=bookworm-security [6.12]=bookworm-backports)

# Sources of our own for these commands: the system's stay as they are. Debian's keyring is on every Debian;
# a machine that has a mirror fetches from there.
vm_apt_sources() {
  local mirror security
  # shellcheck disable=SC2016
  read -r mirror security < <(apt-get indextargets --format '$(CODENAME) $(REPO_URI)' |
    awk '{ uri[$1] = $2 } END { print uri["bookworm"] ? uri["bookworm"] : "http://deb.debian.org/debian",
           uri["bookworm-security"] }')
  rm -rf "$vm_cache/apt"
  mkdir -p "$vm_cache/apt/sources" "$vm_cache/apt/lists/partial"
  printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n\n' \
    "$mirror" "bookworm bookworm-backports" /usr/share/keyrings/debian-archive-keyring.gpg \
    "${security:-http://deb.debian.org/debian-security}" bookworm-security \
    /usr/share/keyrings/debian-archive-keyring.gpg >"$vm_cache/apt/sources/xsw-vm.sources"
}

# vm_apt COMMAND...: apt with those sources too.
vm_apt() {
  local command=$1
  shift
  "$command" -q -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$vm_cache/apt/sources" \
    -o Dir::State::Lists="$vm_cache/apt/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \
    -o DPkg::Lock::Timeout=300 "$@"
}

# Run only where something is missing: apt's lists are fetched once for all.
vm_apt_update() {
  [[ -d $vm_cache/apt/fetched ]] && return
  vm_apt_sources
  vm_apt apt-get update >"$vm_cache/log" 2>&1 || die "apt-get update failed (log: $vm_cache/log)"
  mkdir "$vm_cache/apt/fetched"
}

# Debian 12's QEMU 7.2 has no igb; the one of its backports has.
vm_install_qemu() {
  local arguments=(install -y --no-install-recommends -t bookworm-backports qemu-system-x86) upgrades
  qemu-system-x86_64 -device help 2>/dev/null | grep -q '"igb"' && return
  vm_apt_update
  upgrades=$(vm_apt apt-get -s "${arguments[@]}" | awk '$1 == "Inst" && $3 ~ /^\[/ { print $2 }' |
    grep -v '^qemu-system-\|^seabios$\|^ipxe-qemu$')
  [[ -z $upgrades ]] || die "QEMU of backports would upgrade" "$upgrades"
  say "installing QEMU from bookworm-backports"
  DEBIAN_FRONTEND=noninteractive vm_apt apt-get "${arguments[@]}" >"$vm_cache/log" 2>&1 ||
    die "could not install QEMU (log: $vm_cache/log)"
}

# vm_unpack_elf BZIMAGE ELF: the kernel in a bzImage, which QEMU starts at once, where the guest would
# take seconds to decompress itself. Where it lies is in the header (Documentation/arch/x86/boot.rst).
vm_unpack_elf() {
  local image=$1 sectors offset length start magic tool
  number() { od -An -t "u$2" -j "$1" -N "$2" "$image" | tr -d ' '; }
  sectors=$(number $((0x1f1)) 1) offset=$(number $((0x248)) 4) length=$(number $((0x24c)) 4)
  start=$(((sectors + 1) * 512 + offset))
  magic=$(od -An -t x1 -j "$start" -N 4 "$image" | tr -d ' ')
  case $magic in
    fd377a58) tool=xz ;;
    28b52ffd) tool=zstd ;;
    1f8b*) tool=gzip ;;
    *) die "$image is compressed in a way not known here ($magic)" ;;
  esac
  # The size that follows the data makes them complain of garbage, after all is out.
  tail -c "+$((start + 1))" "$image" | head -c "$length" | "$tool" -dcq >"$2" 2>/dev/null
  [[ $(head -c 4 "$2" | tail -c 3) == ELF ]] || die "$image holds no kernel"
}

# vm_make_initramfs DIR VERSION OUT: busybox and what mounts the host's / over 9p; see init.
vm_make_initramfs() {
  local dir=$1 version=$2 root=$1/root module number=0
  rm -rf "$root"
  mkdir -p "$root"/{bin,dev,host,modules,new,proc,ram,sys}
  cp /bin/busybox "$root/bin/"
  cp tests/vm/init "$root/init"
  while read -r module; do
    # By number: the order of loading.
    printf -v module_file '%s/modules/%02d.ko' "$root" $((number++))
    case $module in
      *.xz) xz -dc "$module" >"$module_file" ;;
      *.zst) zstd -dcq "$module" >"$module_file" ;;
      *) cp "$module" "$module_file" ;;
    esac
  done < <(for module in virtio_pci 9pnet_virtio 9p overlay; do
    modprobe -d "$dir" -S "$version" --show-depends "$module"
  done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }')
  (cd "$root" && find . | busybox cpio -o -H newc 2>/dev/null) >"$3"
  rm -rf "$root"
}

# vm_unpack_kernel SERIES: into the cache, whole or not at all.
vm_unpack_kernel() {
  local series=$1 new=$vm_cache/$1.new package version
  vm_apt_update
  package=$(vm_apt apt-cache show "linux-image-amd64/${vm_suite[$series]}" |
    sed -n 's/^Depends: \(linux-image-[^ ]*\).*/\1/p' | head -n 1)
  [[ $package == linux-image-"$series".* ]] || die "no Linux $series in ${vm_suite[$series]}, but '$package'"
  say "unpacking $package"
  rm -rf "$new"
  mkdir -p "$new"
  (cd "$new" && vm_apt apt-get download "$package/${vm_suite[$series]}" && dpkg -x ./*.deb . &&
    rm ./*.deb) >"$vm_cache/log" 2>&1 || die "could not fetch $package (log: $vm_cache/log)"
  version=$(ls "$new/lib/modules")
  depmod -b "$new" "$version"
  vm_unpack_elf "$new/boot/vmlinuz-$version" "$new/vmlinux"
  rm -rf "${vm_cache:?}/$series"
  mv "$new" "$vm_cache/$series"
}

# Everything, where it is missing; does nothing the next time.
vm_setup() {
  local series
  [[ $(uname -m) == x86_64 ]] || die "the kernels of the virtual machines are for x86_64, this is $(uname -m)"
  install "${vm_packages[@]}"
  mkdir -p "$vm_cache"
  vm_install_qemu
  for series in "${vm_kernels[@]}"; do
    [[ -f $vm_cache/$series/vmlinux ]] || vm_unpack_kernel "$series"
    [[ $vm_cache/$series/initramfs -nt tests/vm/init ]] ||
      vm_make_initramfs "$vm_cache/$series" "$(ls "$vm_cache/$series/lib/modules")" \
        "$vm_cache/$series/initramfs"
  done
  rm -rf "$vm_cache/apt" "$vm_cache/log"
}
