/*
 * alert.h - the request that an alert is about
 *
 * Pure: no I/O.
 */
#ifndef API_CORE_ALERT_H
#define API_CORE_ALERT_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

struct fields;

/** Is the alert about one of these requests? */
bool alert_is_about(const struct fields *alert, const char *const *texts,
                    size_t n);

/**
 * Put request and response of an alert into its JSON: request_method,
 * request_variables, request_headers, response_body, response_headers; null
 * when it is about none that is still known.
 *
 * @param texts the request inspector's records of the call, the latest first
 */
void alert_add_request(json_t *json, const struct fields *alert,
                       const char *const *texts, size_t n);

#endif
