/*
 * api.h - the REST API, one request at a time (libcurl, blocking)
 *
 * TRESTLE_API says where it is, TRESTLE_ACCOUNT and TRESTLE_TOKEN who asks.
 */
#ifndef CLIENT_ADAPTERS_API_H
#define CLIENT_ADAPTERS_API_H

#include <jansson.h>

struct api;

enum { API_SECONDS = 30 }; /* for one request */

/** @param problem a sentence that says what to do, of @p size bytes
 *  @return 0, or an errno and @p problem */
int api_alloc(struct api **ap, char *problem, size_t size);
void api_free(struct api *a);

const char *api_url(const struct api *a);     /**< without a slash at its end */
const char *api_account(const struct api *a); /**< AC… */

/**
 * @param path from the root, "/2010-04-01/…", with its query
 * @param form of a POST, encoded; NULL = none
 * @param out  what it answered; NULL when that was nothing. The caller frees it.
 * @return the status, or 0: no answer. Not 2xx: see api_problem()
 */
long api_ask(struct api *a, const char *method, const char *path,
             const char *form, json_t **out);

/** Why the last request went wrong, a sentence */
const char *api_problem(const struct api *a);

#endif
