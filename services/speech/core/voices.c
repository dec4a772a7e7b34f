/*
 * voices.c - the voice and language of a document onto what engines have
 *
 * Engines and why these: README.md. English is flite's; it has no women's voice
 * but slt and no British one but awb, a Scot's.
 */
#include "core/voices.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "core/voice_names.h"

static const char default_language[] = "en-US";

/* Language tags onto espeak-ng's names; the longest that fits is taken. Left
 * out: what it has but hardly anybody could follow on a telephone. */
static const struct {
	const char *tag, *name;
} espeak_names[] = {
	{"af", "af"},        {"ar", "ar"},        {"arb", "ar"},
	{"bg", "bg"},        {"bn", "bn"},        {"bs", "bs"},
	{"ca", "ca"},        {"cmn", "cmn"},      {"cs", "cs"},
	{"cy", "cy"},        {"da", "da"},        {"de", "de"},
	{"el", "el"},        {"es", "es"},        {"es-419", "es-419"},
	{"es-ar", "es-419"}, {"es-mx", "es-419"}, {"es-us", "es-419"},
	{"et", "et"},        {"eu", "eu"},        {"fa", "fa"},
	{"fi", "fi"},        {"fr", "fr-fr"},     {"fr-be", "fr-be"},
	{"fr-ch", "fr-ch"},  {"ga", "ga"},        {"gu", "gu"},
	{"he", "he"},        {"hi", "hi"},        {"hr", "hr"},
	{"hu", "hu"},        {"hy", "hy"},        {"id", "id"},
	{"is", "is"},        {"it", "it"},        {"ja", "ja"},
	{"ka", "ka"},        {"kk", "kk"},        {"kn", "kn"},
	{"ko", "ko"},        {"lt", "lt"},        {"lv", "lv"},
	{"mk", "mk"},        {"ml", "ml"},        {"mr", "mr"},
	{"ms", "ms"},        {"mt", "mt"},        {"my", "my"},
	{"nb", "nb"},        {"ne", "ne"},        {"nl", "nl"},
	{"no", "nb"},        {"pa", "pa"},        {"pl", "pl"},
	{"pt", "pt"},        {"pt-br", "pt-br"},  {"ro", "ro"},
	{"ru", "ru"},        {"sk", "sk"},        {"sl", "sl"},
	{"sq", "sq"},        {"sr", "sr"},        {"sv", "sv"},
	{"sw", "sw"},        {"ta", "ta"},        {"te", "te"},
	{"th", "th"},        {"tr", "tr"},        {"uk", "uk"},
	{"ur", "ur"},        {"uz", "uz"},        {"vi", "vi"},
	{"yue", "yue"},      {"zh", "cmn"},       {"zh-hk", "yue"},
};

enum kind { KIND_GENERIC, KIND_NAMED, KIND_UNKNOWN };

/* @return the part of @p tag that is its language: "en" of "en-US" */
static size_t primary_length(const char *tag)
{
	return strcspn(tag, "-_");
}

static bool same_language(const char *a, const char *b)
{
	size_t n = primary_length(a);

	return n == primary_length(b) && strncasecmp(a, b, n) == 0;
}

static const char *find_espeak(const char *language)
{
	const char *found = NULL;
	size_t longest = 0;

	for (size_t i = 0; i < sizeof(espeak_names) / sizeof(espeak_names[0]);
	     i++) {
		size_t n = strlen(espeak_names[i].tag);

		if (n > longest &&
		    strncasecmp(espeak_names[i].tag, language, n) == 0 &&
		    (!language[n] || language[n] == '-')) {
			found = espeak_names[i].name;
			longest = n;
		}
	}
	return found;
}

static bool is_tag(const char *s)
{
	size_t n = strlen(s);

	if (n < 2 || n >= SSML_LANGUAGE_SIZE || !isalpha((unsigned char)*s))
		return false;
	return strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                 "0123456789-") == n;
}

static void set_name(struct voice *v, enum engine engine, const char *name)
{
	v->engine = engine;
	(void)snprintf(v->name, sizeof(v->name), "%s", name);
}

