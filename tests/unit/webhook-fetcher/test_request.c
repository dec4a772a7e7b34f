/*
 * test_request.c - bodies, queries and signatures
 */
#include "core/exchange.h"
#include "core/request.h"
#include "unit/oom.h"
#include "unit/test.h"

static const struct param published[] = {
	{"To", "+18005551212"},           {"From", "+14158675309"},
	{"Caller", "+14158675309"},       {"Digits", "1234"},
	{"CallSid", "CA1234567890ABCDE"},
};

static const char published_url[] =
	"https://mycompany.com/myapp.php?foo=1&bar=2";

static void sign(const struct request_spec *spec, const char *token,
                 char out[SIGNATURE_SIZE])
{
	struct problem problem;
	struct request *r;
	struct signer *signer;
	struct exchange x;

	assert_int_equal(0, signer_alloc(&signer));
	assert_int_equal(0, request_alloc(&r, spec, &problem));
	exchange_init(&x, r, PURPOSE_DOCUMENT, 0);
	/* Twice: the first leaves nothing behind. */
	assert_int_equal(0, exchange_sign(&x, signer, "other", out));
	assert_int_equal(0, exchange_sign(&x, signer, token, out));
	exchange_close(&x);
	signer_free(signer);
}

static void published_signature_vectors_are_met(void **state)
{
	const struct {
		const char *method, *url;
		size_t n_params;
		const char *signature;
	} rows[] = {
		{"POST", published_url, 5, "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
		{"POST", published_url, 0, "zYQTYrRWXE7LtzbG4PfP7/bkkGo="},
		{"POST", "http://127.0.0.1:8080/voice", 5,
	         "U2MWakZeHfMlE1wZDwpZFS8pBMQ="},
		{"GET",
	         "https://mycompany.com/myapp.php?foo=1&bar=2&CallSid=CA1", 0,
	         "68+B1rpXN0SSAi/ASPjU+xI5dL0="},
		{"POST",
	         "https://mycompany.com/myapp.php?bodySHA256="
	         "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf1963263"
	         "2f96e6620",
	         0, "y77kIzt2vzLz71DgmJGsen2scGs="},
		/* Neither user nor fragment is part of what is signed. */
		{"POST",
	         "https://u:p@mycompany.com/myapp.php?foo=1&bar=2#ct=100", 5,
	         "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct request_spec spec = {rows[i].method, rows[i].url,
		                            published, rows[i].n_params};
		char got[SIGNATURE_SIZE];

		sign(&spec, "12345", got);
		assert_string_equal(rows[i].signature, got);
	}
}

static void names_sort_as_bytes_upper_case_first(void **state)
{
	static const struct param params[] = {
		{"b", "1"}, {"_", "2"}, {"a", "3"}, {"Z", "4"}, {"A", "5"},
	};
	struct request_spec spec = {"POST", "http://a/", params, 5};
	struct problem problem;
	struct request *r;

	(void)state;
	assert_int_equal(0, request_alloc(&r, &spec, &problem));
	assert_string_equal("A=5&Z=4&_=2&a=3&b=1", r->body);
	request_free(r);
}

static void a_name_is_sent_once_with_its_first_value(void **state)
{
	static const struct param params[] = {
		{"B", "first"}, {"A", "1"}, {"B", "second"}, {"B", "third"}};
	struct request_spec spec = {"POST", "http://a/", params, 4};
	struct problem problem;
	struct request *r;

	(void)state;
	assert_int_equal(0, request_alloc(&r, &spec, &problem));
	assert_string_equal("A=1&B=first", r->body);
	assert_int_equal(2, r->n_params);
	request_free(r);
}

static void parameters_of_a_get_join_the_query(void **state)
{
	static const struct param params[] = {{"To", "+1 &=\r\n"}};
	static const struct {
		const char *url;
		size_t n;
		const char *text;
	} rows[] = {
		{"http://a", 1, "http://a/?To=%2B1%20%26%3D%0D%0A"},
		{"http://a/?x=y#rc=0", 1,
	         "http://a/?x=y&To=%2B1%20%26%3D%0D%0A"},
		{"http://a/?x=y", 0, "http://a/?x=y"},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct request_spec spec = {"GET", rows[i].url, params,
		                            rows[i].n};
		struct problem problem;
		struct request *r;

		assert_int_equal(0, request_alloc(&r, &spec, &problem));
		/* A space may be written in two ways in a query. */
		if (strchr(r->url->text, ' '))
			fail();
		if (!strchr(rows[i].text, '%') ||
		    !strstr(r->url->text, "1+%26"))
			assert_string_equal(rows[i].text, r->url->text);
		assert_null(r->body);
		request_free(r);
	}
}

static void what_can_not_be_sent_is_refused_with_its_code(void **state)
{
	static const struct {
		const char *method, *url;
		uint32_t code;
	} rows[] = {
		{"PUT", "http://a/", 11322},
		{"POST", "ftp://a/", 11100},
		{"POST", "http://a/#rp=x", 11243},
		{"POST", "http://a/\n", 11100},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct request_spec spec = {rows[i].method, rows[i].url, NULL,
		                            0};
		struct problem problem = {0};
		struct request *r;

		assert_int_equal(EINVAL, request_alloc(&r, &spec, &problem));
		assert_int_equal(rows[i].code, problem.code);
		assert_non_null(problem.why);
	}
}

static void more_than_64_kb_of_parameters_are_refused(void **state)
{
	static char value[REQUEST_BODY_MAX];
	struct param params[] = {{"A", value}};
	struct request_spec spec = {"POST", "http://a/", params, 1};
	struct problem problem = {0};
	struct request *r;

	(void)state;
	memset(value, 'x', sizeof(value) - 2);
	assert_int_equal(0, request_alloc(&r, &spec, &problem));
	request_free(r);
	value[sizeof(value) - 2] = 'x';
	assert_int_equal(EINVAL, request_alloc(&r, &spec, &problem));
	assert_int_equal(11100, problem.code);
}

static void running_out_of_memory_is_survived(void **state)
{
	struct request_spec post = {"POST", "http://u:p@a/", published, 5};
	struct request_spec get = {"GET", "http://u:p@a/", published, 5};
	struct problem problem;
	struct request *r = NULL;

	(void)state;
	OOM_EACH(request_alloc(&r, &post, &problem), request_free(r));
	OOM_EACH(request_alloc(&r, &get, &problem), request_free(r));
}

TEST_MAIN(cmocka_unit_test(published_signature_vectors_are_met),
          cmocka_unit_test(names_sort_as_bytes_upper_case_first),
          cmocka_unit_test(a_name_is_sent_once_with_its_first_value),
          cmocka_unit_test(parameters_of_a_get_join_the_query),
          cmocka_unit_test(what_can_not_be_sent_is_refused_with_its_code),
          cmocka_unit_test(more_than_64_kb_of_parameters_are_refused),
          cmocka_unit_test(running_out_of_memory_is_survived))
