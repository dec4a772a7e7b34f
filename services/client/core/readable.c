/*
 * readable.c - what the API says for programs, for people
 *
 * Pure: no I/O.
 */
#include "readable.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/form.h"

static const char member[] = "alert_text";

static int on_pair(void *arg, const char *name, const char *value)
{
	static const struct {
		const char *name, *member;
	} shown[] = {{"source", "source"},
	             {"Msg", "text"},
	             {"httpResponse", "http_response"}};

	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		if (strcmp(shown[i].name, name) == 0)
			(void)json_object_set_new(arg, shown[i].member,
			                          json_string(value));
	return 0;
}

static void readable_one(json_t *object)
{
	const char *text = json_string_value(json_object_get(object, member));

	if (!text || form_parse(text, strlen(text), on_pair, object) ||
	    !json_object_get(object, "text"))
		return;
	(void)json_object_del(object, member);
}

void readable(json_t *json)
{
	if (!json_is_array(json))
		readable_one(json);
	for (size_t i = 0; i < json_array_size(json); i++)
		readable_one(json_array_get(json, i));
}

/* As RFC 2822 writes it, the day with two digits */
static bool read_mail_time(const char *time, char out[READABLE_TIME_SIZE])
{
	static const char months[] = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct "
				     "Nov Dec ";
	char month[5] = "";
	const char *found;

	if (strlen(time) < 25 || time[3] != ',' || time[11] != ' ')
		return false;
	memcpy(month, time + 8, 4);
	found = strstr(months, month);
	if (!found)
		return false;
	(void)snprintf(out, READABLE_TIME_SIZE, "%.4s-%02d-%.2s %.8s",
	               time + 12, (int)(found - months) / 4 + 1, time + 5,
	               time + 17);
	return true;
}

void readable_time(const char *time, char out[READABLE_TIME_SIZE])
{
	out[0] = '\0';
	if (read_mail_time(time, out))
		return;
	if (strlen(time) < 19 || time[4] != '-' || time[10] != 'T')
		return;
	(void)snprintf(out, READABLE_TIME_SIZE, "%.10s %.8s", time, time + 11);
}
