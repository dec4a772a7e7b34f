/*
 * doctor_call.c - the doctor's phone: a registration and a call with audio
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "adapters/wire.h"
#include "base/strbuf.h"
#include "doctor_impl.h"

enum { REPEAT_MS = 500, FINAL_MS = 12000, CALL_MS = 12000, FRAME_MS = 20 };
enum { FRAME = 160, LOUD_ENOUGH = 25, RTP_HEAD = 12, EVENT = 101 };

/* --- transactions --------------------------------------------------------------- */

static uint64_t now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void send_request(struct visit *v, const struct sip_request *r,
                         const char *branch)
{
	struct strbuf text = {0};

	sip_write(&text, &v->phone, r, branch);
	wire_send(v->sip, &v->server, strbuf_str(&text), text.len);
	strbuf_close(&text);
}

/* Is this the response to the request with our CSeq? */
static bool is_ours(const struct visit *v, const char *message)
{
	char cseq[64], id[64];

	return sip_status(message) && sip_header(message, "CSeq", cseq, 64) &&
	       strtoul(cseq, NULL, 10) == v->phone.cseq &&
	       sip_header(message, "Call-ID", id, 64) &&
	       strcmp(id, v->phone.call_id) == 0;
}

/* Until a final response; the request is repeated until any comes. */
static unsigned transact(struct visit *v, const struct sip_request *r,
                         char *answer)
{
	uint64_t end = now_ms() + FINAL_MS;
	bool heard = false;
	char branch[20];

	v->phone.cseq++;
	visit_random(branch, 8);
	while (now_ms() < end) {
		if (!heard)
			send_request(v, r, branch);
		while (wire_receive(v->sip, answer, REPEAT_MS)) {
			if (!is_ours(v, answer))
				continue;
			heard = true;
			if (sip_status(answer) >= 200)
				return sip_status(answer);
		}
	}
	return 0;
}

static void take_to_tag(struct visit *v, const char *answer)
{
	char to[SIP_TEXT_MAX];

	if (sip_header(answer, "To", to, sizeof(to)))
		(void)sip_param(to, "tag", v->phone.to_tag,
		                sizeof(v->phone.to_tag));
}

static void acknowledge(struct visit *v, const char *uri, const char *to)
{
	const struct sip_request ack = {.method = "ACK",
	                                .uri = uri,
	                                .to = to,
	                                .authorization = "",
	                                .extra = ""};
	char branch[20];

	visit_random(branch, 8);
	send_request(v, &ack, branch);
}

unsigned visit_ask(struct visit *v, struct sip_request *r, char *answer)
{
	char authorization[1400];
	unsigned status;

	r->authorization = "";
	if (!r->extra)
		r->extra = "";
	status = transact(v, r, answer);
	if (status != 401 && status != 407)
		return status;
	if (strcmp(r->method, "INVITE") == 0) {
		take_to_tag(v, answer);
		acknowledge(v, r->uri, r->to);
		v->phone.to_tag[0] = '\0';
	}
	if (!sip_authorize(&v->phone, answer, r->method, r->uri, authorization,
	                   sizeof(authorization)))
		return status;
	r->authorization = authorization;
	status = transact(v, r, answer);
	r->authorization = "";
	return status;
}

/* --- registration --------------------------------------------------------------- */

static bool do_register(struct visit *v, const char *expires, char *answer)
{
	char uri[300], aor[400], extra[64];
	struct sip_request r = {.method = "REGISTER", .uri = uri, .to = aor};

	(void)snprintf(uri, sizeof(uri), "sip:%s", v->phone.domain);
	(void)snprintf(aor, sizeof(aor), "sip:%s@%s", v->phone.user,
	               v->phone.domain);
	(void)snprintf(extra, sizeof(extra), "Expires: %s\r\n", expires);
	r.extra = extra;
	return visit_ask(v, &r, answer) == 200;
}

static void tell_nat(const struct visit *v, const char *answer)
{
	char via[SIP_TEXT_MAX * 2], received[64] = "", rport[16] = "";

	if (!sip_header(answer, "Via", via, sizeof(via)) ||
	    !sip_param(via, "received", received, sizeof(received)))
		return;
	(void)sip_param(via, "rport", rport, sizeof(rport));
	if (strcmp(received, v->phone.local_ip) != 0)
		(void)printf("note  the server sees this phone at %s:%s: there "
		             "is a NAT between you, which is fine\n",
		             received, rport);
}

/* --- the call ------------------------------------------------------------------- */

struct audio {
	int fd;
	struct sockaddr_storage to;
	uint16_t seq;
	uint32_t stamp;
	unsigned received, loud;
	bool pressed;
};

static void send_packet(struct audio *a, uint8_t type, const void *payload,
                        size_t n)
{
	unsigned char packet[RTP_HEAD + FRAME] = {0x80, type};

	packet[2] = (unsigned char)(a->seq >> 8);
	packet[3] = (unsigned char)a->seq++;
	for (int i = 0; i < 4; i++)
		packet[4 + i] = (unsigned char)(a->stamp >> (24 - 8 * i));
	packet[8] = 0x74; /* any SSRC */
	memcpy(packet + RTP_HEAD, payload, n);
	wire_send(a->fd, &a->to, packet, RTP_HEAD + n);
}

/* Silence of µ-law, or the key 1 (RFC 4733) */
static void send_frame(struct audio *a, bool silence)
{
	unsigned char frame[FRAME];
	unsigned char event[4] = {1, 0x0a, 0x03, 0x20};

	memset(frame, 0xff, sizeof(frame));
	if (silence) {
		send_packet(a, 0, frame, sizeof(frame));
		a->stamp += FRAME;
		return;
	}
	for (int i = 0; i < 5; i++)
		send_packet(a, EVENT, event, sizeof(event));
	event[1] |= 0x80; /* its end, three times: one may be lost */
	for (int i = 0; i < 3; i++)
		send_packet(a, EVENT, event, sizeof(event));
	a->pressed = true;
}

