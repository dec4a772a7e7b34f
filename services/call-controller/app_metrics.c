/*
 * app_metrics.c - what this process counts
 */
#include "app.h"
#include "base/metrics.h"
#include "base/service.h"

void app_metrics(struct app *app)
{
	struct metrics *m = service_metrics(app->service);

	app->live = metrics_gauge(m, "trestle_calls", NULL,
	                          "Parent calls that this process owns");
	app->calls_total = metrics_counter(m, "trestle_calls_total", NULL,
	                                   "Parent calls since the start");
	app->refused = metrics_counter(m, "trestle_calls_refused_total", NULL,
	                               "INVITEs answered with an error before "
	                               "they were a call");
	app->adopted = metrics_counter(m, "trestle_calls_adopted_total", NULL,
	                               "Calls taken over from another process");
	app->steps = metrics_counter(m, "trestle_steps_total", NULL,
	                             "Events that a call was stepped with");
	app->child_invite = metrics_histogram(
		m, "trestle_child_invite_seconds", NULL,
		"From the INVITE of the parent to the first of a child");
	app->webhook = metrics_histogram(m, "trestle_webhook_seconds", NULL,
	                                 "From asking for a document to "
	                                 "having it");
}
