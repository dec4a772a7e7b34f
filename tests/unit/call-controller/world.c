/*
 * world.c - the rules that the commands of a call keep
 */
#include "world.h"

#include "unit/test.h"

static void on_respond(struct world_leg *leg, const struct cmd_respond *r)
{
	assert_false(leg->final);
	if (r->status < 200)
		return;
	leg->final = true;
	leg->confirmed = leg->ack_due = r->status < 300;
	leg->over = !leg->confirmed;
	if (leg->confirmed)
		assert_non_null(r->sdp);
}

static void on_invite(struct world *w, const struct command *cmd)
{
	assert_true(cmd->leg > w->n_legs && cmd->leg < WORLD_LEGS_MAX);
	w->n_legs = cmd->leg;
	w->legs[cmd->leg].used = true;
	assert_non_null(cmd->invite.sdp);
	assert_true(*cmd->invite.uri && *cmd->invite.from && *cmd->invite.to);
	assert_true(cmd->invite.max_forwards > 0);
}

static void on_bye(struct world_leg *leg)
{
	assert_true(leg->confirmed);
	assert_false(leg->bye || leg->ack_due || leg->acks_owed);
	leg->bye = true;
}

static void on_end(struct world *w)
{
	for (unsigned i = 1; i <= w->n_legs; i++) {
		const struct world_leg *leg = &w->legs[i];

		/* of a silent one the shell takes care */
		assert_true(leg->over || !leg->used ||
		            (!leg->provisional && !leg->final));
	}
	assert_false(w->media_put);
	w->ended = true;
}

static void on_dialog_command(struct world *w, const struct command *cmd)
{
	struct world_leg *leg = &w->legs[cmd->leg];

	assert_true(cmd->leg > 0 && cmd->leg < WORLD_LEGS_MAX && leg->used);
	switch (cmd->type) {
	case CMD_RESPOND: on_respond(leg, &cmd->respond); break;
	case CMD_ACK:
		assert_true(leg->acks_owed);
		leg->acks_owed = false;
		break;
	case CMD_CANCEL:
		assert_true(leg->provisional);
		assert_false(leg->final || leg->canceled);
		leg->canceled = true;
		break;
	case CMD_BYE: on_bye(leg); break;
	case CMD_REINVITE:
		assert_true(leg->confirmed);
		assert_false(leg->reoffer || leg->bye || leg->over ||
		             leg->ack_due);
		leg->reoffer = true;
		break;
	default:
		assert_true(leg->offered);
		leg->offered = false;
		break;
	}
}

static void watch(struct world *w, const struct command *cmd)
{
	assert_false(w->ended);
	switch (cmd->type) {
	case CMD_INVITE: on_invite(w, cmd); break;
	case CMD_RESPOND:
	case CMD_ACK:
	case CMD_CANCEL:
	case CMD_BYE:
	case CMD_REINVITE:
	case CMD_ANSWER: on_dialog_command(w, cmd); break;
	case CMD_MEDIA: w->media_put = true; break;
	case CMD_MEDIA_RELEASE: w->media_put = false; break;
	case CMD_FETCH: w->fetching = true; break;
	case CMD_RESOLVE:
		for (size_t i = 0; i < w->s.n_sids; i++) {
			if (strcmp(w->s.sids[i], cmd->resolve.child) == 0)
				w->resolving |= 1ULL << i;
		}
		break;
	case CMD_END: on_end(w); break;
	case CMD_NOTIFY:
	case CMD_TRANSCRIBE:
	case CMD_TRANSCRIPTION:
	case CMD_TIMER_START:
	case CMD_TIMER_STOP:
	case CMD_ALERT:
	case CMD_STATUS:
	case CMD_REPLY:
	case CMD_SAVE: break;
	case CMD_DETACH: w->legs[cmd->leg].over = true; break;
	}
}

void world_happen(struct world *w, const char *event)
{
	(void)script_step(&w->s, event);
	assert_false(w->s.out->failed);
	for (size_t i = 0; i < w->s.out->n; i++)
		watch(w, &w->s.out->v[i]);
	for (unsigned i = 1; i <= w->n_legs; i++) {
		assert_false(w->legs[i].offered);
		assert_false(w->legs[i].acks_owed && !w->ended);
	}
}
