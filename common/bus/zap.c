/*
 * zap.c - who may connect to our ROUTER: holders of the installation's key
 */
#include "bus/zap.h"

#include <czmq.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "bus/link.h"
#include "loop/loop.h"

/* Frames of a request, RFC 27: version, request id, domain, address, identity,
 * mechanism, credentials (CURVE: the client's public key) */
enum { VERSION, REQUEST_ID, DOMAIN, ADDRESS, IDENTITY, MECHANISM, KEY, FRAMES };
enum { FRAME_MAX = 256 };

struct frames {
	uint8_t data[FRAMES][FRAME_MAX];
	size_t len[FRAMES];
	int n;
};

static struct {
	zsock_t *sock;
	struct watch *watch;
	int users;
} zap;

/* One whole request; frames that are too many or too long are cut, and then
 * do not compare equal. @return false: there is none */
static bool receive(void *socket, struct frames *f)
{
	int more = 1;
	size_t size = sizeof(more);

	f->n = 0;
	while (more) {
		uint8_t spare[FRAME_MAX];
		bool fits = f->n < FRAMES;
		int n = zmq_recv(socket, fits ? f->data[f->n] : spare,
		                 FRAME_MAX, ZMQ_DONTWAIT);

		if (n < 0)
			return false;
		if (fits)
			f->len[f->n] = (size_t)n;
		f->n++;
		if (zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &size) != 0)
			return false;
	}
	return true;
}

static bool is(const struct frames *f, int i, const void *want, size_t n)
{
	return f->len[i] == n && memcmp(f->data[i], want, n) == 0;
}

static void answer(void *socket, const struct frames *f, bool welcome)
{
	const struct {
		const void *data;
		size_t n;
	} parts[] = {
		{"1.0", 3},
		{f->data[REQUEST_ID],
	         f->len[REQUEST_ID] < FRAME_MAX ? f->len[REQUEST_ID] : 0},
		{welcome ? "200" : "400", 3},
		{welcome ? "OK" : "No", 2},
		{"", 0}, /* user id */
		{"", 0}, /* metadata */
	};
	size_t last = sizeof(parts) / sizeof(parts[0]) - 1;

	for (size_t i = 0; i <= last; i++)
		(void)zmq_send(socket, parts[i].data, parts[i].n,
		               ZMQ_DONTWAIT | (i < last ? ZMQ_SNDMORE : 0));
}

/* The key that the client has is the one that the domain names. */
static bool is_welcome(const struct frames *f)
{
	char domain[LINK_KEY_TEXT + 1] = "";
	uint8_t key[LINK_KEY_BYTES];

	if (f->n != FRAMES || f->len[DOMAIN] != LINK_KEY_TEXT)
		return false;
	memcpy(domain, f->data[DOMAIN], LINK_KEY_TEXT);
	return is(f, VERSION, "1.0", 3) && is(f, MECHANISM, "CURVE", 5) &&
	       zmq_z85_decode(key, domain) && is(f, KEY, key, sizeof(key));
}

static void on_request(void *arg, int events)
{
	struct frames f;

	(void)arg;
	(void)events;
	while (receive(zsock_resolve(zap.sock), &f))
		answer(zsock_resolve(zap.sock), &f, is_welcome(&f));
}

static bool is_pair(const char *public_key, const char *secret_key)
{
	char derived[LINK_KEY_TEXT + 1];
	uint8_t key[LINK_KEY_BYTES];

	return strlen(public_key) == LINK_KEY_TEXT &&
	       strlen(secret_key) == LINK_KEY_TEXT &&
	       zmq_z85_decode(key, public_key) &&
	       zmq_curve_public(derived, secret_key) == 0 &&
	       strcmp(derived, public_key) == 0;
}

int zap_open(struct loop *loop, const char *public_key, const char *secret_key)
{
	int err = 0;

	if (!is_pair(public_key, secret_key))
		return EINVAL;
	if (zap.users++ > 0)
		return 0;
	zap.sock = link_socket(ZMQ_REP);
	if (!zap.sock || zsock_bind(zap.sock, "inproc://zeromq.zap.01") < 0)
		err = errno;
	if (!err)
		err = watch_alloc(&zap.watch, loop, zsock_fd(zap.sock),
		                  LOOP_READ, on_request, NULL);
	if (err)
		zap_close();
	return err;
}

void zap_close(void)
{
	if (--zap.users > 0)
		return;
	watch_free(zap.watch);
	zap.watch = NULL;
	zsock_destroy(&zap.sock);
}
