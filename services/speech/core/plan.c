/*
 * plan.c - a request to speak, as pieces that are made and kept one by one
 */
#include "core/plan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/strbuf.h"

enum { SAMPLE_BYTES = 2 };

size_t plan_pause_bytes(uint32_t ms)
{
	return (size_t)ms * PLAN_RATE / 1000 * SAMPLE_BYTES;
}

/* Everything that changes what is heard, and nothing else */
static int write_key(const struct plan *p, struct plan_part *part,
                     const struct plan_conf *conf)
{
	bool http = part->engine == ENGINE_HTTP;
	unsigned char sum[EVP_MAX_MD_SIZE];
	struct strbuf b = {0};
	unsigned n = 0;

	strbuf_addf(&b, "%s\n%s\n%s\n%u %u %d\n%s",
	            http ? conf->http_model : conf->embedded,
	            http ? p->http_voice : part->voice.name,
	            part->voice.language, part->style.rate, part->style.pitch,
	            part->style.volume, part->text);
	if (b.failed || !EVP_Digest(b.s, b.len, sum, &n, EVP_sha256(), NULL)) {
		strbuf_close(&b);
		return ENOMEM;
	}
	for (unsigned i = 0; i < n; i++)
		(void)snprintf(part->key + 2 * i, 3, "%02x", sum[i]);
	strbuf_close(&b);
	return 0;
}

/* The value of @p name in "name=value name=value", or that of "*".
 * @return whether there is one */
static bool map_voice(const char *map, const char *name, char *out, size_t size)
{
	size_t n = strlen(name);
	bool found = false;

	while (*map) {
		size_t length = strcspn(map, " ");
		const char *eq = memchr(map, '=', length);
		size_t n_key = eq ? (size_t)(eq - map) : 0;
		bool exact = n && n_key == n && strncasecmp(map, name, n) == 0;

		if (exact || (n_key == 1 && *map == '*' && !found)) {
			(void)snprintf(out, size, "%.*s",
			               (int)(length - n_key - 1), eq + 1);
			found = true;
		}
		if (exact)
			break;
		map += length + strspn(map + length, " ");
	}
	return found;
}

/* Numbers and times are the HTTP engine's to read; its voices speak any
 * language, and are not warned of where the map names them. */
static bool plan_http(struct plan *p, const struct voice_wish *wish,
                      const struct plan_conf *conf)
{
	const char *name = *wish->voice ? wish->voice : "man";

	return conf->http_model &&
	       map_voice(conf->http_voices, name, p->http_voice,
	                 sizeof(p->http_voice));
}

static void fail(struct plan *p, unsigned code, const char *text)
{
	p->error_code = code;
	(void)snprintf(p->text, sizeof(p->text), "%s", text);
}

static void set_part(struct plan *p, struct plan_part *part,
                     const struct piece *piece, const struct voice *voice,
                     const struct plan_conf *conf)
{
	const char *language = piece->style.language;

	part->text = piece->text;
	part->style = piece->style;
	part->pause_ms = piece->pause_ms;
	part->voice = *voice;
	if (*language && strcasecmp(language, voice->language) != 0 &&
	    !voice_for_language(voice, language, conf->has_espeak,
	                        &part->voice) &&
	    !p->warning_code) {
		p->warning_code = SAY_BAD_LANGUAGE;
		(void)snprintf(p->text, sizeof(p->text),
		               "there is no voice for the language %.20s of a "
		               "part",
		               language);
	}
	part->engine = *p->http_voice ? ENGINE_HTTP : part->voice.engine;
}

static int make_parts(struct plan *p, const struct voice *voice,
                      const struct plan_conf *conf)
{
	int err = 0;

	p->parts = calloc(p->ssml.n ? p->ssml.n : 1, sizeof(*p->parts));
	if (!p->parts)
		return ENOMEM;
	for (size_t i = 0; i < p->ssml.n && !err; i++) {
		set_part(p, &p->parts[i], &p->ssml.v[i], voice, conf);
		p->n++;
		if (*p->parts[i].text)
			err = write_key(p, &p->parts[i], conf);
	}
	return err;
}

static int read_text(struct plan *p, const char *text)
{
	const char *why;
	int err = ssml_parse(text, &p->ssml, &why);

	if (err == EINVAL)
		fail(p, SAY_BAD_TEXT, why);
	else if (err == E2BIG)
		fail(p, SAY_TOO_LONG, why);
	else if (err)
		return err;
	else if (p->ssml.characters > PLAN_CHARACTERS_MAX)
		fail(p, SAY_TOO_LONG,
		     "the text is longer than 4096 characters");
	else if (p->ssml.n == 0)
		fail(p, SAY_BAD_TEXT, "there is nothing to say");
	return 0;
}

int plan_make(struct plan *p, const char *ssml, const struct voice_wish *wish,
              const struct plan_conf *conf)
{
	struct voice voice;
	bool http;
	int err;

	memset(p, 0, sizeof(*p));
	err = read_text(p, ssml);
	if (err || p->error_code)
		return err;
	voice_choose(wish, &voice);
	http = plan_http(p, wish, conf);
	if (voice.error_code && !http) {
		fail(p, voice.error_code, voice.text);
		return 0;
	}
	if (!http) {
		p->warning_code = voice.warning_code;
		memcpy(p->text, voice.text, sizeof(p->text));
	}
	return make_parts(p, &voice, conf);
}

void plan_close(struct plan *p)
{
	ssml_close(&p->ssml);
	free(p->parts);
	memset(p, 0, sizeof(*p));
}
