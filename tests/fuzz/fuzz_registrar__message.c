/*
 * fuzz_registrar__message.c - whole datagrams: parsed, read and answered
 */
#include <stdint.h>
#include <stdlib.h>

#include <sofia-sip/msg.h>
#include <sofia-sip/sip_header.h>

#include "adapters/sip_message.h"
#include "base/strbuf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_and_answer(msg_t *msg)
{
	static struct strbuf out;
	struct sip_answer a = {.status = 200, .phrase = "OK"};
	struct sip_message m = {.msg = msg, .parsed = sip_object(msg)};
	const char *phrase;

	m.from.address.v4.sin_family = AF_INET;
	if (!sip_message_answerable(m.parsed))
		return;
	if (sip_message_fault(&m, &phrase) == 0 && sip_message_read(&m)) {
		sip_answer_add(&a, "X-Uri", m.request.uri);
		for (size_t i = 0; i < m.request.n_paths; i++)
			sip_answer_add(&a, "Path", m.request.paths[i]);
	}
	sip_message_answer(&m, &a, 1, &out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	msg_t *msg;

	if (size > UDP_DATAGRAM_MAX)
		return 0;
	msg = msg_make(sip_default_mclass(),
	               MSG_DO_CANONIC | MSG_DO_EXTRACT_COPY, data,
	               (ssize_t)size);
	if (!msg)
		return 0;
	read_and_answer(msg);
	msg_destroy(msg);
	return 0;
}
