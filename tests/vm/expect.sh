# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# For what runs in a virtual machine with systemd. To be sourced, by who has a fail().

# expect WHAT COMMAND...: within 60 s; says when, in seconds since the kernel started.
expect() {
  local what=$1 end=$((SECONDS + 60))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < end)) || fail "$what"
    sleep 0.1
  done
  echo "ok: $what ($(cut -d ' ' -f 1 /proc/uptime) s)"
}
