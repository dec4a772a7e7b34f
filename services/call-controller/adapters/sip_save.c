/*
 * sip_save.c - the dialog of a leg as words, and made again out of them
 *
 * An INVITE that is not answered yet is saved too: what a response needs of
 * it. A process that adopts the call answers it as if it had come there.
 */
#include "base/json_read.h"
#include "sip_leg.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include <sofia-sip/msg_addr.h>

#include "base/json_text.h"
#include "sip_trust.h"

enum { HEADER_MAX = 2048 }; /* bytes of one header that is saved */

/* ---- save -------------------------------------------------------------------- */

/* Not sip_header_as_string(): it cuts the last parameter of a long header. */
static void add_header(struct strbuf *b, const void *header)
{
	const sip_header_t *h = header;
	char value[HEADER_MAX];

	for (; h; h = h->sh_next)
		if (sip_header_field_e(value, sizeof(value), h, 0) <
		    (issize_t)sizeof(value))
			sip_text_add(b, h->sh_class->hc_name, value);
}

static void save_invite(struct strbuf *out, const struct sip_leg *leg)
{
	su_home_t home[1] = {SU_HOME_INIT(home)};
	msg_t *msg = nta_incoming_getrequest(leg->invite_in);
	const sip_t *sip = sip_object(msg);
	struct strbuf b = {0};
	const char *uri = url_as_string(home, sip->sip_request->rq_url);

	strbuf_addf(&b, "INVITE %s SIP/2.0\r\n", uri ? uri : "sip:invalid");
	add_header(&b, sip->sip_via);
	add_header(&b, sip->sip_record_route);
	add_header(&b, sip->sip_max_forwards);
	add_header(&b, sip->sip_from);
	add_header(&b, sip->sip_to);
	add_header(&b, sip->sip_call_id);
	add_header(&b, sip->sip_cseq);
	add_header(&b, sip->sip_contact);
	add_header(&b, sip->sip_require);
	strbuf_add(&b, "Content-Length: 0\r\n\r\n");
	if (!b.failed)
		json_text_member(out, "invite", strbuf_str(&b));
	strbuf_close(&b);
	msg_destroy(msg);
	su_home_deinit(home);
}

/* What would end the ringing of a phone: only who sent the INVITE can, and a
 * process that adopts the call speaks in its name. */
static void save_cancel(struct strbuf *out, const struct sip_leg *leg)
{
	su_home_t home[1] = {SU_HOME_INIT(home)};
	msg_t *msg = nta_outgoing_getrequest(leg->invite_out);
	const sip_t *sip = sip_object(msg);
	struct strbuf b = {0};
	const char *uri = url_as_string(home, sip->sip_request->rq_url);

	strbuf_addf(&b, "CANCEL %s SIP/2.0\r\n", uri ? uri : "sip:invalid");
	add_header(&b, sip->sip_via);
	add_header(&b, sip->sip_route);
	add_header(&b, sip->sip_max_forwards);
	add_header(&b, sip->sip_from);
	add_header(&b, sip->sip_to);
	add_header(&b, sip->sip_call_id);
	strbuf_addf(&b, "CSeq: %u CANCEL\r\n", sip->sip_cseq->cs_seq);
	strbuf_add(&b, "Content-Length: 0\r\n\r\n");
	if (!b.failed)
		json_text_member(out, "cancel", strbuf_str(&b));
	strbuf_close(&b);
	msg_destroy(msg);
	su_home_deinit(home);
}

static void save_routes(struct strbuf *out, const sip_route_t *route)
{
	char value[HEADER_MAX];

	json_text_name(out, "routes");
	strbuf_addc(out, '[');
	for (bool first = true; route; route = route->r_next) {
		if (sip_header_field_e(value, sizeof(value),
		                       (const sip_header_t *)route,
		                       0) >= (issize_t)sizeof(value))
			continue;
		if (!first)
			strbuf_addc(out, ',');
		first = false;
		json_text_string(out, value);
	}
	strbuf_addc(out, ']');
}

bool sip_save(const struct owned *o, unsigned number, struct strbuf *out)
{
	const struct sip_leg *leg = sip_leg_find(o, number);
	su_home_t home[1] = {SU_HOME_INIT(home)};
	const sip_route_t *route = NULL;
	const sip_contact_t *target = NULL;
	const char *rtag, *uri = NULL;

	if (!leg || !leg->dialog)
		return false;
	(void)nta_leg_get_route(leg->dialog, &route, &target);
	rtag = nta_leg_get_rtag(leg->dialog);
	if (target)
		uri = url_as_string(home, target->m_url);
	strbuf_addc(out, '{');
	json_text_member(out, "call_id", leg->callid);
	json_text_member(out, "local", leg->local);
	json_text_member(out, "local_tag", nta_leg_get_tag(leg->dialog));
	json_text_member(out, "remote", leg->remote);
	json_text_member(out, "remote_tag", rtag ? rtag : "");
	json_text_number(out, "cseq", nta_leg_get_seq(leg->dialog));
	json_text_number(out, "remote_cseq", nta_leg_get_rseq(leg->dialog));
	json_text_bool(out, "answered", leg->answered);
	json_text_bool(out, "acked", leg->acked);
	save_routes(out, route);
	json_text_member(out, "target", uri ? uri : "");
	if (leg->instance)
		json_text_member(out, "instance", leg->instance);
	sip_trust_save(leg, out);
	if (leg->invite_in && !leg->answered)
		save_invite(out, leg);
	if (leg->invite_out && !leg->answered)
		save_cancel(out, leg);
	strbuf_addc(out, '}');
	su_home_deinit(home);
	return true;
}

