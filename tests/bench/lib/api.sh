# api.sh - the REST API: requests a second, how soon each, however much there is
#
# For tests/bench/run, whose $address, $redis, $public_url, $domain and pids() it uses.
# BENCH_CALLS_KEPT (1,000,000) records of calls and BENCH_NUMBERS (100,000) numbers are
# put into Redis as processes write them; that takes a minute and 2 GB of memory.

api_account=
api_under=
api_basic=

api_ask() { # CONNECTIONS REQUESTS METHOD PATH [BODY]
	local where=${public_url#http://} all=
	[ -z "${api_cpu:-}" ] || all=$(pids)
	taskset -c 1 $programs/api "${where%:*}" "${where#*:}" "$api_basic" \
		"$3" "$api_under$4" "${5:-}" "$2" "$1" "$all"
}

api_row() { # WHAT, then as api_ask
	local what=$1
	shift
	printf '  %-58s' "$what"
	api_ask "$@"
}

# Records as a call-controller writes them, a second apart; one of a thousand was busy,
# each number called a thousand times.
api_calls='
local account, from, n, now = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local function iso(s)
	local day, t = math.floor(s / 86400), s % 86400
	local z = day + 719468
	local era = math.floor(z / 146097)
	local doe = z - era * 146097
	local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524)
		- math.floor(doe / 146096)) / 365)
	local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
	local mp = math.floor((5 * doy + 2) / 153)
	local d = doy - math.floor((153 * mp + 2) / 5) + 1
	local m = mp < 10 and mp + 3 or mp - 9
	local y = yoe + era * 400 + (m <= 2 and 1 or 0)
	return string.format("%04d-%02d-%02dT%02d:%02d:%02d.000Z", y, m, d,
		math.floor(t / 3600), math.floor(t / 60) % 60, t % 60)
end
for i = from, from + n - 1 do
	local sid = string.format("CA%032x", i)
	local start = now - i
	local busy = i % 1000 == 999
	redis.call("HSET", "call:{" .. sid .. "}", "sid", sid, "account_sid", account,
		"direction", "inbound", "from", "+15550100", "to",
		string.format("+1555%07d", i % 1000), "status",
		busy and "busy" or "completed", "date_created", iso(start),
		"date_updated", iso(start + 62), "start_time", iso(start), "answer_time",
		busy and "" or iso(start + 2), "end_time", iso(start + 62), "duration",
		busy and "0" or "60", "queue_time", "0", "pdd_ms", "180", "sip_status",
		busy and "486" or "200", "disconnected_by", busy and "" or "caller",
		"session", "MS" .. string.sub(sid, 3), "sip_call_id", sid .. "@127.0.9.2",
		"price", "-0.00850", "price_unit", "USD", "codec", "PCMA",
		"packets_received", "3000", "packets_sent", "3000", "packets_lost", "0",
		"jitter_us", "120", "mos_x100", "441")
	redis.call("ZADD", "calls:{" .. account .. "}", start * 1000, sid)
end'

api_numbers='
local account, from, n, now = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
for i = from, from + n - 1 do
	local sid, number = string.format("PN%032x", i), string.format("+1556%07d", i)
	redis.call("HSET", "number:" .. number, "sid", sid, "phone_number", number,
		"account_sid", account, "friendly_name", number, "voice_url",
		"http://127.0.9.2:8090/", "voice_method", "POST")
	redis.call("SADD", "numbers", number)
	redis.call("HSET", "sids:{" .. account .. "}", sid, "number:" .. number)
	redis.call("ZADD", "numbers:{" .. account .. "}", now .. "000", sid)
end'

api_fill() { # SCRIPT FROM N, 2000 at a time in one connection
	local sha i now=$(date +%s)
	sha=$(redis-cli -u "$redis" script load "$1")
	for ((i = $2; i < $2 + $3; i += 2000)); do
		echo "evalsha $sha 0 $api_account $i $(($3 - i + $2 < 2000 ? $3 - i + $2 : 2000)) $now"
	done | redis-cli -u "$redis" | grep -v '^$'
}

api_read_again() { # all processes have read the configuration whole
	local version behind
	version=$(redis-cli -u "$redis" incr config:version)
	redis-cli -u "$redis" publish config bench >/dev/null
	for ((i = 0; i < 600; i++)); do
		behind=$(redis-cli -u "$redis" hvals config:seen | grep -vc "^$version$")
		[ "$behind" = 0 ] && return
		sleep 0.05
	done
	echo "bench: $behind processes do not read the configuration" >&2
}

api_change() { # HOW MANY NUMBERS THERE ARE
	local began
	began=$(date +%s%N)
	api_read_again
	printf '  %-58s%8d ms\n' "$1 numbers: all processes have read all of it" \
		$((($(date +%s%N) - began) / 1000000))
	api_row "$1 numbers: a change, one after the other, in force" 1 200 \
		POST "/SIP/Domains/$api_domain.json" "FriendlyName=n%"
	api_row "$1 numbers: changes, 16 under way" 16 2000 \
		POST "/SIP/Domains/$api_domain.json" "FriendlyName=n%"
}

api_bench() {
	local calls=/Calls.json list day
	api_account=$(redis-cli -u "$redis" smembers accounts)
	api_basic="Basic $(printf '%s:%s' "$api_account" \
		00112233445566778899aabbccddeeff | base64 -w 0)"
	api_under=/2010-04-01/Accounts/$api_account
	api_domain=$(redis-cli -u "$redis" hget "domain:$domain" sid)
	list=$(redis-cli -u "$redis" smembers credential-lists)
	# What is put in by hand is not what is measured.
	redis-cli -u "$redis" config set auto-aof-rewrite-percentage 0 >/dev/null

	echo "the REST API"
	api_row "a record is read, 16 under way" 16 20000 GET "/SIP/Domains/$api_domain.json"
	api_row "a page of 50 of 902 credentials, 16 under way" 16 3000 \
		GET "/SIP/CredentialLists/$list/Credentials.json"
	api_row "a new record, 16 under way" 16 900 POST /Applications.json "FriendlyName=n%"
	echo "the configuration is changed; answered when all processes go by it"
	api_fill "$api_numbers" 0 1000
	api_change 1000
	api_fill "$api_numbers" 1000 $((${BENCH_NUMBERS:-100000} - 1000))
	api_change "${BENCH_NUMBERS:-100000}"
	echo "pages of 50 calls of ${BENCH_CALLS_KEPT:-1000000}"
	api_fill "$api_calls" 0 "${BENCH_CALLS_KEPT:-1000000}"
	redis-cli -u "$redis" config set slowlog-log-slower-than 10000 >/dev/null
	redis-cli -u "$redis" slowlog reset >/dev/null
	day=$(date -u -d '-5 days' +%F)
	api_row "the latest, one after the other" 1 2000 GET "$calls"
	api_row "the latest, 16 under way" 16 5000 GET "$calls"
	api_row "page 15,000" 1 1000 GET "$calls?Page=15000"
	api_row "PageSize=1000" 1 100 GET "$calls?PageSize=1000"
	api_row "of a day, StartTime=$day" 1 1000 GET "$calls?StartTime=$day"
	api_row "Status=busy, one of a thousand" 1 50 GET "$calls?Status=busy"
	api_row "To=, one of a thousand" 1 50 GET "$calls?To=%2B15550000007"
	api_row "Status=canceled, which none was" 1 50 GET "$calls?Status=canceled"
	echo "  commands that took Redis more than 10 ms meanwhile: $(redis-cli -u "$redis" slowlog len)"
}
