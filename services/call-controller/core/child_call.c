/*
 * child_call.c - calling the targets of a child: all at once, or in turn
 *
 * Pure.
 */
#include "child.h"

#include <string.h>

#include "base/percent.h"
#include "child_priv.h"
#include "dial.h"
#include "outgoing.h"
#include "state.h"

enum { USER_SIZE = 3 * 128 + 1 }; /* user part of a From, escaped */

static const char *const *copy_routes(struct arena *a,
                                      const struct target *from, size_t n)
{
	const char **routes = arena_alloc(a, (n + 1) * sizeof(*routes));

	for (size_t i = 0; routes && i < n; i++)
		routes[i] = arena_str(a, from->routes[i]);
	return routes;
}

static void copy_target(struct arena *a, struct target *to,
                        const struct target *from)
{
	size_t n = from->n_routes < TARGET_ROUTES_MAX ? from->n_routes
	                                              : TARGET_ROUTES_MAX;

	*to = *from;
	to->uri = arena_str(a, from->uri);
	to->to = arena_str(a, from->to ? from->to : "");
	to->from_host = arena_str(a, from->from_host);
	to->username = arena_str(a, from->username ? from->username : "");
	to->password = arena_str(a, from->password ? from->password : "");
	to->carrier = arena_str(a, from->carrier ? from->carrier : "");
	to->source_ip = arena_str(a, from->source_ip ? from->source_ip : "");
	to->routes = copy_routes(a, from, n);
	to->n_routes = to->routes ? n : 0;
}

bool child_take_targets(struct child *child, const struct event *ev)
{
	struct arena *a = child->arena;
	size_t n = ev->n_targets < TARGETS_MAX ? ev->n_targets : TARGETS_MAX;
	struct target *targets = arena_alloc(a, (n + 1) * sizeof(*targets));

	for (size_t i = 0; targets && i < n; i++)
		copy_target(a, &targets[i], &ev->targets[i]);
	child->targets = targets;
	child->n_targets = targets ? n : 0;
	child->next_target = 0;
	return !a->failed;
}

size_t child_branches(const struct call *call, const struct child *child)
{
	size_t n = 0;

	for (size_t i = 0; i < call->n_legs; i++) {
		const struct leg *leg = call->legs[i];

		if (leg->state < LEG_CONFIRMED &&
		    strcmp(leg->sid, child->sid) == 0)
			n++;
	}
	return n;
}

static const char *escape_user(struct arena *a, const char *user)
{
	char out[USER_SIZE];

	percent_user(user, out, sizeof(out));
	return arena_str(a, out);
}

/* Headers of ours, then those that the noun gives. */
static void add_headers(struct cmd_invite *invite, const struct call *call,
                        const struct child *child, struct arena *a)
{
	const struct noun *noun = &child->noun;
	struct pair *all = arena_alloc(a, (noun->n_headers + 3) * sizeof(*all));
	size_t n = 0;

	if (!all)
		return;
	all[n++] = (struct pair){"X-Twilio-CallSid", arena_str(a, child->sid)};
	all[n++] =
		(struct pair){"X-Twilio-AccountSid", call->facts.account_sid};
	all[n++] = (struct pair){"X-Twilio-ApiVersion", "2010-04-01"};
	for (size_t i = 0; i < noun->n_headers; i++)
		all[n++] = (struct pair){
			arena_str(a, noun->headers[i].name),
			arena_str(a, noun->headers[i].value),
		};
	invite->headers = all;
	invite->n_headers = n;
}

static void set_credentials(struct cmd_invite *invite, const struct noun *noun,
                            const struct target *target, struct arena *a)
{
	bool own = *noun->username != '\0';

	invite->username =
		arena_str(a, own ? noun->username : target->username);
	invite->password =
		arena_str(a, own ? noun->password : target->password);
}

/* Is there who is called when this one fails? Devices of a user are called at
 * once, and each may be as late as the Dial allows. */
static bool has_another(const struct child *child)
{
	return child->resolution == RESOLVED_FAILOVER &&
	       (child->next_target < child->n_targets ||
	        child->next_uri < child->noun.n_others);
}

