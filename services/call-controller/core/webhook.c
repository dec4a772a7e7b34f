/*
 * webhook.c - what applications are asked and told, and with which parameters
 *
 * Pure.
 */
#include "webhook.h"

#include <string.h>
#include <strings.h>

#include "base/hash.h"
#include "child.h"
#include "date.h"
#include "dial.h"
#include "outgoing.h"
#include "state.h"
#include "store/time.h"
#include "url.h"
#include "webhook_priv.h"

static const char api_version[] = "2010-04-01";

void params_init(struct params *p, struct step *st)
{
	p->arena = &st->out->arena;
	p->v = arena_alloc(p->arena, PARAMS_MAX * sizeof(*p->v));
	p->n = 0;
}

void params_add(struct params *p, const char *name, const char *value)
{
	if (!p->v || p->n == PARAMS_MAX)
		return;
	for (size_t i = 0; i < p->n; i++) {
		if (strcmp(p->v[i].name, name) == 0)
			return;
	}
	p->v[p->n++] = (struct pair){name, value};
}

static bool shown(const char *header)
{
	return strncasecmp(header, "X-", 2) == 0 ||
	       strcasecmp(header, "User-to-User") == 0;
}

void params_add_headers(struct params *p, const char *prefix,
                        const struct pair *headers, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *value = headers[i].value;
		bool first = true;

		for (size_t k = 0; k < n; k++) {
			if (strcasecmp(headers[k].name, headers[i].name) != 0)
				continue;
			if (k < i)
				first = false;
			else if (k > i)
				value = arena_printf(p->arena, "%s, %s", value,
				                     headers[k].value);
		}
		if (first && shown(headers[i].name))
			params_add(p,
			           arena_printf(p->arena, "%s%s", prefix,
			                        headers[i].name),
			           arena_str(p->arena, value));
	}
}

const char *params_number(struct params *p, uint64_t n)
{
	return arena_printf(p->arena, "%llu", (unsigned long long)n);
}

/* Every request about the parent call has these. */
void params_add_parent(struct params *p, const struct call *call)
{
	const struct call_start *facts = &call->facts;

	params_add(p, "CallSid", facts->sid);
	params_add(p, "AccountSid", facts->account_sid);
	params_add(p, "From", facts->from);
	params_add(p, "To", facts->to);
	params_add(p, "Caller", facts->from);
	params_add(p, "Called", facts->to);
	params_add(p, "CallStatus", status_name(call->status));
	params_add(p, "ApiVersion", api_version);
	params_add(p, "Direction", facts->direction);
	if (*facts->forwarded_from)
		params_add(p, "ForwardedFrom", facts->forwarded_from);
	if (*facts->parent_sid)
		params_add(p, "ParentCallSid", facts->parent_sid);
	if (*facts->caller_name)
		params_add(p, "CallerName", facts->caller_name);
	if (call->outgoing && *call->outgoing->child.answered_by)
		params_add(
			p, "AnsweredBy",
			arena_str(p->arena, call->outgoing->child.answered_by));
	if (*facts->domain == '\0')
		return;
	params_add(p, "SipDomain", facts->domain);
	if (*facts->domain_sid)
		params_add(p, "SipDomainSid", facts->domain_sid);
	params_add(p, "SipCallId", facts->callid);
	params_add(p, "SipSourceIp", facts->source_ip);
	if (*facts->username)
		params_add(p, "SipUsername", facts->username);
	params_add_headers(p, "SipHeader_", facts->headers, facts->n_headers);
}

/* … and about a child these */
static void add_child(struct params *p, const struct call *call,
                      const struct child *child)
{
	params_add(p, "CallSid", arena_str(p->arena, child->sid));
	params_add(p, "ParentCallSid", call->facts.sid);
	params_add(p, "AccountSid", call->facts.account_sid);
	params_add(p, "From", arena_str(p->arena, child->caller));
	params_add(p, "To", arena_str(p->arena, child_to(child)));
	params_add(p, "Caller", arena_str(p->arena, child->caller));
	params_add(p, "Called", arena_str(p->arena, child_to(child)));
	params_add(p, "CallStatus", status_name(child->status));
	params_add(p, "ApiVersion", api_version);
	params_add(p, "Direction", "outbound-dial");
	if (*child->answered_by)
		params_add(p, "AnsweredBy",
		           arena_str(p->arena, child->answered_by));
}

void params_add_standard(struct params *p, const struct call *call,
                         const struct step *st)
{
	const struct child *child = st->program->child;

	if (!child) {
		params_add_parent(p, call);
		return;
	}
	add_child(p, call, child);
	params_add(p, "SipCallId", arena_str(p->arena, child->callid));
	params_add_headers(p, "SipHeader_", child->headers, child->n_headers);
}

/* It tells when, not what. */
static bool tells_time(const char *name)
{
	return strcmp(name, "Timestamp") == 0 ||
	       strcmp(name, "CallDuration") == 0 ||
	       strcmp(name, "Duration") == 0;
}

