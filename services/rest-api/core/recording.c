/*
 * recording.c - the Recording resource: its paths, its JSON
 *
 * Pure: no I/O.
 */
#include "recording.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <jansson.h>

#include "base/form.h"
#include "base/sid.h"
#include "store/time.h"

static const char base[] = "/2010-04-01/Accounts/";
enum { SID = 34 };

const char *const recording_fields[] = {
	"account_sid",  "call_sid",     "sid",      "source",     "status",
	"track",        "channels",     "duration", "error_code", "start_time",
	"date_created", "date_updated", NULL};

/* A sid at *@p at; moves behind it. */
static bool take_sid(const char **at, const char *prefix, char *out)
{
	if (strlen(*at) < SID)
		return false;
	memcpy(out, *at, SID);
	out[SID] = '\0';
	*at += SID;
	return sid_valid(out, prefix);
}

static bool take(const char **at, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(*at, word, n) != 0)
		return false;
	*at += n;
	return true;
}

static bool take_format(const char *rest, enum recording_format *out)
{
	static const struct {
		const char *suffix;
		enum recording_format format;
	} formats[] = {{"", RECORDING_WAV},
	               {".wav", RECORDING_WAV},
	               {".mp3", RECORDING_MP3},
	               {".json", RECORDING_JSON}};

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (strcmp(rest, formats[i].suffix) != 0)
			continue;
		*out = formats[i].format;
		return true;
	}
	return false;
}

bool recording_path_parse(struct recording_path *out, const char *path)
{
	memset(out, 0, sizeof(*out));
	if (!take(&path, base) || !take_sid(&path, "AC", out->account_sid))
		return false;
	if (take(&path, "/Calls/") && !take_sid(&path, "CA", out->call_sid))
		return false;
	return take(&path, "/Recordings/") && take_sid(&path, "RE", out->sid) &&
	       take_format(path, &out->format);
}

void recording_fill(struct recording *r, const char *const *values)
{
	*r = (struct recording){
		.account_sid = values[0],
		.call_sid = values[1],
		.sid = values[2],
		.source = values[3],
		.status = values[4],
		.track = values[5],
		.channels = values[6],
		.duration = values[7],
		.error_code = values[8],
		.start_time = values[9],
		.date_created = values[10],
		.date_updated = values[11],
	};
}

bool recording_fits(const struct recording *r, const struct recording_path *p)
{
	return strcmp(r->sid, p->sid) == 0 &&
	       strcmp(r->account_sid, p->account_sid) == 0 &&
	       (p->call_sid[0] == '\0' ||
	        strcmp(r->call_sid, p->call_sid) == 0);
}

static json_t *text(const char *s)
{
	return s[0] ? json_string(s) : json_null();
}

static json_t *number(const char *s)
{
	return s[0] ? json_integer(strtol(s, NULL, 10)) : json_null();
}

static json_t *date(const char *iso)
{
	uint64_t ms = time_parse(iso);
	char words[TIME_TEXT_SIZE];

	if (ms == 0)
		return json_null();
	time_rfc2822(ms, words);
	return json_string(words);
}

char *recording_json(const struct recording *r)
{
	char uri[160];
	char *out = NULL;
	json_t *o;

	(void)snprintf(uri, sizeof(uri), "%s%s/Recordings/%s.json", base,
	               r->account_sid, r->sid);
	o = json_pack("{s:s, s:s, s:o, s:o, s:n, s:o, s:o, s:o, s:n, s:o, s:n, "
	              "s:s, s:s, s:o, s:o, s:o, s:o, s:s}",
	              "account_sid", r->account_sid, "api_version",
	              "2010-04-01", "call_sid", text(r->call_sid), "channels",
	              number(r->channels), "conference_sid", "date_created",
	              date(r->date_created), "date_updated",
	              date(r->date_updated), "duration", text(r->duration),
	              "encryption_details", "error_code", number(r->error_code),
	              "price", "price_unit", "USD", "sid", r->sid, "source",
	              text(r->source), "start_time", date(r->start_time),
	              "status", text(r->status), "track", text(r->track), "uri",
	              uri);
	if (o)
		out = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	return out;
}

static int on_pair(void *arg, const char *name, const char *value)
{
	int *wanted = arg;

	if (strcmp(name, "RequestedChannels") != 0)
		return 0;
	*wanted = strcmp(value, "1") == 0   ? 1
	          : strcmp(value, "2") == 0 ? 2
	                                    : -1;
	return 0;
}

int recording_channels_wanted(const char *query)
{
	int wanted = 0;

	return form_parse(query, strlen(query), on_pair, &wanted) ? -1 : wanted;
}

static int on_flag(void *arg, const char *name, const char *value)
{
	if (strcmp(name, "IncludeSoftDeleted") == 0)
		*(bool *)arg = strcasecmp(value, "true") == 0;
	return 0;
}

bool recording_deleted_wanted(const char *query)
{
	bool wanted = false;

	return form_parse(query, strlen(query), on_flag, &wanted) == 0 &&
	       wanted;
}
