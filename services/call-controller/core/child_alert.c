/*
 * child_alert.c - what went wrong with a child call, for the debugger
 *
 * What a document asks for and can not be is told of the call that it runs on,
 * with the document; what the other side answered, of the child. Pure.
 */
#include "child.h"

#include "child_priv.h"
#include "resolved.h"
#include "state.h"

enum { CARRIER_SILENT = 32016, CALLER_BLOCKED = 32017 };
enum { REMOTE_REFUSED = 32011, EMPTY_BODY = 32103, LOGIN_REFUSED = 13249 };

static bool is_error(uint32_t code)
{
	return code == 13224 || code == 13227 || code == 12400 ||
	       code == 32010 || code == CARRIER_SILENT ||
	       code == CALLER_BLOCKED;
}

static void tell(const char *sid, struct child *child, uint32_t code,
                 const char *text, struct step *st)
{
	struct cmd_alert alert = {
		.code = code,
		.error = is_error(code),
		.call_sid = arena_str(&st->out->arena, sid),
		.text = arena_printf(&st->out->arena, "%s: %s", child_to(child),
	                             text),
		.url = "",
	};

	call_alert_at(st, &alert);
	child->refusal.code = code;
	child->refusal.text = arena_str(child->arena, text);
}

void child_alert(struct call *call, struct child *child, uint32_t code,
                 const char *text, struct step *st)
{
	tell(call->facts.sid, child, code, text, st);
}

/* RFC 8197, RFC 8688: the call is not wanted because of who calls. */
static bool blocks_caller(const struct child *child, unsigned sip)
{
	return *child->carrier && (sip == 607 || sip == 608);
}

static void alert_answer(struct call *call, struct child *child,
                         const struct leg *leg, struct step *st)
{
	const char *text = "it answered without a codec or media in common";
	uint32_t code = leg->unusable;

	/* The host of a carrier is no fault of the document. */
	if (code == LEG_NO_HOST && child->noun.kind == RESOLVE_NUMBER)
		code = 0;
	if (code == LEG_NO_HOST) {
		child_alert(call, child, code,
		            resolved_refusal(RESOLVED_FORBIDDEN)->text, st);
		return;
	}
	if (code == EMPTY_BODY)
		text = "it answered without an SDP";
	else if (!code)
		text = arena_printf(&st->out->arena, "it answered %u %s",
		                    leg->status, status_reason(leg->status));
	tell(child->sid, child, code ? code : REMOTE_REFUSED, text, st);
}

/* The password of a carrier is the operator's, that of a <Sip> the document's. */
static void alert_login(struct call *call, struct child *child,
                        const struct leg *leg, struct step *st)
{
	if (*child->noun.username && (leg->status == 401 || leg->status == 407))
		child_alert(call, child, LOGIN_REFUSED,
		            "it did not take the username and password that "
		            "were given for it",
		            st);
}

void child_alert_refused(struct call *call, struct child *child,
                         const struct leg *leg, struct step *st)
{
	if (blocks_caller(child, leg->status))
		tell(child->sid, child, CALLER_BLOCKED,
		     arena_printf(&st->out->arena,
		                  "the carrier blocks this caller: it "
		                  "answered %u %s; show another number, "
		                  "or ask the carrier what it has "
		                  "against %.40s",
		                  leg->status, status_reason(leg->status),
		                  child->caller),
		     st);
	else if (status_of_sip(leg->status) == STATUS_FAILED) {
		alert_answer(call, child, leg, st);
		alert_login(call, child, leg, st);
	}
}

void child_alert_silent(struct child *child, struct step *st)
{
	if (!*child->carrier || child->status != STATUS_INITIATED)
		return;
	tell(child->sid, child, CARRIER_SILENT,
	     "no carrier said in time that it rings: see whether the "
	     "number can be reached, and whether the targets of the "
	     "carrier answer",
	     st);
}

void child_alert_share(struct call *call, struct child *child, struct step *st)
{
	child_alert(call, child, 32006,
	            arena_printf(&st->out->arena,
	                         "too many calls: one call may lead to %d "
	                         "calls to numbers of ours at a time; let "
	                         "their documents dial users by <Sip>, not "
	                         "each other",
	                         TREE_MAX),
	            st);
}
