/*
 * insight.h - Voice Insights: what its files share
 */
#ifndef API_RESOURCES_INSIGHT_H
#define API_RESOURCES_INSIGHT_H

#include <jansson.h>

struct ask;
struct fields;

/** What somebody said of a call, as the API shows it */
json_t *annotation_json(const struct ask *q, const struct fields *annotation);

#endif