/* Send one INVITE. Returns false when the step fails for want of memory. */
static bool call_target(struct call *call, struct child *child, size_t index,
                        uint32_t min_se, struct step *st)
{
	const struct target *target = &child->targets[index];
	const struct plan_port *port = plan_port(&call->plan, child->sid);
	struct arena *a = &st->out->arena;
	const struct offer *like = NULL;
	struct cmd_invite invite = {.from_name = ""};
	struct leg *leg = call_add_leg(call, child->sid, st);

	if (!leg || !port)
		return false;
	leg->target = (unsigned)index;
	leg->again = min_se != 0;
	leg_set_source(leg, target->source_ip);
	leg->any_source = target->any_media_source;
	leg->loops = target->own_number;
	offer_set_local(&leg->media, port->ip, port->port, port->rtcp_port);
	invite.uri = arena_str(a, target->uri);
	invite.routes = copy_routes(a, target, target->n_routes);
	invite.n_routes = target->n_routes;
	invite.from =
		arena_printf(a, "sip:%s@%s", escape_user(a, child->caller),
	                     target->from_host);
	invite.to = *target->to ? arena_str(a, target->to) : invite.uri;
	add_headers(&invite, call, child, a);
	set_credentials(&invite, &child->noun, target, a);
	invite.carrier = arena_str(a, target->carrier);
	invite.max_forwards = call->facts.max_forwards - 1;
	if (target->own_number) {
		invite.depth = call->facts.depth + 1;
		invite.calls = child->tree_share - 1;
	}
	child->carrier = target->carrier;
	child->callid = arena_str(child->arena, leg->callid);
	if (call->parent && call->parent->media.remote_known)
		like = &call->parent->media;
	leg_invite(leg, &invite, like, min_se, st);
	if (has_another(child))
		leg_doubt(leg, st);
	return true;
}

/* RFC 7332, and numbers whose application calls them again: itself at once, or
 * one by way of others. */
static bool too_deep(const struct call *call, const struct child *child,
                     const struct target *target)
{
	return call->facts.max_forwards <= 1 ||
	       (target->own_number && !outgoing_is(call, child) &&
	        (call->facts.depth >= DEPTH_MAX ||
	         strcmp(call->facts.to, child->noun.what) == 0));
}

bool child_too_deep(const struct call *call, const struct child *child)
{
	for (size_t i = 0; i < child->n_targets; i++) {
		if (!too_deep(call, child, &child->targets[i]))
			return false;
	}
	return true;
}

/* Those that ask for a part at the same time: it, and who may be next. */
static unsigned sharers(const struct call *call, const struct child *child)
{
	const struct dial *dial = call->dial;
	unsigned n = 1;

	if (outgoing_is(call, child))
		return 2; /* the document of whom the API calls may dial, too */
	for (size_t i = 0; dial && i < dial->n_children; i++) {
		const struct child *other = &dial->children[i];

		if (other != child && other->state == CHILD_RESOLVING &&
		    other->noun.kind == RESOLVE_NUMBER)
			n++;
	}
	return n;
}

static unsigned shared_out(const struct call *call)
{
	const struct dial *dial = call->dial;
	unsigned sum = call->outgoing ? call->outgoing->child.tree_share : 0;

	for (size_t i = 0; dial && i < dial->n_children; i++) {
		if (dial->children[i].state != CHILD_DONE)
			sum += dial->children[i].tree_share;
	}
	return sum;
}

bool child_take_share(const struct call *call, struct child *child)
{
	unsigned used = call->facts.tree_used + shared_out(call);
	unsigned left = used < TREE_MAX ? TREE_MAX - used : 0;
	unsigned n = sharers(call, child);

	if (!child->targets[0].own_number)
		return true;
	child->tree_share = (left + n - 1) / n;
	return child->tree_share > 0;
}

bool child_call_next(struct call *call, struct child *child, struct step *st)
{
	while (child->next_target < child->n_targets) {
		size_t index = child->next_target++;

		if (!too_deep(call, child, &child->targets[index]))
			return call_target(call, child, index, 0, st);
	}
	return false;
}

void child_settle(struct call *call, struct child *child, struct step *st)
{
	if (child->state != CHILD_READY || !plan_port(&call->plan, child->sid))
		return;
	child->state = CHILD_CALLING;
	while (child_call_next(call, child, st)) {
		if (!child->dialled_ms)
			child_dialled(call, child, st);
		if (child->resolution != RESOLVED_FORK)
			break;
	}
}

/* The first Contact of a 3xx, when this was the last branch. */
static bool follow(struct call *call, struct child *child, struct step *st)
{
	struct command *cmd;

	if (st->ev->n_contacts == 0 || child_branches(call, child) > 0 ||
	    child->redirects >= CHILD_REDIRECTS_MAX)
		return false;
	child->redirects++;
	child->state = CHILD_RESOLVING;
	cmd = commands_add(st->out, CMD_RESOLVE, 0);
	cmd->resolve.child = arena_str(&st->out->arena, child->sid);
	cmd->resolve.kind = RESOLVE_URI;
	cmd->resolve.what = arena_str(&st->out->arena, st->ev->contacts[0]);
	cmd->resolve.caller = arena_str(&st->out->arena, child->caller);
	cmd->resolve.carrier = "";
	cmd->resolve.redirect = true;
	return true;
}

bool child_call_again(struct call *call, struct child *child, struct step *st)
{
	unsigned sip = st->leg->status;
	uint32_t least = st->ev->session_timer.min_se;

	if (sip >= 300 && sip < 400)
		return follow(call, child, st);
	if (sip == 422 && !st->leg->again && least > SESSION_MIN_S &&
	    least <= SESSION_MAX_S)
		return call_target(call, child, st->leg->target, least, st);
	return false;
}
