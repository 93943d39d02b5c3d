# SPDX-License-Identifier: Apache-2.0
# xsw_bpf_skeleton(NAME SOURCE [DEFINITION...]): SOURCE (.bpf.c), compiled with -D for each DEFINITION ->
# NAME.bpf.o -> NAME.skel.h, as target NAME_skel.
#
# The depfile makes a change of any included header rebuild the object. UAPI headers suffice; there is
# no vmlinux.h. v3 is the newest instruction set that clang 14 knows and kernel 6.1 runs.
find_program(XSW_CLANG NAMES clang clang-14 clang-16 clang-19 REQUIRED)
find_program(XSW_BPFTOOL NAMES bpftool PATHS /usr/sbin /sbin REQUIRED)

function(xsw_bpf_skeleton name source)
  get_filename_component(source ${source} ABSOLUTE)
  set(object ${CMAKE_CURRENT_BINARY_DIR}/${name}.bpf.o)
  set(skeleton ${CMAKE_CURRENT_BINARY_DIR}/${name}.skel.h)
  set(warnings -Wall -Wextra -Wno-unused-parameter)
  list(TRANSFORM ARGN PREPEND -D OUTPUT_VARIABLE definitions)
  if(XSW_WERROR)
    list(APPEND warnings -Werror -Werror=switch)
  endif()
  add_custom_command(
    OUTPUT ${object}
    COMMAND ${XSW_CLANG} -O2 -g -mcpu=v3 -target bpf ${warnings}
            -isystem /usr/include/${CMAKE_LIBRARY_ARCHITECTURE} -I${PROJECT_SOURCE_DIR}/bpf
            ${definitions} -MD -MF ${object}.d -c ${source} -o ${object}
    DEPENDS ${source}
    DEPFILE ${object}.d
    COMMENT "BPF ${name}.bpf.o" VERBATIM)
  add_custom_command(
    OUTPUT ${skeleton}
    COMMAND ${XSW_BPFTOOL} gen skeleton ${object} name ${name}_bpf > ${skeleton}
    DEPENDS ${object}
    COMMENT "BPF ${name}.skel.h" VERBATIM)
  add_custom_target(${name}_skel_file DEPENDS ${skeleton})
  add_library(${name}_skel INTERFACE)
  add_dependencies(${name}_skel ${name}_skel_file)
  target_include_directories(${name}_skel INTERFACE ${CMAKE_CURRENT_BINARY_DIR})
  target_link_libraries(${name}_skel INTERFACE PkgConfig::libbpf)
endfunction()
