/*
 * app_error.c - errors of the API, as JSON
 */
#include "app_error.h"

#include <stdio.h>
#include <string.h>

#include "http/server.h"

struct row {
	unsigned status, code;
	const char *message;
	const char *headers[3];
};

static const struct row rows[] = {
	[APP_ERROR_WHO] = {401,
                           20003,
                           "Authenticate",
                           {"WWW-Authenticate", "Basic realm=\"Trestle API\""}},
	[APP_ERROR_MISSING] = {404,
                               20404,
                               "The requested resource was not found",
                               {NULL}},
	[APP_ERROR_METHOD] = {405,
                              20004,
                              "Method not allowed",
                              {"Allow", "GET, HEAD, DELETE"}},
	[APP_ERROR_PARAMETER] = {400, 20001, "A parameter is invalid", {NULL}},
	[APP_ERROR_CHANNELS] = {400,
                                16113,
                                "A mono recording has no second channel",
                                {NULL}},
	[APP_ERROR_RECORDING] = {409,
                                 20409,
                                 "The recording has not ended yet",
                                 {NULL}},
	[APP_ERROR_TOO_MANY] = {429,
                                20429,
                                "Too many requests",
                                {"Retry-After", "60"}},
	[APP_ERROR_BUSY] = {503, 20503, "Too busy", {"Retry-After", "5"}},
	[APP_ERROR_AWAY] = {503,
                            20503,
                            "Service unavailable",
                            {"Retry-After", "1"}},
	[APP_ERROR_INTERNAL] = {500, 20500, "Internal error", {NULL}},
};

void app_error_reply(struct http_request *r, enum app_error error)
{
	const struct row *row = &rows[error];
	char json[256];
	struct http_answer answer = {
		.status = row->status,
		.content_type = "application/json",
		.headers = row->headers,
		.body = json,
	};

	answer.len = (size_t)snprintf(
		json, sizeof(json),
		"{\"code\":%u,\"message\":\"%s\",\"more_info\":"
		"\"https://www.twilio.com/docs/errors/%u\",\"status\":%u}",
		row->code, row->message, row->code, row->status);
	http_answer(r, &answer);
}
