/*
 * main.c - media-relay: settings and wiring
 */
#include <stddef.h>

#include "app.h"
#include "base/service.h"

#define AT(field) offsetof(struct app_conf, field)

// clang-format off
static const struct conf_item items[] = {
	{"TRESTLE_RTP_ADDRESS", CONF_STRING, AT(address), "0.0.0.0", 0, 0,
	 "IP that RTP sockets are bound to"},
	{"TRESTLE_RTP_ADVERTISE", CONF_STRING, AT(advertise), "", 0, 0,
	 "IP that phones send RTP to, in SDP; empty: the internal address when TRESTLE_RTP_ADDRESS is 0.0.0.0, else that one"},
	{"TRESTLE_RTP_PORTS", CONF_STRING, AT(ports), "30000-39999", 0, 0,
	 "range of RTP and RTCP ports; a leg takes two, an ended one rests for a minute"},
	{"TRESTLE_RTP_ALLOW_PRIVATE", CONF_STRING, AT(allow_private), "", 0, 0,
	 "private networks whose SDP addresses are sent to before a packet came from them, like \"10.0.0.0/8 192.168.0.0/16\""},
	{"TRESTLE_RTP_WORKERS", CONF_UINT, AT(workers), "0", 0, PLANE_WORKERS_MAX,
	 "threads that relay packets; 0: one for each core"},
	{"TRESTLE_RTP_TIMEOUT", CONF_UINT, AT(timeout_s), "60", 1, 86400,
	 "seconds without RTP and RTCP, where media is expected, until the call is told"},
	{"TRESTLE_RTP_BATCH_US", CONF_UINT, AT(batch_us), "500", 0, 5000,
	 "under load, microseconds that packets are gathered before they are relayed; 0: never"},
	{"TRESTLE_RTP_INBAND_KEYS", CONF_BOOL, AT(inband_keys), "0", 0, 0,
	 "1: keys are heard as tones, too, from phones that negotiated telephone-event but never sent one; 0: only from those that did not"},
	{"TRESTLE_RTP_DSCP", CONF_UINT, AT(dscp), "46", 0, 63,
	 "DSCP of RTP and RTCP packets; 46: expedited forwarding"},
	{"TRESTLE_PROMPTS", CONF_STRING, AT(prompts), "deploy/prompts", 0, 0,
	 "directory of the packaged prompts, <name>.wav"},
	{"TRESTLE_PLAY_CACHE", CONF_UINT, AT(cache_mb), "256", 1, 65536,
	 "megabytes of encoded audio from URLs and speech that are kept in memory for the next time"},
	{"TRESTLE_RECORDINGS", CONF_STRING, AT(recordings), "recordings", 0, 0,
	 "directory of the recordings, RE….wav; shared with rest-api and speech"},
	{"TRESTLE_RECORDINGS_MAX", CONF_UINT, AT(recordings_max), "0", 0, 1000000000,
	 "MB that all recordings there may take, then none begins and those that run end; 0: as many as the disk has"},
	{"TRESTLE_RECORDINGS_FREE", CONF_UINT, AT(recordings_free), "100", 0, 1000000000,
	 "MB of that disk that recordings leave free"},
	{"TRESTLE_RECORDINGS_KEEP_DAYS", CONF_UINT, AT(recordings_days), "0", 0, 36500,
	 "days that recordings are kept, sound and record; 0: until they are deleted"},
	{0},
};
// clang-format on

static const char *const wants[] = {"call-controller", "webhook-fetcher",
                                    "speech", NULL};

int main(int argc, char **argv)
{
	static struct app app;
	static struct app_conf conf;
	struct service *service = NULL;
	const struct service_description description = {
		.name = "media-relay",
		.purpose = "relays RTP between the legs of calls, plays tones "
			   "and prompts, hears keys, records",
		.items = items,
		.conf = &conf,
		.wants = wants,
	};
	int rc = 1;

	if (service_alloc(&service, &description, argc, argv))
		return 1;
	if (app_init(&app, service, &conf) == 0) {
		service_run(service);
		rc = 0;
	}
	app_close(&app);
	service_free(service);
	return rc;
}