/* ---- restore ------------------------------------------------------------------ */

static uint32_t number(const json_t *saved, const char *name)
{
	return (uint32_t)json_integer_value(json_object_get(saved, name));
}

static nta_leg_t *restore_dialog(struct sip_leg *leg, const json_t *saved)
{
	const struct sip_dialog_id id = {
		.local_tag = json_read_text(saved, "local_tag"),
		.remote_tag = json_read_text(saved, "remote_tag"),
		.cseq = number(saved, "cseq"),
		.remote_cseq = number(saved, "remote_cseq"),
	};

	return sip_dialog_make(leg, &id);
}

static int restore_route(su_home_t *home, struct sip_leg *leg,
                         const json_t *saved)
{
	const json_t *routes = json_object_get(saved, "routes");
	const char *uri = json_read_text(saved, "target");
	sip_record_route_t *first = NULL, **next = &first;
	sip_contact_t *target = NULL;

	for (size_t i = 0; i < json_array_size(routes); i++) {
		const char *s = json_string_value(json_array_get(routes, i));

		*next = s ? sip_record_route_make(home, s) : NULL;
		if (!*next)
			return EINVAL;
		next = &(*next)->r_next;
	}
	if (uri[0]) {
		target = sip_contact_make(home, su_sprintf(home, "<%s>", uri));
		if (!target)
			return EINVAL;
	}
	if (!first && !target)
		return 0;
	return nta_leg_server_route(leg->dialog, first, target) < 0 ? ENOMEM
	                                                            : 0;
}

static int restore_invite(struct sip_leg *leg, const char *head)
{
	msg_t *msg = msg_make(sip_default_mclass(), 0, head, -1);
	sip_t *sip = msg ? sip_object(msg) : NULL;

	if (!sip || !sip->sip_request || !sip->sip_via) {
		msg_destroy(msg);
		return EINVAL;
	}
	leg->invite_in =
		nta_incoming_create(leg->sip->agent, leg->dialog, msg, sip,
	                            NTATAG_TPORT(leg->sip->tport), TAG_END());
	if (!leg->invite_in)
		return ENOMEM;
	nta_incoming_bind(leg->invite_in, sip_on_ack_cancel, leg);
	return 0;
}

/* An INVITE of ours died with its process: its answer can not reach us. Stop
 * the ringing; for the core the leg has failed. */
static void restore_cancel(struct sip_leg *leg, const char *cancel)
{
	struct event ev = app_event(EV_LEG_FAILED, leg->number);
	msg_t *msg = msg_make(sip_default_mclass(), 0, cancel, -1);
	const sip_t *sip = msg ? sip_object(msg) : NULL;
	nta_outgoing_t *orq = NULL;

	if (sip && sip->sip_request && sip->sip_via)
		orq = nta_outgoing_mcreate(leg->sip->agent, NULL, NULL, NULL,
		                           msg, NTATAG_USER_VIA(1), TAG_END());
	if (!orq)
		msg_destroy(msg);
	ev.status = 503;
	app_post(leg->sip->app, leg->owned->sid, &ev);
}

static int restore(su_home_t *home, struct sip_leg *leg, const json_t *saved)
{
	const char *invite = json_read_text(saved, "invite");
	const char *cancel = json_read_text(saved, "cancel");
	int err;

	leg->callid = strdup(json_read_text(saved, "call_id"));
	leg->local = strdup(json_read_text(saved, "local"));
	leg->remote = strdup(json_read_text(saved, "remote"));
	if (!leg->callid || !leg->local || !leg->remote)
		return ENOMEM;
	leg->answered = json_is_true(json_object_get(saved, "answered"));
	leg->acked = json_is_true(json_object_get(saved, "acked"));
	if (json_read_text(saved, "instance")[0])
		leg->instance = strdup(json_read_text(saved, "instance"));
	sip_trust_restore(leg, saved);
	leg->dialog = restore_dialog(leg, saved);
	if (!leg->dialog)
		return EINVAL;
	err = restore_route(home, leg, saved);
	if (!err && invite[0])
		err = restore_invite(leg, invite);
	if (!err && cancel[0])
		restore_cancel(leg, cancel);
	return err;
}

int sip_restore(struct owned *o, unsigned number, const json_t *saved)
{
	su_home_t home[1] = {SU_HOME_INIT(home)};
	struct sip_leg *leg = sip_leg_alloc(o->app->sip, o, number);
	int err = leg ? restore(home, leg, saved) : ENOMEM;

	su_home_deinit(home);
	return err;
}