/* Not silence: some sample of µ-law whose exponent is not the smallest ones */
static bool is_loud(const char *packet, size_t n)
{
	for (size_t i = RTP_HEAD; i < n; i++)
		if ((~(unsigned char)packet[i] & 0x70) >= 0x40)
			return true;
	return false;
}

/* Talk until the server hangs up. @return whether it did */
static bool talk(struct visit *v, struct audio *a, char *message)
{
	uint64_t end = now_ms() + CALL_MS, next = now_ms();
	struct strbuf text = {0};

	while (now_ms() < end) {
		struct pollfd p[] = {{.fd = a->fd, .events = POLLIN},
		                     {.fd = v->sip, .events = POLLIN}};
		size_t n;

		if (now_ms() >= next) {
			send_frame(a, a->loud < LOUD_ENOUGH || a->pressed);
			next += FRAME_MS;
		}
		if (poll(p, 2, FRAME_MS / 2) <= 0)
			continue;
		if (p[0].revents && (n = wire_receive(a->fd, message, 0))) {
			a->received++;
			a->loud += is_loud(message, n);
		}
		if (!p[1].revents || !wire_receive(v->sip, message, 0) ||
		    !sip_is(message, "BYE"))
			continue;
		sip_accept(&text, message);
		wire_send(v->sip, &v->server, strbuf_str(&text), text.len);
		strbuf_close(&text);
		return true;
	}
	return false;
}

static void hang_up(struct visit *v, const char *to, char *answer)
{
	struct sip_request bye = {
		.method = "BYE", .uri = v->phone.target, .to = to};

	(void)visit_ask(v, &bye, answer);
}

/* Does the address that the SDP names make sense for who called? */
static bool tell_address(struct visit *v, const char *sdp, struct audio *a)
{
	char ip[64] = "", what[128];
	uint16_t port = 0;
	bool well = sip_sdp_target(sdp, ip, &port) &&
	            strcmp(ip, "0.0.0.0") != 0 &&
	            wire_resolve(ip, port, &a->to);

	(void)snprintf(what, sizeof(what), "audio is advertised at %s:%u", ip,
	               port);
	return visit_tell(v, well, what,
	                  "phones can not send there; set "
	                  "TRESTLE_RTP_ADVERTISE of media-relay");
}

static void tell_audio(struct visit *v, const struct audio *a, bool ended)
{
	char what[80];

	(void)snprintf(what, sizeof(what), "the phone hears (%u packets)",
	               a->received);
	if (!visit_tell(v, a->received > 0, what,
	                "no packet came back; open the ports of "
	                "TRESTLE_RTP_PORTS for UDP"))
		return;
	if (visit_tell(v, a->loud >= LOUD_ENOUGH, "what it hears is a voice",
	               "it was silence; is speech running?"))
		(void)visit_tell(v, ended, "the server hears the phone",
		                 "a key that was pressed did not arrive; open "
		                 "TRESTLE_RTP_PORTS for UDP, set "
		                 "TRESTLE_RTP_ADVERTISE");
}

static void in_call(struct visit *v, struct audio *a, const char *to,
                    char *answer)
{
	char contact[2 * SIP_TEXT_MAX];
	bool ended;

	take_to_tag(v, answer);
	if (sip_header(answer, "Contact", contact, sizeof(contact)))
		sip_uri(contact, v->phone.target, sizeof(v->phone.target));
	sip_route_set(answer, v->phone.route, sizeof(v->phone.route));
	if (!tell_address(v, sip_body(answer), a))
		a->received = 0;
	acknowledge(v, v->phone.target, to);
	ended = talk(v, a, answer);
	if (!ended)
		hang_up(v, to, answer);
	tell_audio(v, a, ended);
}

static void place_call(struct visit *v, char *answer)
{
	struct audio a = {.fd = -1};
	char ip[64], sdp[512], uri[300], what[80];
	struct sip_request invite = {.method = "INVITE", .uri = uri, .to = uri};
	uint16_t port;
	unsigned status;

	a.fd = wire_open(&v->server, ip, &port);
	if (a.fd < 0)
		return;
	(void)snprintf(uri, sizeof(uri), "sip:test@%s", v->phone.domain);
	(void)snprintf(sdp, sizeof(sdp),
	               "v=0\r\no=- 1 1 IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\n"
	               "t=0 0\r\nm=audio %u RTP/AVP 0 101\r\na=rtpmap:0 "
	               "PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
	               "a=ptime:20\r\n",
	               ip, ip, port);
	invite.sdp = sdp;
	visit_random(v->phone.call_id, 8);
	v->phone.to_tag[0] = '\0';
	status = visit_ask(v, &invite, answer);
	(void)snprintf(what, sizeof(what), "a call is answered");
	if (visit_tell(v, status == 200, what,
	               status ? "it was refused; see `trestle alerts`"
	                      : "no answer came"))
		in_call(v, &a, uri, answer);
	close(a.fd);
}

void visit_phone(struct visit *v)
{
	static char answer[WIRE_MAX + 1];
	bool registered = do_register(v, "60", answer);

	if (!visit_tell(v, registered, "a phone registers",
	                "it was refused; see the logs of registrar"))
		return;
	tell_nat(v, answer);
	place_call(v, answer);
	v->phone.route[0] = v->phone.to_tag[0] = '\0';
	visit_random(v->phone.call_id, 8);
	(void)do_register(v, "0", answer);
}
