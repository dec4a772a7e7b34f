/*
 * test_process.c - what a process tells: log lines, settings, metrics
 */
#include "base/conf.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/strbuf.h"

#include <fcntl.h>
#include <stdbool.h>
#include <unistd.h>

#include "unit/oom.h"
#include "unit/test.h"

/* Take standard error into a pipe while one line is written. */
static const char *logged(const struct log *log, const char *text)
{
	static char line[8192];
	int fd[2], saved = dup(STDERR_FILENO);
	ssize_t n;

	assert_int_equal(0, pipe(fd));
	assert_true(dup2(fd[1], STDERR_FILENO) >= 0);
	log_warn(log, "%s", text);
	assert_true(dup2(saved, STDERR_FILENO) >= 0);
	close(saved);
	close(fd[1]);
	n = read(fd[0], line, sizeof(line) - 1);
	close(fd[0]);
	line[n > 0 ? n : 0] = '\0';
	return line;
}

static void a_line_carries_the_context_outermost_first(void **state)
{
	struct log svc = {NULL, "svc", "registrar"};
	struct log call = {&svc, "call_sid", ""};
	struct log leg = {&call, "leg", "a b"};
	const char *line = logged(&leg, "hello");

	(void)state;
	assert_memory_equal("t=", line, 2);
	assert_string_equal(
		" level=warn svc=registrar leg=\"a b\" msg=\"hello\"\n",
		strchr(line, ' '));
}

static void what_comes_from_the_network_is_escaped(void **state)
{
	static const struct {
		const char *text, *line;
	} rows[] = {
		{"a\nb", "a\\x0ab"},
		{"\"\\", "\\\"\\\\"},
		{"gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f"},
		{"\xff\xc3", "\\xff\\xc3"},
		{"\xc0\xaf", "\\xc0\\xaf"},
		{"\xed\xa0\x80", "\\xed\\xa0\\x80"},
		{"\xc2\x9b", "\\xc2\\x9b"},
		{"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
		{"\x1b[0m", "\\x1b[0m"},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		char want[64];

		(void)snprintf(want, sizeof(want), " msg=\"%s\"\n",
		               rows[i].line);
		assert_string_equal(want,
		                    strstr(logged(NULL, rows[i].text), " msg"));
	}
}

static void an_endless_message_is_cut_and_the_line_ends(void **state)
{
	static char text[6000];
	const char *line;

	(void)state;
	memset(text, '\x01', sizeof(text) - 1);
	line = logged(NULL, text);
	assert_int_equal(4096, strlen(line));
	assert_string_equal("\"\n", line + 4094);
}

static void levels_have_names(void **state)
{
	enum log_level level;

	(void)state;
	assert_int_equal(0, log_level_parse("error", &level));
	assert_int_equal(LOG_ERROR, level);
	assert_int_equal(EINVAL, log_level_parse("loud", &level));
	log_set_level(LOG_ERROR);
	assert_false(log_enabled(LOG_WARN));
	assert_string_equal("", logged(NULL, "quiet"));
	log_set_level(LOG_INFO);
}

struct settings {
	const char *text;
	uint32_t number;
	bool flag;
};

static const struct conf_item items[] = {
	{"T_TEXT", CONF_STRING, offsetof(struct settings, text), "abc", 0, 0,
         "a text"},
	{"T_NUMBER", CONF_UINT, offsetof(struct settings, number), "7", 1, 10,
         "a number"},
	{"T_FLAG", CONF_BOOL, offsetof(struct settings, flag), "no", 0, 0,
         "a flag"},
	{0},
};

static void settings_have_defaults_and_limits(void **state)
{
	static const struct {
		const char *name, *value;
		int err;
	} rows[] = {
		{"T_TEXT", "x", 0},         {"T_NUMBER", "10", 0},
		{"T_NUMBER", "", 0},        {"T_NUMBER", "0", EINVAL},
		{"T_NUMBER", "11", EINVAL}, {"T_NUMBER", "-1", EINVAL},
		{"T_NUMBER", "5x", EINVAL}, {"T_NUMBER", "4294967297", EINVAL},
		{"T_FLAG", "true", 0},      {"T_FLAG", "maybe", EINVAL},
	};
	char problem[256];

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct settings s = {0};

		setenv(rows[i].name, rows[i].value, 1);
		problem[0] = '\0';
		assert_int_equal(rows[i].err, conf_load(items, &s, problem,
		                                        sizeof(problem)));
		assert_int_equal(rows[i].err != 0, problem[0] != '\0');
		unsetenv(rows[i].name);
	}
}

static void settings_land_in_their_fields(void **state)
{
	struct settings s = {0};
	char problem[256];

	(void)state;
	setenv("T_FLAG", "yes", 1);
	setenv("T_NUMBER", "9", 1);
	assert_int_equal(0, conf_load(items, &s, problem, sizeof(problem)));
	assert_string_equal("abc", s.text);
	assert_int_equal(9, s.number);
	assert_true(s.flag);
	unsetenv("T_FLAG");
	unsetenv("T_NUMBER");
}

static void metrics_print_as_prometheus_reads_them(void **state)
{
	struct metrics *m;
	struct metric *a, *b, *h;
	struct strbuf out = {0};

	(void)state;
	assert_int_equal(0, metrics_alloc(&m));
	a = metrics_counter(m, "t_total", "k=\"1\"", "things");
	h = metrics_histogram(m, "t_seconds", NULL, "time");
	b = metrics_counter(m, "t_total", "k=\"2\"", "things");
	metric_set(metrics_gauge(m, "t_now", NULL, "level"), 2.5);
	metric_add(a, 3);
	metric_add(b, 1);
	metric_add(NULL, 1);
	metric_observe_us(h, 500);
	metric_observe_us(h, 501);
	metric_observe_us(h, 60000000);
	metrics_print(m, &out);
	assert_non_null(strstr(out.s, "# TYPE t_total counter\n"
	                              "t_total{k=\"1\"} 3\n"
	                              "t_total{k=\"2\"} 1\n"
	                              "# HELP t_seconds time\n"));
	assert_non_null(strstr(out.s, "t_seconds_bucket{le=\"0.0005\"} 1\n"
	                              "t_seconds_bucket{le=\"0.001\"} 2\n"));
	assert_non_null(strstr(out.s, "t_seconds_bucket{le=\"16.384\"} 2\n"
	                              "t_seconds_bucket{le=\"+Inf\"} 3\n"
	                              "t_seconds_sum 60.001001\n"
	                              "t_seconds_count 3\n"));
	assert_non_null(strstr(out.s, "t_now 2.5\n"));
	strbuf_close(&out);
	metrics_free(m);
}

static int make_metric(struct metrics *m)
{
	return metrics_counter(m, "a", "b", "c") ? 0 : ENOMEM;
}

static void metrics_survive_without_memory(void **state)
{
	struct metrics *m;

	(void)state;
	OOM_EACH(metrics_alloc(&m), metrics_free(m));
	assert_int_equal(0, metrics_alloc(&m));
	OOM_EACH(make_metric(m), (void)0);
	metrics_free(m);
}

TEST_MAIN(cmocka_unit_test(a_line_carries_the_context_outermost_first),
          cmocka_unit_test(what_comes_from_the_network_is_escaped),
          cmocka_unit_test(an_endless_message_is_cut_and_the_line_ends),
          cmocka_unit_test(levels_have_names),
          cmocka_unit_test(settings_have_defaults_and_limits),
          cmocka_unit_test(settings_land_in_their_fields),
          cmocka_unit_test(metrics_print_as_prometheus_reads_them),
          cmocka_unit_test(metrics_survive_without_memory))
