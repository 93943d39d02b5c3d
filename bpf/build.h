/* SPDX-License-Identifier: GPL-2.0-only */
/* Builds of the programs: one source, several objects.
 *
 * Constants to the compiler, so that the programs that switch hold nothing of the other builds. As
 * read-only data they would still be loaded for each test of them: 2 to 4 ns a frame were measured.
 */
#ifndef XSW_BPF_BUILD_H
#define XSW_BPF_BUILD_H

#include <stdbool.h>
#include <bpf/bpf_helpers.h>

/* 1 in the build for `xsw explain`, which writes down what it would do, and does nothing: no write of a
 * shared map, no send.
 */
#ifndef XSW_EXPLAINING
#define XSW_EXPLAINING 0
#endif

/* 1 in the build for `xsw capture`, which switches as the first and hands over the frames (capture.h). */
#ifndef XSW_CAPTURING
#define XSW_CAPTURING 0
#endif

/* 1 in the build whose xsw_uplink_xdp joins libxdp's dispatcher. An extension program may not change what
 * is in a frame unless the one that it replaces does, and libxdp's does not (Linux 6.12.95: "Extension
 * program changes packet data, while original does not"): frames whose tag has to come or go are left to tc.
 */
#ifndef XSW_SHARED
#define XSW_SHARED 0
#endif

/* Features that a build lacks, as XSW_PORT_* and XSW_BUILD_*: how the benchmark knows what a feature
 * costs that nobody uses.
 */
#ifndef XSW_LEFT_OUT
#define XSW_LEFT_OUT 0
#endif
#define XSW_BUILD_MODES 0x10000 /* beside legacy */

/* A function that the verifier looks at once, by itself, not on every path to every call. Weak, or the
 * compiler, which sees all the callers, might leave out arguments that the verifier wants.
 */
#define __global_func __weak __noinline

enum {
	explaining = XSW_EXPLAINING,
	in_dispatcher = XSW_SHARED,
};

static __always_inline bool build_has(unsigned int feature)
{
	return !(XSW_LEFT_OUT & feature);
}

#endif
