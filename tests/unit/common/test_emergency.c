/*
 * test_emergency.c - which numbers are those of emergency services, and where
 */
#include "unit/test.h"

#include "numbering/emergency.h"

static const struct {
	const char *dialled;
	const char *country;
	const char *found; /* "" = none there */
	const char *somewhere;
} numbers[] = {
	{"911", "US", "911", "911"},
	{"911", "", "911", "911"},
	{"112", "US", "112", "112"},
	{"911", "DE", "911", "911"},
	{"933", "US", "933", "933"},
	{"933", "GB", "", "933"},
	{"999", "GB", "999", "999"},
	{"999", "US", "", "999"},
	{"999", "", "999", "999"},
	{"000", "AU", "000", "000"},
	{"110", "DE", "110", "110"},
	{"110", "US", "", "110"},
	{"17", "FR", "17", "17"},
	{"17", "US", "", "17"},
	{"17", "", "", "17"},
	{"10111", "ZA", "10111", "10111"},
	{"911", "JM", "911", "911"},
	{"933", "JM", "933", "933"},
	/* as functions make E.164 of them */
	{"+1911", "US", "911", "911"},
	{"+1911", "CA", "911", "911"},
	{"+1911", "", "911", "911"},
	{"+1933", "US", "933", "933"},
	{"+44999", "GB", "999", "999"},
	{"+49110", "DE", "110", "110"},
	{"+49112", "DE", "112", "112"},
	{"+44999", "US", "", "999"},
	{"+2710111", "ZA", "10111", "10111"},
	/* as people and phones write them */
	{" 9-1-1 ", "US", "911", "911"},
	{"tel:112", "FR", "112", "112"},
	{"911;phone-context=+1", "US", "911", "911"},
	{"urn:service:sos", "GB", "999", "112"},
	{"URN:service:sos.police", "", "112", "112"},
	/* and none of them */
	{"", "US", "", ""},
	{"+", "US", "", ""},
	{"+1", "US", "", ""},
	{"alice", "US", "", ""},
	{"sip:911@example.test", "US", "", ""},
	{"9111", "US", "", ""},
	{"91", "US", "", ""},
	{"0911", "US", "", ""},
	{"1911", "US", "", ""},
	{"+911", "US", "", ""},
	{"+14155550911", "US", "", ""},
	{"+4915112345678", "DE", "", ""},
	{"+1613911", "CA", "", ""},
	{"4155550911", "US", "", ""},
	{"911911911911911911911911", "US", "", ""},
};

static void emergency_numbers_are_known_before_they_are_made_e164(void **state)
{
	char out[EMERGENCY_SIZE];

	(void)state;
	for (size_t i = 0; i < N_OF(numbers); i++) {
		print_message("%s in %s\n", numbers[i].dialled,
		              numbers[i].country);
		assert_int_equal(*numbers[i].found != '\0',
		                 emergency_find(numbers[i].dialled,
		                                numbers[i].country, out));
		assert_string_equal(numbers[i].found, out);
		assert_int_equal(*numbers[i].somewhere != '\0',
		                 emergency_somewhere(numbers[i].dialled, out));
		assert_string_equal(numbers[i].somewhere, out);
	}
}

TEST_MAIN(
	cmocka_unit_test(emergency_numbers_are_known_before_they_are_made_e164))
