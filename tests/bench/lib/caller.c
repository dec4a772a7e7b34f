/*
 * caller.c - the phone that calls
 */
#include "bench.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net.h"
#include "text.h"

static void send_request(struct bench *b, int i, const char *method,
                         const char *authorization, const char *body)
{
	struct call *c = &b->calls[i];
	bool invite = strcmp(method, "INVITE") == 0;
	char text[MESSAGE_MAX], uri[200];

	(void)snprintf(uri, sizeof(uri), "sip:%s@%s", b->opt.callee,
	               b->opt.domain);
	(void)snprintf(
		text, sizeof(text),
		"%s %s SIP/2.0\r\n"
		"Via: SIP/2.0/UDP %s:%d;branch=z9hG4bK-%d-%u-%s;rport\r\n%s"
		"Max-Forwards: 70\r\n"
		"From: <sip:%s@%s>;tag=c%d\r\nTo: %s\r\n"
		"Call-ID: bench-%d-%llu\r\nCSeq: %u %s\r\n"
		"Contact: <sip:%s@%s:%d>\r\n%s%s%sX-Bench: %d\r\n"
		"%sContent-Length: %zu\r\n\r\n%s",
		method, invite ? uri : c->contact, b->opt.ip,
		ntohs(b->caller_at.sin_port), i, c->cseq, method,
		invite ? "" : c->routes, b->opt.caller, b->opt.domain, i, c->to,
		i, (unsigned long long)b->begin_us, c->cseq, method,
		b->opt.caller, b->opt.ip, ntohs(b->caller_at.sin_port),
		authorization ? "Proxy-Authorization: " : "",
		authorization ? authorization : "", authorization ? "\r\n" : "",
		i, *body ? "Content-Type: application/sdp\r\n" : "",
		strlen(body), body);
	bench_send(b, b->caller, text);
}

void caller_start(struct bench *b)
{
	struct call *c = &b->calls[b->started];
	char sdp[400];

	c->state = CALL_TRYING;
	c->cseq = 1;
	c->started_us = c->invited_us = net_now_us();
	(void)snprintf(c->to, sizeof(c->to), "<sip:%s@%s>", b->opt.callee,
	               b->opt.domain);
	bench_sdp(b, 20000, sdp, sizeof(sdp));
	send_request(b, b->started, "INVITE", NULL, sdp);
	b->started++;
	b->live++;
}

static void finish(struct bench *b, int i, bool failed, const char *why)
{
	if (b->calls[i].state == CALL_DONE)
		return;
	b->calls[i].state = CALL_DONE;
	b->live--;
	b->done++;
	if (!failed)
		return;
	if (b->failed++ < 5)
		printf("  call %d failed: %.60s\n", i, why);
}

/* A non-2xx is acknowledged with the request's own branch (RFC 3261 17.1.1.3). */
static void ack_failure(struct bench *b, int i, const char *message)
{
	char text[2048], to[200];

	text_header(message, "To", to, sizeof(to));
	(void)snprintf(
		text, sizeof(text),
		"ACK sip:%s@%s SIP/2.0\r\n"
		"Via: SIP/2.0/UDP %s:%d;branch=z9hG4bK-%d-%u-INVITE;rport\r\n"
		"Max-Forwards: 70\r\nFrom: <sip:%s@%s>;tag=c%d\r\nTo: %s\r\n"
		"Call-ID: bench-%d-%llu\r\nCSeq: %u ACK\r\n"
		"Content-Length: 0\r\n\r\n",
		b->opt.callee, b->opt.domain, b->opt.ip,
		ntohs(b->caller_at.sin_port), i, b->calls[i].cseq,
		b->opt.caller, b->opt.domain, i, to, i,
		(unsigned long long)b->begin_us, b->calls[i].cseq);
	bench_send(b, b->caller, text);
}

static void on_challenge(struct bench *b, int i, const char *message)
{
	struct call *c = &b->calls[i];
	char uri[200], authorization[1024], sdp[400];
	struct text_digest d = {b->opt.caller, b->opt.password, "INVITE", uri,
	                        1};

	(void)snprintf(uri, sizeof(uri), "sip:%s@%s", b->opt.callee,
	               b->opt.domain);
	ack_failure(b, i, message);
	if (c->cseq > 1 || !text_authorize(message, &d, authorization,
	                                   sizeof(authorization))) {
		finish(b, i, true, "challenged again");
		return;
	}
	c->cseq = 2;
	c->invited_us = net_now_us();
	bench_sdp(b, 20000, sdp, sizeof(sdp));
	send_request(b, i, "INVITE", authorization, sdp);
}

/* Record-Route lines of the 2xx, reversed into Route (RFC 3261 12.1.2). */
static void keep_route(struct call *c, const char *message)
{
	static const size_t skip = sizeof("Record-") - 1;
	char lines[ROUTES_SIZE];
	size_t end, len = 0;

	text_headers(message, "Record-Route", lines, sizeof(lines));
	for (end = strlen(lines); end > 0;) {
		size_t begin = end - 1;

		while (begin > 0 && lines[begin - 1] != '\n')
			begin--;
		memcpy(c->routes + len, lines + begin + skip,
		       end - begin - skip);
		len += end - begin - skip;
		end = begin;
	}
	c->routes[len] = '\0';
}

static void on_answer(struct bench *b, int i, const char *message)
{
	struct call *c = &b->calls[i];
	char contact[200];

	if (c->state == CALL_TRYING) {
		text_header(message, "To", c->to, sizeof(c->to));
		text_header(message, "Contact", contact, sizeof(contact));
		text_uri(contact, c->contact, sizeof(c->contact));
		keep_route(c, message);
		c->state = CALL_UP;
		c->up_us = net_now_us();
	}
	send_request(b, i, "ACK", NULL, "");
}

void caller_message(struct bench *b, const char *message)
{
	char callid[100], cseq[40];
	int status = text_status(message);
	int i = -1;

	text_header(message, "Call-ID", callid, sizeof(callid));
	text_header(message, "CSeq", cseq, sizeof(cseq));
	if (sscanf(callid, "bench-%d-", &i) != 1 || i < 0 || i >= b->started)
		return;
	if (status < 200)
		return;
	if (strstr(cseq, "BYE")) {
		finish(b, i, status != 200, message);
	} else if (strtoul(cseq, NULL, 10) != b->calls[i].cseq) {
		ack_failure(b, i, message);
	} else if (status == 407 || status == 401) {
		on_challenge(b, i, message);
	} else if (status < 300) {
		on_answer(b, i, message);
	} else {
		ack_failure(b, i, message);
		finish(b, i, true, message);
	}
}

void caller_sweep(struct bench *b)
{
	uint64_t now = net_now_us();

	while (b->first_open < b->started &&
	       b->calls[b->first_open].state == CALL_DONE)
		b->first_open++;
	for (int i = b->first_open; i < b->started; i++) {
		struct call *c = &b->calls[i];

		if (c->state == CALL_UP &&
		    now - c->up_us >= (uint64_t)b->opt.hold_ms * 1000) {
			c->state = CALL_BYE;
			c->cseq++;
			send_request(b, i, "BYE", NULL, "");
		} else if (now - c->started_us >
		           (uint64_t)(FAIL_MS + b->opt.hold_ms) * 1000) {
			finish(b, i, true, "timeout");
		}
	}
}
