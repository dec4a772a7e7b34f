/*
 * answer.c - replies to those who asked over the bus
 */
#include "adapters/answer.h"

/* protobuf-c has no const */
static char *text(const char *s)
{
	return (char *)(uintptr_t)s;
}

void answer_send(struct bus *bus, const struct bus_return *to,
                 const struct reply *reply)
{
	Trestle__FetchReply fetch = TRESTLE__FETCH_REPLY__INIT;
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;

	fetch.http_status = reply->status;
	fetch.content_type = text(reply->content_type);
	fetch.body.data = (uint8_t *)(uintptr_t)reply->body;
	fetch.body.len = reply->body_len;
	fetch.url = text(reply->url);
	fetch.error_code = reply->code;
	fetch.error_text = text(reply->text);
	fetch.attempts = reply->attempts;
	fetch.elapsed_ms = reply->elapsed_ms;
	env.body_case = TRESTLE__ENVELOPE__BODY_FETCH_REPLY;
	env.fetch_reply = &fetch;
	bus_reply(bus, to, &env);
}

void answer_stored(struct bus *bus, const struct bus_return *to,
                   const char *entry)
{
	Trestle__NotifyReply notify = TRESTLE__NOTIFY_REPLY__INIT;
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;

	notify.entry = text(entry);
	env.body_case = TRESTLE__ENVELOPE__BODY_NOTIFY_REPLY;
	env.notify_reply = &notify;
	bus_reply(bus, to, &env);
}