static uint64_t sum_of(const char *url, const struct pair *v, size_t n)
{
	uint64_t sum = hash_bytes(url, strlen(url), 0);

	for (size_t i = 0; i < n; i++) {
		if (tells_time(v[i].name))
			continue;
		sum = hash_bytes(v[i].name, strlen(v[i].name), sum);
		sum = hash_bytes(v[i].value, strlen(v[i].value), sum);
	}
	return sum;
}

/* Who adopts the call asks the same again under the same key, and is answered
 * what the first was. The numbers that were given out just before the other
 * process died are not known to it: the sum keeps another request from
 * being taken for the one that had its number. */
struct cmd_fetch *webhook_request(struct call *call, enum command_type type,
                                  const char *url, const char *method,
                                  const struct params *p, struct step *st)
{
	struct command *cmd = commands_add(st->out, type, 0);
	struct cmd_fetch *fetch = &cmd->fetch;
	bool asks = type == CMD_FETCH;
	const struct fetch *f = asks ? &st->program->fetch : NULL;
	uint64_t id = asks ? f->id : ++call->keys;
	uint64_t sum = asks ? sum_of(url, f->params, f->n_params)
	                    : sum_of(url, p->v, p->n);

	fetch->key =
		arena_printf(&st->out->arena, "%s-%c%llu-%016llx",
	                     call->facts.sid, asks ? 'f' : 'n',
	                     (unsigned long long)id, (unsigned long long)sum);
	fetch->id = asks ? id : 0;
	fetch->url = url;
	fetch->method = method;
	fetch->account_sid = call->facts.account_sid;
	fetch->call_sid = call->facts.sid;
	fetch->params = p->v;
	fetch->n_params = p->n;
	return fetch;
}

static void add_duration(struct params *p, uint64_t answer_ms, uint64_t end_ms)
{
	uint64_t s = date_seconds(answer_ms, end_ms);

	params_add(p, "CallDuration", params_number(p, s));
	if (answer_ms)
		params_add(p, "Duration", params_number(p, (s + 59) / 60));
}

static void add_event(struct params *p, unsigned sequence, struct step *st)
{
	char date[TIME_TEXT_SIZE];

	time_rfc2822(st->now, date);
	params_add(p, "Timestamp", arena_str(p->arena, date));
	params_add(p, "CallbackSource", "call-progress-events");
	params_add(p, "SequenceNumber", params_number(p, sequence));
}

static unsigned event_of(enum call_status status)
{
	switch (status) {
	case STATUS_QUEUED:
	case STATUS_INITIATED: return NOTIFY_INITIATED;
	case STATUS_RINGING: return NOTIFY_RINGING;
	case STATUS_IN_PROGRESS: return NOTIFY_ANSWERED;
	case STATUS_COMPLETED:
	case STATUS_BUSY:
	case STATUS_NO_ANSWER:
	case STATUS_FAILED:
	case STATUS_CANCELED: break;
	}
	return NOTIFY_COMPLETED;
}

/* How it ended */
static void add_end(struct params *p, const struct call *call)
{
	const struct outgoing *o = call->outgoing;

	add_duration(p, call->answer_ms, call->end_ms);
	if (call->sip_status)
		params_add(p, "SipResponseCode",
		           params_number(p, call->sip_status));
	if (!o || !o->recording_ms)
		return;
	recording_params(call, o->recording_sid, p);
	params_add(p, "RecordingDuration",
	           params_number(p, (o->recording_ms + 500) / 1000));
}

void webhook_parent(struct call *call, struct step *st)
{
	const struct call_start *facts = &call->facts;
	unsigned events =
		call->outgoing ? call->outgoing->events : NOTIFY_COMPLETED;
	struct params p;

	if (!url_absolute(facts->status_callback_url) ||
	    !(events & event_of(call->status)))
		return;
	params_init(&p, st);
	params_add_parent(&p, call);
	if (status_final(call->status))
		add_end(&p, call);
	add_event(&p, call->notified++, st);
	(void)webhook_request(call, CMD_NOTIFY, facts->status_callback_url,
	                      facts->status_callback_method, &p, st);
}

void webhook_child(struct call *call, struct child *child, struct step *st)
{
	const struct noun *noun = &child->noun;
	struct cmd_fetch *cmd;
	struct params p;

	if (!*noun->status_url || !(noun->events & event_of(child->status)))
		return;
	params_init(&p, st);
	add_child(&p, call, child);
	if (status_final(child->status)) {
		add_duration(&p, child->answer_ms, child->end_ms);
		if (child->sip)
			params_add(&p, "SipResponseCode",
			           params_number(&p, child->sip));
		if (child->answer_ms && call->dial)
			recording_params(call, call->dial->recording, &p);
	}
	add_event(&p, child->notified++, st);
	cmd = webhook_request(call, CMD_NOTIFY,
	                      arena_str(p.arena, noun->status_url),
	                      arena_str(p.arena, noun->status_method), &p, st);
	cmd->call_sid = arena_str(p.arena, child->sid);
}
