/*
 * resources.h - every resource of the API, and the paths that lead to them
 *
 * A resource is one file here. What it shares with others is ../crud.h.
 */
#ifndef API_RESOURCES_H
#define API_RESOURCES_H

#include <stdint.h>

#include "core/route.h"

struct resource;

/** All paths, ends with a row without pattern */
extern const struct route resources_routes[];

extern const struct resource account_resource, key_resource,
	signing_key_resource, domain_resource, credential_list_resource,
	credential_resource, access_list_resource, address_resource,
	call_resource, call_summary_resource, recording_resource,
	call_recording_resource, transcription_resource,
	recording_transcription_resource;

/** What is shown of a list of credentials or addresses, where it stands itself
 *  and where a domain maps it: rows of a shape */
// clang-format off
#define LIST_SHAPE \
	{"sid", SHAPE_TEXT, NULL}, \
	{"account_sid", SHAPE_TEXT, NULL}, \
	{"friendly_name", SHAPE_TEXT, NULL}, \
	{"date_created", SHAPE_DATE, NULL}, \
	{"date_updated", SHAPE_DATE, NULL}
// clang-format on

/* Handlers that are more than crud_* */
struct ask;
struct fields;
void accounts_list(struct ask *q);
void accounts_create(struct ask *q);
void accounts_fetch(struct ask *q);
void accounts_update(struct ask *q);
void calls_list(struct ask *q);
void calls_create(struct ask *q);
void calls_update(struct ask *q);
void calls_delete(struct ask *q);
void function_logs_list(struct ask *q);
void alerts_list(struct ask *q); /**< or Notifications, or Rejections */
void alerts_fetch(struct ask *q);
void events_list(struct ask *q);
void usage_list(struct ask *q); /**< usage.c: Usage/Records and all under it */
void balance_fetch(struct ask *q);
void limits_fetch(struct ask *q);
void limits_update(struct ask *q);
void insights_fetch(struct ask *q);
void insights_summary(struct ask *q);
void insights_summaries(struct ask *q);
void insights_metrics(struct ask *q);
void insights_events(struct ask *q);
void annotations_fetch(struct ask *q);
void annotations_update(struct ask *q);
void recordings_list(struct ask *q);
void recordings_fetch(struct ask *q); /**< JSON, or its sound */
void recordings_sound(struct ask *q);
void recordings_delete(struct ask *q);
/* recording_control.c: of a live call */
void recordings_start(struct ask *q);
void recordings_update(struct ask *q);
void transcriptions_delete(struct ask *q);
void credentials_create(struct ask *q);
void credentials_update(struct ask *q);
void credential_lists_delete(struct ask *q);
void access_lists_delete(struct ask *q);
void domains_create(struct ask *q);
void keys_create(struct ask *q);
/** Go on with @p next unless a domain of the account maps the list that the path
 *  names; else answer the error @p code. */
void mappings_unless_mapped(struct ask *q, uint32_t code,
                            void (*next)(struct ask *q));
/** Go on with @p next when every user of the credential list in the draft has a
 *  digest for the realm of @p domain; else answer an error that says so. A list that
 *  was loaded from a file has them for the domains that it was mapped to. */
void mappings_if_they_sign(struct ask *q, const struct fields *domain,
                           void (*next)(struct ask *q));
void mappings_list(struct ask *q);
void mappings_create(struct ask *q);
void mappings_fetch(struct ask *q);
void mappings_delete(struct ask *q);

#endif
