/*
 * alerts.c - what went wrong in a call, for the debugger
 */
#include "alerts.h"

#include "app.h"
#include "core/url.h"
#include "store/alert.h"

static const char *or_null(const char *s)
{
	return s && s[0] ? s : NULL;
}

void alerts_write(struct app *app, struct owned *o, const struct command *cmd)
{
	const char *masked = url_mask(&app->out->arena, cmd->alert.url);
	struct alert alert = {
		.account_sid = or_null(call_account_sid(o->call)),
		.call_sid = cmd->alert.call_sid,
		.code = cmd->alert.code,
		.text = cmd->alert.text,
		.url = or_null(masked ? masked : cmd->alert.url),
		.method = or_null(cmd->alert.method),
		.status = cmd->alert.status,
	};

	alert_write(app->redis, &app->log, &alert);
}
