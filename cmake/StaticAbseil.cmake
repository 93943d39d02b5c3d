# SPDX-License-Identifier: Apache-2.0
# Links Abseil's static libraries, where there are any. Debian's package describes the shared ones, of
# which xsw needs 32: loading them is more than half of the CPU time of a short command (8 ms for
# `xsw -V`, 3 without).
function(xsw_link_abseil_statically)
  get_property(targets DIRECTORY PROPERTY IMPORTED_TARGETS)
  list(FILTER targets INCLUDE REGEX "^absl::")
  foreach(target IN LISTS targets)
    get_target_property(shared ${target} IMPORTED_LOCATION_NONE)
    string(REGEX REPLACE "\\.so[.0-9]*$" ".a" static "${shared}")
    if(EXISTS "${static}")
      set_target_properties(${target} PROPERTIES IMPORTED_LOCATION_NONE "${static}")
    endif()
  endforeach()
endfunction()
