/*
 * zap.c - who may connect to our ROUTER: holders of the installation's key
 */
#include "bus/zap.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <zmq.h>

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

static void on_request(void *arg, int events)
{
	struct zap *zap = arg;
	struct frames f;

	(void)events;
	while (receive(zap->socket, &f))
		answer(zap->socket, &f,
		       f.n == FRAMES && is(&f, VERSION, "1.0", 3) &&
		               is(&f, MECHANISM, "CURVE", 5) &&
		               is(&f, KEY, zap->public_key,
		                  sizeof(zap->public_key)));
}

int zap_open(struct zap *zap, void *context, struct loop *loop,
             const char *public_key, const char *secret_key)
{
	size_t size = sizeof(int);
	char derived[41];
	int fd = -1, err = 0;

	if (strlen(public_key) != 40 || strlen(secret_key) != 40 ||
	    !zmq_z85_decode(zap->public_key, public_key) ||
	    zmq_curve_public(derived, secret_key) != 0 ||
	    strcmp(derived, public_key) != 0)
		return EINVAL;
	zap->socket = zmq_socket(context, ZMQ_REP);
	if (!zap->socket)
		return ENOMEM;
	if (zmq_bind(zap->socket, "inproc://zeromq.zap.01") != 0 ||
	    zmq_getsockopt(zap->socket, ZMQ_FD, &fd, &size) != 0)
		err = errno;
	if (!err)
		err = watch_alloc(&zap->watch, loop, fd, LOOP_READ, on_request,
		                  zap);
	if (err)
		zap_close(zap);
	return err;
}

void zap_close(struct zap *zap)
{
	int none = 0;

	watch_free(zap->watch);
	if (zap->socket) {
		(void)zmq_setsockopt(zap->socket, ZMQ_LINGER, &none,
		                     sizeof(none));
		zmq_close(zap->socket);
	}
	zap->watch = NULL;
	zap->socket = NULL;
}
