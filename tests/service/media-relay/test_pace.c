/*
 * test_pace.c - a minute of a prompt, against the clock
 */
#include "service/gallery.h"
#include "stage.h"
#include "unit/test.h"

enum { PACKETS = 3000, DRIFT_US = 8000 };
enum { WINDOW = 500 }; /* packets, of which one was not held up by anybody */

static int64_t least(const int64_t *us, size_t n)
{
	int64_t least_us = us[0];

	for (size_t i = 1; i < n; i++)
		least_us = us[i] < least_us ? us[i] : least_us;
	return least_us;
}

/* The sine in it tells whether a sample was lost or doubled: its phase at the
 * end is that of the begin. */
static void a_minute_does_not_drift(void **state)
{
	struct gallery_item item = {.path = "/minute.mp3",
	                            .type = "audio/mpeg"};
	static struct heard h;
	int64_t drift;

	stage_begin(state);
	item.body = gallery_sox("-n -r 44100 -C 64 $OUT synth 59.5 sine 500",
	                        "mp3", &item.len);
	gallery_put(&item);
	(void)stage_add(TRESTLE__PLAY__KIND__URL, "/minute.mp3", 0, 1);
	(void)stage_add(TRESTLE__PLAY__KIND__SILENCE, "", 600, 1);
	stage_play(1);
	stage_listen(&h, 1000);
	assert_in_range(h.packets, PACKETS, PACKETS + 15);
	assert_int_equal(0, h.gaps);
	/* A machine that stood still for more than 200 ms is no drift: the
	 * timestamp follows the clock there, with a marker. */
	assert_in_range(h.jumps, 0, 2);
	assert_int_equal(h.jumps, h.markers);
	drift = least(h.off_us + h.packets - WINDOW, WINDOW) -
	        least(h.off_us, WINDOW);
	if (llabs(drift) > DRIFT_US)
		fail_msg("%lld us off the clock", (long long)drift);
	assert_true(stage_tone(&h, 4000, (size_t)59 * 8000, 500) > 0.98);
	stage_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_minute_does_not_drift),
	};

	return cmocka_run_group_tests(tests, stage_open, stage_close);
}
