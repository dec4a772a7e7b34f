/*
 * media_reply.c - a piece of audio to a relay
 */
#include "adapters/media_reply.h"

/* protobuf-c has no const */
static char *text(const char *s)
{
	return s ? (char *)(uintptr_t)s : (char *)(uintptr_t) "";
}

void media_reply_send(struct bus *bus, const struct bus_return *to,
                      const struct media_reply *reply)
{
	Trestle__AudioReply audio = TRESTLE__AUDIO_REPLY__INIT;
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;

	audio.data.data = (uint8_t *)(uintptr_t)reply->data;
	audio.data.len = reply->n;
	audio.content_type = text(reply->content_type);
	audio.version = text(reply->version);
	audio.last = reply->last;
	audio.fresh_ms = reply->fresh_ms;
	audio.error_code = reply->code;
	audio.error_text = text(reply->text);
	env.body_case = TRESTLE__ENVELOPE__BODY_AUDIO_REPLY;
	env.audio_reply = &audio;
	bus_reply(bus, to, &env);
}
