/*
 * alert.c - what went wrong, told to the tenant
 */
#include "store/alert.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "loop/loop.h"
#include "store/redis.h"
#include "store/time.h"

/* Codes after which the call goes on; every other one is an error. */
static const struct {
	uint32_t first, last;
} warnings[] = {
	{11321, 11322}, {12200, 12200}, {13000, 13000}, {13210, 13223},
	{13226, 13226}, {13230, 13232}, {13241, 13246}, {13248, 13256},
	{13310, 13335}, {13410, 13410}, {13430, 13430}, {13510, 13521},
	{13610, 13622}, {13699, 13699}, {13710, 13710}, {13805, 13805},
	{13810, 13810}, {13910, 13910}, {15003, 15003}, {21626, 21626},
	{32002, 32002}, {32006, 32009}, {32011, 32012}, {32014, 32015},
	{32019, 32019}, {32100, 32103}, {32110, 32114}, {32212, 32215},
	{32219, 32220}, {82004, 82004},
};

const char *alert_level(uint32_t code)
{
	for (size_t i = 0; i < sizeof(warnings) / sizeof(warnings[0]); i++)
		if (code >= warnings[i].first && code <= warnings[i].last)
			return "warning";
	return "error";
}

static const char *word(const char *s)
{
	return s ? s : "";
}

static void log_alert(const struct log *log, const struct alert *alert)
{
	struct log with_call = {log, "call_sid", alert->call_sid};
	char code[12];
	struct log with_code = {&with_call, "alert", code};

	(void)snprintf(code, sizeof(code), "%u", alert->code);
	log_write(strcmp(alert_level(alert->code), "error") == 0 ? LOG_ERROR
	                                                         : LOG_WARN,
	          &with_code, "%s%s%s", word(alert->text),
	          alert->source ? ", from " : "", word(alert->source));
}

/* One place in both streams: the sid of an alert is made of it. What is behind the
 * newest of the account's stream (its clock went back) gets a place there. */
static struct redis_script add_script = {
	.source = "local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', "
		  "ARGV[1], '*', unpack(ARGV, 2))\n"
		  "if ARGV[5] == '' then return id end\n"
		  "local key = 'alerts:{' .. ARGV[5] .. '}'\n"
		  "if redis.pcall('XADD', key, 'MAXLEN', '~', ARGV[1], id, "
		  "unpack(ARGV, 2)).err then\n"
		  "  redis.call('XADD', key, 'MAXLEN', '~', ARGV[1], '*', "
		  "unpack(ARGV, 2))\n"
		  "end\n"
		  "return id\n",
};

static void print_user(char out[ALERT_USER_MAX + 1], const char *user)
{
	size_t n = strnlen(user, ALERT_USER_MAX);

	for (size_t i = 0; i < n; i++)
		out[i] = user[i] >= ' ' && user[i] < 0x7f ? user[i] : '?';
	out[n] = '\0';
}

static void print_status(char out[12], unsigned status)
{
	out[0] = '\0';
	if (status)
		(void)snprintf(out, 12, "%u", status);
}

void alert_write(struct redis *r, const struct log *log,
                 const struct alert *alert)
{
	char time[TIME_TEXT_SIZE], max[12], code[12], status[12], sip[12];
	char user[ALERT_USER_MAX + 1];
	const char *const argv[] = {
		"alerts",      max,
		"time",        time,
		"account_sid", word(alert->account_sid),
		"call_sid",    word(alert->call_sid),
		"code",        code,
		"level",       alert_level(alert->code),
		"text",        word(alert->text),
		"url",         word(alert->url),
		"source",      word(alert->source),
		"method",      word(alert->method),
		"status",      status,
		"user",        user,
		"domain",      word(alert->domain),
		"sip_method",  word(alert->sip_method),
		"sip_status",  sip,
	};

	log_alert(log, alert);
	time_text(loop_wall_ms(), time);
	(void)snprintf(max, sizeof(max), "%d", (int)ALERTS_MAX);
	(void)snprintf(code, sizeof(code), "%u", alert->code);
	print_status(status, alert->status);
	print_status(sip, alert->sip_status);
	print_user(user, word(alert->user));
	(void)redis_eval(r, &add_script, NULL, NULL, 1,
	                 sizeof(argv) / sizeof(argv[0]), argv, NULL);
}