/* @return false: no engine has the language */
static bool set_engine(struct voice *v, bool has_espeak)
{
	const char *name;

	if (same_language(v->language, "en")) {
		if (v->woman)
			set_name(v, ENGINE_FLITE, "slt");
		else if (strncasecmp(v->language, "en-GB", 5) == 0)
			set_name(v, ENGINE_FLITE, "awb");
		else
			set_name(v, ENGINE_FLITE, "rms");
		return true;
	}
	name = has_espeak && is_tag(v->language) ? find_espeak(v->language)
	                                         : NULL;
	if (!name)
		return false;
	v->engine = ENGINE_ESPEAK;
	(void)snprintf(v->name, sizeof(v->name), "%s%s", name,
	               v->woman ? "+f3" : "");
	return true;
}

bool voice_for_language(const struct voice *base, const char *language,
                        bool has_espeak, struct voice *out)
{
	struct voice v = {.woman = base->woman};

	(void)snprintf(v.language, sizeof(v.language), "%s", language);
	if (!set_engine(&v, has_espeak))
		return false;
	*out = v;
	return true;
}

static enum kind read_polly(const char *name, struct voice *v)
{
	const struct voice_name *found =
		voice_name_find(name, strcspn(name, "-"));

	if (!found)
		return KIND_UNKNOWN;
	v->woman = found->woman;
	(void)snprintf(v->language, sizeof(v->language), "%s", found->language);
	return KIND_NAMED;
}

/* "de-DE-Wavenet-B": Google's letters B, D, I and J are men's as a rule. */
static enum kind read_google(const char *name, struct voice *v)
{
	const char *country = strchr(name, '-');
	const char *end = country ? strchr(country + 1, '-') : NULL;
	const char *letter = strrchr(name, '-');

	if (!end || end - name >= SSML_LANGUAGE_SIZE)
		return KIND_UNKNOWN;
	memcpy(v->language, name, (size_t)(end - name));
	v->language[end - name] = '\0';
	if (!is_tag(v->language))
		return KIND_UNKNOWN;
	v->woman = strlen(letter) != 2 || !strchr("BDIJ", letter[1]);
	return KIND_NAMED;
}

static enum kind read_voice(const char *name, struct voice *v)
{
	if (strncasecmp(name, "Polly.", 6) == 0)
		return read_polly(name + 6, v);
	if (strncasecmp(name, "Google.", 7) == 0)
		return read_google(name + 7, v);
	v->woman = strcasecmp(name, "woman") == 0 ||
	           strcasecmp(name, "alice") == 0;
	if (!*name || v->woman || strcasecmp(name, "man") == 0)
		return KIND_GENERIC;
	return KIND_UNKNOWN;
}

static void warn(struct voice *v, unsigned code, const struct voice_wish *wish)
{
	const char *who = v->engine == ENGINE_FLITE ? "flite" : "espeak-ng";

	v->warning_code = code;
	if (code == SAY_BAD_LANGUAGE)
		(void)snprintf(v->text, sizeof(v->text),
		               "the voice %.40s speaks %s, not %.20s; %s's %s "
		               "speaks",
		               wish->voice, v->language, wish->language, who,
		               v->name);
	else
		(void)snprintf(v->text, sizeof(v->text),
		               "the voice %.40s is not here; %s's %s speaks in "
		               "its place",
		               wish->voice, who, v->name);
}

void voice_choose(const struct voice_wish *wish, struct voice *out)
{
	const char *language =
		*wish->language ? wish->language : default_language;
	enum kind kind;

	memset(out, 0, sizeof(*out));
	kind = read_voice(wish->voice, out);
	if (kind != KIND_NAMED)
		(void)snprintf(out->language, sizeof(out->language), "%s",
		               language);
	if (!is_tag(language) || !set_engine(out, wish->has_espeak)) {
		out->error_code = SAY_BAD_LANGUAGE;
		(void)snprintf(out->text, sizeof(out->text),
		               "there is no voice for the language %.20s",
		               is_tag(language) ? out->language : language);
		return;
	}
	/* en-US is what a document that says nothing asks for. */
	if (kind == KIND_NAMED && !same_language(out->language, language) &&
	    strcasecmp(language, default_language) != 0)
		warn(out, SAY_BAD_LANGUAGE, wish);
	else if (kind != KIND_GENERIC)
		warn(out, SAY_BAD_VOICE, wish);
}
