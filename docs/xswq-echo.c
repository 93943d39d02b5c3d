/* SPDX-License-Identifier: Apache-2.0 */
/* Sends every frame that a queue receives back to where it came from.
 *
 *   cc xswq-echo.c -o xswq-echo $(pkg-config --cflags --libs xswq)
 *   ./xswq-echo eth0/3 [QUEUE]
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <xswq.h>

#define BATCH 64
#define BUFFERS 1024

static void swap_addresses(unsigned char *frame)
{
	unsigned char destination[6];

	memcpy(destination, frame, 6);
	memcpy(frame, frame + 6, 6);
	memcpy(frame + 6, destination, 6);
}

int main(int argc, char **argv)
{
	struct xswq_attr attr = {.queue = argc > 2 ? atoi(argv[2]) : 0};
	struct xswq_sge out[BATCH];
	struct xswq_wc wc[BATCH];
	struct xswq_qp *qp;
	int n, first = 1;

	if (argc < 2)
		errx(2, "usage: xswq-echo PORT [QUEUE]");
	if (xswq_open(argv[1], &attr, &qp))
		errx(1, "%s", xswq_error());
	for (int i = 0; i < BUFFERS; i++)
		xswq_post_recv(qp, (void *[]){xswq_buffer(qp, i)}, 1);
	for (;;) {
		int sends = 0;

		n = xswq_poll_cq(qp, wc, BATCH);
		if (n == 0 && xswq_wait(qp, 100) < 0)
			errx(1, "%s", xswq_error());
		for (int i = 0; i < n; i++) {
			if (wc[i].opcode == XSWQ_SEND) { /* it has left: the buffer is free again */
				xswq_post_recv(qp, &wc[i].data, 1);
				continue;
			}
			if (first) /* a frame may have several pieces; the addresses are in the first */
				swap_addresses(wc[i].data);
			first = !(wc[i].flags & XSWQ_MORE);
			out[sends++] = (struct xswq_sge){wc[i].data, wc[i].length, wc[i].flags};
		}
		if (sends && xswq_post_send(qp, out, sends) < sends)
			errx(1, "%s", xswq_error());
	}
}
