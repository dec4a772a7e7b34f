/*
 * insight.c - Voice Insights of a call: its summary, what was measured
 *
 * Pure: no I/O.
 */
#include "insight.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "fields.h"
#include "numbering/country.h"
#include "shape.h"
#include "store/time.h"

/* Thresholds of contract 9.1; of what Trestle measures */
enum {
	LOSS_PERCENT = 5,
	JITTER_US = 30000,
	ROUND_TRIP_US = 400000,
	MOS_X100 = 350,
	SILENCE_S = 10
};

static const struct {
	const char *status, *state;
} states[] = {
	{"queued", "undialed"},
	{"ringing", "ringing"},
	{"in-progress", "answered"},
	{"completed", "completed"},
	{"busy", "busy"},
	{"failed", "fail"},
	{"no-answer", "noanswer"},
	{"canceled", "canceled"},
};

enum { STATES = sizeof(states) / sizeof(states[0]) };

const char *insight_state(const char *status)
{
	for (size_t i = 0; i < STATES; i++)
		if (strcmp(states[i].status, status) == 0)
			return states[i].state;
	return NULL;
}

const char *insight_status(const char *state)
{
	for (size_t i = 0; i < STATES; i++)
		if (strcmp(states[i].state, state) == 0)
			return states[i].status;
	return NULL;
}

static bool is_inbound(const struct fields *call)
{
	return strcmp(fields_text(call, "direction"), "inbound") == 0;
}

static bool is_sip(const struct fields *call)
{
	const char *to = fields_text(call, "to");

	if (is_inbound(call))
		return *fields_text(call, "domain_sid") != '\0';
	return strncasecmp(to, "sip", 3) == 0;
}

const char *insight_type(const struct fields *call)
{
	return is_sip(call) ? "sip" : "carrier";
}

const char *insight_edge(const struct fields *call)
{
	return is_sip(call) ? "sip_edge" : "carrier_edge";
}

void insight_add_edges(const struct fields *call, json_t *json, json_t *value)
{
	static const char *const edges[] = {"carrier_edge", "client_edge",
	                                    "sdk_edge", "sip_edge"};
	const char *own = insight_edge(call);

	for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++)
		(void)json_object_set_new(
			json, edges[i],
			strcmp(edges[i], own) == 0 ? value : json_null());
}

/* --- numbers ----------------------------------------------------------------------- */

static uint64_t number(const struct fields *call, const char *name)
{
	return strtoull(fields_text(call, name), NULL, 10);
}

/* null when it is not there */
static json_t *integer(const struct fields *call, const char *name)
{
	return *fields_text(call, name)
	               ? json_integer((json_int_t)number(call, name))
	               : json_null();
}

/* 0 = it is not known */
static json_t *part_of(uint64_t value, double of)
{
	return value ? json_real((double)value / of) : json_null();
}

static bool is_measured(const struct fields *call)
{
	return *fields_text(call, "packets_received") != '\0';
}

static uint64_t seconds(const struct fields *call, const char *from)
{
	uint64_t begin = time_parse(fields_text(call, from));
	uint64_t end = time_parse(fields_text(call, "end_time"));

	return begin && end > begin ? (end - begin + 500) / 1000 : 0;
}

static double loss_percent(const struct fields *call, bool inbound)
{
	double lost = (double)number(call, inbound ? "packets_lost"
	                                           : "remote_packets_lost");
	double there = (double)number(call, inbound ? "packets_received"
	                                            : "packets_sent");
	double all = inbound ? there + lost : there;

	return all > 0 ? lost * 100 / all : 0;
}

/* --- what was measured ------------------------------------------------------------- */

static json_t *jitter_of(const struct fields *call, bool inbound)
{
	uint64_t us = number(call, inbound ? "jitter_us" : "remote_jitter_us");

	return json_pack("{s:o, s:n}", "avg",
	                 inbound ? json_real((double)us / 1000)
	                         : part_of(us, 1000),
	                 "max");
}

static json_t *cumulative(const struct fields *call, bool inbound)
{
	if (inbound)
		return json_pack("{s:o, s:o, s:o}", "packets_received",
		                 integer(call, "packets_received"),
		                 "packets_lost", integer(call, "packets_lost"),
		                 "jitter", jitter_of(call, true));
	return json_pack("{s:o, s:o, s:o}", "packets_sent",
	                 integer(call, "packets_sent"), "packets_lost",
	                 integer(call, "remote_packets_lost"), "jitter",
	                 jitter_of(call, false));
}

static json_t *way(const struct fields *call, bool inbound)
{
	return json_pack("{s:o, s:o, s:f}", "codec_name",
	                 shape_text(fields_text(call, "codec")), "cumulative",
	                 cumulative(call, inbound), "packet_loss_percentage",
	                 loss_percent(call, inbound));
}

static json_t *properties(const struct fields *call)
{
	return json_pack(
		"{s:s, s:o, s:o, s:o, s:o, s:o}", "direction",
		is_inbound(call) ? "inbound" : "outbound", "codec",
		shape_text(fields_text(call, "codec")), "mos",
		part_of(number(call, "mos_x100"), 100), "rtt",
		part_of(number(call, "round_trip_us"), 1000), "sip_call_id",
		shape_text(fields_text(call, "sip_call_id")), "trunk_sid",
		shape_text(fields_text(call, "carrier_sid")));
}

static json_t *edge(const struct fields *call)
{
	json_t *metrics = json_null();

	if (is_measured(call))
		metrics = json_pack("{s:o, s:o}", "inbound", way(call, true),
		                    "outbound", way(call, false));
	return json_pack("{s:o, s:o}", "metrics", metrics, "properties",
	                 properties(call));
}

