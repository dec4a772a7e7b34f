/*
 * fuzz_call-controller__sip_text.c - whole datagrams: what the core is told of
 * them, and what of that is written into a message of ours again
 */
#include <stdint.h>
#include <stdlib.h>

#include "adapters/sip_leg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DATAGRAM_MAX = 65535 };

static void read_body(msg_t *msg, const sip_t *sip)
{
	const char *sdp;
	size_t len, sum = 0;
	enum body body = sip_text_sdp(msg_home(msg), sip, &sdp, &len);

	if ((body == BODY_SDP) != (sdp && len > 0))
		abort();
	/* Every byte of it can be read. */
	for (size_t i = 0; i < len; i++)
		sum += (unsigned char)sdp[i];
	if (sum > 255 * len)
		abort();
}

static void write_text(const sip_t *sip, struct strbuf *out)
{
	const char *error = sip_text_find(sip, "X-Trestle-Error");
	struct session_timer timer;
	struct pairs headers;
	size_t lines = 0;

	strbuf_reset(out);
	sip_text_headers(sip, &headers);
	for (size_t i = 0; i < headers.n; i++)
		sip_text_add(out, headers.v[i].name, headers.v[i].value);
	sip_text_add_error(out, 32100, error ? error : "");
	/* A value must not begin a header of its own. */
	for (size_t i = 0; i < out->len; i++)
		lines += out->s[i] == '\n';
	if (!out->failed && lines != headers.n + 2)
		abort();
	sip_text_session_timer(sip, &timer);
	sip_text_add_session_timer(out, &timer, 0);
	sip_text_add_session_timer(out, &timer, 200);
	sip_text_add_session_timer(out, &timer, 422);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct strbuf out;
	msg_t *msg;

	if (size > DATAGRAM_MAX)
		return 0;
	msg = msg_make(sip_default_mclass(),
	               MSG_DO_CANONIC | MSG_DO_EXTRACT_COPY, data,
	               (ssize_t)size);
	if (!msg)
		return 0;
	if (sip_object(msg)) {
		read_body(msg, sip_object(msg));
		write_text(sip_object(msg), &out);
	}
	msg_destroy(msg);
	return 0;
}
