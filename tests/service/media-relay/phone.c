/*
 * phone.c - phones: pairs of UDP sockets that speak RTP; and calls of two
 */
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit/test.h"
#include "world.h"

static struct sockaddr_in address(const char *ip, uint16_t port)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};

	assert_int_equal(1, inet_pton(AF_INET, ip, &a.sin_addr));
	return a;
}

static int bound(const char *ip, uint16_t *port)
{
	struct sockaddr_in a = address(ip, *port);
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	assert_true(fd >= 0);
	if (bind(fd, (struct sockaddr *)&a, len)) {
		close(fd);
		return -1;
	}
	assert_int_equal(0, getsockname(fd, (struct sockaddr *)&a, &len));
	*port = ntohs(a.sin_port);
	return fd;
}

void phone_open(struct phone *p, struct world *w, unsigned last)
{
	memset(p, 0, sizeof(*p));
	p->world = w;
	(void)snprintf(p->ip, sizeof(p->ip), "127.0.2.%u", last);
	p->ssrc = 0x10000 + last;
	p->seq = 65530;
	p->rtcp = -1;
	while (p->rtcp < 0) {
		uint16_t port = 0;

		p->rtp = bound(p->ip, &port);
		p->port = port++;
		p->rtcp = port ? bound(p->ip, &port) : -1;
		if (p->rtcp < 0)
			close(p->rtp);
	}
}

void phone_close(struct phone *p)
{
	close(p->rtp);
	close(p->rtcp);
}

void phone_send(struct phone *p, uint8_t type, const void *payload, size_t n)
{
	uint8_t data[RTP_PACKET_MAX];
	struct rtp r = {.type = type,
	                .marker = p->marker,
	                .seq = ++p->seq,
	                .ts = p->ts,
	                .ssrc = p->ssrc};
	struct sockaddr_in to = address(RELAY_IP, p->relay_port);

	p->ts += 160;
	rtp_write(data, &r);
	memcpy(data + RTP_HEADER, payload, n);
	assert_int_equal(RTP_HEADER + n,
	                 sendto(p->rtp, data, RTP_HEADER + n, 0,
	                        (struct sockaddr *)&to, sizeof(to)));
}

static bool rtp_came(void *arg)
{
	struct phone *p = arg;
	struct sockaddr_in from = {.sin_port = 0};
	socklen_t len = sizeof(from);
	ssize_t n = recvfrom(p->rtp, p->data, sizeof(p->data), 0,
	                     (struct sockaddr *)&from, &len);

	if (n < 0)
		return false;
	assert_int_equal(p->relay_port, ntohs(from.sin_port));
	p->len = (size_t)n;
	p->n_got++;
	assert_true(rtp_parse(&p->got, p->data, p->len));
	return true;
}

static bool rtcp_came(void *arg)
{
	struct phone *p = arg;
	ssize_t n = recv(p->rtcp, p->data, sizeof(p->data), 0);

	p->len = n > 0 ? (size_t)n : 0;
	return n > 0;
}

bool phone_hears(struct phone *p, uint32_t ms)
{
	return world_run(p->world, rtp_came, p, ms);
}

bool phone_hears_rtcp(struct phone *p, uint32_t ms)
{
	return world_run(p->world, rtcp_came, p, ms);
}

bool phone_reaches(struct phone *p, struct phone *other, uint8_t type,
                   uint32_t ms)
{
	static const uint8_t audio[160] = "audio";

	for (uint32_t spent = 0; spent < ms; spent += 20) {
		phone_send(p, type, audio, sizeof(audio));
		if (phone_hears(other, 20))
			return true;
	}
	return false;
}

static void codec(Trestle__Codec *c, uint32_t type, const char *name)
{
	trestle__codec__init(c);
	c->payload_type = type;
	c->name = (char *)(uintptr_t)name;
	c->rate = 8000;
	c->channels = 1;
}

static void leg(struct call_put *c, unsigned i, const struct phone *p)
{
	Trestle__MediaLeg *m = &c->legs[i];

	trestle__media_leg__init(m);
	codec(&c->codecs[i][0], i ? 96 : 0, "PCMU");
	codec(&c->codecs[i][1], i ? 110 : 101, "telephone-event");
	for (unsigned k = 0; k < 2; k++)
		c->codec_list[i][k] = &c->codecs[i][k];
	m->leg = c->names[i];
	m->peer = c->names[1 - i];
	m->source = TRESTLE__SOURCE__SOURCE_PEER;
	m->remote_ip = (char *)(uintptr_t)p->ip;
	m->remote_port = p->port;
	m->n_codecs = 2;
	m->codecs = c->codec_list[i];
	c->list[i] = m;
}

void call_put(struct call_put *c, const char *session, const struct phone *a,
              const struct phone *b)
{
	memset(c, 0, sizeof(*c));
	(void)snprintf(c->session, sizeof(c->session), "%s", session);
	(void)snprintf(c->names[0], sizeof(c->names[0]), "CAa%s", session + 3);
	(void)snprintf(c->names[1], sizeof(c->names[1]), "CAb%s", session + 3);
	leg(c, 0, a);
	leg(c, 1, b);
	trestle__session_put__init(&c->put);
	c->put.session = c->session;
	c->put.controller = "controller-t";
	c->put.version = 1;
	c->put.n_legs = 2;
	c->put.legs = c->list;
}
