/*
 * callee.c - the phone that registers and answers at once
 */
#include "bench.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net.h"
#include "text.h"

static void reply(const struct bench *b, const char *request, int status,
                  const char *reason, const char *body)
{
	char text[MESSAGE_MAX], via[2048], route[1024], from[300], to[300];
	char callid[200], cseq[60];

	text_headers(request, "Via", via, sizeof(via));
	text_headers(request, "Record-Route", route, sizeof(route));
	text_header(request, "From", from, sizeof(from));
	text_header(request, "To", to, sizeof(to));
	text_header(request, "Call-ID", callid, sizeof(callid));
	text_header(request, "CSeq", cseq, sizeof(cseq));
	(void)snprintf(text, sizeof(text),
	               "SIP/2.0 %d %s\r\n%s%sFrom: %s\r\nTo: %s%s\r\n"
	               "Call-ID: %s\r\nCSeq: %s\r\nContact: <sip:%s@%s:%d>\r\n"
	               "%sContent-Length: %zu\r\n\r\n%s",
	               status, reason, via, route, from, to,
	               strstr(to, "tag=") ? "" : ";tag=callee", callid, cseq,
	               b->opt.callee, b->opt.ip, ntohs(b->callee_at.sin_port),
	               *body ? "Content-Type: application/sdp\r\n" : "",
	               strlen(body), body);
	bench_send(b, b->callee, text);
}

static void send_register(struct bench *b, const char *authorization)
{
	char text[2048];
	int port = ntohs(b->callee_at.sin_port);

	b->register_cseq++;
	(void)snprintf(
		text, sizeof(text),
		"REGISTER sip:%s SIP/2.0\r\n"
		"Via: SIP/2.0/UDP %s:%d;branch=z9hG4bK-r%u;rport\r\n"
		"Max-Forwards: 70\r\nFrom: <sip:%s@%s>;tag=r\r\n"
		"To: <sip:%s@%s>\r\nCall-ID: reg-%llu\r\nCSeq: %u REGISTER\r\n"
		"Contact: <sip:%s@%s:%d>\r\nExpires: %d\r\n%s%s%s"
		"Content-Length: 0\r\n\r\n",
		b->opt.domain, b->opt.ip, port, b->register_cseq, b->opt.callee,
		b->opt.domain, b->opt.callee, b->opt.domain,
		(unsigned long long)b->begin_us, b->register_cseq,
		b->opt.callee, b->opt.ip, port, b->expires,
		authorization ? "Authorization: " : "",
		authorization ? authorization : "",
		authorization ? "\r\n" : "");
	bench_send(b, b->callee, text);
}

void callee_register(struct bench *b, int expires)
{
	b->expires = expires;
	b->registered = false;
	send_register(b, NULL);
}

static void on_registered(struct bench *b, const char *message)
{
	char uri[200], authorization[1024];
	struct text_digest d = {b->opt.callee, b->opt.password, "REGISTER", uri,
	                        1};

	(void)snprintf(uri, sizeof(uri), "sip:%s", b->opt.domain);
	if (text_status(message) == 200) {
		b->registered = true;
		return;
	}
	if (text_status(message) != 401 || b->register_cseq % 2 == 0 ||
	    !text_authorize(message, &d, authorization,
	                    sizeof(authorization))) {
		fprintf(stderr, "calls: the callee can not register: %.60s\n",
		        message);
		exit(1);
	}
	send_register(b, authorization);
}

static void on_invite(struct bench *b, const char *message)
{
	char bench[20], sdp[400];
	int i;

	text_header(message, "X-Bench", bench, sizeof(bench));
	i = atoi(bench);
	if (i >= 0 && i < b->started && b->calls[i].child_us == 0)
		b->calls[i].child_us =
			(uint32_t)(net_now_us() - b->calls[i].invited_us);
	reply(b, message, 180, "Ringing", "");
	bench_sdp(b, 20002, sdp, sizeof(sdp));
	reply(b, message, 200, "OK", sdp);
}

void callee_message(struct bench *b, const char *message)
{
	char cseq[40];

	if (text_status(message)) {
		text_header(message, "CSeq", cseq, sizeof(cseq));
		if (strstr(cseq, "REGISTER"))
			on_registered(b, message);
	} else if (strncmp(message, "INVITE ", 7) == 0) {
		on_invite(b, message);
	} else if (strncmp(message, "ACK ", 4) != 0) {
		reply(b, message, 200, "OK", "");
	}
}
