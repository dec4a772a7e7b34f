/*
 * sip.c - the internal SIP socket: requests in, stateless answers out
 *
 * Only this file and its two helpers, sip_read.c and sip_write.c, include
 * Sofia-SIP, of which they take the parser. nta's
 * transactions and transports are left out: a registrar answers each datagram
 * with one (RFC 3261 8.2.7), and an answer is mostly text of its request, which
 * is copied as it came. That takes less than half of the time of nta's
 * stateless reply, and one system call instead of three.
 *
 * What is kept of a request lives in the memory home of its message.
 */
#include "adapters/sip.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sofia-sip/msg.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>

#include "adapters/sip_message.h"
#include "adapters/udp.h"
#include "base/strbuf.h"

struct sip {
	struct udp *udp;
	struct strbuf out; /* the answer that is being written */
	uint64_t seed;     /* of To tags */
	char bound[64];
	sip_request_h *handler;
	void *arg;
	size_t pending;
};

static struct sip_message *message_of(struct sip_request *r)
{
	return (struct sip_message *)(void *)r;
}

static void send_answer(const struct sip_message *m, const struct sip_answer *a)
{
	struct strbuf *out = &m->sip->out;

	sip_message_answer(m, a, m->sip->seed, out);
	if (out->failed)
		strbuf_close(out); /* no memory: it is asked again */
	else
		udp_send(m->sip->udp, &m->from, out->s, out->len);
}

void sip_answer(struct sip_request *r, const struct sip_answer *a)
{
	struct sip_message *m = message_of(r);

	m->sip->pending--;
	send_answer(m, a);
	msg_destroy(m->msg);
}

void sip_drop(struct sip_request *r)
{
	struct sip_message *m = message_of(r);

	m->sip->pending--;
	msg_destroy(m->msg);
}

/* --- requests ------------------------------------------------------------ */

static void refuse(struct sip_message *m, unsigned status, const char *phrase)
{
	struct sip_answer a = {.status = status, .phrase = phrase};

	if (status == 405)
		sip_answer_add(&a, "Allow", "REGISTER");
	send_answer(m, &a);
	msg_destroy(m->msg);
}

static void take_request(struct sip_message *m)
{
	struct sip *s = m->sip;
	const char *phrase;
	unsigned fault = sip_message_fault(m, &phrase);

	if (fault) {
		refuse(m, fault, phrase);
	} else if (!s->handler || s->pending >= SIP_PENDING_MAX) {
		msg_destroy(m->msg); /* it will be sent again */
	} else if (!sip_message_read(m)) {
		refuse(m, 400, "Bad Request");
	} else {
		s->pending++;
		s->handler(s->arg, &m->request);
	}
}

static void on_datagram(void *arg, const char *data, size_t n,
                        const struct udp_peer *from)
{
	struct sip_message *m = NULL;
	const sip_t *sip;
	msg_t *msg;

	if (n < 32) /* a keep-alive, or noise */
		return;
	/* with the text of each header kept, which answers repeat */
	msg = msg_make(sip_default_mclass(),
	               MSG_DO_CANONIC | MSG_DO_EXTRACT_COPY, data, (ssize_t)n);
	if (!msg)
		return;
	sip = sip_object(msg);
	if (sip_message_answerable(sip))
		m = su_zalloc(msg_home(msg), sizeof(*m));
	if (!m) {
		msg_destroy(msg);
		return;
	}
	m->sip = arg;
	m->msg = msg;
	m->parsed = sip;
	m->from = *from;
	take_request(m);
}

/* --- the socket ---------------------------------------------------------- */

int sip_alloc(struct sip **sp, struct loop *loop, const char *address,
              uint16_t port, uint64_t seed)
{
	struct sip *s = calloc(1, sizeof(*s));
	bool v6 = strchr(address, ':') != NULL;
	int err;

	if (!s)
		return ENOMEM;
	s->seed = seed;
	err = udp_alloc(&s->udp, loop, address, port, on_datagram, s);
	if (err) {
		sip_free(s);
		return err;
	}
	(void)snprintf(s->bound, sizeof(s->bound), "%s%s%s:%u", v6 ? "[" : "",
	               address, v6 ? "]" : "", udp_port(s->udp));
	*sp = s;
	return 0;
}

void sip_free(struct sip *s)
{
	if (!s)
		return;
	udp_free(s->udp);
	strbuf_close(&s->out);
	free(s);
}

void sip_on_request(struct sip *s, sip_request_h *handler, void *arg)
{
	s->handler = handler;
	s->arg = arg;
}

const char *sip_bound(const struct sip *s)
{
	return s->bound;
}

size_t sip_pending(const struct sip *s)
{
	return s->pending;
}
