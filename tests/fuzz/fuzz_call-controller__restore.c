/*
 * fuzz_call-controller__restore.c - what the store says about a call
 *
 * Lines "c name value", "t name value" and "3 name value" (of leg 3), on top
 * of a valid call. What is restored is stepped and saved.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/call.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct field valid[] = {
	{FIELD_CALL, "", "sid", "CA00000000000000000000000000000001"},
	{FIELD_CALL, "", "session", "MS00000000000000000000000000000001"},
	{FIELD_CALL, "", "call_state", "1"},
	{FIELD_CALL, "", "call_status", "in-progress"},
	{FIELD_CALL, "", "last_leg", "9"},
	{FIELD_LEG, "1", "caller_side", "true"},
	{FIELD_LEG, "1", "call_sid", "CA00000000000000000000000000000001"},
	{FIELD_LEG, "1", "state", "CONFIRMED"},
};

static void add_line(struct fields *f, char *line)
{
	char *name = strchr(line, ' ');
	char *value = name ? strchr(name + 1, ' ') : NULL;
	enum field_group group = FIELD_LEG;

	if (!value || f->n == FIELDS_MAX)
		return;
	*name++ = '\0';
	*value++ = '\0';
	if (*line == 'c')
		group = FIELD_CALL;
	else if (*line == 't')
		group = FIELD_TWIML;
	f->v[f->n++] = (struct field){group, line, name, value};
}

static void run(struct call *call, struct commands *out, struct fields *f)
{
	static const enum event_type types[] = {EV_RESTORED, EV_LEG_ACKED,
	                                        EV_LEG_OFFER, EV_END};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		struct event ev = {.type = types[i], .now_ms = 1, .leg = 1};

		call_step(call, &ev, out);
		assert(call_save(call, f) == 0);
	}
	call_free(call);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t seed[SEED_SIZE] = {1};
	static struct commands out;
	static struct fields f, saved;
	char *text = malloc(size + 1), *save = NULL;
	struct call *call;

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	fields_init(&f);
	memcpy(f.v, valid, sizeof(valid));
	f.n = sizeof(valid) / sizeof(*valid);
	for (char *line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		add_line(&f, line);
	if (call_restore(&call, &f, seed) == 0)
		run(call, &out, &saved);
	commands_close(&out);
	fields_close(&saved);
	free(text);
	return 0;
}
