/*
 * call_allowed.c - may the API place this call?
 *
 * Pure: no I/O.
 */
#include "call_allowed.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "fields.h"
#include "store/rules.h"
#include "store/snapshot.h"
#include "store/value.h"

enum { NOT_OWNED = 21210, BAD_TO = 21211, CLOSED = 21215, BLOCKED = 21216 };
enum { UNVERIFIED = 21219, BAD_FROM = 21212 };

bool call_is_sip(const char *to)
{
	return strncasecmp(to, "sip:", 4) == 0 ||
	       strncasecmp(to, "sips:", 5) == 0;
}

/* Somebody at some host: sip:alice@acme.example */
static bool is_sip_target(const char *to)
{
	const char *user = strchr(to, ':') + 1;
	size_t n = strcspn(user, "@");

	return n > 0 && user[0] != ':' && user[n] == '@' &&
	       !strchr(":;?>@", user[n + 1]);
}

/* "+1 (415) 555-0100" as +14155550100; what is no number stays as it is */
static const char *plain(struct fields *draft, const char *field)
{
	const char *s = fields_text(draft, field);
	char out[32];
	size_t n = 0;

	if (*s != '+')
		return s;
	for (; *s && n + 1 < sizeof(out); s++)
		if (!strchr(" -().", *s))
			out[n++] = *s;
	out[n] = '\0';
	if (!*s && !value_e164(out) &&
	    strcmp(out, fields_text(draft, field)) != 0)
		fields_set(draft, field, out);
	return fields_text(draft, field);
}

void call_parties_read(struct fields *draft, struct call_parties *out)
{
	*out = (struct call_parties){
		.account_sid = "",
		.to = plain(draft, "to"),
		.from = plain(draft, "from"),
		.caller_id = plain(draft, "caller_id"),
		.over_carrier = *fields_text(draft, "carrier"),
	};
}

/* What the callee sees: a number, or the user part of a URI */
static bool is_caller(const char *from)
{
	if (call_is_sip(from))
		return true;
	return strspn(from,
	              "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXY"
	              "Z0123456789+-_.") == strlen(from);
}

bool call_parties_fit(const struct call_parties *p, struct param_error *error)
{
	char number[EMERGENCY_SIZE];
	bool emergency = emergency_somewhere(p->to, number);
	bool any = call_is_sip(p->to) || emergency;

	if (call_is_sip(p->to) ? !is_sip_target(p->to)
	                       : !any && value_e164(p->to))
		return param_fail(error, BAD_TO, p->to);
	if (any ? !is_caller(p->from) : value_e164(p->from) != NULL)
		return param_fail(error, BAD_FROM, p->from);
	if (!is_caller(p->caller_id))
		return param_fail(error, BAD_FROM, p->caller_id);
	return true;
}

static bool blocked(const struct call_parties *p, const char *why,
                    struct param_error *error)
{
	char text[ERROR_DETAIL_MAX];

	(void)snprintf(text, sizeof(text), "%.40s (%s)", p->to, why);
	return param_fail(error, BLOCKED, text);
}

static bool emergency_allowed(const struct snapshot *s,
                              const struct call_parties *p,
                              struct param_error *error)
{
	struct rules_emergency e;
	enum rule rule =
		rules_emergency(s, p->account_sid, "", p->to, p->from, &e);

	if (rule == RULE_NO_EMERGENCY)
		return param_fail(error, BAD_TO, p->to);
	if (rule != RULE_OPEN)
		return blocked(p,
		               "an emergency number: set "
		               "EmergencyCallingEnabled of a SIP domain",
		               error);
	if (!rules_emergency_carrier(s, p->account_sid))
		return blocked(
			p,
			"an emergency number: set Emergency of a carrier "
			"that takes them",
			error);
	return true;
}

static bool number_allowed(const struct snapshot *s,
                           const struct call_parties *p, const char *dialing,
                           struct param_error *error)
{
	if (!rules_caller(s, p->account_sid, p->from))
		return param_fail(error, NOT_OWNED, p->from);
	if (*p->caller_id && !rules_caller(s, p->account_sid, p->caller_id))
		return param_fail(error, NOT_OWNED, p->caller_id);
	if (!p->over_carrier && snapshot_number(s, p->to))
		return true; /* one of ours: nobody is paid for it */
	switch (rules_number(s, p->account_sid, p->to, dialing)) {
	case RULE_OPEN: return true;
	case RULE_NO_COUNTRY: return param_fail(error, BAD_TO, p->to);
	case RULE_TRIAL: return param_fail(error, UNVERIFIED, p->to);
	case RULE_CLOSED:
	case RULE_NO_EMERGENCY:
	case RULE_EMERGENCY_OFF: break;
	}
	return param_fail(error, CLOSED, p->to);
}

bool call_allowed(const struct snapshot *s, const struct call_parties *p,
                  const char *dialing, struct param_error *error)
{
	char number[EMERGENCY_SIZE];

	if (call_is_sip(p->to))
		return true;
	if (emergency_somewhere(p->to, number))
		return emergency_allowed(s, p, error);
	return number_allowed(s, p, dialing, error);
}
