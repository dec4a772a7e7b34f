/*
 * simulation.c - what would happen to a call, as JSON
 *
 * Pure: no I/O.
 */
#include "simulation.h"

#include "store/tenants.h"

static json_t *text(const char *s)
{
	return s && *s ? json_string(s) : json_null();
}

static json_t *number(uint32_t n)
{
	return n ? json_integer(n) : json_null();
}

/* Which rule an error code is about: "country", "trial" …; NULL = of none */
static const char *rule_of(uint32_t code)
{
	static const struct {
		uint32_t code;
		const char *rule;
	} rules[] = {
		{10001, "account"},       {13214, "caller id"},
		{13223, "number"},        {13224, "carrier"},
		{13226, "country"},       {13227, "country"},
		{13243, "number"},        {13247, "caller id"},
		{13254, "address"},       {21210, "caller id"},
		{21211, "number"},        {21212, "caller id"},
		{21215, "country"},       {21216, "emergency"},
		{21219, "trial"},         {32002, "domain"},
		{32009, "registration"},  {32010, "carrier"},
		{32100, "trial"},         {32101, "number"},
		{32110, "number"},        {32200, "authorization"},
		{32201, "authorization"}, {32202, "authorization"},
		{32209, "transport"},     {32214, "domain"},
		{32223, "number"},
	};

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i].code == code)
			return rules[i].rule;
	return NULL;
}

static json_t *targets_of(const struct simulation *s)
{
	json_t *out = json_array();

	for (size_t i = 0; i < s->n_targets; i++) {
		const struct simulation_target *t = &s->targets[i];

		(void)json_array_append_new(
			out, json_pack("{s:i, s:s, s:o, s:o, s:o}", "order",
		                       (int)i + 1, "uri", t->uri, "carrier_sid",
		                       text(t->carrier_sid), "carrier",
		                       text(t->carrier), "source_ip",
		                       text(t->source_ip)));
	}
	return out;
}

static json_t *lists_of(const struct simulation *s)
{
	json_t *out = json_array();

	for (size_t i = 0; i < s->n_lists; i++)
		(void)json_array_append_new(out, json_string(s->lists[i]));
	return out;
}

static void set(json_t *o, const char *name, json_t *value)
{
	(void)json_object_set_new(o, name, value);
}

static void add_voice(json_t *o, const struct voice *v)
{
	set(o, "voice_url", text(v ? v->url : NULL));
	set(o, "voice_method", text(v && *v->url ? v->method : NULL));
	set(o, "voice_fallback_url", text(v ? v->fallback_url : NULL));
	set(o, "status_callback", text(v ? v->status_callback_url : NULL));
}

json_t *simulation_json(const struct simulation *s)
{
	json_t *o = json_pack(
		"{s:s, s:s, s:o, s:s, s:s, s:o, s:o, s:o, s:o}", "account_sid",
		s->account_sid, "origin", s->origin, "from", text(s->from),
		"to", s->to, "outcome", s->outcome, "rule",
		text(rule_of(s->code)), "code", number(s->code), "reason",
		text(s->code ? s->text : NULL), "sip_status",
		number(s->code ? s->sip_status : 0));

	if (!o)
		return NULL;
	set(o, "domain_name", text(s->domain_name));
	set(o, "domain_sid", text(s->domain_sid));
	set(o, "username", text(s->username));
	set(o, "carrier_sid", text(s->carrier_sid));
	set(o, "authorized_by", lists_of(s));
	add_voice(o, s->voice);
	set(o, "kind", text(s->kind));
	set(o, "destination", text(s->destination));
	set(o, "phone_number_sid", text(s->number_sid));
	set(o, "caller_id", text(s->caller));
	set(o, "targets", targets_of(s));
	return o;
}
