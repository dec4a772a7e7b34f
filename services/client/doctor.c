/*
 * doctor.c - `trestle doctor`: an installation from a phone's view
 */
#include "doctor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>
#include <openssl/rand.h>

#include "act.h"
#include "adapters/api.h"
#include "adapters/wire.h"
#include "base/form.h"
#include "base/strbuf.h"
#include "core/line.h"
#include "doctor_impl.h"

enum { SIP_PORT = 5060 };

bool visit_tell(struct visit *v, bool well, const char *what,
                const char *remedy)
{
	(void)printf("%-5s %s%s%s\n", well ? "ok" : "FAIL", what,
	             well ? "" : ": ", well ? "" : remedy);
	(void)fflush(stdout);
	v->failed = v->failed || !well;
	return well;
}

/* --- where ---------------------------------------------------------------------- */

static int on_pair(void *arg, const char *name, const char *value)
{
	struct visit *v = arg;

	if (strcmp(name, "Server") == 0)
		(void)snprintf(v->host, sizeof(v->host), "%s", value);
	return 0;
}

/* The server is where the API is, unless it is said. */
static void find_server(struct visit *v, const struct strbuf *form)
{
	const char *url = strstr(api_url(v->api), "://");
	char *colon;

	(void)form_parse(strbuf_str(form), form->len, on_pair, v);
	if (!v->host[0] && url)
		(void)snprintf(v->host, sizeof(v->host), "%.*s",
		               (int)strcspn(url + 3, ":/"), url + 3);
	v->port = SIP_PORT;
	colon = strchr(v->host, ':');
	if (colon) {
		v->port = (uint16_t)strtoul(colon + 1, NULL, 10);
		*colon = '\0';
	}
}

void visit_random(char *out, size_t bytes)
{
	unsigned char raw[16];

	(void)RAND_bytes(raw, (int)bytes);
	for (size_t i = 0; i < bytes; i++)
		(void)snprintf(out + 2 * i, 3, "%02x", raw[i]);
}

/* --- the API -------------------------------------------------------------------- */

static bool look_at_api(struct visit *v)
{
	char path[128], text[600];
	json_t *json;
	long status;

	(void)snprintf(path, sizeof(path), "/2010-04-01/Accounts/%s.json",
	               api_account(v->api));
	status = api_ask(v->api, "GET", path, NULL, &json);
	json_decref(json);
	(void)snprintf(text, sizeof(text), "the API at %s answers",
	               api_url(v->api));
	return visit_tell(v, status == 200, text, api_problem(v->api));
}

/* POST; the member @p want of the answer into @p out */
static bool make(struct visit *v, const char *where, const char *form,
                 const char *want, char *out, size_t size)
{
	char path[300];
	const char *value;
	json_t *json;
	long status;

	(void)snprintf(path, sizeof(path), "/2010-04-01/Accounts/%s/%s.json",
	               api_account(v->api), where);
	status = api_ask(v->api, "POST", path, form, &json);
	value = json_string_value(json_object_get(json, want));
	if (status == 201 && value)
		(void)snprintf(out, size, "%s", value);
	json_decref(json);
	return status == 201;
}

static bool make_bin(struct visit *v, int n, const char *twiml, char *url,
                     size_t size)
{
	struct strbuf form = {0};
	char where[80];
	bool well;

	form_add(&form, "FriendlyName", "trestle doctor");
	form_add(&form, "Twiml", twiml);
	well = make(v, "TwimlBins", strbuf_str(&form), "sid", v->bins[n],
	            sizeof(v->bins[n]));
	strbuf_close(&form);
	(void)snprintf(where, sizeof(where), "/twiml/%s", v->bins[n]);
	(void)snprintf(url, size, "%s%s", api_url(v->api), where);
	return well;
}

static bool make_user(struct visit *v)
{
	struct strbuf form = {0};
	char where[120], sid[40];
	bool well;

	(void)snprintf(where, sizeof(where),
	               "SIP/CredentialLists/%s/Credentials", v->list_sid);
	form_add(&form, "Username", v->phone.user);
	form_add(&form, "Password", v->phone.password);
	well = make(v, where, strbuf_str(&form), "sid", sid, sizeof(sid));
	strbuf_close(&form);
	return well;
}

static bool map_list(struct visit *v, const char *what)
{
	char where[160], form[80], sid[40];

	(void)snprintf(where, sizeof(where),
	               "SIP/Domains/%s/Auth/%s/CredentialListMappings",
	               v->domain_sid, what);
	(void)snprintf(form, sizeof(form), "CredentialListSid=%s", v->list_sid);
	return make(v, where, form, "sid", sid, sizeof(sid));
}

static bool make_domain(struct visit *v, const char *url)
{
	struct strbuf form = {0};
	bool well;

	form_add(&form, "DomainName", v->phone.domain);
	form_add(&form, "VoiceUrl", url);
	form_add(&form, "SipRegistration", "true");
	form_add(&form, "Md5Only", "true");
	well = make(v, "SIP/Domains", strbuf_str(&form), "sid", v->domain_sid,
	            sizeof(v->domain_sid));
	strbuf_close(&form);
	return well;
}

