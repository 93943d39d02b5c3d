# SPDX-License-Identifier: Apache-2.0
# install_unit(NAME): systemd's unit, from NAME.in. systemd wants whole paths (@sbindir@), and only
# `cmake --install --prefix` says which.
function(install_unit name)
  set(sbindir ${CMAKE_INSTALL_FULL_SBINDIR})
  configure_file(${name}.in ${name} @ONLY)
  install(CODE "
    get_filename_component(sbindir ${CMAKE_INSTALL_SBINDIR} ABSOLUTE BASE_DIR \"\${CMAKE_INSTALL_PREFIX}\")
    configure_file(\"${CMAKE_CURRENT_SOURCE_DIR}/${name}.in\"
                   \"${CMAKE_CURRENT_BINARY_DIR}/installed/${name}\" @ONLY)")
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/installed/${name} DESTINATION lib/systemd/system)
endfunction()
