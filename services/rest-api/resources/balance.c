/*
 * balance.c - Balance: what was paid in, less what calls cost (contract 6.3)
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "../app.h"
#include "ask.h"
#include "numbering/rate.h"
#include "resources.h"
#include "store/redis.h"
#include "usage.h"

enum { KEY_SIZE = 64, UNITS_OF_RATE = 1000 }; /* it has eight decimals */

/* usage:{AC…}, account, account that pays: {earliest month or "", currency,
 * balance, spent [1e-5]} */
static struct redis_script account_script = {
	.source =
		"local since, spent = '', 0\n"
		"for _, all in ipairs({KEYS[1], KEYS[1] .. ':subaccounts'}) "
		"do\n"
		"  for _, month in ipairs(redis.call('SMEMBERS', all)) do\n"
		"    if since == '' or month < since then since = month end\n"
		"    local v = redis.call('HGETALL', all .. ':' .. month)\n"
		"    for i = 1, #v, 2 do\n"
		"      if string.find(v[i], ' price$') then spent = spent + "
		"v[i + 1] end\n"
		"    end\n"
		"  end\n"
		"end\n"
		"local account = redis.call('HMGET', ARGV[1], 'rates', "
		"'balance', 'owner_account_sid')\n"
		"local rates = account[1] or ''\n"
		"if rates == '' then rates = 'default' end\n"
		"local owner = account[3] or ''\n"
		"if owner == '' then owner = string.sub(ARGV[1], 9) end\n"
		"local currency = redis.call('HGET', 'rates:' .. owner .. '/' "
		".. rates, 'currency') or redis.call('HGET', 'rates:' .. "
		"rates, 'currency')\n"
		"return {since, currency or 'USD', account[2] or '', "
		"string.format('%.0f', spent)}\n",
};

int usage_account(struct ask *q, const char *sid, records_reply_h *handler)
{
	char key[KEY_SIZE], account[KEY_SIZE];
	const char *argv[] = {key, account};

	(void)snprintf(key, sizeof(key), "usage:{%.34s}", sid);
	(void)snprintf(account, sizeof(account), "account:%.34s", sid);
	return records_eval(q->app->db, &account_script, 2, argv, handler, q);
}

int usage_account_read(const redisReply *reply, struct usage_account *out)
{
	if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 4)
		return EPROTO;
	for (size_t i = 0; i < reply->elements; i++)
		if (reply->element[i]->type != REDIS_REPLY_STRING)
			return EPROTO;
	*out = (struct usage_account){
		.since = reply->element[0]->str,
		.currency = reply->element[1]->str,
		.balance = reply->element[2]->str,
		.spent = strtoull(reply->element[3]->str, NULL, 10),
	};
	return 0;
}

static void on_balance(void *arg, int err, const redisReply *reply)
{
	struct ask *q = arg;
	struct usage_account a;
	uint64_t paid = 0;
	char text[1 + USAGE_MONEY_SIZE] = "-";
	bool owes;

	if (!err)
		err = usage_account_read(reply, &a);
	if (err) {
		ask_fail_errno(q, err);
		return;
	}
	if (rate_price_parse(a.balance, &paid))
		paid /= UNITS_OF_RATE;
	owes = a.spent > paid;
	usage_money(owes ? a.spent - paid : paid - a.spent, text + 1);
	ask_ok(q, "Balance",
	       json_pack("{s:s, s:s, s:s}", "account_sid", ask_account(q),
	                 "balance", owes ? text : text + 1, "currency",
	                 a.currency));
}

/* Subaccounts spend what their owner has. */
void balance_fetch(struct ask *q)
{
	const char *owner = fields_text(&q->account, "owner_account_sid");
	int err = usage_account(q, *owner ? owner : ask_account(q), on_balance);

	if (err)
		ask_fail_errno(q, err);
}