/* A key that is pressed while the voice speaks ends the call: so both ways are
 * seen to work. */
static bool prepare(struct visit *v)
{
	char url[600], document[900], hex[33];

	visit_random(hex, 4);
	(void)snprintf(v->phone.domain, sizeof(v->phone.domain),
	               "doctor-%s.invalid", hex);
	(void)snprintf(v->phone.user, sizeof(v->phone.user), "doctor");
	visit_random(hex, 10);
	(void)snprintf(v->phone.password, sizeof(v->phone.password), "aA1%s",
	               hex);
	if (!make_bin(v, 0, "<Response><Hangup/></Response>", url, sizeof(url)))
		return visit_tell(v, false, "a domain for the occasion",
		                  api_problem(v->api));
	(void)snprintf(document, sizeof(document),
	               "<Response><Gather numDigits=\"1\" timeout=\"8\" "
	               "action=\"%s\"><Say>Trestle speaks to you. One, two, "
	               "three, four, five, six, seven.</Say></Gather><Pause "
	               "length=\"20\"/></Response>",
	               url);
	return visit_tell(
		v,
		make_bin(v, 1, document, url, sizeof(url)) &&
			make(v, "SIP/CredentialLists", "FriendlyName=doctor",
	                     "sid", v->list_sid, sizeof(v->list_sid)) &&
			make_user(v) && make_domain(v, url) &&
			map_list(v, "Calls") && map_list(v, "Registrations"),
		"a domain, a user and a document for the occasion",
		api_problem(v->api));
}

static void remove_one(struct visit *v, const char *where, const char *sid)
{
	char path[200];
	json_t *json;

	if (!sid[0])
		return;
	(void)snprintf(path, sizeof(path), "/2010-04-01/Accounts/%s/%s/%s.json",
	               api_account(v->api), where, sid);
	(void)api_ask(v->api, "DELETE", path, NULL, &json);
	json_decref(json);
}

static void clean_up(struct visit *v)
{
	remove_one(v, "SIP/Domains", v->domain_sid);
	remove_one(v, "SIP/CredentialLists", v->list_sid);
	remove_one(v, "TwimlBins", v->bins[0]);
	remove_one(v, "TwimlBins", v->bins[1]);
}

/* --- the server ----------------------------------------------------------------- */

static void look_at_streams(struct visit *v)
{
	struct sip_phone phone = v->phone;
	const struct sip_request options = {.method = "OPTIONS",
	                                    .uri = "sip:doctor.invalid",
	                                    .to = "sip:doctor.invalid",
	                                    .authorization = "",
	                                    .extra = ""};
	struct strbuf text = {0};
	char what[340];
	bool tls;

	(void)snprintf(phone.domain, sizeof(phone.domain), "doctor.invalid");
	sip_write(&text, &phone, &options, "doctorstream");
	(void)snprintf(what, sizeof(what), "SIP over TCP at %s:%u", v->host,
	               v->port);
	(void)visit_tell(
		v, wire_stream(v->host, v->port, false, strbuf_str(&text)),
		what, "nothing comes back; open the port for TCP");
	tls = wire_stream(v->host, (uint16_t)(v->port + 1), true,
	                  strbuf_str(&text));
	(void)printf("%-5s SIP over TLS at %s:%u%s\n", tls ? "ok" : "note",
	             v->host, v->port + 1,
	             tls ? ""
	                 : ": nothing comes back; phones that want TLS need "
	                   "TRESTLE_TLS_CERTIFICATES and that port");
	strbuf_close(&text);
}

static bool look_at_server(struct visit *v)
{
	struct sip_request options = {.method = "OPTIONS",
	                              .uri = "sip:doctor.invalid",
	                              .to = "sip:doctor.invalid"};
	static char answer[WIRE_MAX + 1];
	char what[340];
	unsigned status;

	if (!wire_resolve(v->host, v->port, &v->server))
		return visit_tell(v, false, "the server's name",
		                  "it can not be resolved; say --server HOST");
	v->sip = wire_open(&v->server, v->phone.local_ip, &v->phone.local_port);
	if (v->sip < 0)
		return visit_tell(v, false, "a socket towards the server",
		                  "there is no way to it from here");
	visit_random(v->phone.call_id, 8);
	visit_random(v->phone.from_tag, 4);
	status = visit_ask(v, &options, answer);
	(void)snprintf(what, sizeof(what), "SIP over UDP at %s:%u", v->host,
	               v->port);
	if (!visit_tell(v, status != 0, what,
	                "nothing comes back; is it the right address, is the "
	                "port open for UDP?"))
		return false;
	look_at_streams(v);
	return true;
}

int doctor(struct api *a, const struct line *line, struct strbuf *form)
{
	struct visit v = {.api = a, .sip = -1};

	(void)line;
	find_server(&v, form);
	if (look_at_api(&v) && look_at_server(&v)) {
		if (prepare(&v))
			visit_phone(&v);
		clean_up(&v);
	}
	if (v.sip >= 0)
		close(v.sip);
	(void)printf("%s\n",
	             v.failed ? "Something is not well." : "All is well.");
	return v.failed;
}