json_t *insight_metric(const struct fields *call, bool inbound,
                       const char *when)
{
	json_t *json, *mine;

	if (!is_measured(call))
		return NULL;
	json = json_pack("{s:s, s:s, s:s, s:s, s:s}", "timestamp", when,
	                 "call_sid", fields_text(call, "sid"), "account_sid",
	                 fields_text(call, "account_sid"), "edge",
	                 insight_edge(call), "direction",
	                 inbound ? "inbound" : "outbound");
	mine = json_pack(
		"{s:o, s:o, s:n, s:{s:o, s:o}}", "codec_name",
		shape_text(fields_text(call, "codec")), "cumulative",
		cumulative(call, inbound), "interval", "metrics", "mos",
		inbound ? part_of(number(call, "mos_x100"), 100) : json_null(),
		"rtt", part_of(number(call, "round_trip_us"), 1000));
	insight_add_edges(call, json, mine);
	return json;
}

void insight_take_live(struct fields *call, const char *leg)
{
	static const char *const names[][2] = {
		{"received", "packets_received"},
		{"sent", "packets_sent"},
		{"lost", "packets_lost"},
		{"dropped", "packets_dropped"},
		{"remote_lost", "remote_packets_lost"},
		{"jitter_us", "jitter_us"},
		{"remote_jitter_us", "remote_jitter_us"},
		{"round_trip_us", "round_trip_us"},
		{"mos_x100", "mos_x100"},
	};
	json_t *object = json_loads(leg, 0, NULL);
	const json_t *figures = json_object_get(object, "figures");

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const json_t *v = json_object_get(figures, names[i][0]);

		if (json_is_integer(v) && json_integer_value(v) >= 0)
			fields_set_uint(
				call, names[i][1],
				(unsigned long long)json_integer_value(v));
	}
	json_decref(object);
}

/* --- summary ----------------------------------------------------------------------- */

static json_t *tags(const struct fields *call)
{
	json_t *list = json_array();
	const struct {
		bool is;
		const char *tag;
	} all[] = {
		{loss_percent(call, true) > LOSS_PERCENT ||
	                 loss_percent(call, false) > LOSS_PERCENT,
	         "high_packet_loss"},
		{number(call, "jitter_us") > JITTER_US ||
	                 number(call, "remote_jitter_us") > JITTER_US,
	         "high_jitter"},
		{number(call, "round_trip_us") > ROUND_TRIP_US, "high_latency"},
		{number(call, "mos_x100") &&
	                 number(call, "mos_x100") < MOS_X100,
	         "low_mos"},
		{is_measured(call) && number(call, "packets_received") == 0 &&
	                 number(call, "duration") >= SILENCE_S,
	         "silence"},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i].is)
			(void)json_array_append_new(list,
			                            json_string(all[i].tag));
	return list;
}

/* @param name "from" or "to", @param who "caller" or "callee" */
static json_t *party(const struct fields *call, const char *name,
                     const char *who)
{
	const char *text = fields_text(call, name);
	const struct country *c = country_of(text, NULL);

	return json_pack("{s:o, s:n, s:n, s:o, s:n, s:n, s:n, s:n}", who,
	                 shape_text(text), "carrier", "connection",
	                 "country_code", shape_text(c ? c->iso : ""),
	                 "country_subdivision", "city", "ip_address",
	                 "location");
}

static json_t *last_answer(const struct fields *call)
{
	return number(call, "sip_status") ? integer(call, "sip_status")
	                                  : json_null();
}

json_t *insight_summary(const struct fields *call)
{
	static const struct shape shape[] = {
		{"account_sid", SHAPE_TEXT, NULL},
		{"call_sid", SHAPE_TEXT, "sid"},
		{"answered_by", SHAPE_TEXT, NULL},
		{"created_time", SHAPE_ISO, "date_created"},
		{"start_time", SHAPE_ISO, NULL},
		{"end_time", SHAPE_ISO, NULL},
		{"trust", SHAPE_NULL, NULL},
		{"annotation", SHAPE_NULL, NULL},
		{0},
	};
	bool ended = *fields_text(call, "end_time") != '\0';
	const char *state = insight_state(fields_text(call, "status"));
	json_t *json = shape_json(shape, call);
	const struct {
		const char *name;
		json_t *value;
	} members[] = {
		{"call_type", json_string(insight_type(call))},
		{"call_state", shape_text(state ? state : "")},
		{"processing_state",
	         json_string(ended ? "complete" : "partial")},
		{"duration",
	         ended ? json_integer((json_int_t)seconds(call, "start_time"))
	               : json_null()},
		{"connect_duration",
	         ended ? json_integer((json_int_t)seconds(call, "answer_time"))
	               : json_null()},
		{"from", party(call, "from", "caller")},
		{"to", party(call, "to", "callee")},
		{"tags", tags(call)},
		{"attributes", json_pack("{s:b}", "conference_participant", 0)},
		{"properties",
	         json_pack("{s:o, s:o, s:o, s:o, s:o}", "direction",
	                   shape_text(fields_text(call, "direction")),
	                   "disconnected_by",
	                   shape_text(fields_text(call, "disconnected_by")),
	                   "last_sip_response_num", last_answer(call), "pdd_ms",
	                   integer(call, "pdd_ms"), "queue_time",
	                   integer(call, "queue_time"))},
	};

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		(void)json_object_set_new(json, members[i].name,
		                          members[i].value);
	insight_add_edges(call, json, edge(call));
	return json;
}
