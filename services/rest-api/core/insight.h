/*
 * insight.h - Voice Insights of a call, from its record (contract 9.1)
 *
 * Pure: no I/O. What Trestle does not measure is null.
 */
#ifndef API_CORE_INSIGHT_H
#define API_CORE_INSIGHT_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

struct fields;

/** How far away is its phone? "sip_edge" or "carrier_edge" */
const char *insight_edge(const struct fields *call);

/** "in-progress" -> "answered"; what is no status -> NULL */
const char *insight_state(const char *status);
/** Back again: "answered" -> "in-progress"; NULL = there is no such state */
const char *insight_status(const char *state);

/** "carrier" or "sip" */
const char *insight_type(const struct fields *call);

/** Put the four edges into @p json: @p value, which is taken over, as the call's
 *  own one, null as the others. */
void insight_add_edges(const struct fields *call, json_t *json, json_t *value);

/** All of a summary but its URL and its annotation */
json_t *insight_summary(const struct fields *call);

/**
 * What was measured of one way.
 *
 * @param inbound of what came from the phone, else of what was sent to it
 * @param when    ISO 8601
 * @return NULL when nothing was measured
 */
json_t *insight_metric(const struct fields *call, bool inbound,
                       const char *when);

/** What a media-relay says of a leg that is up ("leg.CA…" of its session), in place
 *  of what is known at its end. */
void insight_take_live(struct fields *call, const char *leg);

/* Events */

/** Its initiation, ringing, answer and end; appended to @p list. */
void insight_add_progress(const struct fields *call, json_t *list);
/** An entry of the stream of alerts */
void insight_add_alert(const struct fields *call, const struct fields *alert,
                       json_t *list);
/** An entry of the request inspector, as text */
void insight_add_request(const struct fields *call, const char *request,
                         json_t *list);
/** In order of their time; @p list is taken over. */
json_t *insight_sort(json_t *list);

#endif
