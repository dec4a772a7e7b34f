/*
 * main.c - trestle: the REST API from a terminal
 */
#include <stdio.h>
#include <string.h>

#include "act.h"
#include "adapters/api.h"
#include "base/strbuf.h"
#include "core/line.h"
#include "core/noun.h"
#include "doctor.h"
#include "find.h"
#include "route.h"
#include "sdk.h"
#include "tail.h"

struct command {
	const char *name;
	int (*run)(struct api *a, const struct line *line, struct strbuf *form);
	const char *help;
	struct options options;
};

// clang-format off
static const struct command commands[] = {
	{"hangup", act_hangup, "CA...            end a call", {0}},
	{"doctor", doctor, "[--server HOST]  a phone's view: ports, addresses, a call", {"Server", NULL}},
	{"route", route, "FROM TO          what would happen to this call, and why",
		{"Origin DomainName CallerId Called SourceIp Transport CarrierSid", NULL}},
	{"sdk", sdk, "[LANGUAGE]          lines that point a helper library here", {0}},
	{"tail", tail, "                   calls and alerts as they come, from now on", {0}},
};
// clang-format on

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static int usage(FILE *out)
{
	(void)fprintf(out,
	              "trestle - the REST API from a terminal\n\n"
	              "  trestle NOUN [list]              a table of them\n"
	              "  trestle NOUN [show] NAME         one of them\n"
	              "  trestle NOUN add WORDS...        make one\n"
	              "  trestle NOUN set NAME --x VALUE  change it\n"
	              "  trestle NOUN remove NAME\n");
	for (size_t i = 0; i < COMMANDS; i++)
		(void)fprintf(out, "  trestle %s %s\n", commands[i].name,
		              commands[i].help);
	(void)fprintf(out,
	              "\nNAME is a sid or what people call it. What is in "
	              "another thing names that first:\n`trestle users "
	              "add phones alice PASSWORD`. Every parameter and "
	              "filter of the API is an\noption: --voice-url, "
	              "--status, --start-time-from. --json is for programs, "
	              "--all for all pages.\n\n");
	for (const struct noun *n = nouns; n->name; n++) {
		(void)fprintf(out, "  %-20s %s", n->name, n->help);
		for (size_t i = 0; i < NOUN_ADD_MAX && n->add[i]; i++)
			(void)fprintf(out, "%s%s",
			              i ? " " : "; add: ", n->add[i]);
		(void)fputc('\n', out);
	}
	(void)fprintf(out, "\nTRESTLE_API says where the API is "
	                   "(http://127.0.0.1:8080), TRESTLE_ACCOUNT and\n"
	                   "TRESTLE_TOKEN who asks.\n");
	return out == stderr ? 2 : 0;
}

static const struct command *find(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static int run(const struct line *line, struct strbuf *form)
{
	const struct command *command = find(line->words[0]);
	const struct noun *noun = noun_find(line->words[0]);
	struct api *api = NULL;
	char problem[1024];
	int failed;

	if (!command && !noun) {
		(void)fprintf(stderr,
		              "trestle: \"%s\" is no noun; see "
		              "trestle --help\n",
		              line->words[0]);
		return 2;
	}
	if (command && !act_options(&command->options, line, form))
		return 2;
	if (api_alloc(&api, problem, sizeof(problem)))
		return find_problem(problem);
	failed = command ? command->run(api, line, form)
	                 : act(api, noun, line, form);
	api_free(api);
	return failed;
}

int main(int argc, char **argv)
{
	const char *problem = NULL;
	struct strbuf form = {0};
	struct line line;
	int failed = 2;

	if (!line_read(&line, argc, argv, &form, &problem))
		(void)find_problem(problem);
	else if (line.help || line.n == 0)
		failed = usage(line.help ? stdout : stderr);
	else
		failed = run(&line, &form);
	strbuf_close(&form);
	return failed;
}
