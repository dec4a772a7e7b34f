/*
 * api.c - the REST API, one request at a time
 */
#include "api.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "base/sid.h"
#include "base/strbuf.h"

struct api {
	CURL *curl;
	char url[512];
	char account[SID_SIZE];
	char problem[1024];
};

static const char *setting(const char *name, const char *init)
{
	const char *s = getenv(name);

	return s && s[0] ? s : init;
}

static size_t on_data(char *data, size_t size, size_t n, void *arg)
{
	struct strbuf *body = arg;

	strbuf_addn(body, data, size * n);
	return body->failed ? 0 : size * n;
}

/* An account that is not named is the one whose token it is: there must be one. */
static int read_settings(struct api *a, char *problem, size_t size)
{
	const char *account = setting("TRESTLE_ACCOUNT", "");
	size_t n;

	(void)snprintf(a->url, sizeof(a->url), "%s",
	               setting("TRESTLE_API", "http://127.0.0.1:8080"));
	n = strlen(a->url);
	while (n > 0 && a->url[n - 1] == '/')
		a->url[--n] = '\0';
	if (!sid_valid(account, "AC") || !*setting("TRESTLE_TOKEN", "")) {
		(void)snprintf(problem, size,
		               "who asks? Set TRESTLE_ACCOUNT to the sid of "
		               "your account and TRESTLE_TOKEN to its token "
		               "(after `make run`: . build/run/env)");
		return EINVAL;
	}
	memcpy(a->account, account, SID_SIZE);
	return 0;
}

int api_alloc(struct api **ap, char *problem, size_t size)
{
	struct api *a = calloc(1, sizeof(*a));
	int err = ENOMEM;

	(void)snprintf(problem, size, "out of memory");
	if (!a)
		return ENOMEM;
	err = read_settings(a, problem, size);
	if (!err) {
		a->curl = curl_easy_init();
		err = a->curl ? 0 : ENOMEM;
	}
	if (err)
		api_free(a);
	else
		*ap = a;
	return err;
}

void api_free(struct api *a)
{
	if (!a)
		return;
	if (a->curl)
		curl_easy_cleanup(a->curl);
	free(a);
}

const char *api_url(const struct api *a)
{
	return a->url;
}

const char *api_account(const struct api *a)
{
	return a->account;
}

const char *api_problem(const struct api *a)
{
	return a->problem;
}

static void set_up(struct api *a, const char *method, const char *url,
                   const char *form, struct strbuf *body)
{
	CURL *c = a->curl;

	curl_easy_reset(c);
	(void)curl_easy_setopt(c, CURLOPT_URL, url);
	(void)curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, method);
	(void)curl_easy_setopt(c, CURLOPT_USERNAME, a->account);
	(void)curl_easy_setopt(c, CURLOPT_PASSWORD,
	                       setting("TRESTLE_TOKEN", ""));
	(void)curl_easy_setopt(c, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
	(void)curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)API_SECONDS);
	(void)curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_data);
	(void)curl_easy_setopt(c, CURLOPT_WRITEDATA, body);
	if (strcmp(method, "POST") == 0)
		(void)curl_easy_setopt(c, CURLOPT_POSTFIELDS, form ? form : "");
}

static void tell(struct api *a, long status, const json_t *json)
{
	const char *message =
		json_string_value(json_object_get(json, "message"));

	if (status == 401)
		(void)snprintf(a->problem, sizeof(a->problem),
		               "TRESTLE_ACCOUNT and TRESTLE_TOKEN do not fit "
		               "together at %s",
		               a->url);
	else if (message)
		(void)snprintf(a->problem, sizeof(a->problem), "%s (%lld)",
		               message,
		               (long long)json_integer_value(
				       json_object_get(json, "code")));
	else
		(void)snprintf(a->problem, sizeof(a->problem),
		               "%s answered with status %ld", a->url, status);
}

long api_ask(struct api *a, const char *method, const char *path,
             const char *form, json_t **out)
{
	struct strbuf url = {0}, body = {0};
	long status = 0;
	CURLcode code = CURLE_OUT_OF_MEMORY;

	*out = NULL;
	strbuf_addf(&url, "%s%s", a->url, path);
	if (!url.failed) {
		set_up(a, method, strbuf_str(&url), form, &body);
		code = curl_easy_perform(a->curl);
	}
	if (code == CURLE_OK) {
		(void)curl_easy_getinfo(a->curl, CURLINFO_RESPONSE_CODE,
		                        &status);
		*out = json_loadb(strbuf_str(&body), body.len, 0, NULL);
		if (status < 200 || status > 299)
			tell(a, status, *out);
	} else {
		(void)snprintf(a->problem, sizeof(a->problem),
		               "%s: %s; is it there? Set TRESTLE_API", a->url,
		               curl_easy_strerror(code));
	}
	strbuf_close(&url);
	strbuf_close(&body);
	return status;
}
